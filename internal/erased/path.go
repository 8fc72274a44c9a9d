package erased

import (
	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/trace"
)

// Path is an [allways.Path] without types. It is immutable and safe for concurrent use.
type Path struct {
	textPath
	t typedPath
}

// textPath are the methods of [allways.Path] that need no types.
type textPath interface {
	// Len returns the number of steps.
	Len() int
	// InitIndex returns the index of the first state among the model's initial states.
	InitIndex() int
	// Loop returns the index of the state to which a lasso's last step returns; ok is false when the path is no lasso.
	Loop() (start int, ok bool)
	// StateText returns the text of the i-th state.
	StateText(i int) string
	// StateJSON returns the i-th state as JSON.
	StateJSON(i int) []byte
	// ActionText returns the text of the i-th action.
	ActionText(i int) string
	// Diagram returns the drawing that the model's Diagram method makes of the path, or "" if it has none.
	Diagram() string
	// Encode returns a short stable string from which [Model.ParsePath] makes the same path again.
	Encode() string
	// String renders the path for people.
	String() string
}

// typedPath is what needs the types of a path.
type typedPath interface {
	value() any
	step(i int) Step
	transitions() ([]Transition, error)
	extend(index int) (*Path, error)
	extendByText(text string, hint int) (*Path, error)
	closeLoop(start int) (*Path, error)
	evaluate(property string) (allways.Verdict, error)
	file(h trace.Header) trace.File
	sequence() *diagram.Sequence
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

// Step returns the i-th step.
func (p *Path) Step(i int) Step { return p.t.step(i) }

// Transitions returns the actions enabled in the last state.
func (p *Path) Transitions() ([]Transition, error) { return p.t.transitions() }

// Extend returns the path with one more step, the enabled action with an index.
func (p *Path) Extend(index int) (*Path, error) { return p.t.extend(index) }

// ExtendByText returns the path with one more step; see [allways.Stepper.ExtendByText].
func (p *Path) ExtendByText(text string, hint int) (*Path, error) {
	return p.t.extendByText(text, hint)
}

// CloseLoop returns the path as a lasso; see [allways.Stepper.CloseLoop].
func (p *Path) CloseLoop(start int) (*Path, error) { return p.t.closeLoop(start) }

// Evaluate says what the path shows about a property; see [allways.Stepper.Evaluate].
func (p *Path) Evaluate(property string) (allways.Verdict, error) { return p.t.evaluate(property) }

// Trace returns what to store of the path.
func (p *Path) Trace(h trace.Header) trace.File { return p.t.file(h) }

// Sequence returns the sequence diagram that the model's Sequence method makes of the path, as systems of actors do; nil
// without such a method.
func (p *Path) Sequence() *diagram.Sequence { return p.t.sequence() }

// Typed returns the [*allways.Path].
func (p *Path) Typed() any { return p.t.value() }
