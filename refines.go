package allways

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/refine"
	"github.com/allways-go/allways/internal/usercode"
)

// Refines promises that the model does what an abstract one allows. The map, a refinement mapping, says which
// abstract state a state stands for. Every initial state must map to an initial one of the abstract model, and
// every step between reachable states to one of its steps, or to no change. So every run of the model, seen
// through the map, is a run of the abstract model in which it may also rest, and what always holds there holds
// here, too. A counterexample is a shortest path to a step that is not one; see [PropertyResult.Abstract].
//
// Refines says nothing of what must happen at last: a model that rests forever refines every other. [Mapped] asks
// for the promises of the abstract model.
//
// The abstract model is a plain model, small or large: no more than the states to which the map leads are looked
// at, while the model is searched. Its boundary is not looked at, since that limits what is checked and not what
// may happen, and its properties are not checked: check it on its own. The map must be a pure function, as all
// methods of a model. With symmetry reduction it must not tell apart what the representatives do not: see
// [Interchangeable].
func Refines[S, T, B any](name string, abstract Model[T, B], to func(S) T) Property[S] {
	p := Property[S]{name: name, kind: KindRefinement}
	p.refines = refinementOf(abstract, to)
	return p
}

// refinement is an abstract model and a map to its states, without their types.
type refinement struct {
	model func() (*gospace.Model, error)
	to    func(dst, s unsafe.Pointer)
}

func refinementOf[S, T, B any](abstract Model[T, B], to func(S) T) *refinement {
	r := &refinement{model: func() (*gospace.Model, error) {
		src, bound, err := sourceOf(abstract)
		if err != nil {
			return nil, err
		}
		src.Code = withoutProperties{src.Code}
		return compiled(src, bound)
	}}
	if to != nil {
		r.to = func(dst, s unsafe.Pointer) { *(*T)(dst) = to(*(*S)(s)) }
	}
	return r
}

// withoutProperties is the code of an abstract model, whose properties are not its own.
type withoutProperties struct{ gospace.Code }

// Properties implements [gospace.Code].
func (withoutProperties) Properties() []gospace.Property { return nil }

// abstraction compiles the abstract model.
func (r *refinement) abstraction() (x *refine.Abstraction, wrong string) {
	if r.to == nil {
		return nil, "has no map to abstract states: pass a function"
	}
	m, err := r.model()
	if err == nil {
		failure := usercode.Run("the abstract model", func() { x, err = refine.New(m, r.to) })
		if failure != nil {
			err = failure
		}
	}
	if err != nil {
		return nil, unusable(err)
	}
	return x, ""
}

func unusable(err error) string {
	return "has an abstract model that cannot be used: " + strings.TrimPrefix(err.Error(), "model: ")
}

// compile completes the property of a refinement.
func (r *refinement) compile(out *gospace.Property) *refine.Abstraction {
	x, wrong := r.abstraction()
	if wrong != "" {
		out.Wrong = wrong
		return nil
	}
	out.State = x.Begins
	out.Step = func(before, _, after unsafe.Pointer) bool { return x.Follows(before, after) }
	return x
}

// abstraction returns the abstract model of the i-th property of a model, or nil if it has none.
func abstraction(c *gospace.Model, i int) *refine.Abstraction {
	return c.Code.(interface {
		abstraction(i int) *refine.Abstraction
	}).abstraction(i)
}

func (c *code[S, A]) abstraction(i int) *refine.Abstraction { return c.refined[i] }

// holdAbstractions counts the memory of abstract models as that of the run.
func (r *run) holdAbstractions() {
	for i := range r.model.Promises {
		if x := abstraction(r.model, i); x != nil {
			if r.MaxMemory > 0 {
				x.Bound(r.MaxMemory / 16)
			}
			r.budget.Hold(x)
		}
	}
}

// symmetricInits refuses a map that makes of an initial state another thing than of its representative: of all
// initial states, a reduced search sees the representatives only.
func symmetricInits(c *gospace.Model) error {
	if c.Representative == nil {
		return nil // a system of actors has one initial state
	}
	inits, err := c.Init()
	if err != nil {
		return err
	}
	for i := range c.Promises {
		x := abstraction(c, i)
		for _, s := range inits {
			if x == nil {
				break
			}
			r, same := reflect.New(c.State).UnsafePointer(), true
			err := usercode.Run("the map of a refinement", func() {
				c.Representative(r, s)
				same = x.Begins(s) == x.Begins(r)
			})
			switch {
			case err != nil:
				return err
			case !same:
				return &engine.Misbehaviour{
					Kind: engine.ErrorSymmetry, Where: fmt.Sprintf("property %q", c.Props[i].Name), Act: -1,
					Message: "of an initial state and its representative, one maps to an initial state of the abstract " +
						"model, and the other does not",
					State: c.StateText(s),
				}
			}
		}
	}
	return nil
}

// AbstractStep is what the abstract model says of the place where a path breaks a [Refines].
type AbstractStep struct {
	Step    int              // number of the step, from 1; 0 if the path begins in a state that maps to no initial one
	Before  string           // text of the abstract state before the step; empty without a step
	After   string           // text of the abstract state to which the step leads, or the path begins
	Diff    []Change         // difference between the two
	Enabled []AbstractAction // actions that the abstract model has there, or its initial states, nearest first
}

// AbstractAction is an action of an abstract model, or one of its initial states.
type AbstractAction struct {
	Text string   // the action on one line, or the initial state
	Diff []Change // difference from the state to which it leads to the one that was met
}

// String describes the place in some lines of text, without a margin.
func (a *AbstractStep) String() string {
	var b strings.Builder
	switch {
	case a.Step == 0:
		fmt.Fprintf(&b, "the first state maps to\n  %s\n", a.After)
		b.WriteString("which is no initial state of the abstract model; nearest first, it has\n")
	case len(a.Enabled) == 0:
		fmt.Fprintf(&b, "step %d maps to\n  from  %s\n  to    %s\n", a.Step, a.Before, a.After)
		b.WriteString("which is no step of the abstract model: it has none there\n")
	default:
		fmt.Fprintf(&b, "step %d maps to\n  from  %s\n  to    %s\n", a.Step, a.Before, a.After)
		b.WriteString("which is no step of the abstract model; nearest first, it has\n")
	}
	const shown = 5
	for i, x := range a.Enabled {
		if i == shown {
			fmt.Fprintf(&b, "  and %d more\n", len(a.Enabled)-shown)
			break
		}
		fmt.Fprintf(&b, "  %s\n", x.Text)
		for _, c := range x.Diff {
			fmt.Fprintf(&b, "      %s would be %s, not %s\n", c.Path, orNothing(c.Before), orNothing(c.After))
		}
	}
	return b.String()
}

func orNothing(s string) string {
	if s == "" {
		return "absent"
	}
	return s
}

// Abstract says where a path breaks a [Refines] first, as [PropertyResult.Abstract] does. It returns nil if the path
// does not break it, or if the property is another one.
func (t *Stepper[S, A]) Abstract(p *Path[S, A], property string) (a *AbstractStep, err error) {
	i := slices.IndexFunc(t.c.Props[:t.c.Promises], func(q gospace.Property) bool { return q.Name == property })
	if i < 0 || abstraction(t.c, i) == nil {
		return nil, nil
	}
	err = aside(func() (err error) {
		a, err = explained(t.c, i, p.p)
		return err
	})
	return a, err
}

// abstractStep says where a path breaks the i-th property.
func (r *run) abstractStep(i int, p *gospace.Path) (a *AbstractStep) {
	err := r.aside(func() (err error) {
		a, err = explained(r.model, i, p)
		return err
	}, nil)
	if err != nil {
		return nil
	}
	return a
}

func explained(c *gospace.Model, i int, p *gospace.Path) (*AbstractStep, error) {
	var s *refine.Sight
	err := usercode.Run("the abstract model", func() { s = abstraction(c, i).Explain(p) })
	if err != nil {
		return nil, err
	}
	return abstractStepOf(s), nil
}

func abstractStepOf(s *refine.Sight) *AbstractStep {
	if s == nil {
		return nil
	}
	a := &AbstractStep{
		Step: s.Step, Before: s.Before, After: s.After, Diff: convertChanges[gospace.Change, Change](s.Changes),
	}
	for _, c := range s.Enabled {
		a.Enabled = append(a.Enabled, AbstractAction{c.Text, convertChanges[gospace.Change, Change](c.Changes)})
	}
	return a
}
