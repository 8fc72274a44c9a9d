package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"
)

// TCP returns a transport that keeps a connection to each peer to which it sends, and receives at an address such as
// "127.0.0.1:7001". A connection that is lost is made anew, after a pause that grows; frames wait for it in a
// bounded queue, and what was under way is lost. Between two addresses, frames never overtake each other. A receiver
// that waits makes the sender's queue fill.
//
// Without TLS, everybody who reaches the address may pretend to be any peer.
func TCP(listen string) Transport { return newTCP(listen, nil) }

// TLS is like [TCP] with TLS 1.3. Who is connected to must have a certificate for the names of the peer (see [Peer]), by the
// authorities in RootCAs. If there are ClientCAs, it is mutual: who connects must have one for the names of the peer that it says
// it is, too, or gets nowhere.
func TLS(listen string, config *tls.Config) Transport {
	c := config.Clone()
	c.MinVersion = max(c.MinVersion, tls.VersionTLS13)
	if c.ClientCAs != nil {
		c.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return newTCP(listen, c)
}

func newTCP(listen string, config *tls.Config) *tcp {
	return &tcp{listen: listen, tls: config, senders: map[string]*sender{}, receivers: map[int]*receiver{}, conns: map[net.Conn]bool{}}
}

// The limits of connections.
const (
	queueLength    = 4096     // frames that wait for a connection
	queueBytes     = 64 << 20 // and how large they are together
	firstPause     = 20 * time.Millisecond
	longestPause   = 2 * time.Second
	greetingTime   = 5 * time.Second  // for a connection to say who it is
	writingTime    = 10 * time.Second // for the other end to take what is sent
	closingTime    = time.Second      // for frames that wait when the transport is closed
	strangers      = 16               // connections beyond two for each peer
	connectionSize = 64 << 10
	largestPassing = 4 << 10               // bytes of a frame that may pass the queue
	passingEvery   = 10 * time.Microsecond // if they do not come more often,
	passingAfter   = 16                    // so many in a row
	passingTime    = time.Millisecond      // for the connection to take one
)

var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 3}

type tcp struct {
	listen   string
	tls      *tls.Config
	options  Options
	listener net.Listener
	ctx      context.Context
	cancel   context.CancelFunc
	ended    sync.WaitGroup

	mu        sync.Mutex
	closed    bool
	senders   map[string]*sender
	receivers map[int]*receiver // by peer
	conns     map[net.Conn]bool // that were accepted
}

func (t *tcp) Open(o Options) (err error) {
	if t.options, err = o.defaults(); err != nil {
		return err
	}
	if t.listener, err = net.Listen("tcp", t.listen); err != nil {
		return err
	}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	t.ended.Go(t.accept)
	return nil
}

func (t *tcp) Addr() string { return t.listener.Addr().String() }

func (t *tcp) Send(to string, frame []byte) error {
	if len(frame) > t.options.MaxFrame {
		return ErrTooLarge
	}
	s, err := t.sender(to)
	if err != nil {
		return err
	}
	return s.put(frame)
}

// sender returns the sender to a peer, and makes it if there is none.
func (t *tcp) sender(to string) (*sender, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil, ErrClosed
	}
	if s := t.senders[to]; s != nil {
		return s, nil
	}
	peer := t.options.peer(to)
	if peer < 0 {
		return nil, ErrNoRoute // else strangers could make it open connections without end
	}
	s := newSender(t, t.options.Peers[peer])
	t.senders[to] = s
	t.ended.Go(s.run)
	return s, nil
}

func (t *tcp) Close() error {
	t.mu.Lock()
	if t.closed || t.listener == nil {
		t.mu.Unlock()
		return ErrClosed
	}
	t.closed = true
	t.mu.Unlock()
	t.cancel()
	err := t.listener.Close()
	t.mu.Lock()
	for c := range t.conns {
		c.Close()
	}
	t.mu.Unlock()
	t.ended.Wait()
	return err
}

// trouble reports an error, unless it comes from closing.
func (t *tcp) trouble(kind, addr string, err error) {
	if t.ctx.Err() == nil && !errors.Is(err, net.ErrClosed) {
		t.options.Problem(Problem{kind, addr, err})
	}
}
