package transport

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// sender keeps a connection to a peer, and sends what is in its queue.
type sender struct {
	tcp   *tcp
	peer  Peer
	queue chan *[]byte
	bytes atomic.Int64 // in the queue
}

// frames are used again: a queue would else make garbage of all that is sent.
var frames = sync.Pool{New: func() any { return new([]byte) }}

func newSender(t *tcp, peer Peer) *sender {
	return &sender{tcp: t, peer: peer, queue: make(chan *[]byte, queueLength)}
}

func (s *sender) put(frame []byte) error {
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
		s.tcp.trouble(Connection, s.peer.Addr, err)
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
	defer conn.Close()
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

// write writes a frame, and whatever waits when nothing else does.
func (s *sender) write(conn net.Conn, w *bufio.Writer, b *[]byte) error {
	defer s.done(b)
	if w.Available() < len(*b)+4 {
		conn.SetWriteDeadline(time.Now().Add(writingTime))
	}
	if err := writeFrame(w, *b); err != nil {
		return err
	}
	if len(s.queue) > 0 {
		return nil
	}
	conn.SetWriteDeadline(time.Now().Add(writingTime))
	return w.Flush()
}

// flush sends what waits when the transport is closed.
func (s *sender) flush(conn net.Conn, w *bufio.Writer) error {
	conn.SetWriteDeadline(time.Now().Add(closingTime))
	for {
		select {
		case b := <-s.queue:
			err := writeFrame(w, *b)
			s.done(b)
			if err != nil {
				return err
			}
		default:
			return w.Flush()
		}
	}
}
