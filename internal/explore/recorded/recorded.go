// Package recorded lays a run of real processes beside a path of its model: which step of the path each recorded
// event is, how far the path follows the run, and what the model could have done where the two part.
package recorded

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/allways-go/allways/internal/erased"
)

// MaxEvents bounds the events of a run that are kept, and with them the path and its states.
const MaxEvents = 100_000

// Run is a run of real processes as a model follows it.
type Run struct {
	Name       string      // name of the place that it comes from
	Events     []Event     // events in an order that fits their causes; no more than MaxEvents
	Total      int         // number of events of the run
	Followed   int         // number of events that the model can do
	Divergence *Divergence // first event that it cannot do; nil if it can do all
	Broken     []string    // promises that the run breaks, with where
	Notes      []string    // sentences about what is not known or not covered
}

// Event is a step that an actor has recorded.
type Event struct {
	Actor string
	Time  time.Time
	Text  string
	Steps []Step // steps of the model; empty without effect, and after a divergence
}

// Step is a step of the model.
type Step struct {
	Text   string // as paths write it
	Again  bool   // it delivers a message once more, so that there must have been a copy of it
	Beyond string // why no path has the step; "" for all others
}

// Divergence is the first event that the model cannot do.
type Divergence struct {
	Event    int    // its index
	Text     string // the event in the words of the model
	Reason   string
	Expected []string // steps of the actor that the model allows there
}

// Aligned is a run beside a path.
type Aligned struct {
	*Run
	Path  *erased.Path
	At    []int        // for each event, the number of steps of the path up to it; as long as the path follows
	Cut   string       // why the path ends before the run or its divergence; "" if it does not
	After *erased.Path // the path with the diverging event as the model does it; nil if the model cannot do it
	Near  []Near       // steps enabled at a divergence, the nearest to what was recorded first
}

// Near is a step that was enabled.
type Near struct {
	Index    int
	Text     string
	Expected bool // it is a step of the actor that did something else
}

// Align makes the path that follows a run.
func Align(m *erased.Model, r *Run) (*Aligned, error) {
	p, err := m.Start(0)
	if err != nil {
		return nil, err
	}
	a := &Aligned{Run: r, Path: p}
	for i, copies := range r.copies() {
		e := &r.Events[i]
		if d := r.Divergence; d != nil && i == d.Event {
			return a, a.diverge(e, copies)
		}
		if a.Cut = beyond(e); a.Cut == "" {
			p, a.Cut = follow(a.Path, e, copies)
		}
		if a.Cut != "" {
			a.Cut = fmt.Sprintf("the path ends before event %d: %s", i+1, a.Cut)
			return a, nil
		}
		a.Path, a.At = p, append(a.At, p.Len())
	}
	if r.Total > len(r.Events) {
		a.Cut = fmt.Sprintf("the path ends after %d events; the others were followed without being kept", len(r.Events))
	}
	return a, nil
}

// diverge fills in what there is to say where the run leaves the path.
func (a *Aligned) diverge(e *Event, copies []bool) error {
	if len(e.Steps) > 0 && beyond(e) == "" {
		if p, cut := follow(a.Path, e, copies); cut == "" {
			a.After = p
		}
	}
	enabled, err := a.Path.Transitions()
	if err != nil {
		return err
	}
	for _, t := range enabled {
		if t.Effect {
			a.Near = append(a.Near, Near{t.Index, t.Text, slices.Contains(a.Divergence.Expected, t.Text)})
		}
	}
	nearest(a.Near, a.Divergence.Text)
	return nil
}

// beyond returns why no path has an event; "" if one may have it.
func beyond(e *Event) string {
	for _, st := range e.Steps {
		if st.Beyond != "" {
			return st.Beyond
		}
	}
	return ""
}

// copies says for each event and each of its steps whether the message that it delivers is delivered again later, so
// that it must be copied before.
func (r *Run) copies() [][]bool {
	type place struct{ event, step int }
	all := make([][]bool, len(r.Events))
	last := map[string]place{}
	for i, e := range r.Events {
		all[i] = make([]bool, len(e.Steps))
		for k, st := range e.Steps {
			if before, ok := last[st.Text]; ok && st.Again {
				all[before.event][before.step] = true
			}
			last[st.Text] = place{i, k}
		}
	}
	return all
}

// follow returns a path with the steps of an event. cut says why there is not one.
func follow(p *erased.Path, e *Event, copies []bool) (q *erased.Path, cut string) {
	var err error
	for k, st := range e.Steps {
		if copies[k] {
			if p, err = take(p, "duplicate "+st.Text); err != nil {
				return nil, err.Error()
			}
		}
		if p, err = take(p, st.Text); err != nil {
			return nil, err.Error()
		}
	}
	return p, ""
}

// take returns a path with one more step, which is enabled or lies beyond the limits of the model.
func take(p *erased.Path, text string) (*erased.Path, error) {
	q, err := p.ExtendByText(text, -1)
	if err == nil {
		return q, nil
	}
	for _, x := range erased.Suppositions(p, math.MaxInt) {
		if x.Text == text {
			return erased.Suppose(p, x.Number)
		}
	}
	return nil, err
}
