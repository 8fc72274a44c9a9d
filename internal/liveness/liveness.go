// Package liveness decides promises about runs on the graph of all states: it makes of a promise and of the labels of
// steps what package fair searches, and of a lasso what the rest of a run reports. It collects no states. It runs the
// model only in [Ignored], along a lasso.
package liveness

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/fair"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/label"
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/runs"
	"github.com/allways-go/allways/internal/stategraph"
	"github.com/allways-go/allways/internal/temporal"
)

// Decider decides the promises of a model on one graph. Make one with [New]. It is for one goroutine.
type Decider struct {
	// Ended reports whether to stop. Several goroutines call it.
	Ended func() bool
	// Allows reports whether there is room for that many bytes.
	Allows func(bytes int64) bool
	// Workers is the number of goroutines; less than 2 means 1.
	Workers int
	// Begin is called before promises are decided, with their names and the number of pairs of a state and a state of an
	// automaton that are to be looked at. Done is increased by those that are.
	Begin func(names string, pairs int64)
	Done  *atomic.Int64

	model  *gospace.Model
	states *stategraph.Graph
	labels *label.Table
	graph  fair.Graph
	stem   *stem // positions that lead to the only initial node; nil if that is an initial state
}

// Decision is what the graph says of a promise. The zero value says that it holds.
type Decision struct {
	Trail *engine.Trail // counterexample; nil if nothing breaks it
	Open  bool          // states that are not in the graph may break it
	Ended bool          // the search was stopped
	Full  bool          // there is no memory for the search
	// Vacuous says why the promise holds where that was hardly meant, each reason after the name of the promise.
	Vacuous []string
	Begun   bool // an Eventually holds since all initial states satisfy it
}

// Promises returns the properties of a model that are promises about runs, by number.
func Promises(m *gospace.Model) (all []int) {
	for i := range m.Props[:m.Promises] {
		if m.Props[i].Runs != nil {
			all = append(all, i)
		}
	}
	return all
}

// Collecting says what a search is to collect for the promises of a model.
func Collecting(m *gospace.Model) stategraph.Collecting {
	return stategraph.Collecting{
		Predicates: m.Atoms(property.Atom), Labels: label.NewTable(m.Atoms(property.StepAtom), m.Atoms(property.KeyAtom)),
	}
}

// New returns a decider for the states of a model. With a quotient, states stand for those that symmetry does not
// tell apart.
func New(m *gospace.Model, states *stategraph.Graph, labels *label.Table, quotient bool) *Decider {
	d := &Decider{model: m, states: states, labels: labels}
	d.graph = fair.Graph{
		Quotient: quotient, Inits: states.Inits, Edges: states.Edges, State: states.Holds,
		OutsideAt: states.OutsideAt, Outside: states.Outside, Flags: make([]fair.Flag, len(states.Flags)),
	}
	for i, f := range states.Flags {
		switch {
		case f&stategraph.Expanded == 0:
			d.graph.Flags[i] = fair.Unexpanded
		case f&stategraph.Ends != 0:
			d.graph.Flags[i] = fair.Terminal
		}
	}
	return d
}

// searchBytes is what a search takes for each pair: a mark and, for a lasso, a parent and a number.
const searchBytes = 12

// Decide decides promises about runs, which are properties of the model, by number: as many at the same time as there
// are workers and as memory allows. It calls judge with what it says of each, one after the other in their order, until
// judge reports that it is enough, and with nil from then on. The error is one of ours, or says that the graph is too
// large.
func (d *Decider) Decide(promises []int, judge func(i int, found *Decision) (goOn bool)) error {
	d.graph.Labels = make([]fair.Label, len(d.labels.Labels()))
	if d.begun() {
		if err := d.graph.Check(); err != nil { // once, for all searches
			return err
		}
	}
	goOn := true
	for len(promises) > 0 {
		n, pairs := d.group(promises)
		all := make([]*Decision, n)
		if goOn {
			d.Begin(d.names(promises[:n]), pairs)
			if err := d.together(promises[:n], all); err != nil {
				return err
			}
		}
		for k, i := range promises[:n] {
			if !goOn {
				all[k] = nil
			}
			goOn = judge(i, all[k]) && goOn
		}
		promises = promises[n:]
	}
	return nil
}

// names names some promises.
func (d *Decider) names(promises []int) string {
	var all []string
	for _, i := range promises {
		all = append(all, d.model.Props[i].Name)
	}
	return "deciding " + strings.Join(all, ", ")
}

// group returns how many promises of a list, from the first on, are to be decided at the same time. pairs is the number
// of pairs of a state and a state of an automaton that are to be looked at.
func (d *Decider) group(promises []int) (n int, pairs int64) {
	for n < len(promises) && n < max(d.Workers, 1) {
		more := d.pairs(promises[n])
		if n > 0 && !d.Allows(searchBytes*(pairs+more)) {
			break
		}
		n, pairs = n+1, pairs+more
	}
	return n, pairs
}

func (d *Decider) pairs(i int) int64 {
	promise := d.model.Props[i].Runs
	if d.model.Props[i].Kind == property.Possible {
		return int64(len(d.graph.Flags))
	}
	return (&fair.Search{Graph: &d.graph, Automaton: promise.Automaton, MayStop: promise.MayStop}).Pairs()
}

// together decides promises at the same time.
func (d *Decider) together(promises []int, out []*Decision) error {
	errs := make([]error, len(promises))
	var wg sync.WaitGroup
	for k, i := range promises {
		one := *d
		one.Workers = max(d.Workers/len(promises), 1)
		wg.Go(func() {
			found, err := one.decide(i)
			out[k], errs[k] = &found, err
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// decide decides the i-th property of the model. It changes the labels of its graph, so each search has its decider.
func (d *Decider) decide(i int) (out Decision, err error) {
	promise := d.model.Props[i].Runs
	if !d.begun() {
		return Decision{Open: true}, nil
	}
	if d.model.Props[i].Kind == property.Possible {
		return d.possible(promise)
	}
	automaton := promise.Automaton
	if d.stem != nil {
		automaton = d.stem.automaton(i, automaton)
	}
	s := &fair.Search{
		Graph: &d.graph, Automaton: automaton, MayStop: promise.MayStop, Ended: d.Ended, Workers: d.Workers,
		Done: d.Done,
	}
	if !d.Allows(searchBytes * s.Pairs()) {
		return Decision{Full: true}, nil
	}
	var names []string
	s.Constraints, names = d.constrain(promise)
	found, err := s.Run()
	if err != nil {
		return out, err
	}
	if out = (Decision{Open: found.Open, Ended: found.Ended}); found.Lasso != nil {
		out.Trail = d.trail(found.Lasso)
	}
	if out.Trail == nil && !out.Open && !out.Ended && d.states.StopReason == engine.StopReasonNone {
		d.vacuity(i, names, &out)
	}
	return out, nil
}

// begun reports whether the graph has all initial states. A search that ended before it had expanded these, for want of
// memory perhaps, may lack some, and nothing is known of their runs.
func (d *Decider) begun() bool {
	return d.states.StopReason == engine.StopReasonNone ||
		len(d.states.Flags) > 0 && d.states.Flags[0]&stategraph.Expanded != 0
}

// possible decides whether a state in which the predicate holds can always be reached.
func (d *Decider) possible(promise *runs.Promise) (out Decision, err error) {
	bit := uint64(1) << uint(promise.Formula.Atom)
	a, err := fair.AlwaysPossible(&d.graph, func(v uint32) bool { return d.states.Holds[v]&bit != 0 }, d.Ended)
	if err == nil && a.Found {
		out.Trail = &engine.Trail{States: d.states.Trail(a.Node), Act: -1, Loop: -1}
	}
	out.Open, out.Ended = a.Open, a.Ended
	return out, err
}

// constrain returns the constraints of a promise, one for each instance, with their names, and makes the labels of the
// graph say which of them a step takes.
func (d *Decider) constrain(promise *runs.Promise) (all []fair.Constraint, names []string) {
	steps := make([][]int32, len(d.labels.Steps)) // by atom
	keyed := map[uint32][]int32{}                 // by instance
	add := func(f *runs.Fair) int32 {
		all, names = append(all, fair.Constraint{Strong: f.Strong}), append(names, f.Name)
		return int32(len(all) - 1)
	}
	for i := range promise.Fair {
		f := &promise.Fair[i]
		if !f.Keyed {
			steps[f.Atom] = append(steps[f.Atom], add(f))
			continue
		}
		for n, x := range d.labels.Instances() {
			if x.Keyed == f.Atom {
				keyed[uint32(n)] = append(keyed[uint32(n)], add(f))
			}
		}
	}
	d.graph.Labels = d.graph.Labels[:0:0]
	for _, l := range d.labels.Labels() {
		x := fair.Label{Steps: l.Steps}
		for atom, takes := range steps {
			if l.Steps>>uint(atom)&1 != 0 {
				x.Takes = append(x.Takes, takes...)
			}
		}
		for _, k := range l.Keys {
			x.Takes = append(x.Takes, keyed[k]...)
		}
		d.graph.Labels = append(d.graph.Labels, x)
	}
	return all, names
}

// trail returns the states of a lasso. A run that stays where it is needs no loop to show it.
func (d *Decider) trail(l *fair.Lasso) *engine.Trail {
	t := &engine.Trail{Act: -1, Loop: l.Loop}
	if last := len(l.Edges) - 1; l.Edges[last] == fair.Stutter {
		t.Loop = -1
	}
	if d.stem != nil {
		d.stem.begin(t, d.graph.Quotient)
	}
	for i, v := range l.Nodes {
		t.States = append(t.States, slices.Clone(d.states.State(v)))
		switch e := l.Edges[i]; {
		case e == fair.Stutter:
		case d.graph.Quotient:
			t.Marks = append(t.Marks, d.graph.Labels[d.graph.Edges.Edge(v, e).Label()].Steps)
		default:
			t.Steps = append(t.Steps, d.states.Place(v, e))
		}
	}
	return t
}

// vacuity says why a promise holds, if that was hardly meant.
func (d *Decider) vacuity(i int, constraints []string, out *Decision) {
	promise, kind := d.model.Props[i].Runs, d.model.Props[i].Kind
	some, first := uint64(0), ^uint64(0) // what holds somewhere, and in all initial states
	for v, holds := range d.states.Holds {
		some |= holds
		if v < d.states.Inits {
			first &= holds
		}
	}
	for _, name := range unmet(promise.Formula, some) {
		out.Vacuous = append(out.Vacuous, fmt.Sprintf("holds since %s does in no reachable state", name))
	}
	decided := func(f *temporal.Formula) bool { return f.Op == temporal.State && first>>uint(f.Atom)&1 != 0 }
	switch {
	case kind == property.Eventually:
		out.Begun = decided(promise.Formula.Args[0])
	case kind == property.Until && decided(promise.Formula.Args[1]):
		out.Vacuous = append(out.Vacuous, "is decided in every initial state already")
	}
	for _, c := range d.graph.NeverEnabled(len(constraints)) {
		out.Vacuous = append(out.Vacuous,
			fmt.Sprintf("assumes %q, and no step that it is about is ever possible", constraints[c]))
	}
}

// unmet returns the names of predicates on which a formula puts a condition and which hold nowhere.
func unmet(f *temporal.Formula, some uint64) (names []string) {
	if f.Op == temporal.Implies && f.Args[0].Op == temporal.State && some>>uint(f.Args[0].Atom)&1 == 0 {
		names = append(names, f.Args[0].Name)
	}
	for _, x := range f.Args {
		names = append(names, unmet(x, some)...)
	}
	return names
}
