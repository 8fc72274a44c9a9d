package node_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node"
	"github.com/allways-go/allways/actor/node/record"
	"github.com/allways-go/allways/actor/node/storage"
	"github.com/allways-go/allways/actor/node/transport"
	"github.com/allways-go/allways/internal/longtest"
)

// Environment variables: the directory of a child process, which saves and sends numbers until it is
// killed, and the number of kills.
const (
	childVariable = "ALLWAYS_TEST_CHILD"
	killsVariable = "ALLWAYS_KILLS"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childVariable); dir != "" {
		child(dir)
		return
	}
	os.Exit(m.Run())
}

// counting returns a system whose actor a saves one number after the other and sends each to b.
// After a crash it first sends the last one.
func counting() *actor.System[msg] {
	next := func(c *ctx, s *state) {
		s.N++
		c.Send(1, number{s.N})
		c.Save(number{s.N})
		c.Send(1, reply{s.N})
		c.SetTimer("next", 0, 0)
		c.Send(0, blob{}) // one more event, perhaps in the same batch
	}
	a := script{
		start:   func(c *ctx, s *state) { c.SetTimer("next", 0, 0) },
		timeout: func(c *ctx, s *state, _ string) { next(c, s) },
		restart: func(c *ctx, s *state) {
			v, _ := actor.Load[number](c)
			s.N = v.N
			c.Send(1, number{s.N})
			c.SetTimer("next", 0, 0)
		},
	}
	sys := actor.NewSystem[msg](actor.Config{Crashes: true, MaxDown: 1})
	sys.RegisterMessages(number{}, reply{}, blob{})
	actor.Spawn(sys, "a", a)
	actor.Spawn(sys, "b", echo)
	return sys
}

// child runs actor a until it is killed, and writes what it sends to its standard output.
func child(dir string) {
	batch, _ := strconv.Atoi(os.Getenv(childVariable + "_BATCH"))
	err := node.Run(context.Background(), node.Config{
		System: counting(), Actors: []string{"a"}, Peers: map[string]string{"a": "x", "b": "y"}, MaxBatch: batch,
		Storage: storage.Dir(dir), Record: dir + "/rec", Transport: printing{}, Acknowledged: true,
	})
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// printing is a transport that writes frames to the standard output.
type printing struct{}

func (printing) Open(transport.Options) error { return nil }
func (printing) Addr() string                 { return "x" }
func (printing) Close() error                 { return nil }

func (printing) Send(to string, frame []byte) error {
	_, err := os.Stdout.Write(append(frame, '\n'))
	return err
}

// TestKill kills a process many times while it saves and sends: a number that it has sent is never
// lost, and what was recorded is a run of the model. The environment variable ALLWAYS_KILLS sets
// the number of kills.
func TestKill(t *testing.T) {
	kills := longtest.Size(8, 40)
	if text := os.Getenv(killsVariable); text != "" {
		kills, _ = strconv.Atoi(text)
	}
	for _, batch := range []int{1, 8} {
		t.Run(fmt.Sprint("batch ", batch), func(t *testing.T) {
			dir, sent := t.TempDir(), 0
			for range kills / 2 {
				sent = lifeOf(t, dir, batch, sent)
			}
			all, err := record.ReadDir(dir + "/rec")
			if err != nil {
				t.Fatal(err)
			}
			r, err := record.Validate(counting(), all)
			if err != nil || !r.Conforms() {
				t.Fatalf("%v, %v", r, err)
			}
			t.Logf("%d kills, numbers up to %d\n%v", kills/2, sent, r)
		})
	}
}

// lifeOf runs a child, kills it, and returns the largest number that it has sent.
func lifeOf(t *testing.T, dir string, batch, sent int) int {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childVariable+"="+dir, childVariable+"_BATCH="+strconv.Itoa(batch))
	var stderr strings.Builder
	c.Stderr = &stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	enough, lines := rand.IntN(40), bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		var frame struct {
			Msg struct{ Value struct{ N int } }
		}
		if err := json.Unmarshal(lines.Bytes(), &frame); err != nil {
			break // the last line is cut off
		}
		now := frame.Msg.Value.N
		if n == 0 && now < sent {
			t.Fatalf("after a crash it is at %d, but had sent %d", now, sent)
		}
		sent = max(sent, now)
		if n == enough {
			time.Sleep(rand.N(time.Millisecond))
			c.Process.Kill()
		}
	}
	c.Process.Kill()
	if c.Wait(); stderr.Len() > 0 && !strings.Contains(stderr.String(), "INFO") {
		t.Fatal(stderr.String())
	}
	return sent
}
