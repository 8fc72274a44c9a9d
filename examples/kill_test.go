package examples_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// processes are members of a system, each a process of its own.
type processes struct {
	t      *testing.T
	binary string
	dir    string
	port   int
	params []string // of the model
	all    map[string]*exec.Cmd
}

// build builds an example.
func build(t *testing.T, example string, params ...string) *processes {
	t.Helper()
	if testing.Short() {
		t.Skip("builds examples, and kills processes")
	}
	dir := t.TempDir()
	p := &processes{t: t, binary: filepath.Join(dir, example), dir: dir, params: params, all: map[string]*exec.Cmd{}}
	if out, err := exec.Command("go", "build", "-o", p.binary, "./"+example).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	p.port = freePorts(t)
	t.Cleanup(func() {
		for _, c := range p.all {
			c.Process.Kill()
			c.Wait()
		}
	})
	return p
}

// freePorts returns a port from which on some are free, outside of those that systems give away themselves.
func freePorts(t *testing.T) int {
	t.Helper()
	for range 1000 {
		port := 10_000 + rand.IntN(20_000)
		l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", port))
		if err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}

// start starts a member, and waits until it serves clients.
func (p *processes) start(name string, id int, flags ...string) {
	p.t.Helper()
	args := append(append([]string{"run"}, p.params...), "-node", name, "-port", fmt.Sprint(p.port), "-data", filepath.Join(p.dir, "data"),
		"-record", filepath.Join(p.dir, "rec"), "-quiet")
	c := exec.Command(p.binary, append(args, flags...)...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	if err := c.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.all[name] = c
	for range 500 {
		r, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/health", p.port+100+id))
		if err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.t.Fatalf("%s does not start: %s", name, stderr.String())
}

func (p *processes) end(name string, s os.Signal) {
	p.t.Helper()
	c := p.all[name]
	delete(p.all, name)
	c.Process.Signal(s)
	if err := c.Wait(); err != nil && s != os.Kill {
		p.t.Errorf("%s: %v: %s", name, err, c.Stderr)
	}
}

// replay ends all members, and returns what their recordings tell.
func (p *processes) replay() string {
	p.t.Helper()
	for name := range p.all {
		p.end(name, os.Interrupt)
	}
	out, err := exec.Command(p.binary, "replay", filepath.Join(p.dir, "rec")).CombinedOutput()
	if err != nil && !strings.Contains(string(out), "recorded") {
		p.t.Fatalf("replay: %v: %s", err, out)
	}
	return string(out)
}

func (p *processes) conforms() {
	p.t.Helper()
	text := p.replay()
	if !strings.Contains(text, "the model allows this run") {
		p.t.Error(text)
	}
	p.t.Log(text)
}

var transports = []string{"udp", "tcp"}

// TestKillRaft kills servers at random moments, one at a time, and starts them again, while commands come in.
func TestKillRaft(t *testing.T) {
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			p := build(t, "raft", "0", "-crashes=9")
			for i := range 3 {
				p.start(fmt.Sprint("server-", i+1), i, "-transport", transport)
			}
			for k := range 8 {
				for i := range 3 {
					url := fmt.Sprintf("http://127.0.0.1:%d/actors/server-%d?wait=0", p.port+100+i, i+1)
					r, err := http.Post(url, "application/json", strings.NewReader(fmt.Sprintf(`{"type":"Command","value":{"Number":%d}}`, k+1)))
					if err != nil {
						t.Fatal(err)
					}
					r.Body.Close()
				}
				time.Sleep(time.Duration(rand.IntN(400)) * time.Millisecond)
				i := rand.IntN(3)
				name := fmt.Sprint("server-", i+1)
				p.end(name, os.Kill)
				time.Sleep(time.Duration(rand.IntN(400)) * time.Millisecond)
				p.start(name, i, "-transport", transport)
			}
			p.conforms()
		})
	}
}

// TestKillLink kills the sender and the receiver of a link in turn: every number is received once, and in order.
func TestKillLink(t *testing.T) {
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			p := build(t, "link", "4", "-crashes=9", "-losses=9", "-tries=0")
			names := []string{"sender", "receiver"}
			for i, name := range names {
				p.start(name, i, "-transport", transport)
			}
			for k := range 6 {
				time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
				p.end(names[k%2], os.Kill)
				p.start(names[k%2], k%2, "-transport", transport)
			}
			time.Sleep(2500 * time.Millisecond)
			p.conforms()
		})
	}
}

// TestKillForGood kills a minority of servers, and a client, for good, between the work of others: what the others see is
// linearizable.
func TestKillForGood(t *testing.T) {
	for _, example := range []string{"paxos", "abd"} {
		for _, transport := range transports {
			t.Run(example+" "+transport, func(t *testing.T) {
				t.Parallel()
				params := map[string][]string{"paxos": {"5"}, "abd": {"2"}}[example]
				p := build(t, example, params...)
				for i := range 3 {
					p.start(fmt.Sprint("server-", i+1), i, "-transport", transport)
				}
				p.start("client-1", 3, "-transport", transport)
				p.end("client-1", os.Kill)
				p.end("server-1", os.Kill)
				p.start("client-2", 4, "-transport", transport) // which asks the other two
				time.Sleep(300 * time.Millisecond)
				p.conforms()
			})
		}
	}
}

// TestKillUnmodelled starts a server again that keeps nothing on its disk, and whose model has no crashes: that is found to be
// no run of the model.
func TestKillUnmodelled(t *testing.T) {
	p := build(t, "abd", "1")
	p.start("server-1", 0)
	p.end("server-1", os.Kill)
	p.start("server-1", 0)
	if text := p.replay(); !strings.Contains(text, "Config.MaxDown") {
		t.Error(text)
	}
}

// TestTwoCopies finds that what clients see of two servers that know nothing of each other is not linearizable.
func TestTwoCopies(t *testing.T) {
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			p := build(t, "singlecopy", "2", "-servers=2")
			for i, name := range []string{"server-1", "server-2", "client-1", "client-2"} {
				p.start(name, i, "-transport", transport)
			}
			time.Sleep(300 * time.Millisecond)
			if text := p.replay(); !strings.Contains(text, `history "linearizable" is violated in real time`) || strings.Contains(text, "diverges") {
				t.Error(text)
			}
		})
	}
}
