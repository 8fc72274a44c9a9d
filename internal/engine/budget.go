package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/allways-go/allways/internal/visited"
)

// Budget bounds a whole run, all its passes together in time and memory, each pass in states. It is safe for concurrent
// use. Make one with NewBudget.
type Budget struct {
	maxDepth     int
	maxStates    int64
	maxGenerated int64
	maxMemory    int64
	space        Space

	cut    atomic.Uint32 // why the whole run must end
	tables tables        // what the passes hold
	peak   atomic.Int64
	stops  []func() bool

	// Live figures of the pass that goes on, for progress reports.
	Generated, Distinct, Expanded atomic.Int64
	Depth                         atomic.Int64
}

// Limits are the bounds of a run; a zero field is no bound.
type Limits struct {
	MaxDepth     int // states on a path
	MaxStates    int64
	MaxGenerated int64
	MaxMemory    int64
	Timeout      time.Duration
}

// NewBudget starts the clock. Close must be called at the end.
func NewBudget(ctx context.Context, space Space, l Limits) *Budget {
	b := &Budget{maxDepth: l.MaxDepth, maxStates: l.MaxStates, maxGenerated: l.MaxGenerated, maxMemory: l.MaxMemory, space: space}
	b.stops = append(b.stops, context.AfterFunc(ctx, func() {
		b.end(cutOfContext(ctx))
	}))
	if ctx.Err() != nil {
		b.end(cutOfContext(ctx)) // at once, for the function above runs in its own time
	}
	if l.Timeout > 0 {
		b.stops = append(b.stops, time.AfterFunc(l.Timeout, func() { b.end(StopReasonTime) }).Stop)
	}
	return b
}

func cutOfContext(ctx context.Context) StopReason {
	if ctx.Err() == context.DeadlineExceeded {
		return StopReasonTime
	}
	return StopReasonCanceled
}

// Close releases the clock.
func (b *Budget) Close() {
	for _, stop := range b.stops {
		stop()
	}
}

func (b *Budget) end(c StopReason) { b.cut.CompareAndSwap(0, uint32(c)) }

// End ends the whole run.
func (b *Budget) End(c StopReason) { b.end(c) }

// Ended returns why the whole run must end, or CutNone.
func (b *Budget) Ended() StopReason { return StopReason(b.cut.Load()) }

// begin resets the live figures for a new pass.
func (b *Budget) begin() {
	b.Generated.Store(0)
	b.Distinct.Store(0)
	b.Expanded.Store(0)
	b.Depth.Store(0)
}

// check returns why a pass must end, from its figures so far.
func (b *Budget) check() StopReason {
	switch {
	case b.cut.Load() != 0:
		return b.Ended()
	case b.maxStates > 0 && b.Distinct.Load() >= b.maxStates:
		return StopReasonStates
	case b.maxGenerated > 0 && b.Generated.Load() >= b.maxGenerated:
		return StopReasonGenerated
	case b.maxMemory > 0 && b.Memory() > b.maxMemory:
		b.end(StopReasonMemory)
		return StopReasonMemory
	}
	return StopReasonNone
}

// Memory returns the bytes that the run holds now.
func (b *Budget) Memory() int64 { return b.tables.size() + b.space.Memory() }

// Peak returns the most bytes that the run has held.
func (b *Budget) Peak() int64 {
	b.allow(0)
	return b.peak.Load()
}

// allow reports whether the run may hold so many bytes more.
func (b *Budget) allow(extra int64) bool {
	total := b.Memory() + extra
	if b.maxMemory > 0 && total > b.maxMemory {
		return false
	}
	for {
		p := b.peak.Load()
		if total <= p || b.peak.CompareAndSwap(p, total) {
			return true
		}
	}
}

// hold counts a table in the memory of the run until drop.
func (b *Budget) hold(t table) { b.tables.add(t) }

// drop stops counting a table.
func (b *Budget) drop(t table) {
	b.allow(0) // for the peak
	b.tables.remove(t)
}

// cutOf translates an error of a visited set.
func (b *Budget) cutOf(err error) StopReason {
	if err == visited.ErrFull {
		return StopReasonIDs
	}
	b.end(StopReasonMemory)
	return StopReasonMemory
}

// table is something that holds memory.
type table interface{ Size() int64 }

// tally is a table that is counted by those who hold it.
type tally struct{ bytes atomic.Int64 }

// Size returns the bytes held.
func (t *tally) Size() int64 { return t.bytes.Load() }

// tables is a set of tables that is read far more often than it changes. The zero value is empty.
type tables struct {
	mu   sync.Mutex
	list atomic.Pointer[[]table]
}

func (t *tables) load() []table {
	if p := t.list.Load(); p != nil {
		return *p
	}
	return nil
}

func (t *tables) size() (sum int64) {
	for _, x := range t.load() {
		sum += x.Size()
	}
	return sum
}

func (t *tables) add(x table) {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := append(append([]table(nil), t.load()...), x)
	t.list.Store(&list)
}

func (t *tables) remove(x table) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []table
	for _, y := range t.load() {
		if y != x {
			list = append(list, y)
		}
	}
	t.list.Store(&list)
}
