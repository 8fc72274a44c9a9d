package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/allways-go/allways/actor/node"
	"github.com/allways-go/allways/actor/node/record"
	"github.com/allways-go/allways/actor/node/storage"
	"github.com/allways-go/allways/actor/node/transport"
	"github.com/allways-go/allways/internal/longtest"
)

// Environment variables: how long TestTorment runs, and the orders of a node.
const (
	tormentVariable = "ALLWAYS_TORMENT"
	nodeVariable    = "ALLWAYS_TORMENT_NODE"
)

// roundTime is the time after which the cluster begins anew, with empty logs: each step of a server, and of
// the replay, takes as long as its log is.
const roundTime = 10 * time.Minute

// orders is what a node of TestTorment runs.
type orders struct {
	ID     int
	Peers  map[string]string
	HTTP   string
	Dir    string
	Limits record.Limits
}

func serverName(id int) string { return fmt.Sprint("server-", id+1) }

// tormented is what the servers run, and what their recordings are compared with.
func tormented() Model {
	return Model{Servers: 3, Crashes: 1, Terms: 1, Candidates: 3, Beats: 1, Batch: 1000}
}

func init() { tormentedNode = runTormented }

// runTormented runs a node, whose links are cut while files say so, until it is killed.
func runTormented() bool {
	text := os.Getenv(nodeVariable)
	if text == "" {
		return false
	}
	signal.Ignore(syscall.SIGXFSZ) // a limit of file sizes is then an error of each write
	var o orders
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		panic(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := node.Run(ctx, node.Config{
		System: tormented().System(), Actors: []string{serverName(o.ID)}, Peers: o.Peers, HTTP: o.HTTP,
		Transport: &cuttable{transport.TCP(o.Peers[serverName(o.ID)]), o.Dir, o.ID, o.Peers},
		Storage:   storage.DirWithoutSync(filepath.Join(o.Dir, "data")),
		Record:    filepath.Join(o.Dir, "rec"), RecordLimits: o.Limits, RecordOptional: true,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return true
}

// cuttable drops what is sent to a peer while there is a file that says so.
type cuttable struct {
	transport.Transport
	dir   string
	from  int
	peers map[string]string
}

func cutFile(dir string, from, to int) string {
	return filepath.Join(dir, fmt.Sprint("cut-", from, "-", to))
}

func (c *cuttable) Send(to string, frame []byte) error {
	for id := range 3 {
		if c.peers[serverName(id)] == to {
			if _, err := os.Stat(cutFile(c.dir, c.from, id)); err == nil {
				return nil
			}
		}
	}
	return c.Transport.Send(to, frame)
}

// tormentedCluster is three servers each in a process.
type tormentedCluster struct {
	t      *testing.T
	dir    string
	limits record.Limits
	peers  map[string]string
	http   []string
	nodes  []*exec.Cmd // nil for one that is down
	errs   []*bytes.Buffer
	rss    int64 // the largest resident set of a server, in KiB
	random *rand.Rand
	deeds  map[string]int
	fill   bool // whether disks may be full
}

func freeAddr(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func newTormented(t *testing.T, limits record.Limits, random *rand.Rand) *tormentedCluster {
	c := &tormentedCluster{
		t: t, dir: t.TempDir(), limits: limits, peers: map[string]string{}, nodes: make([]*exec.Cmd, 3),
		errs: make([]*bytes.Buffer, 3), random: random, deeds: map[string]int{},
	}
	for id := range 3 {
		c.peers[serverName(id)] = freeAddr(t)
		c.http = append(c.http, freeAddr(t))
	}
	t.Cleanup(func() {
		for id := range c.nodes {
			c.end(id, os.Kill)
		}
	})
	for id := range 3 {
		c.start(id)
	}
	return c
}

func (c *tormentedCluster) start(id int) {
	c.t.Helper()
	b, err := json.Marshal(orders{id, c.peers, c.http[id], c.dir, c.limits})
	if err != nil {
		c.t.Fatal(err)
	}
	for attempt := range 20 { // a port may be taken for a moment
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), nodeVariable+"="+string(b))
		c.errs[id] = &bytes.Buffer{}
		cmd.Stderr = c.errs[id]
		if err := cmd.Start(); err != nil {
			c.t.Fatal(err)
		}
		c.nodes[id] = cmd
		for range 400 {
			time.Sleep(25 * time.Millisecond)
			r, err := http.Get("http://" + c.http[id] + "/health")
			if err == nil {
				r.Body.Close()
				if r.StatusCode == http.StatusOK {
					return
				}
			}
			if !c.alive(id) {
				break
			}
		}
		c.end(id, os.Kill)
		time.Sleep(time.Duration(attempt) * 50 * time.Millisecond)
	}
	c.t.Fatalf("%s does not start: %s", serverName(id), c.errs[id])
}

// alive reports whether a process has not ended by itself.
func (c *tormentedCluster) alive(id int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.nodes[id].Process.Pid))
	return err == nil && !strings.Contains(string(b), ") Z ")
}

func (c *tormentedCluster) end(id int, s os.Signal) (err error) {
	if c.nodes[id] == nil {
		return nil
	}
	c.nodes[id].Process.Signal(s)
	err = c.nodes[id].Wait()
	c.nodes[id] = nil
	return err
}

// pause lets a moment pass, and looks at the memory of the servers.
func (c *tormentedCluster) pause(longest time.Duration) {
	time.Sleep(time.Duration(c.random.Int64N(int64(longest))))
	for _, n := range c.nodes {
		if n == nil {
			continue
		}
		f, err := os.Open(fmt.Sprintf("/proc/%d/status", n.Process.Pid))
		if err != nil {
			continue
		}
		for lines := bufio.NewScanner(f); lines.Scan(); {
			if words := strings.Fields(lines.Text()); len(words) > 1 && words[0] == "VmRSS:" {
				kib, _ := strconv.ParseInt(words[1], 10, 64)
				c.rss = max(c.rss, kib)
			}
		}
		f.Close()
	}
}

// deed does something bad to the cluster, and makes it good again.
func (c *tormentedCluster) deed() {
	id := c.random.IntN(3)
	kinds := 5
	if c.fill {
		kinds = 6
	}
	switch k := c.random.IntN(kinds); k {
	case 0:
		c.deeds["kill"]++
		c.end(id, os.Kill)
		c.pause(2 * time.Second)
		c.start(id)
	case 1:
		c.deeds["pause"]++
		c.nodes[id].Process.Signal(syscall.SIGSTOP)
		c.pause(4 * time.Second)
		c.nodes[id].Process.Signal(syscall.SIGCONT)
	case 2, 3:
		c.deeds["partition"]++
		var files []string
		for other := range 3 {
			if other != id {
				files = append(files, cutFile(c.dir, id, other), cutFile(c.dir, other, id))
			}
		}
		if k == 3 { // in one direction, or to one server only
			files = files[c.random.IntN(len(files)):][:1]
		}
		for _, f := range files {
			os.WriteFile(f, nil, 0o600)
		}
		c.pause(4 * time.Second)
		for _, f := range files {
			os.Remove(f)
		}
	case 4:
		c.deeds["flood"]++
		c.flood(id)
	case 5:
		c.deeds["full disk"]++
		c.limitFiles(id, 0)
		c.pause(2 * time.Second)
		if c.limitFiles(id, ^uint64(0)); !c.alive(id) {
			c.end(id, os.Kill)
			c.start(id)
		}
	}
}

// limitFiles limits the size of the files that a server can write: with 0 it is as if the disk were full.
func (c *tormentedCluster) limitFiles(id int, limit uint64) {
	l := syscall.Rlimit{Cur: limit, Max: ^uint64(0)}
	syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(c.nodes[id].Process.Pid), 1, uintptr(unsafe.Pointer(&l)), 0, 0, 0)
}

// flood sends garbage to all ports of a server.
func (c *tormentedCluster) flood(id int) {
	var all sync.WaitGroup
	for _, addr := range []string{c.peers[serverName(id)], c.http[id]} {
		for range 30 {
			garbage := make([]byte, c.random.IntN(100_000))
			for i := range garbage {
				garbage[i] = byte(c.random.Uint32())
			}
			if c.random.IntN(2) == 0 {
				garbage = append([]byte("POST /actors/server-1?wait=0 HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"),
					garbage...)
			}
			all.Go(func() {
				conn, err := net.DialTimeout("tcp", addr, time.Second)
				if err != nil {
					return
				}
				defer conn.Close()
				conn.SetDeadline(time.Now().Add(500 * time.Millisecond))
				conn.Write(garbage)
				io.Copy(io.Discard, conn)
			})
		}
	}
	all.Wait()
}

// operation is a command that a client has proposed until it was committed.
type operation struct {
	number, index int
	began, ended  time.Time
}

// propose proposes a command to one server after the other until it has an answer, or until the time is over.
func (c *tormentedCluster) propose(ctx context.Context, number int) (op operation, ok bool) {
	op = operation{number: number, began: time.Now()}
	body := fmt.Sprintf(`{"type":"Propose","value":{"Number":%d}}`, number)
	for try := number; ctx.Err() == nil; try++ {
		id := try % 3
		url := fmt.Sprintf("http://%s/actors/%s?wait=1s", c.http[id], serverName(id))
		answer, err := post(ctx, url, body)
		if err == nil && answer.Type == "Committed" && answer.Value.Number == number {
			op.index, op.ended = answer.Value.Index, time.Now()
			return op, true
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	return op, false
}

type answer struct {
	Type  string
	Value struct{ Number, Index int }
}

func post(ctx context.Context, url, body string) (a answer, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return a, err
	}
	r.Header.Set("Content-Type", "application/json")
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return a, err
	}
	defer got.Body.Close()
	if got.StatusCode != http.StatusOK {
		return a, fmt.Errorf("status %s", got.Status)
	}
	return a, json.NewDecoder(got.Body).Decode(&a)
}

// load lets clients propose commands until the time is over.
func (c *tormentedCluster) load(ctx context.Context) func() []operation {
	var mu sync.Mutex
	var done []operation
	var next atomic.Int64
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			for ctx.Err() == nil {
				if op, ok := c.propose(ctx, int(next.Add(1))); ok {
					mu.Lock()
					done = append(done, op)
					mu.Unlock()
				}
				select {
				case <-ctx.Done():
				case <-time.After(400 * time.Millisecond):
				}
			}
		})
	}
	return func() []operation {
		clients.Wait()
		return done
	}
}

// linearizable reports an error unless the answers are those of one log: no two commands have one place, and a
// command that was proposed after another one was answered comes after it.
func linearizable(ops []operation) error {
	slices.SortFunc(ops, func(a, b operation) int { return a.index - b.index })
	latest := operation{} // the latest beginning among the commands before
	for i, op := range ops {
		if i > 0 && ops[i-1].index == op.index {
			return fmt.Errorf("commands %d and %d both have place %d", ops[i-1].number, op.number, op.index)
		}
		if op.ended.Before(latest.began) {
			return fmt.Errorf("command %d at place %d was answered before command %d at place %d was proposed",
				op.number, op.index, latest.number, latest.index)
		}
		if latest.began.Before(op.began) {
			latest = op
		}
	}
	return nil
}

// tormentRound torments a new cluster for a time, and then checks all that can be checked.
func tormentRound(
	t *testing.T, length time.Duration, limits record.Limits, random *rand.Rand, fill bool,
) (rss int64) {
	c := newTormented(t, limits, random)
	c.fill = fill // a recording has gaps then, and only what comes after them is replayed
	ctx, cancel := context.WithTimeout(t.Context(), length)
	defer cancel()
	operations := c.load(ctx)
	for ctx.Err() == nil {
		c.deed()
		c.pause(2 * time.Second)
	}
	ops := operations()
	if err := linearizable(ops); err != nil {
		t.Error(err)
	}
	calm, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	last, ok := c.propose(calm, 1_000_000)
	if !ok {
		t.Error("no command is committed within a minute after all is well again")
	}
	for _, op := range append(ops, last) { // nothing that was answered is lost
		if again, ok := c.propose(calm, op.number); !ok || again.index != op.index {
			t.Errorf("command %d was at place %d and is at %d, %t", op.number, op.index, again.index, ok)
			break
		}
	}
	for id := range 3 {
		if err := c.end(id, os.Interrupt); err != nil {
			t.Errorf("%s: %v: %s", serverName(id), err, c.errs[id])
		}
	}
	r, err := record.ValidateDir(tormented().System(), filepath.Join(c.dir, "rec"))
	if err != nil {
		t.Fatal(err)
	}
	if !r.Conforms() {
		t.Error(r)
	}
	t.Logf("%v: %d commands, %v, at most %d MiB\n%v", length, len(ops), c.deeds, c.rss>>10, r)
	return c.rss
}

// TestTorment kills, pauses, parts, floods and fills the disks of three servers under load, as long as the
// environment variable ALLWAYS_TORMENT says, such as 2h: no answered command is lost, clients see one log, the
// recordings are runs of the model, and the memory of the servers is bounded.
func TestTorment(t *testing.T) {
	length := 15 * time.Second
	if text := os.Getenv(tormentVariable); text != "" {
		var err error
		if length, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	} else {
		longtest.Run(t)
	}
	seed := rand.Uint64()
	t.Log("seed", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for k, left := 0, length; left > 0; k, left = k+1, left-roundTime {
		limits := record.Limits{FileBytes: 1 << 30}
		if k%3 == 2 { // replayed from snapshots
			limits = record.Limits{FileBytes: 1 << 20, Files: 4}
		}
		t.Run(fmt.Sprint("round ", k+1), func(t *testing.T) {
			const most = 256 << 10
			if rss := tormentRound(t, min(left, roundTime), limits, random, k%3 == 1); rss > most {
				t.Errorf("a server had %d KiB, want at most %d", rss, most)
			}
		})
	}
}
