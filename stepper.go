package allways

import (
	"unsafe"

	"github.com/allways-go/allways/internal/gospace"
)

// Stepper runs a model by hand, without a checker: what is enabled, what a step leads to, and paths
// made of steps. It gives the model the same canonical states as the checker does. It is immutable
// and safe for concurrent use.
//
// A path keeps the model that made it, and the methods that take a path run that model. So pass only
// paths of the model of the Stepper, such as those of its results: a path of another model, or of
// one with other parameters, is not refused.
type Stepper[S, A any] struct {
	c *gospace.Model
}

// Transition is an action that is enabled in a state, with what it leads to.
type Transition[S, A any] struct {
	Action   A      // the action
	Index    int    // index among the actions of the state
	Name     string // name under which the action is counted
	Text     string // the action on one line
	Next     S      // the successor; the state itself when there is no effect
	Effect   bool   // false when Next reported that the action has no effect
	Within   bool   // the successor is inside the boundary
	SelfLoop bool   // the successor equals the state
	Err      error  // a [*ModelError] when Next or Within panicked; there is no effect then
}

// NewStepper compiles a model for stepping by hand. The error is a [*ModelError].
func NewStepper[S, A any](m Model[S, A]) (*Stepper[S, A], error) {
	c, err := compileAside(func() (*gospace.Model, error) { return compile(m) })
	if err != nil {
		return nil, err
	}
	return &Stepper[S, A]{c}, nil
}

var _ interface{ compiled() *gospace.Model } = (*Stepper[int, int])(nil)

// compiled makes a model that embeds a Stepper an untypedModel; see there.
func (t *Stepper[S, A]) compiled() *gospace.Model { return t.c }

// TypesHash returns a short hash of the structure of the model's state and action types. It changes
// when a field is added, renamed or retyped, and tells stored traces of another version apart.
func (t *Stepper[S, A]) TypesHash() string { return t.c.TypesHash() }

// Properties returns the model's properties.
func (t *Stepper[S, A]) Properties() []Property[S] {
	if c, ok := t.c.Code.(*code[S, A]); ok {
		return append([]Property[S](nil), c.props...)
	}
	out := make([]Property[S], t.c.Promises) // of an untypedModel, without predicates
	for i := range out {
		out[i] = Property[S]{name: t.c.Props[i].Name, kind: PropertyKind(t.c.Props[i].Kind)}
	}
	return out
}

// Optional returns the names of the optional methods that the model has, sorted.
func (t *Stepper[S, A]) Optional() []string { return append([]string(nil), t.c.Optional...) }

// Notes returns what the model says of itself; see [Annotator].
func (t *Stepper[S, A]) Notes() []string { return append([]string(nil), t.c.Noted...) }

// Init returns the initial states, those outside the boundary included.
func (t *Stepper[S, A]) Init() ([]S, error) {
	var inits []unsafe.Pointer
	err := aside(func() (err error) {
		inits, err = t.c.Init()
		return err
	})
	if err != nil {
		return nil, err
	}
	states := make([]S, len(inits))
	for i, s := range inits {
		states[i] = *(*S)(s)
	}
	return states, nil
}

// Transitions returns the actions enabled in s, in the model's order, with their successors. The
// error says that Actions panicked.
func (t *Stepper[S, A]) Transitions(s S) ([]Transition[S, A], error) {
	return typedTransitions[S, A](func() ([]*gospace.Transition, error) { return t.c.Transitions(unsafe.Pointer(&s)) })
}

func typedTransitions[S, A any](list func() ([]*gospace.Transition, error)) ([]Transition[S, A], error) {
	var enabled []*gospace.Transition
	err := aside(func() (err error) {
		enabled, err = list()
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]Transition[S, A], len(enabled))
	for i, e := range enabled {
		out[i] = Transition[S, A]{
			Action: *(*A)(e.Action), Index: e.Index, Name: e.Name, Text: e.Text, Next: *(*S)(e.Next), Effect: e.Effect,
			Within: e.Within, SelfLoop: e.SelfLoop, Err: publicError(e.Err),
		}
	}
	return out, nil
}

// Start returns the path without steps from the i-th initial state.
func (t *Stepper[S, A]) Start(i int) (*Path[S, A], error) {
	return made[S, A](func() (*gospace.Path, error) { return t.c.Start(i) })
}

// Extend returns p with one more step: the enabled action with the given index in the last state. p
// stays as it is. An action without effect, or an index that is not enabled, is a [*ReplayError]; a
// panic of Next is a [*ModelError].
func (t *Stepper[S, A]) Extend(p *Path[S, A], index int) (*Path[S, A], error) {
	return made[S, A](func() (*gospace.Path, error) { return p.p.Extend(index) })
}

// Successors returns the paths that go one step further than p, inside the boundary, in the order of
// the model's actions.
func (t *Stepper[S, A]) Successors(p *Path[S, A]) ([]*Path[S, A], error) {
	return typedPaths[S, A](p.p.Next)
}

// ExtendByText is like [Stepper.Extend] with an action named by its text, as trace files do. Where
// several enabled actions have the same text, hint is the index of the one that is meant.
func (t *Stepper[S, A]) ExtendByText(p *Path[S, A], text string, hint int) (*Path[S, A], error) {
	return made[S, A](func() (*gospace.Path, error) { return p.p.ExtendByText(text, hint) })
}

// Suppose returns p with one more step, by an action that the model need not list: what if it happened?
// Next says what it leads to. The path is then no run of the model, and shows nothing about its
// properties: see [Path.Supposed]. number is how [Path.Encode] writes the step, as in 0:3.!1.4, which
// ParsePath does not read.
func (t *Stepper[S, A]) Suppose(p *Path[S, A], a A, number int) (*Path[S, A], error) {
	return made[S, A](func() (*gospace.Path, error) { return gospace.Suppose(p.p, unsafe.Pointer(&a), number) })
}

// CloseLoop returns p as a lasso whose last state equals the state at start. It is an error if it
// does not, or if the cycle would have no step.
func (t *Stepper[S, A]) CloseLoop(p *Path[S, A], start int) (*Path[S, A], error) {
	return made[S, A](func() (*gospace.Path, error) { return p.p.CloseLoop(start) })
}

// Path returns the path that takes the given actions, compared by their text, from the i-th initial
// state.
func (t *Stepper[S, A]) Path(i int, actions ...A) (*Path[S, A], error) {
	return made[S, A](func() (*gospace.Path, error) {
		p, err := t.c.Start(i)
		for k := range actions {
			if err != nil {
				break
			}
			p, err = p.ExtendByText(t.c.ActionText(unsafe.Pointer(&actions[k])), -1)
		}
		return p, err
	})
}

// ParsePath makes the path that [Path.Encode] wrote, running the model. A path that does not fit
// the model is a [*ReplayError] that says at which step, what was expected and what is enabled
// there.
func (t *Stepper[S, A]) ParsePath(s string) (*Path[S, A], error) {
	return made[S, A](func() (*gospace.Path, error) { return t.c.ParsePath(s) })
}

// Evaluate says what a path shows about the named property: Violated if it is a counterexample,
// Holds if it is a witness of a Sometimes, Inconclusive if it shows neither. States and steps
// anywhere on the path count.
func (t *Stepper[S, A]) Evaluate(p *Path[S, A], property string) (Verdict, error) {
	v := Inconclusive
	err := aside(func() error {
		shown, err := p.p.Evaluate(property)
		v = Verdict(shown)
		return err
	})
	return v, err
}

// Holds reports whether the i-th state of p satisfies the predicate of the named property. Of a step
// property it judges the step that leads to the state, and the initial state satisfies it, unless a
// [Refines] finds that it maps to no initial one. A state that is not the end of a run satisfies a NoDeadlock.
func (t *Stepper[S, A]) Holds(p *Path[S, A], i int, property string) (holds bool, err error) {
	err = aside(func() (err error) {
		holds, err = gospace.Holds(p.p, i, property)
		return err
	})
	return holds, err
}

// made runs what makes a path, and gives the path its types.
func made[S, A any](run func() (*gospace.Path, error)) (*Path[S, A], error) {
	var p *gospace.Path
	err := aside(func() (err error) {
		p, err = run()
		return err
	})
	if err != nil {
		return nil, err
	}
	return typedPath[S, A](p), nil
}
