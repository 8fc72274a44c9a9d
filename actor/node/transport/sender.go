package transport

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// sender keeps the connection to a peer and sends frames over it.
//
// There are two ways. A queue with a goroutine is best under load: the goroutine writes all frames
// that wait with one system call. But waking a goroutine takes longer than writing to a socket, so
// a frame that comes alone is written by the goroutine that sends it, past the queue. Both ways
// keep the order, because frames pass only an empty queue, with the mutex held.
type sender struct {
	tcp   *tcp
	peer  Peer
	queue chan *[]byte // frames; nil wakes the goroutine to write rest
	bytes atomic.Int64 // bytes of the frames that are queued or being written

	mu     sync.Mutex // held while writing
	direct net.Conn   // connection for frames that pass the queue, or nil
	rest   []byte     // remainder of a frame that passed the queue in part
	passed time.Time  // time of the last frame that could have passed
	alone  int        // number of frames in a row that came alone
	single []byte     // buffer for a frame with its length
}

// Limits for frames that pass the queue.
const (
	passingSize    = 4 << 10               // bytes
	passingSpacing = 10 * time.Microsecond // time between frames that come alone
	passingAfter   = 16                    // frames in a row that must have come alone
	passingTime    = time.Millisecond      // time for the connection to accept a frame
)

// buffers holds copies of frames for reuse. Without it, everything that is queued would become
// garbage.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

func newSender(t *tcp, peer Peer) *sender {
	return &sender{tcp: t, peer: peer, queue: make(chan *[]byte, queueLength)}
}

// put sends a frame or queues it.
func (s *sender) put(frame []byte) error {
	if s.pass(frame) {
		return nil
	}
	if s.bytes.Load() > queueBytes {
		return ErrFull
	}
	b := buffers.Get().(*[]byte)
	*b = append((*b)[:0], frame...)
	s.bytes.Add(int64(len(frame)))
	select {
	case s.queue <- b:
		return nil
	default:
		s.done(b)
		return ErrFull
	}
}

// pass writes a frame past the queue if the queue is empty and frames have been coming alone for a
// while. Frames that follow each other closely are left to the goroutine, which writes many at
// once. A frame that the connection accepts only in part is finished by the goroutine, so that put
// never waits.
func (s *sender) pass(frame []byte) bool {
	if len(frame) > passingSize || s.bytes.Load() > 0 || !s.mu.TryLock() {
		return false
	}
	defer s.mu.Unlock()
	now := time.Now()
	if s.alone++; now.Sub(s.passed) < passingSpacing {
		s.alone = 0
	}
	if s.passed = now; s.alone < passingAfter || s.direct == nil || s.bytes.Load() > 0 {
		return false
	}
	s.single = append(appendLength(s.single[:0], frame), frame...)
	s.direct.SetWriteDeadline(now.Add(passingTime))
	n, err := s.direct.Write(s.single)
	switch {
	case err == nil:
	case errors.Is(err, os.ErrDeadlineExceeded):
		s.direct, s.rest = nil, append(s.rest[:0], s.single[n:]...)
		select {
		case s.queue <- nil:
		default: // the frames in the queue wake the goroutine, too
		}
	default:
		s.direct.Close() // the goroutine notices and connects again
		s.direct = nil
	}
	return true
}

// done releases the copy of a frame that was written or dropped.
func (s *sender) done(b *[]byte) {
	s.bytes.Add(-int64(len(*b)))
	buffers.Put(b)
}

// run sends until the transport closes. It connects when there is something to send.
func (s *sender) run() {
	ctx, pause := s.tcp.ctx, firstPause
	var next *[]byte
	for {
		if next == nil {
			select {
			case <-ctx.Done():
				return
			case next = <-s.queue:
			}
		}
		conn, err := s.connect(ctx)
		if err == nil {
			pause = firstPause
			err = s.send(conn, next)
			next = nil
		}
		if ctx.Err() != nil {
			return
		}
		s.tcp.problem(ProblemConnection, s.peer.Addr, err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause/2 + rand.N(pause)):
		}
		pause = min(2*pause, longestPause)
	}
}

// connect makes a connection on which both ends have identified each other.
func (s *sender) connect(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, greetingTime)
	defer cancel()
	dialer := net.Dialer{Timeout: dialTime, KeepAliveConfig: keepAlive, Control: boundSilence}
	conn, err := dialer.DialContext(ctx, "tcp", s.peer.Addr)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	secure := conn
	if s.tcp.tls != nil {
		if secure, err = s.secure(ctx, conn); err != nil {
			conn.Close()
			return nil, err
		}
	}
	if err := s.tcp.introduce(secure); err != nil {
		conn.Close()
		return nil, err
	}
	return secure, nil
}

// secure starts TLS and checks that the certificate of the other end covers all names of the peer.
func (s *sender) secure(ctx context.Context, conn net.Conn) (net.Conn, error) {
	config := s.tcp.tls.Clone()
	if config.ServerName = ""; len(s.peer.Names) > 0 {
		config.ServerName = s.peer.Names[0]
	}
	if config.ServerName == "" {
		return nil, fmt.Errorf("the peer at %s has no name that a certificate could cover", s.peer.Addr)
	}
	c := tls.Client(conn, config)
	if err := c.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	return c, verify(c, s.peer)
}

// verify checks that the certificate of the other end covers all names of a peer.
func verify(c *tls.Conn, peer Peer) error {
	certificates := c.ConnectionState().PeerCertificates
	if len(certificates) == 0 {
		return fmt.Errorf("%s presents no certificate", peer.Addr)
	}
	for _, name := range peer.Names {
		if err := certificates[0].VerifyHostname(name); err != nil {
			return err
		}
	}
	return nil
}

// send sends a frame and then the queue, until the connection breaks or the transport closes.
func (s *sender) send(conn net.Conn, first *[]byte) error {
	defer s.disconnect(conn)
	lost := make(chan error, 1)
	s.tcp.ended.Go(func() { // the other end never writes, so Read returns when the connection ends
		_, err := conn.Read(make([]byte, 1))
		lost <- fmt.Errorf("connection lost: %w", err)
	})
	w := bufio.NewWriterSize(conn, connectionSize)
	if err := s.write(conn, w, first); err != nil {
		return err
	}
	for {
		select {
		case <-s.tcp.ctx.Done():
			return s.flush(conn, w)
		case err := <-lost:
			return err
		case b := <-s.queue:
			if err := s.write(conn, w, b); err != nil {
				return err
			}
		}
	}
}

// disconnect closes a connection. A frame that was written in part is lost: its remainder would
// make no sense to the next connection.
func (s *sender) disconnect(conn net.Conn) {
	conn.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.direct, s.rest = nil, nil
}

// write writes a frame to the buffer, and flushes it if no other frame waits.
func (s *sender) write(conn net.Conn, w *bufio.Writer, b *[]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	conn.SetWriteDeadline(time.Now().Add(writingTime))
	if err := s.append(w, b); err != nil {
		return err
	}
	if len(s.queue) > 0 {
		s.alone = 0
		return nil
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if s.tcp.tls == nil { // a TLS connection is unusable after a write has missed its deadline
		s.direct = conn
	}
	return nil
}

// append appends the rest of a frame that passed the queue, and b unless it is nil.
func (s *sender) append(w *bufio.Writer, b *[]byte) error {
	if b != nil {
		defer s.done(b)
	}
	if _, err := w.Write(s.rest); err != nil {
		return err
	}
	if s.rest = s.rest[:0]; b == nil {
		return nil
	}
	return writeFrame(w, *b)
}

// flush sends the queue when the transport closes.
func (s *sender) flush(conn net.Conn, w *bufio.Writer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	conn.SetWriteDeadline(time.Now().Add(closingTime))
	for {
		select {
		case b := <-s.queue:
			if err := s.append(w, b); err != nil {
				return err
			}
		default:
			return w.Flush()
		}
	}
}
