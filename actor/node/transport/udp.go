package transport

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"
)

// UDP returns a transport that sends each frame as a datagram, and receives at an address such as "127.0.0.1:7001",
// "[::1]:7001" or ":0". A frame of more than [DefaultMaxFrame] bytes does not fit. Peers may be named by host names, whose
// addresses are looked up again from time to time.
func UDP(listen string) Transport { return &udp{listen: listen} }

type udp struct {
	listen  string
	options Options
	conn    *net.UDPConn
	cancel  context.CancelFunc
	ended   sync.WaitGroup

	mu     sync.RWMutex
	routes map[string]netip.AddrPort // by address as it was given
	peers  map[netip.AddrPort]int    // indexes
}

// lookupEvery is how often the names of hosts are looked up.
const lookupEvery = 30 * time.Second

func (u *udp) Open(o Options) (err error) {
	if u.options, err = o.defaults(); err != nil {
		return err
	}
	u.options.MaxFrame = min(u.options.MaxFrame, DefaultMaxFrame)
	addr, err := net.ResolveUDPAddr("udp", u.listen)
	if err != nil {
		return err
	}
	if u.conn, err = net.ListenUDP("udp", addr); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	u.cancel = cancel
	u.routes, u.peers = map[string]netip.AddrPort{}, map[netip.AddrPort]int{}
	var named []int
	for i, p := range o.Peers {
		if a, err := netip.ParseAddrPort(p.Addr); err == nil {
			u.learn(i, a)
		} else {
			named = append(named, i)
		}
	}
	if len(named) > 0 {
		u.ended.Go(func() { u.lookup(ctx, named) })
	}
	u.ended.Go(u.receive)
	return nil
}

func (u *udp) Addr() string { return u.conn.LocalAddr().String() }

func (u *udp) learn(peer int, a netip.AddrPort) {
	a = unmapped(a)
	u.mu.Lock()
	defer u.mu.Unlock()
	if old, ok := u.routes[u.options.Peers[peer].Addr]; ok {
		delete(u.peers, old)
	}
	u.routes[u.options.Peers[peer].Addr], u.peers[a] = a, peer
}

func unmapped(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }

// lookup looks up the names of hosts, again and again.
func (u *udp) lookup(ctx context.Context, named []int) {
	wait := 100 * time.Millisecond
	for {
		failed := false
		for _, i := range named {
			addr := u.options.Peers[i].Addr
			a, err := resolve(ctx, addr)
			if err == nil {
				u.learn(i, a)
				continue
			}
			if ctx.Err() != nil {
				return
			}
			failed = true
			u.options.Problem(Problem{ProblemResolving, addr, err})
		}
		if wait = min(2*wait, lookupEvery); !failed {
			wait = lookupEvery
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// resolve returns an address of a host name and a port.
func resolve(ctx context.Context, addr string) (netip.AddrPort, error) {
	host, service, err := net.SplitHostPort(addr)
	if err != nil {
		return netip.AddrPort{}, err
	}
	port, err := net.DefaultResolver.LookupPort(ctx, "udp", service)
	if err != nil {
		return netip.AddrPort{}, err
	}
	ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return netip.AddrPort{}, err
	}
	for _, ip := range ips { // the same for all: IPv4 first
		if ip.Unmap().Is4() {
			return netip.AddrPortFrom(ip.Unmap(), uint16(port)), nil
		}
	}
	return netip.AddrPortFrom(ips[0], uint16(port)), nil
}

func (u *udp) Send(to string, frame []byte) error {
	if len(frame) > u.options.MaxFrame {
		return ErrTooLarge
	}
	u.mu.RLock()
	a, ok := u.routes[to]
	u.mu.RUnlock()
	if !ok {
		var err error
		if a, err = netip.ParseAddrPort(to); err != nil {
			return ErrNoRoute
		}
	}
	_, err := u.conn.WriteToUDPAddrPort(frame, a)
	if errors.Is(err, net.ErrClosed) {
		return ErrClosed
	}
	return err
}

// maxKnown bounds how many addresses of strangers are remembered as text.
const maxKnown = 1024

func (u *udp) receive() {
	buffer, texts := make([]byte, u.options.MaxFrame+1), map[netip.AddrPort]string{}
	for {
		n, a, err := u.conn.ReadFromUDPAddrPort(buffer)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		a = unmapped(a)
		text, ok := texts[a]
		if !ok {
			if len(texts) >= maxKnown {
				clear(texts)
			}
			text = a.String()
			texts[a] = text
		}
		switch {
		case err != nil: // such as: nobody listens where something was sent
			u.options.Problem(Problem{ProblemConnection, text, err})
		case n > u.options.MaxFrame:
			u.options.Problem(Problem{ProblemOversized, text, ErrTooLarge})
		default:
			u.options.Receive(Source{Peer: u.peer(a), Addr: text}, buffer[:n])
		}
	}
}

func (u *udp) peer(a netip.AddrPort) int {
	u.mu.RLock()
	defer u.mu.RUnlock()
	if i, ok := u.peers[a]; ok {
		return i
	}
	return -1
}

func (u *udp) Close() error {
	if u.conn == nil {
		return ErrClosed
	}
	u.cancel()
	err := u.conn.Close()
	u.ended.Wait()
	return err
}
