package symbolic

import (
	"math"
	"math/big"
	"slices"
	"sync/atomic"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/mdd"
)

// Config says what to search for. The masks are of properties.
type Config struct {
	Always    engine.Mask // predicates that each reachable state is to satisfy
	Sometimes engine.Mask // predicates that some reachable state is to satisfy
	Deadlock  engine.Mask // predicates that each terminal state is to satisfy
	Steps     engine.Mask // predicates that each step is to satisfy
	Budget    *engine.Budget
	Phase     func(name string) // called when a phase begins
	// Vain reports whether the search is in vain. It is asked now and then until all reachable states are found, and
	// once when they are.
	Vain func() bool
	// Order are the places by level; nil to try two, see race. The last place
	// is the last one always.
	Order []int
	Trial int // sets computed to try an order; 0 for the default
	// Most is how many sets may be computed, trials apart; 0 for no limit. A search that needs more ends with the stop
	// reason of a condition.
	Most int
	// CollectEvery is how many edges of diagrams are made between two collections at least; 0 for the default.
	CollectEvery int64
}

// Result is the result of a search. Depth and NewByName are not known.
type Result struct {
	engine.Outcome
	States, Steps  *big.Int   // exact Distinct and Generated; nil if not all states were found
	Enabled, Taken []*big.Int // numbers of steps by number of name, both of one length
	Tested         int        // evaluations of predicates
}

// New prepares a search. It is over when Close is called.
func New(w engine.LocalWorker, cfg Config) *Search {
	s := &Search{Config: cfg, out: &Result{}}
	s.w = &paced{LocalWorker: w, s: s}
	s.out.Discoveries = map[int]*engine.Discovery{}
	s.Close = s.Budget.Hold(&s.size)
	return s
}

// Reach finds all reachable states, and counts them. It runs user code on the goroutine that calls it, and uses no
// other. It is called once.
func (s *Search) Reach() {
	initial, err := s.w.Initial()
	if err != nil {
		s.misbehaved(err.(*engine.Misbehaviour))
		return
	}
	s.initial = initial
	s.Phase("search")
	root := s.race()
	if s.ended() {
		return
	}
	if s.count(root); s.Vain() {
		s.out.StopReason = engine.StopReasonCondition
	}
}

// Judge finds what decides the properties, and where the model misbehaves, with shortest paths. It is called once, as
// Reach is and after it.
func (s *Search) Judge() {
	if s.out.StopReason == engine.StopReasonNone {
		s.decide()
	}
	found := len(s.out.Discoveries) > 0 || s.out.Misbehaviour != nil
	if s.c == nil || !found || s.out.StopReason == engine.StopReasonCondition {
		return
	}
	if s.show(); s.spent() {
		s.out.StopReason = engine.StopReasonCondition
	}
}

// spent reports whether the search has computed all the sets that it may.
func (s *Search) spent() bool { return s.Most > 0 && s.y.left == 0 }

// Result returns the result so far.
func (s *Search) Result() *Result { return s.out }

// Pace returns another number whenever the search has gone on: it stays the same only while one call of user code
// runs. Other goroutines may call it.
func (s *Search) Pace() uint64 {
	if s.away.Load() {
		return s.w.Call()<<1 | 1
	}
	return s.paces.Add(2)
}

// Capped returns a number, or the largest that an int64 has.
func Capped(n *big.Int) int64 {
	if !n.IsInt64() {
		return math.MaxInt64
	}
	return n.Int64()
}

// paced notes when user code may run.
type paced struct {
	engine.LocalWorker
	s *Search
}

func (w *paced) Initial() ([]uint32, error) {
	w.s.away.Store(true)
	defer w.s.away.Store(false)
	return w.LocalWorker.Initial()
}

func (w *paced) LocalSteps(place int, value uint32) ([]engine.LocalStep, error) {
	w.s.away.Store(true)
	defer w.s.away.Store(false)
	return w.LocalWorker.LocalSteps(place, value)
}

func (w *paced) Changed(change, value uint32) (after uint32, ok bool, err error) {
	w.s.away.Store(true)
	defer w.s.away.Store(false)
	return w.LocalWorker.Changed(change, value)
}

func (w *paced) Test(property int, state []uint32, reads []engine.Parts) (holds bool, err error) {
	w.s.away.Store(true)
	defer w.s.away.Store(false)
	return w.LocalWorker.Test(property, state, reads)
}

func (w *paced) TestStep(
	property int, state []uint32, place, i int, reads []engine.Parts,
) (holds, last bool, err error) {
	w.s.away.Store(true)
	defer w.s.away.Store(false)
	return w.LocalWorker.TestStep(property, state, place, i, reads)
}

// Search is a search, made by [New].
type Search struct {
	Config
	Close   func()      // ends the search, whose memory counts no more
	away    atomic.Bool // whether user code may be running
	paces   atomic.Uint64
	w       engine.LocalWorker
	c       *compiler
	y       *images // diagrams of the current phase
	size    bytes
	initial []uint32
	root    mdd.Node // the reachable states, once all are found
	vain    bool
	counter *counter
	judges  [64][]*judge // judges of properties that are decided, or whose predicates fail
	out     *Result
}

// bytes is what a search holds. Other goroutines read it.
type bytes struct{ atomic.Int64 }

// Size returns the bytes.
func (b *bytes) Size() int64 { return b.Load() }

// race finds the reachable states in the better of some orders: the first one that has found them within a trial, or
// else the one that has met clearly the most numbers until then. All orders meet the same ones in the end, so their
// number says how far a search is, while sets mean little before they are complete.
func (s *Search) race() mdd.Node {
	most, trial := -1, s.Trial
	if trial == 0 {
		trial = defaultTrial
	}
	for _, order := range s.orders() {
		s.c = newCompiler(s.w, order)
		s.begin(true)
		s.y.left = trial
		if root := s.saturate(); s.y.left > 0 {
			s.y.left, s.Order = s.Most, order
			return root
		}
		if s.c.met-s.c.met/16 > most { // less is chance
			most, s.Order = s.c.met, order
		}
	}
	s.c = newCompiler(s.w, s.Order)
	s.begin(true)
	s.y.left = s.Most
	return s.saturate()
}

// defaultTrial takes some tenths of a second: Paxos with three clients needs one order only. With a quarter, the
// wrong order may be ahead.
const defaultTrial = 1 << 19

// orders returns the orders to try: the one that the places have, and the one in which those that make steps are
// reversed and below all others. Of further orders, none was much better than the better one of these two.
func (s *Search) orders() [][]int {
	if s.Order != nil {
		return nil
	}
	var order, followers, movers []int
	last := len(s.initial) - 1
	for place := range last {
		if order = append(order, place); s.w.Moves(place) {
			movers = append(movers, place)
		} else {
			followers = append(followers, place)
		}
	}
	slices.Reverse(movers)
	return [][]int{append(order, last), append(append(followers, movers...), last)}
}

// begin begins a phase, with an empty forest.
func (s *Search) begin(saturating bool) {
	s.y = newImages(s.c, s.allow, s.halted, saturating)
	if s.CollectEvery > 0 {
		s.y.Pace(s.CollectEvery)
	}
}

// allow reports whether the search may hold some bytes more.
func (s *Search) allow(extra int64) bool {
	s.size.Store(s.c.bytes() + s.y.bytes())
	s.Budget.Nodes.Store(int64(s.y.Nodes()))
	return s.Budget.Allows(extra)
}

// halted reports whether the run must end, after a wait while it pauses.
func (s *Search) halted() bool {
	s.Budget.Wait()
	s.vain = s.root == mdd.None && s.Vain()
	return s.vain || s.Budget.Ended() != engine.StopReasonNone || !s.allow(0)
}

// ended reports whether the search has come to an end before it was complete, and notes why.
func (s *Search) ended() bool {
	switch ended := s.Budget.Ended(); {
	case s.c.err != nil:
		s.misbehaved(s.c.err)
	case !s.y.over && !s.y.Full():
		return false
	case ended != engine.StopReasonNone:
		s.out.StopReason = ended
	case s.vain, s.spent():
		s.out.StopReason = engine.StopReasonCondition
	default:
		s.out.StopReason = engine.StopReasonMemory
	}
	return true
}

func (s *Search) misbehaved(m *engine.Misbehaviour) {
	if s.out.Misbehaviour == nil {
		s.out.Misbehaviour = &engine.Discovery{Property: -1, Err: m}
		s.out.StopReason = engine.StopReasonModel
	}
}

// saturate returns the reachable states.
func (s *Search) saturate() mdd.Node {
	y := s.y
	first := y.Tuple(y.byLevel(s.initial))
	y.KeepOnly(y.need, y.swept)
	root := y.saturate(first)
	y.KeepOnly(nil, nil)
	return root
}

// count counts the reachable states and their steps.
func (s *Search) count(root mdd.Node) {
	s.root, s.counter = root, newCounter(s.y)
	steps := s.counter.steps(root)
	s.out.States = s.counter.states.Of(root)
	s.out.Steps = steps.inside.Add(steps.inside, big.NewInt(1))
	s.out.Distinct, s.out.Generated = Capped(s.out.States), Capped(s.out.Steps)
	s.out.Enabled, s.out.Taken, s.out.Bounded = steps.enabled, steps.taken, steps.bounded
}

// decide looks for what decides properties among the reachable states.
func (s *Search) decide() {
	terminal := mdd.None
	if s.Deadlock != 0 {
		terminal = s.counter.terminal(s.root)
	}
	for k := range 64 {
		set := s.root
		if s.Deadlock.Has(k) {
			set = terminal
		}
		if all := s.judgesOf(k); !s.judge(k, all, set) {
			return
		}
	}
}

// judgesOf returns what judges a property: one judge of states, or one for the steps of each place.
func (s *Search) judgesOf(k int) (all []*judge) {
	switch {
	case (s.Always | s.Deadlock | s.Sometimes).Has(k):
		all = append(all, newJudge(s.y, k, s.Sometimes.Has(k), s.initial))
	case s.Steps.Has(k):
		for place := range s.initial {
			if s.w.Moves(place) {
				j := newJudge(s.y, k, false, s.initial)
				j.place, j.reads[place] = place, engine.BothParts
				all = append(all, j)
			}
		}
	}
	return all
}

// judge judges a property for a set of states. It reports whether to go on.
func (s *Search) judge(k int, all []*judge, set mdd.Node) bool {
	for _, j := range all {
		found, err := j.find(set)
		s.out.Tested += j.tested
		switch {
		case s.ended():
			return false
		case err != nil:
			s.misbehaved(err)
			s.judges[k] = all
			return false
		case found != nil:
			s.judges[k] = all
			s.out.Discoveries[k] = &engine.Discovery{Property: k}
			return true
		}
	}
	return true
}

// show finds shortest paths to what decides properties, and to where the model misbehaves.
func (s *Search) show() {
	s.Phase("trace")
	left := s.y.left
	s.begin(false)
	s.y.left = left
	x := &layers{y: s.y, initial: s.initial}
	for k, judges := range s.judges {
		if judges != nil {
			x.targets = append(x.targets, s.target(k, judges))
		}
	}
	if failed := s.c.failed; len(failed) > 0 {
		x.targets = append(x.targets, &target{act: -1, discovery: s.out.Misbehaviour, find: func(layer mdd.Node) []uint32 {
			vec, at := make([]uint32, len(s.initial)), failed[0]
			if !s.y.search(layer, vec, func(level int, v uint32) bool { return level != at.level || v == at.value }) {
				return nil
			}
			return vec
		}})
	}
	x.run()
}

// target returns the target of finding what decides a property.
func (s *Search) target(k int, judges []*judge) *target {
	all := make([]*judge, len(judges))
	for i, j := range judges {
		all[i] = j.with(s.y)
	}
	t := &target{discovery: s.out.Discoveries[k], act: -1, keep: func(mark func(mdd.Node)) {
		for _, j := range all {
			mark(j.harmless)
		}
	}}
	if t.discovery == nil { // the predicate fails in some state
		t.discovery = s.out.Misbehaviour
	}
	if s.Steps.Has(k) {
		t.act = 0 // any step that violates it will do
	}
	t.find = func(layer mdd.Node) []uint32 {
		if s.Deadlock.Has(k) {
			layer = newCounter(s.y).terminal(layer)
		}
		for _, j := range all {
			if found, _ := j.find(layer); found != nil {
				return j.pick(layer, found)
			}
		}
		return nil
	}
	return t
}
