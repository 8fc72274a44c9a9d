package visited

import (
	"sync"
	"sync/atomic"
)

// gate lets batches into a table that grows as a whole. (A table that grows slot by slot while it is
// used would never stop the workers, and each look-up would have to ask two tables. A table doubles
// some twenty times in the largest searches: the stops do not matter.) Batches pass it for reading and may run
// side by side; the table grows while the gate is held for writing, so that no batch sees it half
// moved.
//
// A batch reserves room for all of its entries before it begins. So it never needs to grow the
// table halfway, when it holds slots that others wait for. The reservation counts entries that turn
// out to be known already: the table may grow a batch too early, which costs nothing.
type gate struct {
	sync.RWMutex
	limit   int64        // most entries
	count   atomic.Int64 // entries in the table
	pending atomic.Int64 // entries of batches under way
}

// growing is a table behind a gate. Its methods are called inside of the gate.
type growing interface {
	// fits reports whether the table has room for need entries.
	fits(need int64) bool
	// grow makes room for need entries. The gate is held for writing.
	grow(need int64) error
}

// enter makes room for n more entries and enters the gate. It enters for reading, or, if the limit
// is near, for writing: crowded says which. A crowded batch has the table for itself, so that its
// entries can be counted one by one, and the last entry below the limit is still accepted.
func (g *gate) enter(n int64, t growing) (crowded bool, err error) {
	for {
		g.RLock()
		// The pending ones first: a batch that leaves in between is then counted twice, and otherwise not at all.
		pending := g.pending.Add(n)
		need := pending + g.count.Load()
		if need <= g.limit && t.fits(need) {
			return false, nil
		}
		g.leave(n, false)
		g.Lock()
		need = g.count.Load() + g.pending.Load() + n
		err := t.grow(min(need, g.limit))
		if err == nil && need > g.limit {
			g.pending.Add(n)
			return true, nil
		}
		g.Unlock()
		if err != nil {
			return false, err
		}
	}
}

// leave leaves the gate.
func (g *gate) leave(n int64, crowded bool) {
	g.pending.Add(-n)
	if crowded {
		g.Unlock()
	} else {
		g.RUnlock()
	}
}
