package allways

import (
	"slices"
	"strings"
	"unsafe"

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

// abstracted is the code of a model, as far as it knows of abstract ones.
type abstracted interface {
	abstraction(i int) *refine.Abstraction
	abstractions() []*refine.Abstraction
}

// abstraction returns the abstract model that the i-th property of a model refines, or nil if it refines none.
func abstraction(c *gospace.Model, i int) *refine.Abstraction {
	return c.Code.(abstracted).abstraction(i)
}

// abstractions returns all abstract models of the properties of a model, each once.
func abstractions(c *gospace.Model) []*refine.Abstraction { return c.Code.(abstracted).abstractions() }

func (c *code[S, A]) abstraction(i int) *refine.Abstraction { return c.refined[i] }

func (c *code[S, A]) abstractions() []*refine.Abstraction {
	refined := slices.DeleteFunc(slices.Clone(c.refined), func(x *refine.Abstraction) bool { return x == nil })
	return append(refined, c.mapped...)
}
