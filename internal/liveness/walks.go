package liveness

import (
	"slices"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/label"
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/stategraph"
	"github.com/allways-go/allways/internal/temporal"
	"github.com/allways-go/allways/internal/walks"
)

// window is how many states of a walk are looked at together. Windows overlap by half, so each run whose loop lies
// among half as many states is seen. Walks are mostly shorter.
const window = 1 << 12

// Walks judges the promises of a model about runs on the runs that walks show. It implements [walks.Judge].
//
// A walk that comes back to a state, or ends, has a run. The steps of all its states are then computed, and a run is
// looked for on the graph of these states: it may take other steps than the walk did, and take them in another
// order. What the graph says is true of the model, since steps to states that the walk did not visit are known, too,
// and leave the graph. A walk without a run costs no call of the model, unless runs may stop anywhere.
type Walks struct {
	Ended  func() bool            // reports whether to stop
	Allows func(bytes int64) bool // reports whether there is room for that many bytes

	model    *gospace.Model
	quotient bool
	promises []int // the promises about runs
	mayStop  bool  // some of them may stop anywhere
	steps    []int // properties that are predicates of steps
	keyed    []int // properties that are keys of steps
	window   int

	graphs *stategraph.Walks
	seen   map[uint64]bool
}

// NewWalks returns a judge for the walks of a worker of a space whose states have a width. With a quotient, states
// stand for those that symmetry does not tell apart.
func NewWalks(m *gospace.Model, w engine.Worker, words int, quotient bool) *Walks {
	j := &Walks{
		model: m, quotient: quotient, promises: Promises(m),
		steps: m.Atoms(property.StepAtom), keyed: m.Atoms(property.KeyAtom),
		graphs: stategraph.NewWalks(m.Atoms(property.Atom), w, words), seen: map[uint64]bool{}, window: window,
	}
	for _, i := range j.promises {
		j.mayStop = j.mayStop || m.Props[i].Runs.MayStop
	}
	return j
}

// Judge implements [walks.Judge].
func (j *Walks) Judge(x *walks.Walked) (found []*engine.Discovery, err error) {
	j.graphs.Ended = j.Ended
	j.graphs.Labels = label.NewTable(j.steps, j.keyed) // a new one, lest its numbers depend on other walks
	open, stem := slices.Clone(j.promises), &stem{walk: x, now: map[int][]int{}}
	for from := 0; len(open) > 0; from += j.window / 2 {
		to := min(from+j.window, len(x.States))
		last := to == len(x.States)
		if j.mayStop || last && x.Ends || j.repeats(x.Prints[from:to]) {
			if err = j.pass(stem, from); err == nil {
				err = j.judge(stem, to, &open, &found)
			}
		}
		if last || err != nil || j.Ended() {
			break
		}
	}
	return found, err
}

// repeats reports whether a state seems to occur twice.
func (j *Walks) repeats(prints []uint64) bool {
	clear(j.seen)
	for _, p := range prints {
		if j.seen[p] {
			return true
		}
		j.seen[p] = true
	}
	return false
}

// judge decides the open promises on the states from the end of a stem to before a place.
func (j *Walks) judge(s *stem, to int, open *[]int, found *[]*engine.Discovery) error {
	g, err := j.graphs.Collect(s.walk, s.len(), to)
	if g == nil {
		return err
	}
	d := New(j.model, g, j.graphs.Labels, j.quotient)
	d.Ended, d.Allows, d.Begin = j.Ended, j.Allows, func(string, int64) {}
	if s.len() > 0 {
		d.stem = s
	}
	var rest []int
	err = d.Decide(*open, func(i int, x *Decision) bool {
		if x.Trail == nil {
			rest = append(rest, i)
		} else {
			*found = append(*found, &engine.Discovery{Property: i, Trail: x.Trail})
		}
		return true
	})
	*open = rest
	return err
}

// pass makes the stem longer.
func (j *Walks) pass(s *stem, to int) error {
	for i := s.len(); i < to && !j.Ended(); i++ {
		p, err := j.graphs.Position(s.walk, i)
		if err != nil {
			return err
		}
		at, labels := temporal.Position{State: p.Holds}, j.graphs.Labels.Labels()
		for _, l := range p.Enabled {
			at.Enabled |= labels[l].Steps
		}
		at.Step = labels[p.Label].Steps
		for _, k := range j.promises {
			if a := j.model.Props[k].Runs.Automaton; a != nil {
				s.advance(k, a, &at)
			}
		}
		s.places, s.marks = append(s.places, int32(p.Place)), append(s.marks, at.Step)
	}
	return nil
}

// stem is the beginning of a walk, which has been read: what remains are the states in which automata may be.
type stem struct {
	walk   *walks.Walked
	now    map[int][]int // states of the automaton of each promise
	places []int32       // place of each step
	marks  []uint64      // step predicates that each step satisfies
}

// len returns the number of positions.
func (s *stem) len() int { return len(s.places) }

// advance lets the automaton of a promise read a position.
func (s *stem) advance(promise int, a *temporal.Automaton, at *temporal.Position) {
	now, begun := s.now[promise]
	if !begun {
		now = a.Initial
	}
	var next []int
	for _, q := range now {
		for i := range a.States[q] {
			if e := &a.States[q][i]; e.Allows(at) && !slices.Contains(next, e.To) {
				next = append(next, e.To)
			}
		}
	}
	slices.Sort(next)
	s.now[promise] = next
}

// automaton returns the automaton of a promise for what follows the stem.
func (s *stem) automaton(promise int, a *temporal.Automaton) *temporal.Automaton {
	rest := *a
	rest.Initial = s.now[promise]
	return &rest
}

// begin makes the stem the beginning of a trail.
func (s *stem) begin(t *engine.Trail, quotient bool) {
	for i, place := range s.places {
		t.States = append(t.States, slices.Clone(s.walk.States[i]))
		if quotient {
			t.Marks = append(t.Marks, s.marks[i])
		} else {
			t.Steps = append(t.Steps, int(place))
		}
	}
	if t.Loop >= 0 {
		t.Loop += len(s.places)
	}
}
