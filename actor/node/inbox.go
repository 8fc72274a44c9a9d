package node

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/allways-go/allways/actor"
)

// inbox holds the messages that wait for an actor, and decides in which goroutine they are handled. To wake another goroutine
// takes as long as to handle several messages. So the one who brings a message from the network handles it, if nothing waits and nobody handles
// anything, unless handlers take long: then what comes meanwhile has to wait here, where it is counted. What is to be put on
// a disk is left to the actor's own goroutine.
type inbox struct {
	waiting chan incoming
	queued  atomic.Int64  // what waits, or was taken and is not yet committed; who brings more must wait behind it
	owed    chan struct{} // tells the actor's goroutine that there is something to commit
	failed  chan error    // what went wrong elsewhere

	mu     sync.Mutex // held by who runs handlers
	brisk  bool       // the last handler was done soon
	closed bool
}

// briskness is how long a handler takes at most that others run in their goroutines.
const briskness = 50 * time.Microsecond

func newInbox(length int) inbox {
	return inbox{waiting: make(chan incoming, length), owed: make(chan struct{}, 1), failed: make(chan error, 1)}
}

// incoming is a message that has arrived.
type incoming struct {
	from    actor.ID
	content string
	clock   []uint64 // of the sender, if it records
}

// put lets a message wait, if there is room. It waits for room until done is closed; nil is for not at all.
func (b *inbox) put(m incoming, done <-chan struct{}) bool {
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
	return false
}

// tryNow handles a message at once, if it is its turn.
func (p *process) tryNow(m incoming) bool {
	if p.queued.Load() > 0 || !p.mu.TryLock() {
		return false
	}
	defer p.mu.Unlock()
	if !p.brisk || p.closed {
		return false
	}
	err := p.deliver(m)
	if err == nil && p.mustStore() {
		p.queued.Add(1)
		p.owed <- struct{}{}
		return true
	}
	if err == nil {
		err = p.commit()
	}
	if err != nil {
		p.closed = true
		p.failed <- err
		return true
	}
	p.arm()
	return true
}
