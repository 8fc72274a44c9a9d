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

// Network joins transports within a process, with faults of choice. What befalls the frames of a link depends on the seed and
// on their order on that link only. It uses the clock of package time, so that it runs in a bubble of testing/synctest. The
// zero value is not ready: use [NewNetwork].
type Network struct {
	seed   uint64
	mu     sync.Mutex
	faults Faults
	groups map[string]int // of addresses, while there is a partition
	open   map[string]*memory
	links  map[[2]string]*link
}

// Faults says what befalls frames. The zero value is a network without faults or delay.
type Faults struct {
	Loss, Duplicate    float64       // probabilities
	MinDelay, MaxDelay time.Duration // delay
	Ordered            bool          // frames of a link do not overtake each other
}

// link is what is known of one direction between two addresses.
type link struct {
	chance *rand.Rand
	last   time.Time // when the last frame is due
}

// NewNetwork returns a network.
func NewNetwork(seed uint64, f Faults) *Network {
	return &Network{seed: seed, faults: f, open: map[string]*memory{}, links: map[[2]string]*link{}}
}

// SetFaults changes what befalls frames from now on.
func (n *Network) SetFaults(f Faults) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.faults = f
}

// Partition splits the network into groups of addresses: frames between them that are sent while it lasts are lost. Who is in
// no group is with everybody.
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

// Heal ends a partition.
func (n *Network) Heal() { n.Partition() }

// Transport returns a transport that receives at an address, which may be any text.
func (n *Network) Transport(addr string) Transport { return &memory{network: n, addr: addr} }

// memory is a transport of a Network.
type memory struct {
	network *Network
	addr    string
	options Options
	done    chan struct{}
	wake    chan struct{}
	ended   sync.WaitGroup

	mu     sync.Mutex
	queue  parcels
	number uint64
	closed bool
}

// parcel is a frame on its way.
type parcel struct {
	due    time.Time
	number uint64
	from   string
	frame  []byte
}

// maxParcels bounds what is on its way to one address.
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
	lost, doubled := l.chance.Float64() < n.faults.Loss, l.chance.Float64() < n.faults.Duplicate
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

func (n *Network) separated(a, b string) bool {
	ga, oka := n.groups[a]
	gb, okb := n.groups[b]
	return oka && okb && ga != gb
}

func (n *Network) link(from, to string) *link {
	key := [2]string{from, to}
	l := n.links[key]
	if l == nil {
		h := fnv.New64a()
		fmt.Fprintf(h, "%q %q", from, to)
		l = &link{chance: rand.New(rand.NewPCG(n.seed, h.Sum64()))}
		n.links[key] = l
	}
	return l
}

func (l *link) due(f Faults) time.Time {
	due := time.Now().Add(f.MinDelay)
	if f.MaxDelay > f.MinDelay {
		due = due.Add(time.Duration(l.chance.Int64N(int64(f.MaxDelay-f.MinDelay) + 1)))
	}
	if f.Ordered && due.Before(l.last) {
		due = l.last
	}
	l.last = due
	return due
}

// post puts a frame into the queue; it reports false if that is full.
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

// deliver hands over what is due.
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

// next takes the next frame that is due; else it returns how long to wait.
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

// parcels is a heap, by the time at which they are due.
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
