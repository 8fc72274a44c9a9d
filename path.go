package allways

import (
	"iter"

	"github.com/allways-go/allways/internal/gospace"
)

// Path is a run of a model: an initial state and the steps that follow it, possibly ending in a
// cycle. Every Path was made by running the model, so it is a real run. It is immutable and safe
// for concurrent use.
type Path[S, A any] struct {
	p *gospace.Path
}

// typedPath gives a path its types; nil stays nil.
func typedPath[S, A any](p *gospace.Path) *Path[S, A] {
	if p == nil {
		return nil
	}
	return &Path[S, A]{p}
}

// Change is a part that differs between two states. Before or After is empty when an element was
// added or removed.
type Change struct {
	Path   string // such as `Nodes[2].Term` or `Votes["a"]`; "." for a state without parts, such as a number
	Before string
	After  string
}

// Step is one step of a path.
type Step[S, A any] struct {
	Before S        // state in which the step begins
	Action A        // action of the step
	After  S        // state in which it ends
	Index  int      // index of the action among those enabled in Before; negative if it is only supposed
	Name   string   // name under which the action is counted
	Text   string   // the action on one line
	Note   string   // account of the step by the model's FormatStep; may be empty
	Diff   []Change // changes as the model's Changes reports them, else all fields that differ
}

// Len returns the number of steps.
func (p *Path[S, A]) Len() int { return p.p.Len() }

// Last returns the final state; for a lasso it equals the state at Loop.
func (p *Path[S, A]) Last() S { return *(*S)(p.p.Last()) }

// InitIndex returns the index of the first state among the model's initial states.
func (p *Path[S, A]) InitIndex() int { return p.p.InitIndex() }

// Loop returns the index of the state to which a lasso's last step returns; ok is false when the
// path is no lasso.
func (p *Path[S, A]) Loop() (start int, ok bool) { return p.p.Loop() }

// Supposed returns the number of the first step, from 1, that [Stepper.Suppose] made; 0 without one.
func (p *Path[S, A]) Supposed() int { return gospace.Supposed(p.p) }

// First returns the first steps of the path, without its cycle.
func (p *Path[S, A]) First(steps int) *Path[S, A] { return typedPath[S, A](gospace.First(p.p, steps)) }

// States iterates over the states and their positions, the initial state at 0.
func (p *Path[S, A]) States() iter.Seq2[int, S] {
	return func(yield func(int, S) bool) {
		for i := range p.Len() + 1 {
			if !yield(i, *(*S)(p.p.State(i))) {
				return
			}
		}
	}
}

// Steps iterates over the steps and their positions, the first at 0.
func (p *Path[S, A]) Steps() iter.Seq2[int, Step[S, A]] {
	return func(yield func(int, Step[S, A]) bool) {
		for i := range p.Len() {
			if !yield(i, p.Step(i)) {
				return
			}
		}
	}
}

// Step returns the i-th step, the first at 0.
func (p *Path[S, A]) Step(i int) Step[S, A] {
	var s gospace.Step
	if err := aside(func() error { s = p.p.Step(i); return nil }); err != nil {
		s.Index, s.Text = -1, "("+err.Error()+")"
	}
	return Step[S, A]{
		Before: *(*S)(p.p.State(i)), Action: *(*A)(p.p.Action(i)), After: *(*S)(p.p.State(i + 1)),
		Index: s.Index, Name: s.Name, Text: s.Text, Note: s.Note,
		Diff: convertChanges[gospace.Change, Change](s.Changes),
	}
}

// Actions returns the actions of the steps in a fresh slice.
func (p *Path[S, A]) Actions() []A {
	out := make([]A, p.Len())
	for i := range out {
		out[i] = *(*A)(p.p.Action(i))
	}
	return out
}

// Transitions returns the actions enabled in the last state, as [Stepper.Transitions] does.
func (p *Path[S, A]) Transitions() ([]Transition[S, A], error) {
	return typedTransitions[S, A](p.p.Transitions)
}

// ActionText returns the text of the i-th action.
func (p *Path[S, A]) ActionText(i int) string {
	return asideText(func() string { return p.p.ActionText(i) })
}

// StateText returns the text of the i-th state.
func (p *Path[S, A]) StateText(i int) string {
	return asideText(func() string { return p.p.StateText(i) })
}

// StateJSON returns the i-th state as JSON, unexported fields included.
func (p *Path[S, A]) StateJSON(i int) []byte { return p.p.StateJSON(i) }

// Diagram returns the drawing that the model's Diagram method makes of the path, or "" if it has
// none.
func (p *Path[S, A]) Diagram() string { return asideText(p.p.Diagram) }

// Encode returns a short stable string from which [Stepper.ParsePath] makes the same path again:
// the index of the initial state and of each action, such as "0:3.1.4", and for a lasso the state
// it returns to, such as "0:3.1.4@1".
func (p *Path[S, A]) Encode() string { return p.p.Encode() }

// String renders the path for people, an action a line with the parts that it changed.
func (p *Path[S, A]) String() string { return asideText(p.p.String) }

// convertChanges converts between the two forms of a change.
func convertChanges[From, To interface {
	~struct{ Path, Before, After string }
}](in []From) []To {
	out := make([]To, len(in))
	for i, c := range in {
		out[i] = To(c)
	}
	return out
}

func typedPaths[S, A any](list func() ([]*gospace.Path, error)) ([]*Path[S, A], error) {
	var paths []*gospace.Path
	err := aside(func() (err error) {
		paths, err = list()
		return err
	})
	if err != nil {
		return nil, err
	}
	var out []*Path[S, A]
	for _, p := range paths {
		out = append(out, typedPath[S, A](p))
	}
	return out, nil
}
