package transport

import (
	"encoding/json"
	"net"
	"testing"
	"time"
)

// While frames of a peer's connection wait, of its later connections only the newest waits; the others are closed. None
// of their frames arrives before those that wait.
func TestReplace(t *testing.T) {
	tr, hold, got := newTCP("127.0.0.1:0", nil), make(chan bool), make(chan string, 100)
	reading := make(chan bool, 100)
	err := tr.Open(Options{
		Peers:   []Peer{{Addr: "peer"}},
		Receive: func(_ Source, frame []byte) { reading <- true; <-hold; got <- string(frame) },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	hi, err := json.Marshal(hello{Allways: wireVersion, Addr: "peer"})
	if err != nil {
		t.Fatal(err)
	}
	dial := func() net.Conn {
		c, err := net.Dial("tcp", tr.Addr())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		c.SetDeadline(time.Now().Add(20 * time.Second))
		if err := writeFrame(c, hi); err != nil {
			t.Fatal(err)
		}
		return c
	}
	first := dial()
	if _, err := readFrame(first, nil, maxHello); err != nil {
		t.Fatal(err)
	}
	if err := writeFrame(first, []byte("first")); err != nil {
		t.Fatal(err)
	}
	<-reading // a frame that is still in the connection when the next one comes may be lost, and would hold up nothing
	var last net.Conn
	for range 20 {
		if last != nil { // its place is taken only once it waits
			wait(t, tr, func() bool { return tr.coming[0] != nil })
		}
		before := last
		if last = dial(); before != nil {
			if _, err := readFrame(before, nil, maxHello); err == nil {
				t.Fatal("an older connection is accepted")
			}
		}
	}
	wait(t, tr, func() bool { return len(tr.conns) == 2 && tr.coming[0] != nil })
	close(hold)
	if _, err := readFrame(last, nil, maxHello); err != nil {
		t.Fatal(err)
	}
	if err := writeFrame(last, []byte("last")); err != nil {
		t.Fatal(err)
	}
	if a, b := <-got, <-got; a != "first" || b != "last" {
		t.Errorf("%q and %q arrive", a, b)
	}
}

// wait waits until f holds, which is called with the mutex of tr.
func wait(t *testing.T, tr *tcp, f func() bool) {
	t.Helper()
	for limit := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		tr.mu.Lock()
		ok := f()
		tr.mu.Unlock()
		if ok {
			return
		}
		if time.Now().After(limit) {
			t.Fatalf("%d connections", len(tr.conns))
		}
	}
}
