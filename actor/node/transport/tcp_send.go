package transport

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// sender keeps a connection to a peer, and sends what is in its queue.
type sender struct {
	tcp   *tcp
	peer  Peer
	queue chan *[]byte // nil only tells that there is a rest
	bytes atomic.Int64 // in the queue, or taken and not yet written

	mu     sync.Mutex // held by who writes
	direct net.Conn   // for frames that may pass the queue; nil for none
	rest   []byte     // of a frame that has passed the queue in part
	passed time.Time  // when a frame last tried to
	alone  int        // how many frames in a row have come alone
	single []byte     // a frame with its length, used again
}

// frames are used again: a queue would else make garbage of all that is sent.
var frames = sync.Pool{New: func() any { return new([]byte) }}

func newSender(t *tcp, peer Peer) *sender {
	return &sender{tcp: t, peer: peer, queue: make(chan *[]byte, queueLength)}
}

func (s *sender) put(frame []byte) error {
	if s.pass(frame) {
		return nil
	}
	if s.bytes.Load() > queueBytes {
		return ErrFull
	}
	b := frames.Get().(*[]byte)
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

// pass writes a frame past the queue, if nothing is there: to wake the goroutine takes longer than to write. Frames that follow each
// other closely are left to the goroutine, which writes many of them at once; so is what the connection does not take soon.
func (s *sender) pass(frame []byte) bool {
	if len(frame) > largestPassing || s.bytes.Load() > 0 || !s.mu.TryLock() {
		return false
	}
	defer s.mu.Unlock()
	now := time.Now()
	if s.alone++; now.Sub(s.passed) < passingEvery {
		s.alone = 0
	}
	if s.passed = now; s.alone < passingAfter || s.direct == nil || s.bytes.Load() > 0 {
		return false
	}
	s.single = append(binary.BigEndian.AppendUint32(s.single[:0], uint32(len(frame))), frame...)
	s.direct.SetWriteDeadline(now.Add(passingTime))
	n, err := s.direct.Write(s.single)
	switch {
	case err == nil:
	case errors.Is(err, os.ErrDeadlineExceeded):
		s.direct, s.rest = nil, append(s.rest[:0], s.single[n:]...)
		select {
		case s.queue <- nil:
		default: // what is there wakes the goroutine, too
		}
	default:
		s.direct.Close() // which the goroutine notices
		s.direct = nil
	}
	return true
}

func (s *sender) done(b *[]byte) {
	s.bytes.Add(-int64(len(*b)))
	frames.Put(b)
}

// run sends, and connects again and again when there is something to send.
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
		s.tcp.trouble(ProblemConnection, s.peer.Addr, err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause/2 + rand.N(pause)):
		}
		pause = min(2*pause, longestPause)
	}
}

// connect makes a connection, on which both ends know each other.
func (s *sender) connect(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, greetingTime)
	defer cancel()
	dialer := net.Dialer{KeepAliveConfig: keepAlive}
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

// secure makes sure that the other end has a certificate for all names of the peer.
func (s *sender) secure(ctx context.Context, conn net.Conn) (net.Conn, error) {
	config := s.tcp.tls.Clone()
	if config.ServerName = ""; len(s.peer.Names) > 0 {
		config.ServerName = s.peer.Names[0]
	}
	if config.ServerName == "" {
		return nil, fmt.Errorf("the peer at %s has no name for which a certificate could vouch", s.peer.Addr)
	}
	c := tls.Client(conn, config)
	if err := c.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	return c, vouch(c, s.peer)
}

// vouch makes sure that the certificate of the other end is for all names of a peer.
func vouch(c *tls.Conn, peer Peer) error {
	certificates := c.ConnectionState().PeerCertificates
	if len(certificates) == 0 {
		return fmt.Errorf("%s has no certificate", peer.Addr)
	}
	for _, name := range peer.Names {
		if err := certificates[0].VerifyHostname(name); err != nil {
			return err
		}
	}
	return nil
}

// send sends what is in the queue until the connection is lost or the transport closed.
func (s *sender) send(conn net.Conn, first *[]byte) error {
	defer s.disconnect(conn)
	lost := make(chan error, 1)
	s.tcp.ended.Go(func() { // the other end never writes: this ends with the connection
		_, err := conn.Read(make([]byte, 1))
		lost <- fmt.Errorf("the connection is lost: %w", err)
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

// disconnect loses what was under way.
func (s *sender) disconnect(conn net.Conn) {
	conn.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.direct, s.rest = nil, nil
}

// write writes a frame, and whatever waits when nothing else does.
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
	if s.tcp.tls == nil { // whose connections cannot go on after a deadline
		s.direct = conn
	}
	return nil
}

// append appends what is left of a frame that passed the queue, and a frame; nil is for none.
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

// flush sends what waits when the transport is closed.
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
