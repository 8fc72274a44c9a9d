package record

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/allways-go/allways/actor"
)

// Report is what was learned of a recorded run.
type Report struct {
	Steps             int
	Actors            int // that have recorded something
	External          int // messages from outside of the system
	Uncommitted       int // entries of what a crash undid
	Divergence        *actor.Divergence
	Violations        []actor.Violation // of properties that hold always, in the states passed
	HistoryViolations []actor.Violation // histories, in the order of real time
	Held              []string          // promises that the run has kept as far as it was followed
}

// Conforms reports whether the model allows the run, and nothing it promises was broken.
func (r *Report) Conforms() bool {
	return r.Divergence == nil && len(r.Violations) == 0 && len(r.HistoryViolations) == 0
}

// String says it in lines.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d steps of %d actors", r.Steps, r.Actors)
	if r.External > 0 {
		fmt.Fprintf(&b, ", %d messages from outside", r.External)
	}
	if r.Uncommitted > 0 {
		fmt.Fprintf(&b, ", %d undone by crashes", r.Uncommitted)
	}
	if r.Divergence != nil {
		fmt.Fprintf(&b, "\nthe model diverges at %v", r.Divergence)
	}
	for _, v := range r.Violations {
		fmt.Fprintf(&b, "\nproperty %q is violated after step %d", v.Property, v.Step)
	}
	for _, v := range r.HistoryViolations {
		fmt.Fprintf(&b, "\nhistory %q is violated in real time", v.Property)
	}
	if r.Conforms() {
		b.WriteString("\nthe run is one of the model")
	}
	if len(r.Held) > 0 {
		fmt.Fprintf(&b, "\nit keeps its promises: %s", strings.Join(r.Held, ", "))
	}
	return b.String()
}

// Validate follows a run through the model, and judges its histories in the order in which things happened. The program must be
// made like the one that ran. An error says that the recordings do not fit together or that the model misbehaves.
func Validate(p actor.Program, all []Recording) (*Report, error) {
	trace, err := Merge(all)
	if err != nil {
		return nil, err
	}
	r := &Report{Actors: len(all)}
	for _, x := range all {
		r.Uncommitted += uncommitted(x)
		for i, name := range x.Header.Actors {
			if len(x.Header.Actors) != p.Len() || p.Name(actor.ID(i)) != name {
				return nil, fmt.Errorf("the recordings are of actors %v, and the model has others: give it the parameters of the run", x.Header.Actors)
			}
		}
	}
	if err := r.follow(p, trace); err != nil {
		return nil, err
	}
	if r.HistoryViolations, err = p.Judge(events(trace)); err != nil {
		return nil, err
	}
	for _, name := range p.Promises() {
		broken := func(v actor.Violation) bool { return v.Property == name }
		if !slices.ContainsFunc(r.Violations, broken) && !slices.ContainsFunc(r.HistoryViolations, broken) {
			r.Held = append(r.Held, name)
		}
	}
	return r, nil
}

func (r *Report) follow(p actor.Program, trace []Entry) error {
	f, err := p.Follow()
	if err != nil {
		return err
	}
	for _, e := range trace {
		st, err := e.step()
		if err != nil {
			return err
		}
		err = f.Follow(st)
		if errors.As(err, &r.Divergence) {
			break
		}
		if err != nil {
			return fmt.Errorf("step %d, %s: %w", r.Steps+1, e.Text, err)
		}
		r.Steps++
	}
	r.External = f.External()
	r.Violations = f.Violations()
	return nil
}

// events returns the events of the histories of a trace, and the crashes.
func events(trace []Entry) []actor.HistoryEvent {
	var all []actor.HistoryEvent
	for _, e := range trace {
		if e.Kind == actor.Restart.String() {
			all = append(all, actor.HistoryEvent{Actor: e.Actor, Crashed: true})
		}
		for _, h := range e.History {
			all = append(all, actor.HistoryEvent{Actor: e.Actor, Recorded: actor.Recorded{History: h.Name, Event: string(h.Event)}})
		}
	}
	return all
}
