package record

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
)

// Divergence is a step that the model does not allow.
type Divergence = program.Divergence

// Violation is a violation of a property, or of the consistency of a history.
type Violation = program.Violation

// Report is the result of [Validate].
type Report struct {
	Steps             int         // steps that the model followed
	Actors            int         // number of recordings
	External          int         // messages from outside the system
	Uncommitted       int         // entries without effect, because a crash came before their commit
	Divergence        *Divergence // the first step that the model does not allow; nil means none
	Violations        []Violation // violations of properties in the states of the run
	HistoryViolations []Violation // violations of consistency in the real-time order of operations
	Held              []string    // names of properties and histories that were not violated
}

// Conforms reports whether the model allows the run and no property is violated.
func (r *Report) Conforms() bool {
	return r.Divergence == nil && len(r.Violations) == 0 && len(r.HistoryViolations) == 0
}

// String returns the report as lines of text.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d steps of %d actors", r.Steps, r.Actors)
	if r.External > 0 {
		fmt.Fprintf(&b, ", %d messages from outside", r.External)
	}
	if r.Uncommitted > 0 {
		fmt.Fprintf(&b, ", %d entries lost in crashes", r.Uncommitted)
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
		b.WriteString("\nthe model allows this run")
	}
	if len(r.Held) > 0 {
		fmt.Fprintf(&b, "\nno violation of: %s", strings.Join(r.Held, ", "))
	}
	return b.String()
}

// Validate checks a recorded run: the model follows it step by step, and histories are checked in
// the order in which operations really began and ended. The program must have the parameters of the
// run. An error means that the recordings do not belong together, that one is missing, or that the
// model misbehaves; a run that the model does not allow is not an error.
func Validate(sys actor.Program, all []Recording) (*Report, error) {
	p, err := program.Of(sys)
	if err != nil {
		return nil, err
	}
	trace, err := Merge(all)
	if err != nil {
		return nil, err
	}
	r := &Report{Actors: len(all)}
	for _, x := range all {
		r.Uncommitted += uncommitted(x)
		for i, name := range x.Header.Actors {
			if len(x.Header.Actors) != p.Len() || p.Name(actor.ID(i)) != name {
				return nil, fmt.Errorf("the recordings have the actors %v, but the model has others: use the parameters of the run",
					x.Header.Actors)
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
		broken := func(v Violation) bool { return v.Property == name }
		if !slices.ContainsFunc(r.Violations, broken) && !slices.ContainsFunc(r.HistoryViolations, broken) {
			r.Held = append(r.Held, name)
		}
	}
	return r, nil
}

// follow lets the model follow a trace up to its first divergence.
func (r *Report) follow(p *program.Program, trace []Entry) error {
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

// events returns the history events and the crashes in a trace.
func events(trace []Entry) []program.HistoryEvent {
	var all []program.HistoryEvent
	for _, e := range trace {
		if e.Kind == actor.Restart.String() {
			all = append(all, program.HistoryEvent{Actor: e.Actor, Crashed: true})
		}
		for _, h := range e.History {
			recorded := program.Recorded{History: h.Name, Event: string(h.Event)}
			all = append(all, program.HistoryEvent{Actor: e.Actor, Recorded: recorded})
		}
	}
	return all
}
