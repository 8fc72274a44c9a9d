// Package watch calls code that may never come back: methods of models block, run in circles, or
// end their goroutine. Go cannot stop a goroutine from outside. So such code is called on another
// goroutine than the one that waits for it, and who waits goes on without it once the run is over.
package watch

import (
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// Tick is the time between two looks at a call that is waited for.
	Tick = 50 * time.Millisecond
	// Grace is the number of ticks for which a call may go on after it should have ended: a second.
	// Ticks are counted, and no clock is read: when the machine stands still, so do they.
	Grace = 21
)

// hurry is the grace once a call of the run was given up: the run has had its second.
const hurry = 4

// Watch knows when a run is over. A nil Watch is of no run: what it waits for, it waits for without
// end.
type Watch struct {
	once   sync.Once
	over   chan struct{}
	gaveUp atomic.Bool // a call was given up
}

// New returns the watch of a run that begins.
func New() *Watch { return &Watch{over: make(chan struct{})} }

// End says that the run is over: whatever does not return soon is given up.
func (w *Watch) End() { w.once.Do(func() { close(w.over) }) }

// Wait waits until done is closed. It reports false when it has given up, which it does when some
// ticks, the grace, have passed since the run is over. With every tick it calls look, which receives
// whether the run is over, and says whether what it waits for should end, for another reason or not
// yet, and whether to give up at once. Without look, nothing but the run matters.
func (w *Watch) Wait(done <-chan struct{}, grace int, look func(over bool) (ended, giveUp bool)) bool {
	var over <-chan struct{}
	if w != nil {
		over = w.over
	}
	if look == nil {
		select {
		case <-done:
			return true
		case <-over: // never without a Watch
		}
		look = func(over bool) (ended, giveUp bool) { return over, false }
	}
	if w != nil && w.gaveUp.Load() {
		grace = min(grace, hurry)
	}
	tick := time.NewTicker(Tick)
	defer tick.Stop()
	for left := grace; ; {
		select {
		case <-done:
			return true
		case <-tick.C:
		}
		ended, giveUp := look(w.isOver())
		if left--; !ended {
			left = grace
		}
		if giveUp || left == 0 {
			if w != nil {
				w.gaveUp.Store(true)
			}
			return false
		}
	}
}

func (w *Watch) isOver() bool {
	if w == nil {
		return false
	}
	select {
	case <-w.over:
		return true
	default:
		return false
	}
}

// LeftBehind is what becomes of a call that does not return, and the remedy.
const LeftBehind = "its goroutine was left behind, for Go cannot end it: look for a lock that is never " +
	"released, a channel without a partner, or a loop without end"

// Outcome says what became of a call.
type Outcome uint8

// The outcomes of a call.
const (
	Returned Outcome = iota
	Exited           // the call ended its goroutine, as t.FailNow does
	GivenUp          // the call did not return, and goes on somewhere
)

// Call is a call that runs on another goroutine.
type Call struct {
	Done     chan struct{} // closed when the call has ended
	out      Outcome
	panicked any
}

// Go calls f on another goroutine.
func Go(f func()) *Call {
	c := &Call{Done: make(chan struct{}), out: Exited}
	go func() {
		defer close(c.Done)
		defer func() {
			if r := recover(); r != nil {
				c.panicked = fmt.Sprintf("%v\n\n%s", r, debug.Stack())
			}
		}()
		f()
		c.out = Returned
	}()
	return c
}

// Outcome returns what became of a call that has ended. A panic of the call becomes one of the
// caller.
func (c *Call) Outcome() Outcome {
	if c.panicked != nil {
		panic(c.panicked)
	}
	return c.out
}

// Do calls f on another goroutine, and waits. What f writes may be read unless it was given up. If f
// makes many calls, progress returns another number for each, so that each has its time; else it is nil.
func (w *Watch) Do(f func(), progress func() uint64) Outcome {
	c := Go(f)
	var look func(over bool) (ended, giveUp bool)
	if progress != nil {
		last := progress()
		look = func(over bool) (ended, giveUp bool) {
			now := progress()
			over, last = over && now == last, now
			return over, false
		}
	}
	if !w.Wait(c.Done, Grace, look) {
		return GivenUp
	}
	return c.Outcome()
}

// Exit is the panic in which the news of what ends a goroutine travels to who called it. A goroutine
// that ends may still panic; when that is recovered, it goes on to end.
type Exit struct{ Err error }
