package allways

import (
	"fmt"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/label"
	"github.com/allways-go/allways/internal/liveness"
	"github.com/allways-go/allways/internal/runs"
	"github.com/allways-go/allways/internal/stategraph"
	"github.com/allways-go/allways/internal/walks"
)

// phaseRuns is the pass that collects the graph of all states, for the promises about runs.
const phaseRuns = "runs"

// stateGraph is the graph of all states with the labels of its steps.
type stateGraph struct {
	*stategraph.Graph
	labels *label.Table
}

// searchAndCollect collects the graph of all states while it searches for the other properties.
func (r *run) searchAndCollect(cfg *engine.Config) (*engine.Outcome, *stateGraph, error) {
	c := liveness.Collecting(r.model)
	out, states, err := stategraph.SearchAndCollect(r.space, c, cfg)
	if states == nil {
		return out, nil, err
	}
	return out, &stateGraph{states, c.Labels}, err
}

// collect collects the graph of all states after the search for the other properties.
func (r *run) collect() *stateGraph {
	cfg, c := r.config(), liveness.Collecting(r.model)
	cfg.SampleEvery = 0 // the search before has sampled the same states
	return &stateGraph{stategraph.Collect(r.space, c, *cfg), c.Labels}
}

// ofRuns decides the promises about runs, all on one graph of the states, which it collects unless the search has.
func (r *run) ofRuns(p *passes, states *stateGraph) error {
	promises := liveness.Promises(r.model)
	if len(promises) == 0 {
		return nil
	}
	if !r.begin(p, phaseRuns) {
		for _, i := range promises {
			r.out.Properties[i].Reason = string(r.ledger.reason)
		}
		return nil
	}
	if states == nil {
		states = r.collect()
		defer states.Close()
	}
	if states.Misbehaviour != nil && r.out.Misbehaviour == nil {
		r.misbehaved(states.Misbehaviour)
	}
	r.cut(stopReasons[states.StopReason], phaseRuns)
	d := liveness.New(r.model, states.Graph, states.labels, r.Symmetry)
	d.Ended = func() bool { return r.budget.Ended() != engine.StopReasonNone }
	d.Allows, d.Workers, d.Done = r.budget.Allows, r.Workers, &r.pairsDone
	defer r.pairs.Store(0)
	d.Begin = func(names string, pairs int64) {
		r.enterPhase(names)
		r.pairsDone.Store(0)
		r.pairs.Store(pairs)
	}
	return d.Decide(promises, func(i int, found *liveness.Decision) (goOn bool) {
		if found == nil {
			r.out.Properties[i].Reason = string(StopReasonCondition)
			return false
		}
		if r.judgeRuns(i, *found, states.StopReason); r.out.Properties[i].Verdict == Violated {
			p.violated(r, i)
		}
		return !p.stopped
	})
}

// judgeOfWalks makes what judges promises about runs on the walks of a simulation; nil if the model has no such
// promise.
func (r *run) judgeOfWalks() func(w engine.Worker) walks.Judge {
	if len(liveness.Promises(r.model)) == 0 {
		return nil
	}
	return func(w engine.Worker) walks.Judge {
		j := liveness.NewWalks(r.model, w, r.space.Words(), r.Symmetry)
		j.Ended = func() bool { return r.budget.Ended() != engine.StopReasonNone }
		j.Allows = r.budget.Allows
		return j
	}
}

// judgeRuns gives the verdict on a promise about runs. reason says why the graph lacks states.
func (r *run) judgeRuns(i int, found liveness.Decision, reason engine.StopReason) {
	p := &r.out.Properties[i]
	switch {
	case found.Trail != nil:
		p.Verdict = Violated
		r.show(i, found.Trail)
	case found.Full:
		r.undecided(p, engine.StopReasonMemory)
	case found.Ended:
		r.undecided(p, r.budget.Ended())
	case r.out.Misbehaviour != nil:
		p.Reason = string(StopReasonModel)
	case !found.Open:
		p.Verdict = Holds
	case reason != engine.StopReasonNone:
		r.undecided(p, reason)
	default:
		p.Within = true
		p.Reason = "a run that may break it leaves the boundary"
	}
	if p.Verdict != Holds {
		return
	}
	if found.Begun {
		r.vacuous |= 1 << uint(i)
	}
	for _, text := range found.Vacuous {
		r.out.Warnings = append(r.out.Warnings, Warning{WarningVacuous, fmt.Sprintf("%q (%s) %s", p.Name, p.Kind, text)})
	}
}

func (r *run) undecided(p *PropertyResult[untyped, untyped], reason engine.StopReason) {
	if p.Reason = string(stopReasons[reason]); reason == engine.StopReasonMemory {
		p.Reason += ": all steps between states are kept for it, 8 bytes each; allow more memory, or fewer states"
	}
	r.cut(stopReasons[reason], r.phase)
}

// symmetricRuns refuses promises about runs that symmetry would decide wrongly: constraints for each process, say, of
// which one is as good as another.
func symmetricRuns(c *gospace.Model) error {
	for _, i := range liveness.Promises(c) {
		p := &c.Props[i]
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
	var e runs.Explanation
	err := r.aside(func() (err error) {
		e, err = path.Explain(i)
		return err
	}, nil)
	if err == nil {
		r.out.Properties[i].Reason, r.out.Properties[i].Fair = e.Words, e.Fair
	}
}
