// Package places bounds the connections of strangers. A listener holds a number of them; when one
// more comes, one has to go. The address with the most connections gives one up, so that no address
// can take the places of all others.
package places

import (
	"context"
	"errors"
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Listener accepts connections, of which it holds a bounded number. An error of the listener below,
// such as a lack of file descriptors, is reported, and accepting goes on after a pause: only Close
// ends it.
type Listener struct {
	net.Listener
	limit   int
	problem func(addr string, err error)
	closing context.Context
	cancel  context.CancelFunc

	mu     sync.Mutex
	held   map[*Conn]bool
	number uint64 // number of connections so far
}

// Conn is an accepted connection. It has a place until it is closed or leaves.
type Conn struct {
	net.Conn
	listener *Listener
	group    string
	number   uint64
	busy     bool // guarded by the mutex of the listener
}

// pause is the time after which accepting is tried again.
const pause = 20 * time.Millisecond

// ErrCrowded reports that a connection was closed because there were too many.
var ErrCrowded = errors.New("too many connections")

// Listen returns a listener that holds at most limit connections of l. It calls problem with what it
// survives: errors of l, and connections that it closes because there are too many.
func Listen(l net.Listener, limit int, problem func(addr string, err error)) *Listener {
	p := &Listener{Listener: l, limit: limit, problem: problem, held: map[*Conn]bool{}}
	p.closing, p.cancel = context.WithCancel(context.Background())
	return p
}

// Accept returns the next connection, which is a *[Conn]. It returns an error only once the listener
// is closed.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			if l.closing.Err() != nil || errors.Is(err, net.ErrClosed) {
				return nil, err
			}
			l.problem("", err)
			select {
			case <-l.closing.Done():
				return nil, err
			case <-time.After(pause):
			}
			continue
		}
		c := &Conn{Conn: conn, listener: l, group: Group(conn.RemoteAddr().String())}
		gone := l.enter(c)
		if gone == nil {
			return c, nil
		}
		gone.Conn.Close()
		l.problem(gone.RemoteAddr().String(), ErrCrowded)
		if gone != c {
			return c, nil
		}
	}
}

// Close ends accepting. Connections stay.
func (l *Listener) Close() error {
	l.cancel()
	return l.Listener.Close()
}

// enter gives a connection a place, and returns the one that must go, or nil. It is of the address
// that has the most: the one that has been idle there for longest, or else the newest.
func (l *Listener) enter(c *Conn) (gone *Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.number++
	c.number, l.held[c] = l.number, true
	if len(l.held) <= l.limit {
		return nil
	}
	groups := map[string]int{}
	for h := range l.held {
		groups[h.group]++
	}
	most := slices.Max(slices.Collect(maps.Values(groups)))
	for h := range l.held {
		if groups[h.group] == most && (gone == nil || h.before(gone)) {
			gone = h
		}
	}
	delete(l.held, gone)
	return gone
}

// before reports whether c has to go before d.
func (c *Conn) before(d *Conn) bool {
	if c.busy != d.busy {
		return d.busy
	}
	return (c.number < d.number) != c.busy
}

// Busy says whether the other end has done its part and waits, so that the connection should rather
// stay than one that is idle. A new connection is idle.
func (c *Conn) Busy(busy bool) {
	c.listener.mu.Lock()
	defer c.listener.mu.Unlock()
	c.busy = busy
}

// Leave gives the place of a connection to others, because it is now bounded otherwise. It reports
// false if the connection had lost its place, and is closed.
func (c *Conn) Leave() bool {
	c.listener.mu.Lock()
	defer c.listener.mu.Unlock()
	held := c.listener.held[c]
	delete(c.listener.held, c)
	return held
}

// Close closes the connection.
func (c *Conn) Close() error {
	c.Leave()
	return c.Conn.Close()
}

// Of returns the connection of a [Listener] that is in conn or below it, as that of TLS is, or nil.
func Of(conn net.Conn) *Conn {
	for {
		switch c := conn.(type) {
		case *Conn:
			return c
		case interface{ NetConn() net.Conn }:
			conn = c.NetConn()
		default:
			return nil
		}
	}
}

// Group returns what stands for the owner of an address with a port: the address of IPv4, or the
// network of IPv6 that one owner has at least. What is no such address stands for itself.
func Group(addr string) string {
	a, err := netip.ParseAddrPort(addr)
	if err != nil {
		return addr
	}
	ip := a.Addr().Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	const network = 64 // bits
	p, err := ip.Prefix(network)
	if err != nil {
		return ip.String()
	}
	return p.String()
}

// Limits of the number of connections that a listener holds.
const (
	most    = 256
	least   = 8
	ofFiles = 8 // part of the files that the process may open
)

// Limit returns the number of connections that a listener should hold: want, or if that is 0 a
// number that leaves most of the files that the process may open to others.
func Limit(want int) int {
	limit := most
	if files := openFiles(); files/ofFiles < most {
		limit = max(int(files/ofFiles), least)
	}
	if want == 0 {
		return limit
	}
	return want
}
