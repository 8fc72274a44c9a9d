package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/allways-go/allways/internal/visited"
	"github.com/allways-go/allways/internal/watch"
)

// Budget enforces the limits of a run. Time and memory limit all passes of the run together, for
// example a search and the passes for its eventually-properties; the numbers of states limit each
// pass. It is safe for concurrent use. Make one with [NewBudget].
//
// Memory is limited before it is taken, not after: every table asks allow for the bytes that it is
// about to allocate. A search that runs out of memory can thus stop with a result instead of being
// killed by the system. The tables are most of the memory of a search, and an index doubles when it
// grows: a limit that is checked now and then would notice that when it is too late.
type Budget struct {
	maxDepth     int
	maxStates    int64
	maxGenerated int64
	maxMemory    int64
	space        Space
	ctx          context.Context
	seed         uint64      // seed of all hashes
	gate         *watch.Gate // nil if the run never pauses

	reason   atomic.Uint32 // the StopReason of the whole run
	over     atomic.Int64  // when the extension began, in nanoseconds since begun; 0 while the run goes on
	begun    time.Time
	extra    atomic.Bool // the current pass is in the extension
	watch    *watch.Watch
	extended bool   // a pass was extended
	tables   tables // memory of the passes
	peak     atomic.Int64
	release  []func() bool // stops the timers

	// Slow is called once for a call of user code that has been running for long; nil for none.
	Slow func(m *Misbehaviour)

	// Live figures of the current pass, for progress reports.
	Generated, Distinct, Expanded atomic.Int64
	Depth, Nodes                  atomic.Int64
}

// Limits are the limits of a run. Zero means no limit.
type Limits struct {
	MaxDepth     int // number of states on a path
	MaxStates    int64
	MaxGenerated int64
	MaxMemory    int64 // bytes
	Timeout      time.Duration
	Seed         uint64      // seed of the hashes of states
	Gate         *watch.Gate // gate that holds the workers while it is shut; nil for none
}

// NewBudget starts the clock. The caller must call Close at the end.
func NewBudget(ctx context.Context, space Space, l Limits) *Budget {
	b := &Budget{
		maxDepth: l.MaxDepth, maxStates: l.MaxStates, maxGenerated: l.MaxGenerated, maxMemory: l.MaxMemory,
		space: space, ctx: ctx, seed: l.Seed, gate: l.Gate, begun: time.Now(), watch: watch.New(),
	}
	b.release = append(b.release, context.AfterFunc(ctx, func() { b.End(reasonOf(ctx)) }))
	b.Look()
	if l.Timeout > 0 {
		b.release = append(b.release, time.AfterFunc(l.Timeout, func() { b.End(StopReasonTime) }).Stop)
	}
	return b
}

func reasonOf(ctx context.Context) StopReason {
	if ctx.Err() == context.DeadlineExceeded {
		return StopReasonTime
	}
	return StopReasonCanceled
}

// Close releases the clock.
func (b *Budget) Close() {
	for _, stop := range b.release {
		stop()
	}
}

// Watch returns the watch that is over when the run is.
func (b *Budget) Watch() *watch.Watch { return b.watch }

// End ends the whole run. The first reason counts.
func (b *Budget) End(r StopReason) {
	if b.reason.CompareAndSwap(0, uint32(r)) {
		b.over.Store(max(int64(time.Since(b.begun)), 1))
		b.watch.End()
	}
}

// Ended returns why the whole run must end, or StopReasonNone.
func (b *Budget) Ended() StopReason {
	r := StopReason(b.reason.Load())
	if r != StopReasonNone && b.extra.Load() && !b.late() {
		return StopReasonNone
	}
	return r
}

// Look is [Budget.Ended], and looks at the context itself: the goroutine that tells of its end may run late on a busy
// machine.
func (b *Budget) Look() StopReason {
	if b.ctx.Err() != nil {
		b.End(reasonOf(b.ctx))
	}
	return b.Ended()
}

// Extension is how long a run that was ended by time or an interrupt goes on to look for lassos.
const Extension = 400 * time.Millisecond

// Extend lets further passes have the rest of the extension, if the run has ended for want of time,
// up to the depth that was searched, and reports whether there is anything to search.
func (b *Budget) Extend(depth int) bool {
	switch StopReason(b.reason.Load()) {
	case StopReasonTime, StopReasonCanceled:
		if !b.extended {
			b.extended = true // from now on, since calls of user code may have kept the pass before
			b.over.Store(int64(time.Since(b.begun)))
		}
		b.extra.Store(depth > 0 && !b.late())
		b.maxDepth = depth
		return b.extra.Load()
	}
	return false
}

// UntilLate returns a function that reports when to stop looking for lassos: when the extension of
// the run is over, but not at once.
func (b *Budget) UntilLate() func() bool {
	begun := time.Now()
	return func() bool { return b.late() && time.Since(begun) > Extension/2 }
}

// late reports whether the run has ended, and the extension, too.
func (b *Budget) late() bool {
	at := b.over.Load()
	return at != 0 && time.Since(b.begun) > time.Duration(at)+Extension
}

// Begin resets the live figures for a new pass.
func (b *Budget) Begin() {
	b.Generated.Store(0)
	b.Distinct.Store(0)
	b.Expanded.Store(0)
	b.Depth.Store(0)
}

// Check returns why the current pass must end, or StopReasonNone.
func (b *Budget) Check() StopReason {
	if r := b.Look(); r != StopReasonNone {
		return r
	}
	switch {
	case b.maxStates > 0 && b.Distinct.Load() >= b.maxStates:
		return StopReasonStates
	case b.maxGenerated > 0 && b.Generated.Load() >= b.maxGenerated:
		return StopReasonGenerated
	case b.maxMemory > 0 && b.Memory() > b.maxMemory:
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

// allow reports whether the run may hold the given number of additional bytes, and updates the
// peak.
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
	b.allow(0) // the peak may be now
	b.tables.remove(t)
}

// Allows reports whether a pass outside the engine may hold the given number of additional bytes.
func (b *Budget) Allows(extra int64) bool { return b.allow(extra) }

// Spare is Allows for what may never be held: the peak stays as it is.
func (b *Budget) Spare(extra int64) bool { return b.maxMemory == 0 || b.Memory()+extra <= b.maxMemory }

// MaxDepth returns the limit of the depth; 0 for none.
func (b *Budget) MaxDepth() int { return b.maxDepth }

// Seed returns the seed of the hashes of states.
func (b *Budget) Seed() uint64 { return b.seed }

// Hold counts what a pass outside the engine holds, until release is called.
func (b *Budget) Hold(t interface{ Size() int64 }) (release func()) {
	b.hold(t)
	return func() { b.drop(t) }
}

// OutOfRoom returns the reason to stop after an error of a visited set. It ends the pass, and not
// the run: the next pass has the memory of this one.
func OutOfRoom(err error) StopReason {
	if err == visited.ErrFull {
		return StopReasonIDs
	}
	return StopReasonMemory
}

// table is something that holds memory.
type table interface{ Size() int64 }

// tally is a table whose owner counts the bytes itself.
type tally struct{ bytes atomic.Int64 }

// Size returns the bytes held.
func (t *tally) Size() int64 { return t.bytes.Load() }

// tables is a set of tables. The zero value is empty. Each allocation of a visited set reads it,
// while tables are added and removed a few times a pass, so readers take no lock: a change replaces
// the list.
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

// Wait waits while the run pauses, for a pass outside the engine.
func (b *Budget) Wait() {
	var home atomic.Bool
	b.gate.Pass(b.watch, &home)
}
