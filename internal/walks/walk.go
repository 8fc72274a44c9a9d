// Package walks makes random walks through a state space of package engine ([Simulate]). A walk depends on nothing but
// its seed and its number, so that the outcome is the same for any number of workers.
package walks

import (
	"cmp"
	"slices"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/random"
	"github.com/allways-go/allways/internal/visited"
)

// reuse returns a new walk in the memory of a counted one. The paths of its findings are copies.
func (x *walk) reuse(number int64) *walk {
	return &walk{
		number: number, slab: x.slab[:0], states: x.states[:0], prints: x.prints[:0], taken: x.taken[:0],
		enabled: x.enabled[:0], findings: x.findings[:0], batch: x.batch, candidates: x.candidates, next: x.next,
	}
}

// walk is one random walk.
//
// It evaluates each state that it enters, as a search does, and keeps the states until the walk is
// counted; after that a fingerprint remains of each. Within a walk, states are compared exactly: a
// counterexample must not rest on a collision.
type walk struct {
	number int64
	space  engine.Space
	worker engine.Worker
	judge  Judge // nil for none
	cfg    *WalkConfig
	budget *engine.Budget

	slab     []uint32 // memory of states
	states   [][]uint32
	prints   []uint64       // fingerprints of states
	taken    []uint16       // names of the actions taken
	enabled  []uint16       // names of the actions enabled, of all states together
	bounded  bool           // the walk ended at the boundary
	ends     bool           // its last state has no step
	broken   bool           // the model misbehaved
	judged   int            // number of states up to the one that the judge computes on; 0 before the end of the walk
	open     engine.Mask    // eventually-properties that were not satisfied yet
	where    map[string]int // places of states, while a property is open
	decided  engine.Mask
	findings []walkFinding
	batch    *engine.Batch // scratch memory for initial states and samples

	candidates []int
	next       []uint32
}

// walkFinding is a finding of a walk. It counts only when the walk does.
type walkFinding struct {
	property int // -1 for a misbehaviour
	err      *engine.Misbehaviour
	last     int           // place of the last state of the path; -1 for no path
	act      int           // index of a last action after it, or -1
	loop     int           // place of the state that follows the last one, or -1
	trail    *engine.Trail // a path that is no part of the walk; nil if it is one
}

// run makes the walk: an initial state, then steps until the walk ends.
func (x *walk) run() {
	depth := cmp.Or(x.budget.MaxDepth(), DefaultWalkDepth)
	r := random.New(x.cfg.Seed, uint64(x.number))
	schedule := x.cfg.NewSchedule(x.worker, r, depth)
	x.open = x.cfg.Eventually
	if !x.init(r) {
		return
	}
	for len(x.states) < depth {
		if x.budget.Ended() != engine.StopReasonNone {
			return
		}
		if !x.step(schedule) {
			break
		}
	}
	if x.judge != nil && !x.broken {
		x.judgeRuns()
	}
}

// judgeRuns judges the runs that the walk shows.
func (x *walk) judgeRuns() {
	found, err := x.judge.Judge(&Walked{
		States: x.states, Prints: x.prints, Ends: x.ends, At: func(i int) { x.judged = i + 1 },
	})
	for _, d := range found {
		x.findings = append(x.findings, walkFinding{property: d.Property, trail: d.Trail})
	}
	if err != nil {
		x.misbehaved(err)
	}
}

// at returns the number of states up to the one that is computed on. See [bfsWorker.place].
//
//go:norace
func (x *walk) at() int { return cmp.Or(x.judged, len(x.states)) }

// init enters a random initial state.
func (x *walk) init(r *random.Rand) bool {
	x.clear()
	if err := x.worker.Init(x.batch); err != nil {
		x.misbehaved(err)
		return false
	}
	return x.enter(x.batch.Vector(r.IntN(x.batch.Len())))
}

// clear empties the batch.
func (x *walk) clear() {
	if x.batch == nil {
		x.batch = engine.NewBatch(x.space.Words())
	}
	x.batch.Reset()
}

// enter moves to a state and judges it. It reports false at the end of the walk.
func (x *walk) enter(state []uint32) bool {
	at := len(x.slab)
	x.slab = append(x.slab, state...)
	state = x.slab[at:len(x.slab):len(x.slab)]
	x.states = append(x.states, state)
	x.prints = append(x.prints, visited.Seeded(state, x.budget.Seed()))
	want := x.cfg.Want
	if len(x.states) == 1 {
		want |= x.cfg.Inits
	}
	mask, err := x.worker.Eval(state, want&^x.decided, false)
	if err != nil {
		x.misbehaved(err)
		return false
	}
	x.decide(mask, -1, -1)
	for i := range 64 {
		if !x.open.Has(i) {
			continue
		}
		ok, err := x.worker.Satisfies(state, i)
		if err != nil {
			x.misbehaved(err)
			return false
		}
		if ok {
			x.open &^= 1 << uint(i)
		}
	}
	return x.open == 0 || !x.loops(state)
}

// loops reports whether a walk ends since it came back to one of its states with an open eventually-property.
// That refutes the property: the behaviour that repeats this cycle forever never satisfies it.
func (x *walk) loops(state []uint32) bool {
	if x.where == nil {
		x.where = map[string]int{}
	}
	key := keyOf(state)
	at, ok := x.where[key]
	if !ok {
		x.where[key] = len(x.states) - 1
		return false
	}
	whole, last := *x, len(x.states)-1
	x.states, x.prints, x.taken = x.states[:last], x.prints[:last], x.taken[:last-1]
	x.decide(x.open, -1, at)
	if x.judge == nil {
		return true
	}
	// The walk goes on: other promises may need a longer cycle.
	x.states, x.prints, x.taken, x.open = whole.states, whole.prints, whole.taken, 0
	return false
}

// keyOf returns a state as a key of a map. Walks that need it are rare, so they may allocate.
func keyOf(state []uint32) string {
	b := make([]byte, 0, 4*len(state))
	for _, w := range state {
		b = append(b, byte(w), byte(w>>8), byte(w>>16), byte(w>>24))
	}
	return string(b)
}

// step takes one action. It reports false at the end of the walk.
func (x *walk) step(schedule Schedule) bool {
	state := x.states[len(x.states)-1]
	if err := x.sample(state); err != nil {
		x.misbehaved(err)
		return false
	}
	n, err := x.worker.Actions(state)
	if err != nil {
		x.misbehaved(err)
		return false
	}
	names, err := x.worker.Names()
	if err != nil {
		x.misbehaved(err)
		return false
	}
	x.enabled = append(x.enabled, names...)
	x.candidates = x.candidates[:0]
	for i := range n {
		x.candidates = append(x.candidates, i)
	}
	return x.try(schedule, state, names)
}

// try takes the actions that the schedule picks from the candidates until one has an effect. An
// action without effect is no step, so it must not end the walk, nor count as one: models often
// offer actions that are rarely possible, and walks would not get far.
func (x *walk) try(schedule Schedule, state []uint32, names []uint16) bool {
	candidates, outside := x.candidates, false
	x.next = append(x.next[:0], state...)
	for len(candidates) > 0 {
		k, err := schedule.Pick(state, x.worker, candidates)
		if err != nil {
			x.misbehaved(err)
			return false
		}
		act := candidates[k]
		effect, steps, err := x.worker.Apply(act, x.cfg.Steps&^x.decided, x.next)
		if err != nil {
			x.misbehaved(err)
			return false
		}
		if effect == engine.Inside {
			x.decide(steps, act, -1)
			x.taken = append(x.taken, names[act])
			return x.enter(x.next)
		}
		outside = outside || effect == engine.Outside
		candidates = slices.Delete(candidates, k, k+1)
	}
	x.bounded = x.bounded || outside
	if !outside {
		x.end(state)
	}
	return false
}

// samples reports whether the expensive guards run on the current state. That depends on the walk
// only, so that it is reproducible. The first walks are guarded step by step, whether there are a few
// long ones or many short ones: a walk takes part with fewer of its steps the later it is.
func (x *walk) samples() bool {
	at := int64(len(x.states))
	if (x.number+1)*at <= int64(x.cfg.SampleFirst) {
		return true
	}
	every := int64(x.cfg.SampleEvery)
	return every > 0 && (x.number+at)%every == 1%every
}

// sample runs the expensive guards on the states that are sampled.
func (x *walk) sample(state []uint32) error {
	if !x.samples() {
		return nil
	}
	x.clear()
	_, err := x.worker.Expand(state, engine.ExpandOptions{Sample: true, SelfLoops: true}, x.batch)
	return err
}

// end judges the terminal state of a walk. Open eventually-properties can no longer be satisfied.
func (x *walk) end(state []uint32) {
	x.ends = true
	mask, err := x.worker.Eval(state, x.cfg.Want&^x.decided, true)
	if err != nil {
		x.misbehaved(err)
		return
	}
	x.decide(mask|x.open, -1, -1)
}

// decide notes the properties of a mask that the walk has not decided yet.
func (x *walk) decide(m engine.Mask, act, loop int) {
	for i := 0; m != 0; i, m = i+1, m>>1 {
		if m&1 != 0 && !x.decided.Has(i) {
			x.decided |= 1 << uint(i)
			x.findings = append(x.findings, walkFinding{property: i, last: len(x.states) - 1, act: act, loop: loop})
		}
	}
}

func (x *walk) misbehaved(err error) {
	x.broken = true
	x.findings = append(x.findings, walkFinding{
		property: -1, err: engine.AsMisbehaviour(err), last: x.at() - 1, act: -1, loop: -1,
	})
}

func (x *walk) discovery(f walkFinding) *engine.Discovery {
	d := &engine.Discovery{Property: f.property, Err: f.err, Trail: f.trail}
	if f.trail == nil && f.last >= 0 {
		d.Trail = x.trail(f.last, f.act, f.loop)
	}
	return d
}

// copied returns copies of the first states of a walk whose worker does not come back. See
// [bfsWorker.place].
//
//go:norace
func (x *walk) copied(n, words int) [][]uint32 {
	states := make([][]uint32, n)
	for i := range n {
		states[i] = make([]uint32, words)
		for k := range words {
			states[i][k] = x.states[i][k]
		}
	}
	return states
}

// trail copies the path to the state at last.
func (x *walk) trail(last, act, loop int) *engine.Trail {
	t := &engine.Trail{Act: act, Loop: loop}
	for _, state := range x.states[:last+1] {
		t.States = append(t.States, slices.Clone(state)) // the next walk uses the memory
	}
	return t
}
