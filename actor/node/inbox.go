package node

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/allways-go/allways/actor"
)

// inbox holds the messages that wait for an actor, and decides which goroutine handles them.
//
// Waking another goroutine takes as long as handling several messages. So the goroutine that brings
// a message from the network also runs the handler, provided that
//
//   - no message waits, or is taken and not yet committed: otherwise messages of one sender could overtake each other;
//   - no other goroutine runs a handler of this actor;
//   - the last handler was fast: otherwise messages should wait here, where they are counted and bounded, not in the
//     goroutines that read from the network.
//
// Writing to a disk is always left to the actor's own goroutine. While it writes, messages gather
// here, and are then committed together.
type inbox struct {
	waiting chan incoming
	queued  atomic.Int64  // messages that wait, or are taken and not yet committed
	owed    chan struct{} // asks the actor's goroutine to commit
	failed  chan error    // error of a handler in another goroutine
	guests  guests        // clients whose messages wait

	mu     sync.Mutex // held while running handlers
	fast   bool       // whether the last handler took less than fastHandler
	closed bool
}

// fastHandler is the time of a handler up to which other goroutines run it.
const fastHandler = 50 * time.Microsecond

func newInbox(size int) inbox {
	return inbox{
		waiting: make(chan incoming, size), owed: make(chan struct{}, 1), failed: make(chan error, 1),
		guests: guests{size: size, of: map[string]int{}},
	}
}

// incoming is a message that has arrived.
type incoming struct {
	from    actor.ID
	content string
	clock   []uint64 // vector clock of the sender, nil unless it records
	outside bool     // whether it comes from a client or another process
	guest   *guest   // the client that sent it over a network; nil for others
}

// put queues a message. If the inbox is full it reports false, or waits for room until done is
// closed, unless done is nil. The message is counted before it is queued: once it can be taken, no
// other message may pass it.
func (b *inbox) put(m incoming, done <-chan struct{}) bool {
	if m.guest != nil && !b.guests.enter(m.guest) {
		return false
	}
	b.queued.Add(1)
	select {
	case b.waiting <- m:
		return true
	default:
	}
	if done != nil {
		select {
		case b.waiting <- m:
			return true
		case <-done:
		}
	}
	b.queued.Add(-1)
	b.guests.leave(m.guest)
	return false
}

// guest is a client that is not known: what it may do is bounded.
type guest struct {
	group string // stands for the owner of its address; see places.Group
}

// guests bound how many messages of clients wait in an inbox: there must be room for actors, and for clients at
// other addresses.
type guests struct {
	size int // size of the inbox
	mu   sync.Mutex
	all  int
	of   map[string]int // messages by group
}

// Shares of an inbox that clients may take.
const (
	shareOfAll   = 2 // half of it
	shareOfGroup = 8 // an eighth of it
)

// enter counts a message of a guest, unless there are too many.
func (g *guests) enter(from *guest) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all >= max(g.size/shareOfAll, 1) || g.of[from.group] >= max(g.size/shareOfGroup, 1) {
		return false
	}
	g.all++
	g.of[from.group]++
	return true
}

// leave is called for a message that no longer waits; nil is no guest.
func (g *guests) leave(from *guest) {
	if from == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.all--
	if g.of[from.group]--; g.of[from.group] == 0 {
		delete(g.of, from.group)
	}
}
