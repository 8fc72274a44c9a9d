package engine

import (
	"sync"
	"sync/atomic"
)

// pool passes work between the workers of a depth-first search. It also detects the end of the
// search: when the last worker asks for work and gets none, no worker is left to produce more.
//
// Workers give work away, and none takes it from the stack of another. A stack is thus used by one
// goroutine without locks or atomics, and all that sharing costs a worker is a look at hungry after
// each state. Since half of a stack is given away at once, the pool is used rarely.
type pool struct {
	mu      sync.Mutex
	wake    sync.Cond
	work    [][]uint32 // pieces of stacks
	workers int
	hungry  atomic.Int32 // workers that wait; others look at it before they share work
	closed  bool
}

// get waits for work. It returns nil if no worker has any or if the pool is closed.
func (p *pool) get() []uint32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hungry.Add(1) == int32(p.workers) && len(p.work) == 0 {
		p.closed = true
		p.wake.Broadcast()
	}
	for len(p.work) == 0 && !p.closed {
		p.wake.Wait()
	}
	if len(p.work) == 0 {
		return nil
	}
	p.hungry.Add(-1)
	last := len(p.work) - 1
	work := p.work[last]
	p.work[last], p.work = nil, p.work[:last]
	return work
}

// put gives a piece of a stack to a worker that waits, or keeps it until one asks.
func (p *pool) put(work []uint32) {
	p.mu.Lock()
	p.work = append(p.work, work)
	p.mu.Unlock()
	p.wake.Signal()
}

func (p *pool) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.wake.Broadcast()
}
