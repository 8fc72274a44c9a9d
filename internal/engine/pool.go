package engine

import (
	"sync"
	"sync/atomic"
)

// pool passes work from workers that have some to those that have none.
type pool struct {
	mu      sync.Mutex
	wake    sync.Cond
	work    [][]uint32
	workers int
	hungry  atomic.Int32
	closed  bool
}

// get waits for work; it returns none when all workers have run dry or the pool is closed.
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
