package transport_test

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways/actor/node/internal/testcert"
	"github.com/allways-go/allways/actor/node/transport"
	"github.com/allways-go/allways/internal/freeport"
)

// end is a transport and what it has received.
type end struct {
	transport.Transport
	mu       sync.Mutex
	frames   []string
	sources  []transport.Source
	problems []transport.Problem
	changed  chan struct{}
	hold     chan struct{} // each frame waits to receive from it, unless it is nil
}

func (e *end) open(t testing.TB, tr transport.Transport, peers []transport.Peer, most int) {
	t.Helper()
	e.Transport, e.changed = tr, make(chan struct{}, 1)
	err := tr.Open(transport.Options{
		Receive: func(from transport.Source, frame []byte) {
			if e.hold != nil {
				<-e.hold
			}
			e.note(func() { e.frames, e.sources = append(e.frames, string(frame)), append(e.sources, from) })
		},
		Problem: func(x transport.Problem) { e.note(func() { e.problems = append(e.problems, x) }) },
		Peers:   peers, MaxFrame: most, Greeting: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tr.Close() })
}

func (e *end) note(f func()) {
	e.mu.Lock()
	f()
	e.mu.Unlock()
	select {
	case e.changed <- struct{}{}:
	default:
	}
}

// patience is how long tests wait for what must happen. Nothing is asserted about time: it only
// ends a test that hangs.
const patience = time.Minute

// until waits until f holds.
func (e *end) until(t testing.TB, what string, f func() bool) {
	t.Helper()
	limit := time.After(patience)
	for {
		e.mu.Lock()
		ok := f()
		e.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-e.changed:
		case <-limit:
			t.Fatalf("%s: got %d frames, problems %v", what, len(e.frames), e.problems)
		}
	}
}

func (e *end) has(kind string) bool {
	for _, x := range e.problems {
		if x.Kind == kind {
			return true
		}
	}
	return false
}

// kinds returns how to make two transports of each kind.
func kinds(t testing.TB) map[string]func() (a, b transport.Transport, peers []transport.Peer) {
	named := func(a, b string) []transport.Peer {
		return []transport.Peer{{Addr: a, Names: []string{"a"}}, {Addr: b, Names: []string{"b"}}}
	}
	return map[string]func() (a, b transport.Transport, peers []transport.Peer){
		"memory": func() (a, b transport.Transport, peers []transport.Peer) {
			n := transport.NewNetwork(1, transport.Faults{})
			return n.Transport("a"), n.Transport("b"), named("a", "b")
		},
		"udp": func() (a, b transport.Transport, peers []transport.Peer) {
			x, y := freeport.Addr(t, "udp"), freeport.Addr(t, "udp")
			return transport.UDP(x), transport.UDP(y), named(x, y)
		},
		"tcp": func() (a, b transport.Transport, peers []transport.Peer) {
			x, y := freeport.Addr(t, "tcp"), freeport.Addr(t, "tcp")
			return transport.TCP(x), transport.TCP(y), named(x, y)
		},
		"tls": func() (a, b transport.Transport, peers []transport.Peer) {
			x, y, ca := freeport.Addr(t, "tcp"), freeport.Addr(t, "tcp"), testcert.New()
			return transport.TLS(x, ca.Config("a")), transport.TLS(y, ca.Config("b")), named(x, y)
		},
	}
}

// TestFrames sends frames of many sizes both ways, over every transport, and leaves nothing behind.
func TestFrames(t *testing.T) {
	for name, make := range kinds(t) {
		t.Run(name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			ta, tb, peers := make()
			var a, b end
			a.open(t, ta, peers, 5000)
			b.open(t, tb, peers, 5000)
			for i, size := range []int{0, 1, 100, 5000} {
				frame := bytes.Repeat([]byte{byte(i)}, size)
				if err := errors.Join(a.Send(peers[1].Addr, frame), b.Send(peers[0].Addr, frame)); err != nil {
					t.Fatal(err)
				}
				clear(frame) // Send has copied it
			}
			if err := a.Send(peers[1].Addr, make5001()); !errors.Is(err, transport.ErrTooLarge) {
				t.Errorf("sending too much: %v", err)
			}
			for i, e := range []*end{&a, &b} {
				e.until(t, "frames", func() bool { return len(e.frames) == 4 })
				for k, f := range e.frames {
					if k > 0 && f != strings.Repeat(string(rune(k)), len(f)) {
						t.Errorf("frame %d is %q", k, f)
					}
					if e.sources[k].Peer != 1-i {
						t.Errorf("frame %d comes from %+v", k, e.sources[k])
					}
				}
			}
			if err := errors.Join(ta.Close(), tb.Close()); err != nil {
				t.Error(err)
			}
			if err := ta.Send(peers[1].Addr, nil); !errors.Is(err, transport.ErrClosed) {
				t.Errorf("sending after Close: %v", err)
			}
			noMore(t, before)
		})
	}
}

func make5001() []byte { return make([]byte, 5001) }

// noMore waits until there are no more goroutines than before.
func noMore(t *testing.T, before int) {
	t.Helper()
	for limit := time.Now().Add(patience); time.Now().Before(limit); time.Sleep(time.Millisecond) {
		if runtime.NumGoroutine() <= before {
			return
		}
	}
	stacks := make([]byte, 1<<16)
	t.Errorf("goroutines are left:\n%s", stacks[:runtime.Stack(stacks, true)])
}

// TestFaults sends for an hour over a bad network and counts the frames that arrive.
func TestFaults(t *testing.T) {
	run := func(f transport.Faults) (got []string) {
		synctest.Test(t, func(t *testing.T) {
			n := transport.NewNetwork(7, f)
			var a, b end
			a.open(t, n.Transport("a"), nil, 0)
			b.open(t, n.Transport("b"), nil, 0)
			for i := range 3600 {
				a.Send("b", fmt.Append(nil, i))
				time.Sleep(time.Second)
			}
			time.Sleep(time.Hour)
			synctest.Wait()
			got = b.frames
		})
		return got
	}
	if got := run(transport.Faults{Loss: 0.5}); len(got) < 1700 || len(got) > 1900 {
		t.Errorf("half is lost: %d of 3600 arrive", len(got))
	}
	if got := run(transport.Faults{Duplicate: 0.5}); len(got) < 5300 || len(got) > 5500 {
		t.Errorf("half is doubled: %d of 3600 arrive", len(got))
	}
	delayed := transport.Faults{MaxDelay: 10 * time.Second}
	if got := run(delayed); inOrder(got) || len(got) != 3600 {
		t.Errorf("nothing is reordered, or %d are not 3600", len(got))
	}
	delayed.Ordered = true
	if got := run(delayed); !inOrder(got) || len(got) != 3600 {
		t.Errorf("something is reordered, or %d are not 3600", len(got))
	}
	if a, b := fmt.Sprint(run(transport.Faults{Loss: 0.5})), fmt.Sprint(run(transport.Faults{Loss: 0.5})); a != b {
		t.Error("equal seeds lose other frames")
	}
}

func inOrder(frames []string) bool {
	for i, f := range frames {
		if f != fmt.Sprint(i) {
			return false
		}
	}
	return true
}

func TestPartition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := transport.NewNetwork(7, transport.Faults{})
		var a, b end
		a.open(t, n.Transport("a"), nil, 0)
		b.open(t, n.Transport("b"), nil, 0)
		n.Partition([]string{"a"}, []string{"b"})
		a.Send("b", []byte("lost"))
		n.Heal()
		a.Send("b", []byte("found"))
		synctest.Wait()
		if fmt.Sprint(b.frames) != "[found]" {
			t.Error(b.frames)
		}
	})
}

// A peer that restarts is reached again.
func TestReconnect(t *testing.T) {
	for name, make := range kinds(t) {
		t.Run(name, func(t *testing.T) {
			ta, tb, peers := make()
			var a, b end
			a.open(t, ta, peers, 0)
			b.open(t, tb, peers, 0)
			a.Send(peers[1].Addr, []byte("one"))
			b.until(t, "one", func() bool { return len(b.frames) == 1 })
			tb.Close()
			a.Send(peers[1].Addr, []byte("lost"))
			var again end
			switch name {
			case "udp":
				again.open(t, transport.UDP(peers[1].Addr), peers, 0)
			case "tcp":
				again.open(t, transport.TCP(peers[1].Addr), peers, 0)
			default:
				t.Skip("it has no addresses that can be taken again, or is like tcp")
			}
			for received := 0; received == 0; again.note(func() { received = len(again.frames) }) {
				a.Send(peers[1].Addr, []byte("two"))
				select {
				case <-again.changed:
				case <-time.After(20 * time.Millisecond):
				}
			}
		})
	}
}

// A slow reader fills the queue of the sender, which stays bounded.
func TestSlowReader(t *testing.T) {
	ta, tb, peers := kinds(t)["tcp"]()
	var a end
	b := end{hold: make(chan struct{})}
	a.open(t, ta, peers, 0)
	b.open(t, tb, peers, 0)
	frame, full := make([]byte, 60_000), false
	for range 100_000 {
		if err := a.Send(peers[1].Addr, frame); errors.Is(err, transport.ErrFull) {
			full = true
			break
		}
	}
	if !full {
		t.Error("the queue is never full")
	}
	close(b.hold)
	b.until(t, "what was queued", func() bool { return len(b.frames) > 500 })
}

// Frames that pass the queue, frames that pass it in part and frames that wait in it arrive whole
// and in order, even if the other end stops reading for a while.
func TestPassing(t *testing.T) {
	ta, tb, peers := kinds(t)["tcp"]()
	var a end
	b := end{hold: make(chan struct{}, 1000)}
	a.open(t, ta, peers, 0)
	b.open(t, tb, peers, 0)
	var sent []string
	for range cap(b.hold) {
		b.hold <- struct{}{}
	}
	send := func() {
		frame := fmt.Sprintf("%4000d", len(sent))
		if err := a.Send(peers[1].Addr, []byte(frame)); err != nil {
			t.Fatal(err)
		}
		sent = append(sent, frame)
		for began := time.Now(); time.Since(began) < 50*time.Microsecond; { // as if each came alone
		}
	}
	send()
	b.until(t, "the first", func() bool { return len(b.frames) == 1 })
	for len(sent) < 4000 {
		send()
	}
	close(b.hold)
	b.until(t, "all", func() bool { return len(b.frames) == len(sent) })
	if !slices.Equal(b.frames, sent) {
		t.Error("frames arrive in another order, or changed")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.problems) > 0 {
		t.Error(a.problems)
	}
}

// Connections of strangers and with malformed greetings are refused, and the next one is accepted.
func TestStrangers(t *testing.T) {
	for _, kind := range []string{"tcp", "tls"} {
		t.Run(kind, func(t *testing.T) {
			ta, tb, peers := kinds(t)[kind]()
			var a, b end
			a.open(t, ta, peers, 100)
			b.open(t, tb, peers, 100)
			for i, nonsense := range []string{
				"GET / HTTP/1.1\r\n\r\n", "\x00\x00\x00\x02{}", "\xff\xff\xff\xff", "\x00\x00\x00\x05nonsense",
				"\x00\x00\x00\x34" + `{"allways":1,"greeting":"test","addr":"192.0.2.1:1"}`,
				"\x00\x00\x00\x27" + `{"allways":1,"greeting":"other","addr":`,
			} {
				c, err := net.Dial("tcp", peers[1].Addr)
				if err != nil {
					t.Fatal(err)
				}
				c.Write([]byte(nonsense))
				c.(*net.TCPConn).CloseWrite()
				b.until(t, "refusal of "+nonsense, func() bool {
					return len(b.problems) > i && b.problems[i].Kind == transport.ProblemRefused
				})
				c.Close()
			}
			a.Send(peers[1].Addr, []byte("good"))
			b.until(t, "a frame", func() bool { return len(b.frames) == 1 })
		})
	}
}

// A frame that exceeds the limit of the receiver ends its connection.
func TestOversized(t *testing.T) {
	ta, tb, peers := kinds(t)["tcp"]()
	var a, b end
	a.open(t, ta, peers, 1000)
	b.open(t, tb, peers, 100)
	a.Send(peers[1].Addr, make([]byte, 101))
	b.until(t, "a problem", func() bool { return b.has(transport.ProblemOversized) })
	ua, ub, peers := kinds(t)["udp"]()
	var c, d end
	c.open(t, ua, peers, 1000)
	d.open(t, ub, peers, 100)
	c.Send(peers[1].Addr, make([]byte, 101))
	d.until(t, "a problem", func() bool { return d.has(transport.ProblemOversized) })
}

// A peer with another peer's certificate, another authority's or none neither sends nor receives
// anything.
func TestCertificates(t *testing.T) {
	ca, other := testcert.New(), testcert.New()
	for name, config := range map[string]func() transport.Transport{
		"another name":      func() transport.Transport { return transport.TLS(freeport.Addr(t, "tcp"), ca.Config("c")) },
		"another authority": func() transport.Transport { return transport.TLS(freeport.Addr(t, "tcp"), other.Config("a")) },
		"none":              func() transport.Transport { return transport.TCP(freeport.Addr(t, "tcp")) },
	} {
		t.Run(name, func(t *testing.T) {
			var a, b end
			second, ta := freeport.Addr(t, "tcp"), config()
			a.open(t, ta, []transport.Peer{{Addr: second, Names: []string{"b"}}}, 0)
			b.open(t, transport.TLS(second, ca.Config("b")), []transport.Peer{{Addr: a.Addr(), Names: []string{"a"}}}, 0)
			a.Send(second, []byte("secret"))
			b.Send(a.Addr(), []byte("secret"))
			b.until(t, "refusal", func() bool { return b.has(transport.ProblemRefused) && b.has(transport.ProblemConnection) })
			if len(a.frames)+len(b.frames) > 0 {
				t.Error("something was received")
			}
		})
	}
}

// Datagrams of strangers arrive and are distinguished from those of peers; answers reach them. IPv6
// addresses and host names work.
func TestAddresses(t *testing.T) {
	var a, b end
	a.open(t, transport.UDP("127.0.0.1:0"), nil, 0)
	b.open(t, transport.UDP("127.0.0.1:0"), nil, 0)
	a.Send(b.Addr(), []byte("x"))
	b.until(t, "x", func() bool { return len(b.frames) == 1 })
	if s := b.sources[0]; s.Peer != -1 || s.Addr != a.Addr() {
		t.Errorf("the source is %+v", s)
	}
	b.Send(b.sources[0].Addr, []byte("y"))
	a.until(t, "y", func() bool { return len(a.frames) == 1 })
	if err := a.Send("nonsense", nil); !errors.Is(err, transport.ErrNoRoute) {
		t.Error(err)
	}
	for _, host := range []string{"localhost", "[::1]"} {
		c, err := net.ListenPacket("udp", host+":0")
		if err != nil {
			t.Logf("%s: %v", host, err)
			continue
		}
		addr := strings.Replace(c.LocalAddr().String(), "127.0.0.1", "localhost", 1)
		c.Close()
		var d, e end
		d.open(t, transport.UDP(addr), nil, 0)
		e.open(t, transport.UDP("[::]:0"), []transport.Peer{{Addr: addr}}, 0)
		for e.Send(addr, []byte("x")) != nil { // until it is looked up
			time.Sleep(time.Millisecond)
		}
		d.until(t, "x", func() bool { return len(d.frames) == 1 })
		d.Send(d.sources[0].Addr, []byte("y"))
		e.until(t, "y", func() bool { return len(e.frames) == 1 })
		if e.sources[0].Peer != 0 {
			t.Errorf("%s is not known as a peer: %+v", addr, e.sources[0])
		}
	}
}

// Connections that say nothing do not keep peers out, however many there are.
func TestSilentStrangers(t *testing.T) {
	for _, kind := range []string{"tcp", "tls"} {
		t.Run(kind, func(t *testing.T) {
			ta, tb, peers := kinds(t)[kind]()
			var a, b end
			b.open(t, tb, peers, 0)
			for range 400 {
				c, err := net.Dial("tcp", peers[1].Addr)
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
			}
			b.until(t, "refusal", func() bool { return b.has(transport.ProblemRefused) })
			a.open(t, ta, peers, 0)
			a.Send(peers[1].Addr, []byte("x"))
			b.until(t, "x", func() bool { return len(b.frames) == 1 })
		})
	}
}
