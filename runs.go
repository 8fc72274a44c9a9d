package allways

import (
	"fmt"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/fair"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/label"
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/temporal"
)

// phaseRuns is the pass that collects the graph of all states, for the promises about runs.
const phaseRuns = "runs"

// ofRuns decides the promises about runs, all on one graph of the states.
func (r *run) ofRuns(p *passes) error {
	var promises []int
	for i := range r.out.Properties {
		if r.model.Props[i].Runs != nil {
			promises = append(promises, i)
		}
	}
	if len(promises) == 0 {
		return nil
	}
	if !r.begin(p, phaseRuns) {
		for _, i := range promises {
			r.out.Properties[i].Reason = string(r.ledger.reason)
		}
		return nil
	}
	cfg := r.config()
	cfg.SampleEvery = 0 // the search before has sampled the same states
	labels := label.NewTable(r.model.Atoms(property.StepAtom), r.model.Atoms(property.KeyAtom))
	states, err := engine.Collect(r.space, engine.Collecting{
		Predicates: r.model.Atoms(property.Atom), Labels: labels,
	}, *cfg)
	if err != nil {
		return err
	}
	defer states.Close()
	if states.Misbehaviour != nil && r.out.Misbehaviour == nil {
		r.misbehaved(states.Misbehaviour)
	}
	r.cut(stopReasons[states.StopReason], phaseRuns)
	j := newRunJudge(r, states, labels)
	for _, i := range promises {
		if p.stopped {
			r.out.Properties[i].Reason = string(StopReasonCondition)
			continue
		}
		r.enterPhase(r.out.Properties[i].Kind.String() + " " + r.out.Properties[i].Name)
		if err := j.judge(i); err != nil {
			return err
		}
		if r.out.Properties[i].Verdict == Violated {
			p.violated(r, i)
		}
	}
	return nil
}

// runJudge decides promises about runs on the graph of all states.
type runJudge struct {
	*run
	states *engine.StateGraph
	graph  fair.Graph
	labels *label.Table
}

func newRunJudge(r *run, states *engine.StateGraph, labels *label.Table) *runJudge {
	j := &runJudge{run: r, states: states, labels: labels}
	j.graph = fair.Graph{
		Quotient: r.Symmetry, Inits: states.Inits, At: states.At, To: states.To, Label: states.Label, State: states.Holds,
		OutsideAt: states.OutsideAt, Outside: states.Outside, Flags: make([]fair.Flag, len(states.Flags)),
	}
	for i, f := range states.Flags {
		switch {
		case f&engine.Expanded == 0:
			j.graph.Flags[i] = fair.Unexpanded
		case f&engine.Ends != 0:
			j.graph.Flags[i] = fair.Terminal
		}
	}
	return j
}

// constraints returns the constraints of a promise, one for each instance, and labels that say which of them a
// step takes.
func (j *runJudge) constraints(p *gospace.Runs) (all []fair.Constraint, labels []fair.Label) {
	steps := make([][]int32, len(j.labels.Steps)) // by atom
	keyed := map[uint32][]int32{}                 // by instance
	instances := j.labels.Instances()
	for _, f := range p.Fair {
		if !f.Keyed {
			steps[f.Atom] = append(steps[f.Atom], int32(len(all)))
			all = append(all, fair.Constraint{Strong: f.Strong})
			continue
		}
		for n, x := range instances {
			if x.Keyed == f.Atom {
				keyed[uint32(n)] = append(keyed[uint32(n)], int32(len(all)))
				all = append(all, fair.Constraint{Strong: f.Strong})
			}
		}
	}
	for _, l := range j.labels.Labels() {
		x := fair.Label{Steps: l.Steps}
		for atom, takes := range steps {
			if l.Steps>>uint(atom)&1 != 0 {
				x.Takes = append(x.Takes, takes...)
			}
		}
		for _, k := range l.Keys {
			x.Takes = append(x.Takes, keyed[k]...)
		}
		labels = append(labels, x)
	}
	return all, labels
}

// ended reports whether the run must end.
func (j *runJudge) ended() bool { return j.budget.Ended() != engine.StopReasonNone }

// judge decides the i-th property.
func (j *runJudge) judge(i int) error {
	p, runs := &j.out.Properties[i], j.model.Props[i].Runs
	if p.Kind == KindPossible {
		return j.judgePossible(i)
	}
	if !j.budget.Allows(12 * int64(len(j.graph.Flags)) * int64(len(runs.Automaton.States))) {
		j.undecided(p, engine.StopReasonMemory)
		return nil
	}
	s := &fair.Search{Graph: &j.graph, Automaton: runs.Automaton, MayStop: runs.MayStop, Ended: j.ended}
	s.Constraints, j.graph.Labels = j.constraints(runs)
	found, err := s.Run()
	switch {
	case err != nil:
		return err
	case found.Lasso != nil:
		p.Verdict = Violated
		j.show(i, j.trail(found.Lasso))
	case found.Ended:
		j.undecided(p, j.budget.Ended())
	default:
		j.exhausted(p, found.Open)
	}
	if p.Verdict == Holds && j.states.StopReason == engine.StopReasonNone {
		j.vacuity(i, len(s.Constraints))
	}
	return nil
}

// vacuity warns of a promise that holds for a reason that was hardly meant.
func (j *runJudge) vacuity(i, constraints int) {
	p, runs := &j.out.Properties[i], j.model.Props[i].Runs
	some, first := uint64(0), ^uint64(0) // what holds somewhere, and in all initial states
	for v, holds := range j.states.Holds {
		some |= holds
		if v < j.states.Inits {
			first &= holds
		}
	}
	for _, name := range neverHolds(runs.Formula, some) {
		j.warning(WarningVacuous, "%q (%s) holds since %s does in no reachable state", p.Name, p.Kind, name)
	}
	decided := func(f *temporal.Formula) bool { return f.Op == temporal.State && first>>uint(f.Atom)&1 != 0 }
	switch {
	case p.Kind == KindEventually && decided(runs.Formula.Args[0]):
		j.vacuous |= 1 << uint(i)
	case p.Kind == KindUntil && decided(runs.Formula.Args[1]):
		j.warning(WarningVacuous, "%q (until) is decided in every initial state already", p.Name)
	}
	for _, c := range j.graph.NeverEnabled(constraints) {
		j.warning(WarningVacuous, "%q (%s) assumes %q, and no step that it is about is ever possible",
			p.Name, p.Kind, j.constraintName(runs, c))
	}
}

// neverHolds returns the names of predicates on which a formula puts a condition and which hold nowhere.
func neverHolds(f *temporal.Formula, some uint64) (names []string) {
	if f.Op == temporal.Implies && f.Args[0].Op == temporal.State && some>>uint(f.Args[0].Atom)&1 == 0 {
		names = append(names, f.Args[0].Name)
	}
	for _, x := range f.Args {
		names = append(names, neverHolds(x, some)...)
	}
	return names
}

// constraintName returns the name of the constraint with an index among those of a promise.
func (j *runJudge) constraintName(p *gospace.Runs, c int) string {
	n := 0
	for _, f := range p.Fair {
		if !f.Keyed {
			n++
		}
		for _, x := range j.labels.Instances() {
			if f.Keyed && x.Keyed == f.Atom {
				n++
			}
		}
		if c < n {
			return f.Name
		}
	}
	return ""
}

// judgePossible decides the i-th property, which asks what can be reached.
func (j *runJudge) judgePossible(i int) error {
	p := &j.out.Properties[i]
	bit := uint64(1) << uint(j.model.Props[i].Runs.Formula.Atom)
	j.graph.Labels = make([]fair.Label, len(j.labels.Labels()))
	a, err := fair.AlwaysPossible(&j.graph, func(v uint32) bool { return j.states.Holds[v]&bit != 0 }, j.ended, nil)
	switch {
	case err != nil:
		return err
	case a.Found:
		p.Verdict = Violated
		j.show(i, &engine.Trail{States: j.states.Trail(a.Node), Act: -1, Loop: -1})
	case a.Ended:
		j.undecided(p, j.budget.Ended())
	default:
		j.exhausted(p, a.Open)
	}
	return nil
}

// exhausted gives the verdict when nothing was found. open says that what was left out may hide a violation.
func (j *runJudge) exhausted(p *PropertyResult[untyped, untyped], open bool) {
	switch {
	case j.out.Misbehaviour != nil:
		p.Reason = string(StopReasonModel)
	case !open:
		p.Verdict = Holds
	case j.states.StopReason != engine.StopReasonNone:
		j.undecided(p, j.states.StopReason)
	default:
		p.Within = true
		p.Reason = "a run that may break it leaves the boundary"
	}
}

func (j *runJudge) undecided(p *PropertyResult[untyped, untyped], reason engine.StopReason) {
	p.Reason = string(stopReasons[reason])
	j.cut(stopReasons[reason], j.phase)
}

// trail returns the states of a lasso. A run that stays where it is needs no loop to show it.
func (j *runJudge) trail(l *fair.Lasso) *engine.Trail {
	t := &engine.Trail{Act: -1, Loop: l.Loop}
	if last := len(l.Edges) - 1; l.Edges[last] == fair.Stutter {
		t.Loop = -1
	}
	for i, v := range l.Nodes {
		t.States = append(t.States, append([]uint32(nil), j.states.State(v)...))
		switch e := l.Edges[i]; {
		case e == fair.Stutter:
		case j.Symmetry:
			t.Marks = append(t.Marks, j.graph.Labels[j.graph.Label[e]].Steps)
		default:
			t.Steps = append(t.Steps, int(e-j.graph.At[v]))
		}
	}
	return t
}

// symmetricRuns refuses promises about runs that symmetry would decide wrongly: constraints for each process, say, of
// which one is as good as another.
func symmetricRuns(c *gospace.Model) error {
	for _, p := range c.Props[:c.Promises] {
		if p.Runs == nil {
			continue
		}
		for _, f := range p.Runs.Fair {
			if f.Keyed {
				return &OptionError{"Symmetry", fmt.Sprintf("property %q assumes %q, a constraint for each of parts that "+
					"symmetry does not tell apart: check it without symmetry", p.Name, f.Name)}
			}
		}
	}
	return nil
}

// explain says why a path refutes the i-th property.
func (r *run) explain(i int, path *gospace.Path) {
	var e gospace.Explanation
	err := r.aside(func() (err error) {
		e, err = path.Explain(i)
		return err
	}, nil)
	if err == nil {
		r.out.Properties[i].Reason, r.out.Properties[i].Fair = e.Words, e.Fair
	}
}
