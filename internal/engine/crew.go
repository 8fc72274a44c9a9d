package engine

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/allways-go/allways/internal/watch"
)

// Crew is what a search and its caller know of each other. The search runs user code, which may not
// come back: it may wait for a lock that is never released, or run in circles. Go cannot end a
// goroutine from outside. So the search runs on other goroutines than its caller, and when it must end and
// does not, its caller goes on without it, with what the search has found until then.
//
// From then on the search must not touch what its caller reads. So it says when it begins to run
// user code, and when that has ended. If its caller has gone on meanwhile, it ends there, and frees
// its memory, which had to stay until then, since a worker that comes back late still uses it.
type Crew struct {
	Members []Member
	deep    uint64       // bytes of all stacks from which on they are looked at
	Away    []*Discovery // calls that the caller has gone on without

	mu   sync.Mutex
	busy bool   // the search runs user code
	left bool   // the caller has gone on without the search
	home bool   // the search has come back after that
	free func() // frees the memory of the search, once its caller needs it no more
}

// Member is a worker, as it is seen from another goroutine.
type Member interface {
	// IsHome reports whether the worker does not run user code now.
	IsHome() bool
	// Call returns a number that changes with every call of user code, or nearly.
	Call() uint64
	// Stuck describes the call that has not returned, and says where.
	Stuck() *Discovery
}

// Enter notes that the search is about to run user code.
func (c *Crew) Enter() {
	c.mu.Lock()
	c.busy = true
	c.mu.Unlock()
}

// Leave notes that no user code of the search runs any more. It does not return if the caller of the
// search has gone on without it.
func (c *Crew) Leave() {
	c.mu.Lock()
	c.busy = false
	if !c.left {
		c.mu.Unlock()
		return
	}
	c.home = true
	free := c.free
	c.mu.Unlock()
	if free != nil {
		free()
	}
	runtime.Goexit()
}

// Release frees the memory of the search, now or when the search has come back.
func (c *Crew) Release(free func()) {
	c.mu.Lock()
	if c.left && !c.home {
		c.free, free = free, func() {}
	}
	c.mu.Unlock()
	free()
}

// goOn decides to go on without the search. It reports false if the search runs no user code.
func (c *Crew) goOn() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left = c.busy
	return c.left
}

func (c *Crew) isBusy() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.busy
}

// Attend runs a search on another goroutine, again from where it was if user code ends the goroutine,
// and reports whether it has come back. ended reports whether the search must end, and interrupt
// wakes workers that wait for each other when it must.
func (c *Crew) Attend(b *Budget, run func(), ended func() bool, interrupt func()) (back bool) {
	c.deep = watch.Stacks() + watch.TooDeep
	paces, deep := make([]pace, len(c.Members)), false
	look := func(over bool) (_, giveUp bool) {
		if !c.isBusy() {
			clear(paces)
			return false, false
		}
		if over = over || ended(); over {
			interrupt()
		}
		stuck := c.look(b, paces, over)
		if watch.Stacks() < c.deep {
			return false, stuck
		}
		c.deep += watch.TooDeep
		deep = watch.EndlesslyDeep()
		return false, stuck || deep
	}
	for {
		call := watch.Go(run)
		for !b.watch.Wait(call.Done, watch.Grace, look) {
			if c.goOn() {
				c.note(paces, deep)
				return false
			}
		}
		if call.Outcome() == watch.Returned {
			return true
		}
	}
}

// pace is since when a member is at a call.
type pace struct {
	call uint64
	from time.Time // zero while the member is home
	told bool
	// Ticks for which the call was waited for after the search had to end.
	ticks int
}

// slowCall is how long a call may take in silence.
const slowCall = 10 * time.Second

// look notes at which calls the members are, and tells of those that take long. It reports whether a
// member is stuck: at the same call for too long after the search had to end. Code that is merely
// slow makes one call after the other, until its state is done.
func (c *Crew) look(b *Budget, paces []pace, over bool) (stuck bool) {
	for i, m := range c.Members {
		p := &paces[i]
		if m.IsHome() {
			*p = pace{}
			continue
		}
		if call := m.Call(); p.from.IsZero() || call != p.call {
			*p = pace{call: call, from: time.Now()}
			continue
		}
		if over {
			p.ticks++
		}
		if p.ticks >= watch.Grace {
			p.ticks = watch.Grace - 2
			// Code of ours may take long, too: a large table that grows.
			stuck = stuck || m.Stuck().Err.Stack != ""
		}
		if p.told || b.Slow == nil || time.Since(p.from) < slowCall {
			continue
		}
		p.told = true
		err := m.Stuck().Err
		err.Message = p.text() + err.Message
		b.Slow(err)
	}
	return stuck
}

// text says how long the call has been running.
func (p *pace) text() string {
	return fmt.Sprintf("it has not returned for %v ", max(time.Since(p.from), watch.Tick).Round(watch.Tick))
}

// note describes, for the report, the calls that the caller goes on without, the longest first.
func (c *Crew) note(paces []pace, deep bool) {
	order := make([]int, len(paces))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return paces[a].from.Compare(paces[b].from) })
	for _, i := range order {
		m := c.Members[i]
		if m.IsHome() {
			continue
		}
		d := m.Stuck()
		d.Err.Message = paces[i].text() + d.Err.Message + "; " + watch.LeftBehind
		if deep {
			d.Err.Message = "it calls itself without end, and Go would soon end the process: " + d.Err.Message
		}
		c.Away = append(c.Away, d)
	}
}

// present returns whether a member's findings may be read.
func (c *Crew) present(m Member) bool { return !c.left || m.IsHome() }
