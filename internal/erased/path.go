package erased

import (
	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/internal/pathtext"
	"github.com/allways-go/allways/trace"
)

// Path is an [allways.Path] without types. It is immutable and safe for concurrent use.
type Path struct {
	m *Model
	p *allways.Path[state, action]
}

// path forgets the types of a path; nil stays nil.
func (m *Model) path(p *allways.Path[state, action]) *Path {
	if p == nil {
		return nil
	}
	return &Path{m, p}
}

// Step is a step of a path in words; see [allways.Step].
type Step struct {
	Index int
	Name  string
	Text  string
	Note  string
	Diff  []allways.Change
}

// Transition is an enabled action in words; see [allways.Transition].
type Transition struct {
	Index    int
	Name     string
	Text     string
	Effect   bool
	Within   bool
	SelfLoop bool
	Err      error
}

// Len returns the number of steps.
func (p *Path) Len() int { return p.p.Len() }

// InitIndex returns the index of the first state among the model's initial states.
func (p *Path) InitIndex() int { return p.p.InitIndex() }

// Loop returns the index of the state to which a lasso's last step returns; ok is false when the
// path is no lasso.
func (p *Path) Loop() (start int, ok bool) { return p.p.Loop() }

// StateText returns the text of the i-th state.
func (p *Path) StateText(i int) string { return p.p.StateText(i) }

// ActionText returns the text of the i-th action.
func (p *Path) ActionText(i int) string { return p.p.ActionText(i) }

// Diagram returns the drawing that the model's Diagram method makes of the path, or "" if it has
// none.
func (p *Path) Diagram() string { return p.p.Diagram() }

// Encode returns a short stable string from which [Model.ParsePath] makes the same path again.
func (p *Path) Encode() string { return p.p.Encode() }

// String renders the path for people.
func (p *Path) String() string { return p.p.String() }

// Run returns the path as it is written for people.
func (p *Path) Run() pathtext.Run {
	loop, ok := p.Loop()
	if !ok {
		loop = -1
	}
	return pathtext.Run{Init: p.StateText(0), Len: p.Len(), Loop: loop, Step: func(i int) pathtext.Step {
		st := p.Step(i)
		changes := make([]pathtext.Change, len(st.Diff))
		for k, c := range st.Diff {
			changes[k] = pathtext.Change(c)
		}
		return pathtext.Step{Number: i + 1, Text: st.Text, Note: st.Note, Changes: changes}
	}}
}

// Step returns the i-th step.
func (p *Path) Step(i int) Step {
	s := p.p.Step(i)
	return Step{s.Index, s.Name, s.Text, s.Note, s.Diff}
}

// Transitions returns the actions enabled in the last state.
func (p *Path) Transitions() ([]Transition, error) {
	enabled, err := p.p.Transitions()
	out := make([]Transition, len(enabled))
	for i, t := range enabled {
		out[i] = Transition{t.Index, t.Name, t.Text, t.Effect, t.Within, t.SelfLoop, t.Err}
	}
	return out, err
}

// Extend returns the path with one more step, the enabled action with an index.
func (p *Path) Extend(index int) (*Path, error) { return p.m.made(p.m.stepper.Extend(p.p, index)) }

// Successors returns the paths that go one step further, inside the boundary.
func (p *Path) Successors() ([]*Path, error) {
	all, err := p.m.stepper.Successors(p.p)
	out := make([]*Path, len(all))
	for i, q := range all {
		out[i] = p.m.path(q)
	}
	return out, err
}

// ExtendByText returns the path with one more step; see [allways.Stepper.ExtendByText].
func (p *Path) ExtendByText(text string, hint int) (*Path, error) {
	return p.m.made(p.m.stepper.ExtendByText(p.p, text, hint))
}

// CloseLoop returns the path as a lasso; see [allways.Stepper.CloseLoop].
func (p *Path) CloseLoop(start int) (*Path, error) {
	return p.m.made(p.m.stepper.CloseLoop(p.p, start))
}

// Evaluate says what the path shows about a property; see [allways.Stepper.Evaluate].
func (p *Path) Evaluate(property string) (allways.Verdict, error) {
	return p.m.stepper.Evaluate(p.p, property)
}

// Abstract says where the path breaks a refinement; see [allways.Stepper.Abstract].
func Abstract(p *Path, property string) (*allways.AbstractStep, error) {
	return p.m.stepper.Abstract(p.p, property)
}

// Holds reports whether the i-th state satisfies a property; see [allways.Stepper.Holds].
func (p *Path) Holds(i int, property string) (bool, error) {
	return p.m.stepper.Holds(p.p, i, property)
}

// Trace returns what to store of the path.
func (p *Path) Trace(h trace.Header) trace.File { return trace.New(p.p, h) }

// Sequence returns the sequence diagram that the model's Sequence method makes of the path, as
// systems of actors do; nil without such a method.
func (p *Path) Sequence() *diagram.Sequence { return p.m.typed.sequence(p.p) }

// Typed returns the [*allways.Path] with the model's types.
func (p *Path) Typed() any { return p.m.typed.path(p.p) }
