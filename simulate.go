package allways

import (
	"context"
	"fmt"
	"slices"

	"github.com/allways-go/allways/internal/engine"
)

// defaultWalks is the number of walks when neither it nor a time limit is given.
const defaultWalks = 1000

// Simulate makes random walks through the states of m. It finds violations and witnesses, and never proves that
// something holds. A walk ends in a state without steps, where all steps leave the boundary, after [Options.MaxDepth]
// states (1,000 by default), or when it has shown that it can go round in a cycle for ever without what it owes to an
// [Eventually].
//
// The outcome depends on the model and [Options.Seed] alone, for any number of workers, on every platform, unless the
// run is cut by time, memory or cancellation. Errors are those of [Check].
func Simulate[S, A any](ctx context.Context, m Model[S, A], o Options) (*Result[S, A], error) {
	if o.Walks == 0 && o.Timeout == 0 {
		o.Walks = defaultWalks
	}
	if o.Scheduler == nil {
		o.Scheduler = Uniform()
	}
	r, err := newRun(ctx, m, o)
	if err != nil {
		return nil, err
	}
	defer r.close()
	r.enterPhase("simulate")
	out, err := engine.Simulate(r.space, &engine.WalkConfig{
		Config: *r.config(), Eventually: r.kinds(KindEventually), Seed: o.Seed, Walks: int64(o.Walks), NewSchedule: r.picker(o.Scheduler),
	})
	if err != nil {
		return nil, err
	}
	r.recordWalks(out)
	return r.finish()
}

// recordWalks turns the outcome of a simulation into results.
func (r *run[S, A]) recordWalks(out *engine.WalkOutcome) {
	if out.Misbehaviour != nil && (out.StopReason == engine.StopReasonNone || out.StopReason == engine.StopReasonCondition) {
		out.StopReason = engine.StopReasonModel
	}
	res := r.result
	res.Bounded, res.StopReason = out.Bounded, cutTexts[out.StopReason]
	if out.StopReason == engine.StopReasonNone {
		res.StopReason = StopReasonWalks
	}
	res.Stats = Stats{
		Generated: out.Generated, Distinct: out.Distinct, Depth: out.Depth, Workers: r.options.Workers,
		Omission: out.Omission, Walks: out.Walks,
	}
	// Walks beyond the one that stopped the simulation may have run; only those that count are in these figures.
	enabled, taken := r.space.counts()
	for i := range enabled {
		clear(enabled[i])
		clear(taken[i])
	}
	if len(enabled) > 0 { // none when there was no memory to begin with
		copy(enabled[0], out.Enabled)
		copy(taken[0], out.Taken)
	}
	r.recordActions(out.NewByName)
	r.enterPhase("trace")
	if out.Misbehaviour != nil {
		r.fault(out.Misbehaviour)
	}
	for i := range res.Properties {
		p := &res.Properties[i]
		r.judgeState(i, out.Discoveries[i])
		if p.Verdict == Violated && p.Kind == KindEventually && p.Path != nil {
			p.Ignored = r.ignored(p.Path)
		}
	}
}

// Scheduler picks the actions of random walks. [Uniform], [PCT] and [SchedulerFunc] make one.
type Scheduler interface {
	// Walk returns the picker for one walk of at most so many states. r is the walk's own source of randomness.
	Walk(r Rand, depth int) Schedule
}

// Schedule picks the actions of one walk; it is used by one goroutine.
type Schedule interface {
	// Pick returns the position of the action to try, from 0 up to and without c.Len(). When the action turns out to have
	// no effect, or to leave the boundary, Pick is called again without it.
	Pick(c Choices) int
}

// Rand is a source of random numbers that is the same on every platform and in every version.
type Rand interface {
	Uint64() uint64
	IntN(n int) int // from 0 up to and without n, which must be positive
}

// Choices are the actions among which a [Schedule] picks.
type Choices interface {
	Len() int
	Name(i int) string // under which the i-th candidate is counted
	Text(i int) string // of the i-th candidate
	State() any        // the state, of the model's type S
	Action(i int) any  // the i-th candidate, of the model's type A
}

// SchedulerFunc is a user's own way to pick, without a memory.
type SchedulerFunc func(r Rand, c Choices) int

// Walk implements [Scheduler].
func (f SchedulerFunc) Walk(r Rand, _ int) Schedule { return &funcPicker{f, r} }

type funcPicker struct {
	f SchedulerFunc
	r Rand
}

func (p *funcPicker) Pick(c Choices) int { return p.f(p.r, c) }

// Uniform gives every enabled action the same chance.
func Uniform() Scheduler {
	return SchedulerFunc(func(r Rand, c Choices) int { return r.IntN(c.Len()) })
}

// PCT is probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatti: A randomized scheduler with
// probabilistic guarantees of finding bugs, 2010), with the names of actions in the place of threads: every name gets a
// random priority, the enabled action with the highest priority is taken, and at depth-1 random points of the walk the
// name with the highest priority falls behind all others. It finds a bug that needs so many ordering constraints with
// a known least probability, where uniform walks rarely let one part run far ahead of the others. A depth below 1 counts
// as 1.
func PCT(depth int) Scheduler { return pct{max(depth, 1)} }

type pct struct{ depth int }

// Walk implements [Scheduler].
func (p pct) Walk(r Rand, states int) Schedule {
	k := &pctPicker{r: r, priority: map[string]uint64{}}
	for range p.depth - 1 {
		k.changes = append(k.changes, r.IntN(states))
	}
	return k
}

type pctPicker struct {
	r        Rand
	priority map[string]uint64 // by name of action; names that fell behind have small ones
	changes  []int             // picks before which the highest name falls behind
	fallen   uint64
	picks    int
}

// fallBehind is above the priorities of names that fell behind, and below all random ones.
const fallBehind = 1 << 32

func (k *pctPicker) Pick(c Choices) int {
	best := k.highest(c)
	for range k.changes {
		if !slices.Contains(k.changes, k.picks) {
			break
		}
		// Later ones fall deeper, so that the order among them is the order of falling.
		k.fallen++
		k.priority[c.Name(best)] = fallBehind - k.fallen
		k.changes = slices.DeleteFunc(k.changes, func(at int) bool { return at == k.picks })
		best = k.highest(c)
	}
	k.picks++
	return best
}

func (k *pctPicker) highest(c Choices) int {
	best := 0
	var top uint64
	ties := 0
	for i := range c.Len() {
		name := c.Name(i)
		p, ok := k.priority[name]
		if !ok {
			p = k.r.Uint64() | fallBehind
			k.priority[name] = p
		}
		switch {
		case i == 0 || p > top:
			best, top, ties = i, p, 1
		case p == top: // the same name with other arguments
			ties++
			if k.r.IntN(ties) == 0 {
				best = i
			}
		}
	}
	return best
}

// choosing notes that the user's chooser is about to run.
func choosing(w engine.Worker) { w.(interface{ choosing() }).choosing() }

func (w *worker[S, A]) choosing()       { w.user(inChooser, -1) }
func (w *nativeWorker[S, A]) choosing() { w.elsewhere = "Chooser" }

// picker adapts a user's chooser to the engine.
func (r *run[S, A]) picker(c Scheduler) func(engine.Worker, *engine.Rand, int) engine.Schedule {
	return func(w engine.Worker, rnd *engine.Rand, depth int) engine.Schedule {
		choosing(w)
		p := &pickerAdapter[S, A]{machine: r.machine}
		p.err = r.guard("Chooser", func() { p.picker = c.Walk(rnd, depth) })
		return p
	}
}

// pickerAdapter shows the engine's candidates to a user's picker.
type pickerAdapter[S, A any] struct {
	machine    *machine[S, A]
	picker     Schedule
	err        error // of making the picker
	worker     *worker[S, A]
	candidates []int
	native     nativeCandidates[S, A] // what is shown of a native space instead
}

// Pick implements [engine.Picker].
func (p *pickerAdapter[S, A]) Pick(state []uint32, w engine.Worker, candidates []int) (k int, err error) {
	var shown Choices = p
	if n, ok := w.(*nativeWorker[S, A]); ok {
		p.native = nativeCandidates[S, A]{n, state, candidates}
		shown = &p.native
	} else {
		p.worker, p.candidates = w.(*worker[S, A]), candidates
	}
	if err = p.err; err == nil {
		choosing(w)
		err = p.machine.guard("Chooser", func() { k = p.picker.Pick(shown) })
	}
	if err == nil && (k < 0 || k >= len(candidates)) {
		err = &ModelError{Kind: ErrorValue, Where: "Chooser", Message: fmt.Sprintf(
			"it picked %d of %d candidates: return a number from 0 to %d", k, len(candidates), len(candidates)-1)}
	}
	if err != nil {
		return 0, &engine.Misbehaviour{Err: err, Act: -1}
	}
	return k, nil
}

// Names implements [engine.Worker].
func (w *worker[S, A]) Names() (names []uint16, err error) {
	names = w.numbers[:0]
	defer w.recovered(&err, &w.s, w.vec)
	for i := range w.acts {
		names = append(names, w.namer.number(&w.acts[i]))
	}
	w.numbers = names
	return names, nil
}

func (p *pickerAdapter[S, A]) Len() int          { return len(p.candidates) }
func (p *pickerAdapter[S, A]) Name(i int) string { return p.worker.actionName(p.action(i)) }
func (p *pickerAdapter[S, A]) Text(i int) string { return p.worker.ActionText(p.action(i)) }
func (p *pickerAdapter[S, A]) State() any        { return p.worker.s }
func (p *pickerAdapter[S, A]) Action(i int) any  { return p.action(i) }
func (p *pickerAdapter[S, A]) action(i int) A    { return p.worker.acts[p.candidates[i]] }
