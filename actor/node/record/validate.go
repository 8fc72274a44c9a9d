package record

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
)

// Report is what was learned of a recorded run.
type Report struct {
	Steps      int
	Actors     int // that have recorded something
	Foreign    int // messages from outside of the system
	Undone     int // entries of what a crash undid
	Divergence *program.Divergence
	Violations []program.Violation // of properties that hold always, in the states passed
	Broken     []program.Violation // histories, in the order of real time
	Kept       []string            // promises that the run has kept as far as it was followed
}

// Conforms reports whether the model allows the run, and nothing it promises was broken.
func (r *Report) Conforms() bool {
	return r.Divergence == nil && len(r.Violations) == 0 && len(r.Broken) == 0
}

// String says it in lines.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d steps of %d actors", r.Steps, r.Actors)
	if r.Foreign > 0 {
		fmt.Fprintf(&b, ", %d messages from outside", r.Foreign)
	}
	if r.Undone > 0 {
		fmt.Fprintf(&b, ", %d undone by crashes", r.Undone)
	}
	if r.Divergence != nil {
		fmt.Fprintf(&b, "\nthe model diverges at %v", r.Divergence)
	}
	for _, v := range r.Violations {
		fmt.Fprintf(&b, "\nproperty %q is violated after step %d", v.Property, v.Step)
	}
	for _, v := range r.Broken {
		fmt.Fprintf(&b, "\nhistory %q is violated in real time", v.Property)
	}
	if r.Conforms() {
		b.WriteString("\nthe run is one of the model")
	}
	if len(r.Kept) > 0 {
		fmt.Fprintf(&b, "\nit keeps its promises: %s", strings.Join(r.Kept, ", "))
	}
	return b.String()
}

// Validate follows a run through the model, and judges its histories in the order in which things happened. The program must be
// made like the one that ran. An error says that the recordings do not fit together or that the model misbehaves.
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
		r.Undone += Undone(x)
		for i, name := range x.Header.Actors {
			if len(x.Header.Actors) != p.Len() || p.Name(actor.ID(i)) != name {
				return nil, fmt.Errorf("the recordings are of actors %v, and the model has others: give it the parameters of the run", x.Header.Actors)
			}
		}
	}
	if err := r.follow(p, trace); err != nil {
		return nil, err
	}
	if r.Broken, err = p.Judge(events(trace)); err != nil {
		return nil, err
	}
	for _, name := range p.Promises() {
		broken := func(v program.Violation) bool { return v.Property == name }
		if !slices.ContainsFunc(r.Violations, broken) && !slices.ContainsFunc(r.Broken, broken) {
			r.Kept = append(r.Kept, name)
		}
	}
	return r, nil
}

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
	r.Foreign = f.External()
	r.Violations = f.Violations()
	return nil
}

// events returns the events of the histories of a trace, and the crashes.
func events(trace []Entry) []program.HistoryEvent {
	var all []program.HistoryEvent
	for _, e := range trace {
		if e.Kind == actor.Restart.String() {
			all = append(all, program.HistoryEvent{Actor: e.Actor, Crashed: true})
		}
		for _, h := range e.History {
			all = append(all, program.HistoryEvent{Actor: e.Actor, Recorded: program.Recorded{History: h.Name, Event: string(h.Event)}})
		}
	}
	return all
}
