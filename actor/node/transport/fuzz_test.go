package transport

import (
	"bytes"
	"net"
	"testing"
)

// FuzzReadFrame asserts that a frame is never longer than the limit, and survives a round trip.
func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x02hi"))
	f.Add([]byte("\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		const limit = 100
		frame, err := readFrame(bytes.NewReader(b), nil, limit)
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := writeFrame(&again, frame); err != nil || len(frame) > limit || !bytes.HasPrefix(b, again.Bytes()) {
			t.Errorf("%q is the frame %q, %v", b, frame, err)
		}
	})
}

// FuzzGreeting asserts that only the greeting of a peer names one.
func FuzzGreeting(f *testing.F) {
	tr := newTCP("", nil)
	tr.options = Options{Greeting: "g", Peers: []Peer{{Addr: "a:1"}, {Addr: "b:2"}}}
	f.Add([]byte(`{"allways":1,"greeting":"g","addr":"b:2"}`))
	f.Add([]byte(`{"allways":1,"greeting":"g","addr":"c:3"}`))
	f.Add([]byte(`{"allways":2,"greeting":"","addr":null}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		peer, err := tr.identify(&net.TCPConn{}, b)
		if known := peer >= 0 && peer < len(tr.options.Peers); known != (err == nil) {
			t.Errorf("%q names %d, %v", b, peer, err)
		}
	})
}
