package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/allways-go/allways/actor/node/internal/places"
)

// TCP returns a transport that receives at an address such as "127.0.0.1:7001" and keeps one
// connection to each peer to which it sends. A broken connection is made again after a pause that
// grows to half a second; meanwhile frames wait in a bounded queue, and those under way are lost. On
// Linux and macOS a connection also counts as broken if the other end has not acknowledged anything
// for 3 seconds, so that frames pass again a second or two after the network does; elsewhere that
// may take as long as the system is patient. Frames from one address to another stay in order. A
// receiver that blocks slows its senders down until their queues are full.
//
// Connections that have not said which peer they belong to are bounded (see [Options]) and have 5
// seconds for that. Without TLS, any program that can reach the address may pretend to be any peer.
// So may any with TLS, unless ClientCAs asks for certificates.
func TCP(listen string) Transport { return newTCP(listen, nil) }

// TLS is like [TCP] over TLS 1.3 or later. A peer that is connected to must present a certificate
// for all its names (see [Peer]), signed by an authority in RootCAs. If ClientCAs is set,
// authentication is mutual: a peer that connects must present a certificate for its names, too.
func TLS(listen string, config *tls.Config) Transport {
	c := config.Clone()
	c.MinVersion = max(c.MinVersion, tls.VersionTLS13)
	if c.ClientCAs != nil {
		c.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return newTCP(listen, c)
}

func newTCP(listen string, config *tls.Config) *tcp {
	return &tcp{
		listen: listen, tls: config,
		senders: map[string]*sender{}, receivers: map[int]*receiver{}, coming: map[int]*receiver{},
		conns: map[net.Conn]bool{},
	}
}

// Limits of connections.
const (
	queueLength    = 4096     // frames in the queue of a connection
	queueBytes     = 64 << 20 // bytes of these frames
	firstPause     = 20 * time.Millisecond
	longestPause   = 500 * time.Millisecond
	dialTime       = 1500 * time.Millisecond // time to make a connection: the first packet is sent twice, after a second
	silentTime     = 3 * time.Second         // time for the other end to acknowledge what it is sent
	greetingTime   = 5 * time.Second         // time to exchange greetings
	writingTime    = 10 * time.Second        // time for the other end to accept a write
	closingTime    = time.Second             // time to send what is queued when the transport is closed
	connectionSize = 64 << 10                // bytes of the buffers of a connection
)

var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 3}

// tcp is a transport over TCP or TLS. Each direction between two ends has its own connection: a
// sender connects, a receiver accepts. So two ends that connect at the same time need not agree on
// which connection to keep.
type tcp struct {
	listen   string
	tls      *tls.Config // nil without TLS
	options  Options
	listener *places.Listener
	ctx      context.Context // done when the transport closes
	cancel   context.CancelFunc
	ended    sync.WaitGroup

	mu        sync.Mutex
	closed    bool
	senders   map[string]*sender // keyed by address
	receivers map[int]*receiver  // connections that are read, keyed by peer
	coming    map[int]*receiver  // connections that wait for the end of those, keyed by peer
	conns     map[net.Conn]bool  // accepted connections
}

func (t *tcp) Open(o Options) (err error) {
	if t.options, err = o.defaults(); err != nil {
		return err
	}
	config := net.ListenConfig{KeepAliveConfig: keepAlive}
	listener, err := config.Listen(context.Background(), "tcp", t.listen)
	if err != nil {
		return err
	}
	t.listener = places.Listen(listener, t.options.MaxStrangers, t.refused)
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

// sender returns the sender to a peer, which it starts if necessary.
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
		return nil, ErrNoRoute // connections to arbitrary addresses would have no bound
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

// problem reports an error, unless it is a consequence of closing.
func (t *tcp) problem(kind, addr string, err error) {
	if t.ctx.Err() == nil && !errors.Is(err, net.ErrClosed) {
		t.options.Problem(Problem{kind, addr, err})
	}
}
