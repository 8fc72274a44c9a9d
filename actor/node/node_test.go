package node_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
	"github.com/allways-go/allways/actor/node"
	"github.com/allways-go/allways/actor/node/codec"
	"github.com/allways-go/allways/actor/node/internal/testcert"
	"github.com/allways-go/allways/actor/node/storage"
	"github.com/allways-go/allways/actor/node/transport"
	"github.com/allways-go/allways/internal/freeport"
)

type msg interface{ isMsg() }

type (
	number struct{ N int }
	reply  struct{ N int }
	blob   struct{ Bytes []byte }
)

func (number) isMsg() {}
func (reply) isMsg()  {}
func (blob) isMsg()   {}

type ctx = actor.Context[msg]

// script is an actor made of functions, of which nil ones do nothing. They may share memory with
// their test.
type script struct {
	start   func(c *ctx, s *state)
	receive func(c *ctx, s *state, from actor.ID, m msg)
	timeout func(c *ctx, s *state, timer string)
	chosen  func(c *ctx, s *state, key string, option any)
	restart func(c *ctx, s *state)
}

type state struct{ N int }

func (a script) Start(c *ctx, s *state) {
	if a.start != nil {
		a.start(c, s)
	}
}

func (a script) Receive(c *ctx, s *state, from actor.ID, m msg) {
	if a.receive != nil {
		a.receive(c, s, from, m)
	}
}

func (a script) Timeout(c *ctx, s *state, timer string)          { a.timeout(c, s, timer) }
func (a script) Choose(c *ctx, s *state, key string, option any) { a.chosen(c, s, key, option) }

func (a script) Restart(c *ctx, s *state) {
	if a.restart != nil {
		a.restart(c, s)
	}
}

// system returns a system of actors called a, b and so on.
func system(all ...script) *actor.System[msg] {
	sys := actor.NewSystem[msg](actor.Config{})
	actor.RegisterClientMessages(sys, number{}, blob{})
	sys.RegisterMessages(reply{})
	for i, a := range all {
		actor.Spawn(sys, string(rune('a'+i)), a)
	}
	return sys
}

// echo answers every number.
var echo = script{receive: func(c *ctx, s *state, from actor.ID, m msg) {
	if m, ok := m.(number); ok {
		s.N++
		c.Send(from, reply(m))
	}
}}

var quiet = slog.New(slog.DiscardHandler)

// launch runs a node until stop is called, or the test ends.
func launch(t testing.TB, c node.Config) (n *node.Node, stop func() error) {
	t.Helper()
	if c.Log == nil {
		c.Log = quiet
	}
	n, err := node.New(c)
	if err != nil {
		t.Fatal(err)
	}
	context, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- n.Run(context) }()
	select {
	case <-n.Started():
	case err := <-done:
		t.Fatal(err)
	}
	stop = sync.OnceValue(func() error {
		cancel()
		return <-done
	})
	t.Cleanup(func() { stop() })
	return n, stop
}

// Timers fire within their bounds, at times that the seed determines.
func TestTimers(t *testing.T) {
	run := func(seed uint64) (after []time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			sys := system(script{
				start: func(c *ctx, s *state) {
					c.SetTimer("tick", time.Hour, 2*time.Hour)
					c.SetTimer("never", time.Second, time.Second)
					c.CancelTimer("never")
					c.SetTimer("later", time.Second, time.Second)
					c.SetTimer("later", 100*time.Hour, 100*time.Hour)
				},
				timeout: func(c *ctx, s *state, timer string) {
					if timer != "tick" {
						t.Errorf("timer %s runs out after %v", timer, time.Since(began))
					}
					after = append(after, time.Since(began))
					began = time.Now()
					c.SetTimer("tick", time.Hour, 2*time.Hour)
				},
			})
			_, stop := launch(t, node.Config{System: sys, Seed: seed})
			time.Sleep(99 * time.Hour)
			stop()
		})
		return after
	}
	a := run(1)
	for _, d := range a {
		if d < time.Hour || d > 2*time.Hour {
			t.Errorf("a timer between 1h and 2h runs out after %v", d)
		}
	}
	if len(a) < 50 || slices.Max(a)-slices.Min(a) < 30*time.Minute {
		t.Errorf("%d timeouts, from %v to %v", len(a), slices.Min(a), slices.Max(a))
	}
	if b := run(1); !slices.Equal(a, b) {
		t.Error("the seed does not decide")
	}
	if b := run(2); slices.Equal(a, b) {
		t.Error("another seed makes no difference")
	}
}

// Each option is chosen about as often, and none that was withdrawn.
func TestChoices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		taken := map[string]int{}
		sys := system(script{
			start: func(c *ctx, s *state) {
				c.Choose("k", "x", "y")
				c.Choose("other", "z")
				c.Choose("gone", "w")
				c.Choose("gone")
			},
			chosen: func(c *ctx, s *state, key string, option any) {
				taken[key+" "+option.(string)]++
				if key == "k" {
					c.Choose("k", "x", "y")
				} else {
					c.Choose("other", "z")
				}
			},
		})
		_, stop := launch(t, node.Config{System: sys, MinChoiceDelay: time.Second, MaxChoiceDelay: time.Second})
		time.Sleep(3000*time.Second + time.Millisecond)
		stop()
		for _, o := range []string{"k x", "k y", "other z"} {
			if taken[o] < 850 || taken[o] > 1150 {
				t.Errorf("%s is taken %d times of 3000", o, taken[o])
			}
		}
		if len(taken) != 3 {
			t.Error(taken)
		}
	})
}

// A message that is in flight before the system starts arrives once.
func TestInitial(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := 0
		sys := system(script{receive: func(c *ctx, s *state, from actor.ID, m msg) { got += m.(number).N }})
		sys.InFlight(actor.NoActor, 0, number{7})
		memory := storage.Memory()
		for range 2 {
			_, stop := launch(t, node.Config{System: sys, Storage: memory})
			synctest.Wait()
			stop()
		}
		if got != 7 {
			t.Errorf("got %d", got)
		}
	})
}

// An actor that has run before restarts with the value that it saved last.
func TestRestart(t *testing.T) {
	for name, store := range map[string]storage.Storage{
		"Memory": storage.Memory(), "Dir": storage.Dir(t.TempDir()), "DirWithoutSync": storage.DirWithoutSync(t.TempDir()),
	} {
		t.Run(name, func(t *testing.T) {
			var log []string
			sys := system(script{
				start:   func(c *ctx, s *state) { log = append(log, "start") },
				receive: func(c *ctx, s *state, from actor.ID, m msg) { c.Save(m.(number)); c.Send(from, reply{}) },
				restart: func(c *ctx, s *state) {
					v, ok := actor.Load[number](c)
					log = append(log, fmt.Sprint("restart ", v.N, ok))
				},
			})
			for i := range 4 {
				n, stop := launch(t, node.Config{System: sys, Storage: store})
				if i > 0 {
					if _, err := n.Ask(t.Context(), "a", number{i}); err != nil {
						t.Error(err)
					}
				}
				stop()
			}
			if got := strings.Join(log, ", "); got != "start, restart 0 false, restart 1 true, restart 2 true" {
				t.Error(got)
			}
		})
	}
}

// order notes the order in which a storage and a transport are used.
type order struct {
	mu   sync.Mutex
	log  []string
	fail bool
}

func (o *order) note(s string)                      { o.mu.Lock(); o.log = append(o.log, s); o.mu.Unlock() }
func (o *order) Load() (storage.Value, bool, error) { return storage.Value{}, false, nil }
func (o *order) Close() error                       { return nil }

type orderedStore struct{ *order }

func (o orderedStore) Save(r storage.Value) error {
	time.Sleep(time.Millisecond) // in the bubble
	if o.fail {
		return errors.New("the disk is full")
	}
	o.note("saved " + r.Content)
	return nil
}

type orderedStorage struct{ *order }

func (o orderedStorage) Open(string) (storage.Store, error) { return orderedStore(o), nil }

type orderedTransport struct {
	transport.Transport
	o *order
}

func (t orderedTransport) Send(to string, frame []byte) error {
	t.o.note("sent " + string(frame))
	return t.Transport.Send(to, frame)
}

// saver saves a number and sends it to b.
var saver = script{receive: func(c *ctx, s *state, from actor.ID, m msg) {
	c.Send(1, m) // before the save, in the handler
	c.Save(m.(number))
}}

// A value is stored before anything is sent, also if events are committed together, and then with
// fewer writes.
func TestSavedBeforeSent(t *testing.T) {
	for _, batch := range []int{1, 10} {
		synctest.Test(t, func(t *testing.T) {
			o := &order{}
			network := transport.NewNetwork(1, transport.Faults{})
			n, stop := launch(t, node.Config{
				System: system(saver, echo), Actors: []string{"a"}, Peers: map[string]string{"a": "x", "b": "y"},
				Transport: orderedTransport{network.Transport("x"), o}, Storage: orderedStorage{o}, MaxBatch: batch,
			})
			for i := range 20 {
				if err := n.Tell("a", number{i}); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(time.Second)
			stop()
			saves, sent, stored := 0, 0, 0
			for _, what := range o.log {
				content, isSave := strings.CutPrefix(what, "saved ")
				if !isSave {
					if sent++; stored < sent {
						t.Errorf("%s when %d are stored", what, stored)
					}
					continue
				}
				for saves++; stored < 20 && content != "" && content != contentOf(t, number{stored - 1}); {
					stored++
				}
			}
			if sent != 20 || batch == 1 && saves != 21 || batch == 10 && saves > 5 {
				t.Errorf("batch %d: %d are sent, and %d saved: %q", batch, sent, saves, o.log)
			}
		})
	}
}

func contentOf(t *testing.T, m msg) string {
	t.Helper()
	p, err := program.Of(system(echo))
	if err != nil {
		t.Fatal(err)
	}
	content, err := p.Messages().Content(m)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// If a value cannot be stored, nothing is sent and the process ends.
func TestDiskFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &order{fail: true}
		network := transport.NewNetwork(1, transport.Faults{})
		n, err := node.New(node.Config{
			System: system(script{start: func(c *ctx, s *state) { c.Send(1, number{}) }}, echo), Actors: []string{"a"},
			Peers: map[string]string{"a": "x", "b": "y"}, Transport: orderedTransport{network.Transport("x"), o},
			Storage: orderedStorage{o}, Log: quiet,
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := n.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "a: the disk is full") || len(o.log) > 0 {
			t.Errorf("%v, %v", err, o.log)
		}
	})
}

// A damaged file is an error that says what to do, not an empty store.
func TestCorruptStorage(t *testing.T) {
	dir := t.TempDir()
	c := node.Config{System: system(echo), Storage: storage.Dir(dir), Log: quiet}
	_, stop := launch(t, c)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "actor-a", "state"), []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	var corrupt *storage.CorruptError
	if err := node.Run(t.Context(), c); !errors.As(err, &corrupt) {
		t.Error(err)
	}
}

// A handler that panics ends the process with an error that names it, if it must on messages from outside.
func TestPanic(t *testing.T) {
	sys := system(script{receive: func(*ctx, *state, actor.ID, msg) { panic("oh") }}, echo)
	var log bytes.Buffer
	n, err := node.New(node.Config{System: sys, StopOnPanic: true, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- n.Run(t.Context()) }()
	<-n.Started()
	n.Tell("a", number{})
	err = <-done
	var h *program.HandlerError
	if !errors.As(err, &h) || h.Actor != "a" || !strings.Contains(log.String(), "Receive") {
		t.Errorf("%v\n%s", err, log.String())
	}
}

// nc sends datagrams like a client without any knowledge of the system.
type nc struct {
	net.Conn
	t *testing.T
}

func dial(t *testing.T, addr string) nc {
	t.Helper()
	c, err := net.Dial("udp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return nc{c, t}
}

func (c nc) send(text string) {
	c.t.Helper()
	if _, err := c.Write([]byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

func (c nc) receive() string {
	c.t.Helper()
	b := make([]byte, 1000)
	c.SetReadDeadline(time.Now().Add(patience))
	n, err := c.Read(b)
	if err != nil {
		c.t.Fatal(err)
	}
	return string(b[:n])
}

// patience is how long tests wait for what must happen. Nothing is asserted about time: it only
// ends a test that hangs.
const patience = time.Minute

// until waits until a condition on the statistics holds.
func until(t testing.TB, n *node.Node, f func(node.Stats) bool) {
	t.Helper()
	for limit := time.Now().Add(patience); !f(n.Stats()); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("after %v, the statistics are %+v", patience, n.Stats())
		}
	}
}

// TestGarbage sends what no actor should get: it is counted and logged, and the node goes on.
func TestGarbage(t *testing.T) {
	var log bytes.Buffer
	udp := transport.UDP("127.0.0.1:0")
	stranger, peer := dial(t, "127.0.0.1:9"), transport.UDP("127.0.0.1:0")
	stranger.Close()
	if err := peer.Open(transport.Options{Receive: func(transport.Source, []byte) {}}); err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	n, stop := launch(t, node.Config{
		System: system(echo, echo, echo), Actors: []string{"a"}, AcceptClients: true, MaxMessage: 1000,
		Log: slog.New(slog.NewTextHandler(&log, nil)), Transport: udp,
		Peers: map[string]string{"a": "127.0.0.1:1", "b": peer.Addr(), "c": "127.0.0.1:2"},
	})
	client := dial(t, udp.Addr())
	for reason, frames := range map[string][]string{
		"bad_frame": {
			"", "garbage", `{"to":"a"`, `{"to":"x","msg":{}}`, `{"to":"a","msg":{"type":"number"},"more":1}`,
			"\x01\x00\x00", `{"to":"a","msg":{"type":"number"}}x`,
		},
		"bad_message": {
			`{"to":"a"}`, `{"to":"a","msg":{"type":"nothing"}}`,
			`{"to":"a","msg":{"type":"number","value":{"N":"x"}}}`,
		},
		"unknown_peer": {`{"from":"b","to":"a","msg":{"type":"number"}}`},
		"not_hosted":   {`{"to":"b","msg":{"type":"number"}}`, `{"to":"#77","msg":{"type":"number"}}`},
	} {
		for _, f := range frames {
			before := n.Stats().Dropped[reason]
			client.send(f)
			until(t, n, func(s node.Stats) bool { return s.Dropped[reason] == before+1 })
		}
	}
	peer.Send(udp.Addr(), []byte(`{"from":"c","to":"a","msg":{"type":"number"}}`))
	until(t, n, func(s node.Stats) bool { return s.Dropped["wrong_sender"] == 1 })
	client.send(`{"to":"a","msg":{"type":"number","value":{"N":` + strings.Repeat("1", 1000) + `}}}`)
	until(t, n, func(s node.Stats) bool { return s.Problems > 0 })

	client.send(`{"to":"a","msg":{"type":"number","value":{"N":7}}}` + "\n")
	if got := client.receive(); got != `{"msg":{"type":"reply","value":{"N":7}}}`+"\n" {
		t.Errorf("the answer is %q", got)
	}
	stop()
	if !strings.Contains(log.String(), "message dropped: bad_frame") {
		t.Errorf("garbage is not logged:\n%s", log.String())
	}
}

// A flood fills the inbox and nothing else: messages beyond are dropped and counted.
func TestFlood(t *testing.T) {
	gate := make(chan struct{})
	slow := script{receive: func(c *ctx, s *state, from actor.ID, m msg) { <-gate }}
	n, stop := launch(t, node.Config{System: system(slow), InboxSize: 10})
	goroutines := runtime.NumGoroutine()
	sent := 0
	for range 100_000 {
		if n.Tell("a", number{1}) == nil {
			sent++
		}
	}
	s := n.Stats()
	if sent > 11 || s.Waiting > 10 || s.Dropped["full_inbox"] != int64(100_000-sent) {
		t.Errorf("%d of 100000 are accepted; %+v", sent, s)
	}
	if now := runtime.NumGoroutine(); now > goroutines {
		t.Errorf("%d goroutines, before %d", now, goroutines)
	}
	close(gate)
	stop()
}

// A slow receiver over TCP makes its sender drop messages. Messages that were sent are neither lost
// nor reordered.
func TestBackpressure(t *testing.T) {
	var got []int
	gate := make(chan struct{})
	sys := system(script{}, script{receive: func(c *ctx, s *state, from actor.ID, m msg) {
		<-gate
		got = append(got, int(m.(blob).Bytes[0])<<8|int(m.(blob).Bytes[1]))
	}})
	send := system(script{receive: func(c *ctx, s *state, from actor.ID, m msg) {
		b := make([]byte, 5_000) // enough to fill buffers of the operating system and then a queue of 4096 frames
		b[0], b[1] = byte(m.(number).N>>8), byte(m.(number).N)
		c.Send(1, blob{b})
	}}, script{})
	peers := map[string]string{"a": freeport.Addr(t, "tcp"), "b": freeport.Addr(t, "tcp")}
	b, stopB := launch(t, node.Config{
		System: sys, Actors: []string{"b"}, Peers: peers, Transport: transport.TCP(peers["b"]), Codec: codec.CBOR,
		InboxSize: 1,
	})
	a, stopA := launch(t, node.Config{
		System: send, Actors: []string{"a"}, Peers: peers, Transport: transport.TCP(peers["a"]), Codec: codec.CBOR,
	})
	sent := 0
	for ; a.Stats().Dropped["full_queue"] == 0 && sent < 1<<16; sent++ {
		for a.Tell("a", number{sent}) != nil {
			runtime.Gosched()
		}
	}
	until(t, a, func(s node.Stats) bool {
		return s.Dropped["full_queue"] > 0 && s.Out+s.Dropped["full_queue"] == int64(sent)
	})
	close(gate)
	taken := a.Stats().Out
	until(t, b, func(s node.Stats) bool { return s.Events == taken+1 })
	stopA()
	stopB()
	if int64(len(got)) != taken || !slices.IsSorted(got) || b.Stats().Dropped["full_inbox"] > 0 {
		t.Errorf("%d of %d arrive, in order %t", len(got), taken, slices.IsSorted(got))
	}
}

// Processes with different codecs refuse each other.
func TestGreeting(t *testing.T) {
	peers := map[string]string{"a": freeport.Addr(t, "tcp"), "b": freeport.Addr(t, "tcp")}
	hello := script{start: func(c *ctx, s *state) { c.Send(1, number{}) }}
	start := func(name string, c codec.Codec) *node.Node {
		n, _ := launch(t, node.Config{
			System: system(hello, echo), Actors: []string{name}, Peers: peers, Transport: transport.TCP(peers[name]), Codec: c,
		})
		return n
	}
	b, a := start("b", codec.JSON), start("a", codec.CBOR)
	until(t, a, func(s node.Stats) bool { return s.Problems > 0 })
	until(t, b, func(s node.Stats) bool { return s.Problems > 0 && s.In == 0 })
}

// Over mutual TLS, nodes with certificates for their actors talk to each other. A node with a
// certificate for another name talks to none.
func TestTLS(t *testing.T) {
	ca, peers := testcert.New(), map[string]string{}
	for _, name := range []string{"a", "b", "c"} {
		peers[name] = freeport.Addr(t, "tcp")
	}
	hello := script{start: func(c *ctx, s *state) { c.Broadcast([]actor.ID{0, 1}, number{}) }}
	start := func(name, certificate string) *node.Node {
		n, _ := launch(t, node.Config{
			System: system(echo, hello, hello), Actors: []string{name}, Peers: peers,
			Transport: transport.TLS(peers[name], ca.Config(certificate)),
		})
		return n
	}
	a, b := start("a", "a"), start("b", "b")
	until(t, b, func(s node.Stats) bool { return s.In == 1 && s.Events == 3 })
	until(t, a, func(s node.Stats) bool { return s.In == 1 && s.Problems == 0 })
	c := start("c", "x")
	until(t, c, func(s node.Stats) bool { return s.Problems >= 2 })
	until(t, a, func(s node.Stats) bool { return s.In == 1 && s.Problems > 0 })
	until(t, b, func(s node.Stats) bool { return s.In == 1 && s.Problems > 0 })
}

// A node may listen at all addresses, while others know it by one of them or by a host name.
func TestListenEverywhere(t *testing.T) {
	for kind, make := range map[string]func(string) transport.Transport{"tcp": transport.TCP, "udp": transport.UDP} {
		ports := map[string]string{}
		for _, name := range []string{"a", "b"} {
			_, port, _ := net.SplitHostPort(freeport.Addr(t, kind))
			ports[name] = ":" + port
		}
		peers := map[string]string{"a": "localhost" + ports["a"], "b": "127.0.0.1" + ports["b"]}
		again := script{
			start: func(c *ctx, s *state) { c.SetTimer("t", 0, 0) },
			timeout: func(c *ctx, s *state, _ string) {
				c.Send(1, number{})
				c.SetTimer("t", time.Millisecond, time.Millisecond)
			},
		}
		start := func(name string) *node.Node {
			n, _ := launch(t, node.Config{
				System: system(again, echo), Actors: []string{name}, Peers: peers, Transport: make(ports[name]),
			})
			return n
		}
		start("b")
		a := start("a")
		until(t, a, func(s node.Stats) bool { return s.In > 0 })
	}
}

// A node that has ended leaves no goroutines behind.
func TestNothingLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 3 {
		peers := map[string]string{"a": freeport.Addr(t, "tcp"), "b": freeport.Addr(t, "tcp")}
		ping := script{
			start:   func(c *ctx, s *state) { c.SetTimer("t", 0, time.Second); c.Send(1, number{}) },
			timeout: func(c *ctx, s *state, _ string) { c.Send(1, number{}); c.SetTimer("t", 0, time.Millisecond) },
		}
		var stops []func() error
		for name, addr := range peers {
			_, stop := launch(t, node.Config{
				System: system(ping, echo), Actors: []string{name}, Peers: peers, Transport: transport.TCP(addr),
				HTTP: "127.0.0.1:0", Storage: storage.Dir(t.TempDir()), Record: t.TempDir(),
			})
			stops = append(stops, stop)
		}
		for _, stop := range stops {
			if err := stop(); err != nil {
				t.Error(err)
			}
		}
	}
	for limit := time.Now().Add(patience); time.Now().Before(limit); time.Sleep(time.Millisecond) {
		if runtime.NumGoroutine() <= before {
			return
		}
	}
	stacks := make([]byte, 1<<16)
	t.Errorf("goroutines are left:\n%s", stacks[:runtime.Stack(stacks, true)])
}

// Settings that make no sense are refused before anything runs.
func TestConfig(t *testing.T) {
	type hidden struct{ n int } //lint:ignore U1000 an unexported field is the point
	secret := actor.NewSystem[any](actor.Config{})
	secret.RegisterMessages(hidden{})
	actor.Spawn(secret, "a", silent{})
	unregistered := actor.NewSystem[any](actor.Config{})
	actor.Spawn(unregistered, "a", silent{})
	udp := transport.UDP(":0")
	away := map[string]string{"a": "x", "b": "y"}
	for want, c := range map[string]node.Config{
		"Config.System is nil":                  {},
		`Config.Actors has "x"`:                 {System: system(echo), Actors: []string{"x"}},
		`has "a" twice`:                         {System: system(echo), Actors: []string{"a", "a"}},
		"Config.Actors is empty":                {System: system(echo), Actors: []string{}},
		`Config.Peers has "x"`:                  {System: system(echo), Peers: map[string]string{"x": "y"}},
		"has no address for b":                  {System: system(echo, echo), Actors: []string{"a"}, Transport: udp},
		"run a node for each":                   {System: system(echo, echo), Peers: away, Transport: udp},
		"Config.InboxSize is -1":                {System: system(echo), InboxSize: -1},
		"want 0 or more, and the minimum first": {System: system(echo), MinChoiceDelay: 2, MaxChoiceDelay: 1},
		"hidden.n is not exported":              {System: secret, Transport: udp},
		"call sys.RegisterMessages":             {System: unregistered, Transport: udp},
	} {
		if _, err := node.New(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %s", err, want)
		}
	}
	n, stop := launch(t, node.Config{System: system(echo)})
	stop()
	if err := n.Run(t.Context()); err == nil {
		t.Error("a node runs twice")
	}
}

type silent struct{}

func (silent) Start(*actor.Context[any], *int)                  {}
func (silent) Receive(*actor.Context[any], *int, actor.ID, any) {}

// An actor with a recording and no storage cannot restart: the recording has steps that it has
// forgotten.
func TestRecordWithoutStorage(t *testing.T) {
	c := node.Config{System: system(echo), Record: t.TempDir(), Log: quiet}
	_, stop := launch(t, c)
	stop()
	if err := node.Run(t.Context(), c); err == nil || !strings.Contains(err.Error(), "set Config.Storage") {
		t.Error(err)
	}
}
