package watch

import (
	"sync"
	"sync/atomic"
)

// Gate holds the workers of searches while it is shut. The zero value is open. It is safe for
// concurrent use.
type Gate struct {
	shut   atomic.Bool // whether opened is not nil, to be read without the lock
	mu     sync.Mutex
	opened chan struct{} // closed when the gate opens; nil while it is open
}

// Shut lets workers wait before the next state.
func (g *Gate) Shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.opened == nil {
		g.opened = make(chan struct{})
		g.shut.Store(true)
	}
}

// Open lets workers go on.
func (g *Gate) Open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.opened != nil {
		close(g.opened)
		g.opened = nil
		g.shut.Store(false)
	}
}

// IsShut reports whether the gate is shut.
func (g *Gate) IsShut() bool { return g.shut.Load() }

// Wait returns once the gate is open or over is closed.
func (g *Gate) Wait(over <-chan struct{}) {
	g.mu.Lock()
	opened := g.opened
	g.mu.Unlock()
	if opened == nil {
		return
	}
	select {
	case <-opened:
	case <-over:
	}
}
