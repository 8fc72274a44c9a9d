package transport

import (
	"container/heap"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Network connects transports within a process and injects faults. The faults of a link, which is
// one direction between two addresses, depend only on the seed and on the number of frames sent on
// that link before. A network uses the clock of package time, so it works in a bubble of
// testing/synctest. Its methods are safe for concurrent use. Use [NewNetwork] to make one.
type Network struct {
	seed   uint64
	faults Faults

	mu     sync.Mutex
	groups map[string]int // group of an address during a partition
	open   map[string]*memory
	links  map[[2]string]*link // keyed by sender and receiver
}

// Faults says what happens to frames. The zero value means no faults and no delay.
type Faults struct {
	Loss, Duplicate    float64       // probabilities, 0 to 1
	MinDelay, MaxDelay time.Duration // bounds of the delay, which is uniform between them
	Ordered            bool          // whether the frames of a link stay in order
}

// link is the state of one direction between two addresses.
type link struct {
	rand *rand.Rand
	last time.Time // arrival of the last frame
}

// NewNetwork returns a network with the faults f, which the seed makes reproducible.
func NewNetwork(seed uint64, f Faults) *Network {
	return &Network{seed: seed, faults: f, open: map[string]*memory{}, links: map[[2]string]*link{}}
}

// Partition splits the network into groups of addresses. Until [Network.Heal], frames sent from one
// group to another are lost. Addresses in no group reach all others. A second call replaces the
// first partition.
func (n *Network) Partition(groups ...[]string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.groups = map[string]int{}
	for i, g := range groups {
		for _, addr := range g {
			n.groups[addr] = i
		}
	}
}

// Heal ends the partition.
func (n *Network) Heal() { n.Partition() }

// Transport returns a transport that receives at an address, which may be any string.
func (n *Network) Transport(addr string) Transport { return &memory{network: n, addr: addr} }

// memory is a transport of a [Network].
type memory struct {
	network *Network
	addr    string
	options Options
	done    chan struct{} // closed by Close
	wake    chan struct{} // receives when a frame was queued
	ended   sync.WaitGroup

	mu     sync.Mutex
	queue  parcels // frames that have not arrived
	number uint64  // number of frames queued so far
	closed bool
}

// parcel is a frame under way.
type parcel struct {
	due    time.Time
	number uint64 // breaks ties, so that equal delays keep the order
	from   string
	frame  []byte
}

// maxParcels is the number of frames that may be under way to one address.
const maxParcels = 1 << 16

func (m *memory) Addr() string { return m.addr }

func (m *memory) Open(o Options) (err error) {
	if m.options, err = o.defaults(); err != nil {
		return err
	}
	m.network.mu.Lock()
	defer m.network.mu.Unlock()
	if m.network.open[m.addr] != nil {
		return fmt.Errorf("transport: address %s is in use", m.addr)
	}
	m.network.open[m.addr] = m
	m.done, m.wake = make(chan struct{}), make(chan struct{}, 1)
	m.ended.Go(m.deliver)
	return nil
}

func (m *memory) Send(to string, frame []byte) error {
	if len(frame) > m.options.MaxFrame {
		return ErrTooLarge
	}
	n := m.network
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.open[m.addr] != m {
		return ErrClosed
	}
	l, receiver := n.link(m.addr, to), n.open[to]
	// Both are drawn for every frame: what happens to the next one must not depend on a partition
	// or a receiver.
	lost, doubled := l.rand.Float64() < n.faults.Loss, l.rand.Float64() < n.faults.Duplicate
	if receiver == nil || lost || n.separated(m.addr, to) {
		return nil
	}
	copies := 1
	if doubled {
		copies = 2
	}
	for range copies {
		if !receiver.post(parcel{due: l.due(n.faults), from: m.addr, frame: slices.Clone(frame)}) {
			return ErrFull
		}
	}
	return nil
}

// separated reports whether a partition is between two addresses.
func (n *Network) separated(a, b string) bool {
	ga, oka := n.groups[a]
	gb, okb := n.groups[b]
	return oka && okb && ga != gb
}

// link returns the link between two addresses. Its random numbers do not depend on the order in
// which links are made.
func (n *Network) link(from, to string) *link {
	key := [2]string{from, to}
	l := n.links[key]
	if l == nil {
		h := fnv.New64a()
		fmt.Fprintf(h, "%q %q", from, to)
		l = &link{rand: rand.New(rand.NewPCG(n.seed, h.Sum64()))}
		n.links[key] = l
	}
	return l
}

// due returns when the next frame arrives.
func (l *link) due(f Faults) time.Time {
	due := time.Now().Add(f.MinDelay)
	if f.MaxDelay > f.MinDelay {
		due = due.Add(time.Duration(l.rand.Int64N(int64(f.MaxDelay-f.MinDelay) + 1)))
	}
	if f.Ordered && due.Before(l.last) {
		due = l.last
	}
	l.last = due
	return due
}

// post queues a frame, and reports false if the queue is full.
func (m *memory) post(p parcel) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queue) >= maxParcels {
		return false
	}
	m.number++
	p.number = m.number
	heap.Push(&m.queue, p)
	select {
	case m.wake <- struct{}{}:
	default:
	}
	return true
}

// deliver hands over frames when they are due, until the transport closes.
func (m *memory) deliver() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		p, wait := m.next()
		if wait == 0 {
			m.options.Receive(Source{Peer: m.options.peer(p.from), Addr: p.from}, p.frame)
			continue
		}
		timer.Reset(wait)
		select {
		case <-m.done:
			return
		case <-m.wake:
		case <-timer.C:
		}
	}
}

// next takes the next frame if it is due; otherwise wait is the time to wait for it.
func (m *memory) next() (p parcel, wait time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed || len(m.queue) == 0 {
		return p, time.Hour
	}
	if wait = time.Until(m.queue[0].due); wait > 0 {
		return p, wait
	}
	return heap.Pop(&m.queue).(parcel), 0
}

func (m *memory) Close() error {
	m.network.mu.Lock()
	if m.network.open[m.addr] != m {
		m.network.mu.Unlock()
		return ErrClosed
	}
	delete(m.network.open, m.addr)
	m.network.mu.Unlock()
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	close(m.done)
	m.ended.Wait()
	return nil
}

// parcels is a heap by due time.
type parcels []parcel

func (q parcels) Len() int      { return len(q) }
func (q parcels) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *parcels) Push(x any)   { *q = append(*q, x.(parcel)) }

func (q parcels) Less(i, j int) bool {
	if !q[i].due.Equal(q[j].due) {
		return q[i].due.Before(q[j].due)
	}
	return q[i].number < q[j].number
}

func (q *parcels) Pop() any {
	last := len(*q) - 1
	p := (*q)[last]
	(*q)[last] = parcel{}
	*q = (*q)[:last]
	return p
}
