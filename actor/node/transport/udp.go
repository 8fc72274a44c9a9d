package transport

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"
)

// UDP returns a transport that sends each frame as a datagram. It receives at an address such as
// "127.0.0.1:7001", "[::1]:7001" or ":0". Frames are limited to [DefaultMaxFrame] bytes. Addresses
// of peers may have host names, which are resolved again every 30 seconds. Senders are not
// authenticated: a program that can send datagrams with the address of a peer can speak as that peer.
func UDP(listen string) Transport { return &udp{listen: listen} }

type udp struct {
	listen  string
	options Options
	conn    *net.UDPConn
	cancel  context.CancelFunc
	ended   sync.WaitGroup

	mu     sync.RWMutex
	routes map[string]netip.AddrPort // keyed by address as in Options.Peers
	peers  map[netip.AddrPort]int    // indexes in Options.Peers
}

// lookupEvery is the time between two lookups of host names.
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

// learn notes the current address of a peer.
func (u *udp) learn(peer int, a netip.AddrPort) {
	a = unmapped(a)
	u.mu.Lock()
	defer u.mu.Unlock()
	if old, ok := u.routes[u.options.Peers[peer].Addr]; ok {
		delete(u.peers, old)
	}
	u.routes[u.options.Peers[peer].Addr], u.peers[a] = a, peer
}

// unmapped returns an address in the one form in which addresses are compared: a socket that
// listens on IPv6 reports IPv4 senders as mapped addresses.
func unmapped(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }

// lookup resolves host names until ctx is done: soon again after a failure, else from time to time.
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

// resolve returns an address of a host and port. IPv4 comes first, so that all processes choose
// alike.
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
	for _, ip := range ips {
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

// maxTexts is the number of addresses whose text is cached.
const maxTexts = 1024

// receive receives datagrams until the socket is closed. The buffer has a byte more than the
// largest frame: a datagram that fills it is too large.
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
			if len(texts) >= maxTexts {
				clear(texts)
			}
			text = a.String()
			texts[a] = text
		}
		switch {
		case err != nil: // for example, nothing listens at an address to which a frame was sent
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
