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
)

// end is a transport with what it has received.
type end struct {
	transport.Transport
	mu      sync.Mutex
	frames  []string
	sources []transport.Source
	trouble []transport.Problem
	changed chan struct{}
	hold    chan struct{} // receiving waits until it is closed; nil for no waiting
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
		Problem: func(x transport.Problem) { e.note(func() { e.trouble = append(e.trouble, x) }) },
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

// until waits until f holds.
func (e *end) until(t testing.TB, what string, f func() bool) {
	t.Helper()
	limit := time.After(10 * time.Second)
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
			t.Fatalf("%s: got %d frames, trouble %v", what, len(e.frames), e.trouble)
		}
	}
}

func (e *end) has(kind string) bool {
	for _, x := range e.trouble {
		if x.Kind == kind {
			return true
		}
	}
	return false
}

// freeAddr returns an address that is free a moment ago.
func freeAddr(t testing.TB, network string) string {
	t.Helper()
	if network == "udp" {
		c, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.LocalAddr().String()
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
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
			x, y := freeAddr(t, "udp"), freeAddr(t, "udp")
			return transport.UDP(x), transport.UDP(y), named(x, y)
		},
		"tcp": func() (a, b transport.Transport, peers []transport.Peer) {
			x, y := freeAddr(t, "tcp"), freeAddr(t, "tcp")
			return transport.TCP(x), transport.TCP(y), named(x, y)
		},
		"tls": func() (a, b transport.Transport, peers []transport.Peer) {
			x, y, ca := freeAddr(t, "tcp"), freeAddr(t, "tcp"), testcert.New(t)
			return transport.TLS(x, ca.Config(t, "a")), transport.TLS(y, ca.Config(t, "b")), named(x, y)
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
				clear(frame) // it was taken
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

// noMore waits for goroutines that have nothing left to do but to end.
func noMore(t *testing.T, before int) {
	t.Helper()
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched()
		time.Sleep(time.Millisecond)
	}
	stacks := make([]byte, 1<<16)
	t.Errorf("goroutines are left:\n%s", stacks[:runtime.Stack(stacks, true)])
}

// TestFaults lets an hour of traffic pass over a bad network, and counts what arrives.
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

// A peer that comes back is reached again, over the same or another connection.
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

// A slow reader makes the sender's queue full, and nothing grows without end.
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

// Frames that pass the queue, are taken in part and wait in the queue arrive whole and in order, also when the other end takes
// nothing for a while.
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
	if len(a.trouble) > 0 {
		t.Error(a.trouble)
	}
}

// What is no peer, or speaks nonsense, is refused and survived.
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
				b.until(t, "refusal of "+nonsense, func() bool { return len(b.trouble) > i && b.trouble[i].Kind == transport.ProblemRefused })
				c.Close()
			}
			a.Send(peers[1].Addr, []byte("good"))
			b.until(t, "a frame", func() bool { return len(b.frames) == 1 })
		})
	}
}

// A frame that is announced as too large ends its connection, and nothing is allocated for it.
func TestOversized(t *testing.T) {
	ta, tb, peers := kinds(t)["tcp"]()
	var a, b end
	a.open(t, ta, peers, 1000)
	b.open(t, tb, peers, 100)
	a.Send(peers[1].Addr, make([]byte, 101))
	b.until(t, "trouble", func() bool { return b.has(transport.ProblemOversized) })
	ua, ub, peers := kinds(t)["udp"]()
	var c, d end
	c.open(t, ua, peers, 1000)
	d.open(t, ub, peers, 100)
	c.Send(peers[1].Addr, make([]byte, 101))
	d.until(t, "trouble", func() bool { return d.has(transport.ProblemOversized) })
}

// Who has the certificate of another peer, or of another authority, gets nowhere, and neither does anything sent to it.
func TestCertificates(t *testing.T) {
	ca, other := testcert.New(t), testcert.New(t)
	for name, config := range map[string]func() transport.Transport{
		"another name":      func() transport.Transport { return transport.TLS(freeAddr(t, "tcp"), ca.Config(t, "c")) },
		"another authority": func() transport.Transport { return transport.TLS(freeAddr(t, "tcp"), other.Config(t, "a")) },
		"none":              func() transport.Transport { return transport.TCP(freeAddr(t, "tcp")) },
	} {
		t.Run(name, func(t *testing.T) {
			var a, b end
			second, ta := freeAddr(t, "tcp"), config()
			a.open(t, ta, []transport.Peer{{Addr: second, Names: []string{"b"}}}, 0)
			b.open(t, transport.TLS(second, ca.Config(t, "b")), []transport.Peer{{Addr: a.Addr(), Names: []string{"a"}}}, 0)
			a.Send(second, []byte("secret"))
			b.Send(a.Addr(), []byte("secret"))
			b.until(t, "refusal", func() bool { return b.has(transport.ProblemRefused) && b.has(transport.ProblemConnection) })
			if len(a.frames)+len(b.frames) > 0 {
				t.Error("something was received")
			}
		})
	}
}

// Strangers may send datagrams, and are told from peers; answers reach them. IPv6 and host names work as addresses.
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
