package program

import (
	"fmt"
	"slices"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/core"
)

// Judged says of how many states or steps of a run a promise was judged.
type Judged struct {
	Property string
	Steps    int
	States   bool   // whether it is about states, and not about steps
	Unjudged string // the reason why the promise was not judged in the others; "" if it was judged in all
}

// Violations returns the promises that the states passed have broken, in the order in which they broke.
func (f *Follower) Violations() (all []Violation) {
	for _, p := range f.judge.promises {
		if p.broken >= 0 {
			all = append(all, Violation{p.Name, "", p.broken})
		}
	}
	slices.SortStableFunc(all, func(a, b Violation) int { return a.Step - b.Step })
	return all
}

// Judged says for each promise about states and steps of how many it was judged.
func (f *Follower) Judged() (all []Judged) {
	for _, p := range f.judge.promises {
		all = append(all, p.Judged)
	}
	return all
}

// Depends notes that the run depends on an actor whose steps are unknown.
func (f *Follower) Depends(id actor.ID) { f.judge.depends(int(id)) }

// Depended reports whether the run depends on an actor whose steps are unknown.
func (f *Follower) Depended(id actor.ID) bool { return f.judge.depended[id] }

// judge judges the promises about states and steps. Most read the states of some actors only, so that is what it
// gives them: a property that reads more, such as inboxes, panics, and is then given all. That takes as long as
// there are messages in flight.
type judge struct {
	follower *Follower
	promises []*promise
	pending  bool // whether the states of the actors do not belong together yet
	depended []bool
	glimpse  core.View      // the state without inboxes and histories
	past     []HistoryEvent // events of the model, for promises that read a history
	before   int            // number of those before the step
}

// promise is a property of states or steps with what came of it.
type promise struct {
	*core.Property
	Judged Judged
	full   bool // whether it reads more than a glimpse
	broken int  // the step that broke it; -1 for none
}

func newJudge(f *Follower) *judge {
	j := &judge{follower: f, depended: make([]bool, len(f.model.Actors))}
	for i := range f.model.Properties {
		if p := &f.model.Properties[i]; p.Aux < 0 && p.Everywhere() {
			judged := Judged{Property: p.Name, States: p.Test != nil}
			j.promises = append(j.promises, &promise{Property: p, Judged: judged, broken: -1})
		}
	}
	return j
}

// record and crash note what a history of the states so far would have.
func (j *judge) record(by int, r core.Record) {
	j.past = append(j.past, HistoryEvent{
		Actor: actor.ID(by), Recorded: Recorded{j.follower.model.Aux[r.Aux].Name(), r.Event},
	})
}

func (j *judge) crash(id int) {
	j.past = append(j.past, HistoryEvent{Actor: actor.ID(id), Crashed: true})
}

// begin begins a step.
func (j *judge) begin() { j.before = len(j.past) }

// depends notes that the run depends on an actor whose steps are unknown.
func (j *judge) depends(id int) { j.depended[id] = true }

// known reports whether the state of an actor is known: it was recorded, or no step depends on it.
func (j *judge) known(id int) bool { return !j.depended[id] }

// state judges the state as it is, without a step before it.
func (j *judge) state() {
	s := j.follower.state
	j.glimpse = core.Glimpse(j.follower.model.System, nil, nil, s, j.known)
	for _, p := range j.promises {
		if p.Test != nil {
			j.try(p, func(_, v any) bool { return p.Test(v) }, nil)
		}
	}
}

// step judges a step and the state after it.
func (j *judge) step(before *core.State, a core.Action) {
	if j.pending {
		return
	}
	was := j.glimpse
	j.glimpse = core.Glimpse(j.follower.model.System, was, before, j.follower.state, j.known)
	for _, p := range j.promises {
		if p.Test != nil {
			j.try(p, func(_, v any) bool { return p.Test(v) }, nil)
			continue
		}
		j.try(p, func(b, v any) bool { return p.Step(b, a, v) }, &origin{was, before})
	}
}

// origin is the state before a step.
type origin struct {
	glimpse core.View
	state   *core.State
}

// try judges a promise that is not broken yet. before is nil for a promise about states.
func (j *judge) try(p *promise, holds func(before, after any) bool, before *origin) {
	if p.broken >= 0 || p.Judged.Unjudged != "" {
		return
	}
	ok, reason := false, any(nil)
	if !p.full {
		var b any
		if before != nil {
			b = before.glimpse.State()
		}
		ok, reason = attempt(holds, b, j.glimpse.State())
		p.full = reason != nil
	}
	if p.full {
		var b any
		if before != nil {
			b = j.whole(before.state, true).State()
		}
		if ok, reason = attempt(holds, b, j.whole(j.follower.state, false).State()); reason != nil {
			if p.Judged.Unjudged = j.excuse(); p.Judged.Unjudged == "" {
				panic(reason)
			}
			return
		}
	}
	if p.Judged.Steps++; !ok {
		p.broken, j.follower.recent.frozen = j.follower.steps, true
	}
}

// attempt returns what a property panics with, or nil.
func attempt(holds func(before, after any) bool, before, after any) (ok bool, reason any) {
	defer func() { reason = recover() }()
	return holds(before, after), nil
}

// excuse says why a promise may panic that reads what is not known.
func (j *judge) excuse() string {
	for id, d := range j.depended {
		if d {
			return fmt.Sprintf("it may read %s, whose steps were not recorded", j.follower.model.Name(id))
		}
	}
	if slices.ContainsFunc(j.follower.options.Begin, func(b *Beginning) bool { return b != nil }) {
		return "it may read messages in flight, an observer or a history, whose beginning is missing"
	}
	return ""
}

// whole returns all of a state, as far as it is known.
func (j *judge) whole(s *core.State, before bool) core.View {
	f := j.follower
	v := core.Glimpse(f.model.System, nil, nil, s, j.known)
	if slices.ContainsFunc(f.options.Begin, func(b *Beginning) bool { return b != nil }) {
		return v
	}
	t := s.Clone()
	t.Inboxes = f.flight.inboxes(before)
	events := j.past
	if before {
		events = events[:j.before]
	}
	for k := range t.Aux {
		if h, ok := f.model.History(k); ok {
			value, err := historyValue(h, f.model.System, events)
			if err != nil {
				panic(err.Error())
			}
			t.Aux[k] = value
		}
	}
	w := f.model.View(t)
	for id := range w.Actors() {
		if !j.known(id) {
			w.Actors()[id] = nil
		}
	}
	return w
}
