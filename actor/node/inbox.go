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

	mu     sync.Mutex // held while running handlers
	fast   bool       // whether the last handler took less than fastHandler
	closed bool
}

// fastHandler is the time of a handler up to which other goroutines run it.
const fastHandler = 50 * time.Microsecond

func newInbox(size int) inbox {
	return inbox{waiting: make(chan incoming, size), owed: make(chan struct{}, 1), failed: make(chan error, 1)}
}

// incoming is a message that has arrived.
type incoming struct {
	from    actor.ID
	content string
	clock   []uint64 // vector clock of the sender, nil unless it records
}

// put queues a message. If the inbox is full it reports false, or waits for room until done is
// closed, unless done is nil. The message is counted before it is queued: once it can be taken, no
// other message may pass it.
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
