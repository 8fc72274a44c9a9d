package transport

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/allways-go/allways/actor/node/internal/places"
)

// hello is the first frame of a connection. The receiver answers with an empty frame, or with one
// that holds the reason for refusing. Nothing else is ever sent back.
type hello struct {
	Allways  int    `json:"allways"` // version of the protocol
	Greeting string `json:"greeting"`
	Addr     string `json:"addr"` // address under which peers know the sender
}

const (
	wireVersion = 1
	maxHello    = 4096 // bytes
)

// introduce greets the other end and waits for its consent.
func (t *tcp) introduce(conn net.Conn) error {
	b, err := json.Marshal(hello{wireVersion, t.options.Greeting, t.self()})
	if err != nil {
		return err
	}
	if err := writeFrame(conn, b); err != nil {
		return err
	}
	answer, err := readFrame(conn, nil, maxHello)
	if err != nil {
		return fmt.Errorf("no answer to the greeting: %w", err)
	}
	if len(answer) > 0 {
		return fmt.Errorf("the other end refuses the connection: %q", answer)
	}
	return nil
}

// self returns the address under which peers know this end.
func (t *tcp) self() string {
	if t.options.Self != "" {
		return t.options.Self
	}
	return t.Addr()
}

// receiver is a connection over which a peer sends, or wants to.
type receiver struct {
	conn net.Conn
	gone chan struct{} // closed when another one has taken its place before it was read
	done chan struct{} // closed after the last frame was received
}

// accept accepts connections until the transport closes.
func (t *tcp) accept() {
	for {
		conn, err := t.listener.Accept()
		if err != nil {
			return
		}
		t.ended.Go(func() { t.serve(places.Of(conn)) })
	}
}

// refused reports a connection that was closed because there are too many, or one that could not be
// accepted.
func (t *tcp) refused(addr string, err error) {
	kind := ProblemConnection
	if errors.Is(err, places.ErrCrowded) {
		kind = ProblemRefused
	}
	t.problem(kind, addr, err)
}

// register notes an accepted connection, unless the transport closes.
func (t *tcp) register(conn net.Conn) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		conn.Close()
		return false
	}
	t.conns[conn] = true
	return true
}

func (t *tcp) dismiss(conn net.Conn) {
	conn.Close()
	t.mu.Lock()
	delete(t.conns, conn)
	t.mu.Unlock()
}

// serve handles an accepted connection to its end. It has a place among those of strangers until it
// is the one connection over which its peer sends.
func (t *tcp) serve(conn *places.Conn) {
	if !t.register(conn) {
		return
	}
	defer t.dismiss(conn)
	addr := conn.RemoteAddr().String()
	conn.SetDeadline(time.Now().Add(greetingTime))
	secure, peer, err := t.greet(conn)
	if err != nil {
		t.problem(ProblemRefused, addr, err)
		return
	}
	conn.SetDeadline(time.Time{})
	r := &receiver{conn, make(chan struct{}), make(chan struct{})}
	defer close(r.done)
	if !t.replace(peer, r) || !conn.Leave() {
		return
	}
	if err := writeFrame(secure, nil); err != nil {
		t.problem(ProblemConnection, addr, err)
		return
	}
	if err := t.read(secure, peer); !errors.Is(err, io.EOF) {
		kind := ProblemConnection
		if errors.Is(err, ErrTooLarge) {
			kind = ProblemOversized
		}
		t.problem(kind, addr, err)
	}
}

// greet authenticates the other end. The peer is its index in Options.Peers.
func (t *tcp) greet(conn net.Conn) (secure net.Conn, peer int, err error) {
	secure = conn
	if t.tls != nil {
		c := tls.Server(conn, t.tls)
		if err := c.HandshakeContext(t.ctx); err != nil {
			return nil, -1, err
		}
		secure = c
	}
	b, err := readFrame(secure, nil, maxHello)
	if err != nil {
		return nil, -1, fmt.Errorf("no greeting: %w", err)
	}
	peer, err = t.identify(secure, b)
	if err != nil {
		writeFrame(secure, []byte(err.Error())) // for the log of the other end; if it fails, nothing is lost
	}
	return secure, peer, err
}

// identify returns the peer that a greeting names, if the greeting is acceptable and the
// certificate covers the peer.
func (t *tcp) identify(conn net.Conn, greeting []byte) (peer int, err error) {
	var h hello
	if err := json.Unmarshal(greeting, &h); err != nil {
		return -1, fmt.Errorf("malformed greeting: %w", err)
	}
	if h.Allways != wireVersion {
		return -1, fmt.Errorf("protocol version %d, want %d", h.Allways, wireVersion)
	}
	if h.Greeting != t.options.Greeting {
		return -1, fmt.Errorf("greeting %q, want %q: both ends must run the same system with the same codec",
			h.Greeting, t.options.Greeting)
	}
	if peer = t.options.peer(h.Addr); peer < 0 {
		return -1, fmt.Errorf("%s is not a peer", h.Addr)
	}
	if c, ok := conn.(*tls.Conn); ok && t.tls.ClientCAs != nil {
		return peer, verify(c, t.options.Peers[peer])
	}
	return peer, nil
}

// replace makes r the connection of a peer, and reports false if that is not to be any more. A peer
// that connects again may have left frames behind in its previous connection. These must not arrive
// after newer ones: so the previous connection is closed, and its last frame handed over, before
// the first frame of the new one is read. Of those that wait for that, the newest is the one to stay.
func (t *tcp) replace(peer int, r *receiver) bool {
	t.mu.Lock()
	if other := t.coming[peer]; other != nil {
		close(other.gone)
	}
	t.coming[peer] = r
	old := t.receivers[peer]
	t.mu.Unlock()
	if old != nil {
		old.conn.Close()
		select {
		case <-old.done:
		case <-r.gone:
			return false
		case <-t.ctx.Done():
			return false
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.coming[peer] != r {
		return false
	}
	delete(t.coming, peer)
	t.receivers[peer] = r
	return true
}

// read receives frames until the connection ends.
func (t *tcp) read(conn net.Conn, peer int) error {
	r := bufio.NewReaderSize(conn, connectionSize)
	source := Source{Peer: peer, Addr: t.options.Peers[peer].Addr, MayBlock: true}
	var buffer []byte
	for {
		var err error
		if buffer, err = readFrame(r, buffer, t.options.MaxFrame); err != nil {
			return err
		}
		if t.ctx.Err() != nil {
			return io.EOF
		}
		t.options.Receive(source, buffer)
	}
}
