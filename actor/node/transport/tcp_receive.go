package transport

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// hello is the first frame of a connection. It is answered with a frame that says why it is refused, or nothing.
type hello struct {
	Allways  int    `json:"allways"` // version of what follows
	Greeting string `json:"greeting"`
	Addr     string `json:"addr"` // of the sender, as its peers know it
}

const (
	wireVersion = 1
	maxHello    = 4096
)

func writeFrame(w io.Writer, b []byte) error {
	var head [4]byte
	binary.BigEndian.PutUint32(head[:], uint32(len(b)))
	if _, err := w.Write(head[:]); err != nil {
		return err
	}
	_, err := w.Write(b)
	return err
}

// readFrame reads a frame into buffer, which it may replace.
func readFrame(r io.Reader, buffer []byte, most int) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return buffer, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if int64(n) > int64(most) {
		return buffer, fmt.Errorf("%w: %d bytes, and at most %d are allowed", ErrTooLarge, n, most)
	}
	if int(n) > cap(buffer) {
		buffer = make([]byte, n)
	}
	buffer = buffer[:n]
	_, err := io.ReadFull(r, buffer)
	return buffer, err
}

// introduce says who this end is, and waits until the other one agrees.
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
		return fmt.Errorf("the other end did not answer the greeting: %w", err)
	}
	if len(answer) > 0 {
		return fmt.Errorf("the other end refuses: %q", answer)
	}
	return nil
}

// self returns the address of this end, as peers know it.
func (t *tcp) self() string {
	if t.options.Self != "" {
		return t.options.Self
	}
	return t.Addr()
}

// receiver is a connection of a peer.
type receiver struct {
	conn net.Conn
	done chan struct{} // closed when nothing is received any more
}

func (t *tcp) accept() {
	for {
		conn, err := t.listener.Accept()
		if err != nil {
			if t.ctx.Err() != nil {
				return
			}
			t.trouble(ProblemConnection, "", err)
			select { // too many open files, for example
			case <-t.ctx.Done():
				return
			case <-time.After(firstPause):
			}
			continue
		}
		if !t.admit(conn) {
			t.trouble(ProblemRefused, conn.RemoteAddr().String(), errors.New("there are too many connections"))
			conn.Close()
			continue
		}
		t.ended.Go(func() { t.serve(conn) })
	}
}

// admit remembers a connection, if there are not too many.
func (t *tcp) admit(conn net.Conn) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || len(t.conns) >= 2*len(t.options.Peers)+strangers {
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

func (t *tcp) serve(conn net.Conn) {
	defer t.dismiss(conn)
	if c, ok := conn.(*net.TCPConn); ok {
		c.SetKeepAliveConfig(keepAlive)
	}
	addr := conn.RemoteAddr().String()
	conn.SetDeadline(time.Now().Add(greetingTime))
	secure, peer, err := t.greet(conn)
	if err != nil {
		t.trouble(ProblemRefused, addr, err)
		return
	}
	conn.SetDeadline(time.Time{})
	me := &receiver{conn, make(chan struct{})}
	defer close(me.done)
	if !t.succeed(peer, me) {
		return
	}
	if err := writeFrame(secure, nil); err != nil {
		t.trouble(ProblemConnection, addr, err)
		return
	}
	if err := t.read(secure, peer); !errors.Is(err, io.EOF) {
		kind := ProblemConnection
		if errors.Is(err, ErrTooLarge) {
			kind = ProblemOversized
		}
		t.trouble(kind, addr, err)
	}
}

// greet learns who the other end is.
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
	peer, err = t.judge(secure, b)
	if err != nil {
		writeFrame(secure, []byte(err.Error())) // as a courtesy
	}
	return secure, peer, err
}

// judge says which peer the other end is.
func (t *tcp) judge(conn net.Conn, greeting []byte) (peer int, err error) {
	var h hello
	if err := json.Unmarshal(greeting, &h); err != nil {
		return -1, fmt.Errorf("the greeting is none: %w", err)
	}
	if h.Allways != wireVersion {
		return -1, fmt.Errorf("version %d of the protocol is spoken here, not %d", wireVersion, h.Allways)
	}
	if h.Greeting != t.options.Greeting {
		return -1, fmt.Errorf("the greeting is %q here, not %q: both ends must run the same system with the same codec", t.options.Greeting, h.Greeting)
	}
	if peer = t.options.peer(h.Addr); peer < 0 {
		return -1, fmt.Errorf("%s is no peer", h.Addr)
	}
	if c, ok := conn.(*tls.Conn); ok && t.tls.ClientCAs != nil {
		return peer, vouch(c, t.options.Peers[peer])
	}
	return peer, nil
}

// succeed ends the connection that the peer had before, so that its frames cannot come late.
func (t *tcp) succeed(peer int, me *receiver) bool {
	t.mu.Lock()
	old := t.receivers[peer]
	t.receivers[peer] = me
	t.mu.Unlock()
	if old == nil {
		return true
	}
	old.conn.Close()
	select {
	case <-old.done:
		return true
	case <-t.ctx.Done():
		return false
	}
}

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
