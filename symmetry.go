package allways

import (
	"errors"
	"reflect"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/plan"
	"github.com/allways-go/allways/internal/symmetry"
)

// Symmetry renames the interchangeable parts of states so that states which differ by names alone
// become equal. Get one from [Interchangeable]; the zero value renames nothing. It is immutable and
// safe for concurrent use.
type Symmetry[S any] struct {
	plan *symmetry.Plan
}

// Interchangeable derives a representative function, as [Symmetric] asks for, for states whose
// parts are numbered by identifiers 0 to n-1 of an integer type ID that has no other use:
//
//	type RM uint8
//
//	type State struct {
//		Phase    [5]Phase `allways:"indexed=RM"` // one element for each RM
//		Prepared [5]bool  `allways:"indexed=RM"`
//		Leader   RM                              // a reference to an RM
//		Votes    map[RM]bool                     // keyed by RM
//	}
//
//	symmetry, err := allways.Interchangeable[RM, State](5)
//
// Renaming the identifiers moves the first n elements of arrays and slices whose field is tagged
// with the name of ID, and changes all values of type ID, in fields, elements, map keys and map
// values, through pointers and interfaces. A value outside 0 to n-1, such as 255 for none, stays as
// it is. For a table of pairs, tag the rows and, as a field of the row's struct, their elements. A
// tagged slice must be empty or have at least n elements: a state with another one stands for
// itself. So does a state whose memory is cyclic.
//
// Any other slice is a sequence, and so is a slice used as a set of identifiers, sorted or not:
// write a map[ID]bool or a tagged array of bools for a set. What refers to identifiers in disguise,
// as a plain int or in a string, is not seen; a state may have one type of interchangeable
// identifiers.
//
// That the model treats its identifiers alike cannot be seen in its types. A search with symmetry reduction checks it:
// it compares states with their representatives, all reachable states of a model of up to 100,000, and a sample of a
// larger one. A difference is a [*ModelError] of the kind [ErrorSymmetry].
//
// The error is a [*ModelError] that names the field: a tag that is misspelt, names another type or
// sits on a field that is neither array nor slice, an array with fewer than n elements, a type that
// cannot number n identifiers, or a state type in which nothing is interchangeable.
func Interchangeable[
	ID ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64, S any,
](n int) (*Symmetry[S], error) {
	if _, err := plan.For[S](); err != nil {
		return nil, &ModelError{Kind: ErrorType, Where: "the state type", Message: err.Error()}
	}
	p, err := symmetry.Compile(reflect.TypeFor[S](), reflect.TypeFor[ID](), n)
	if err != nil {
		e := &ModelError{Kind: ErrorDeclaration, Where: "Interchangeable", Message: err.Error()}
		if d, ok := errors.AsType[*symmetry.DeclarationError](err); ok {
			e.Where, e.Message = d.Path, d.Reason
		}
		return nil, e
	}
	return &Symmetry[S]{plan: p}, nil
}

// Representative returns the renaming of s whose identifiers are sorted by content. It is
// idempotent, and depends on s alone. It never changes s or memory reachable from it; the result
// may share memory with s.
//
// Permutations are not tried out, since there are n! of them. Identifiers are distinguished by what
// belongs to them, then by what refers to them and by what they refer to, and so on. Therefore all
// renamings of s have the same representative when identifiers do not refer to each other, and in
// practice nearly always when they do. Where they refer to each other so regularly that no
// identifier stands out although they do not all play the same part, an orbit may keep several
// representatives. The search then visits more states than necessary, and loses none. Hashes help
// to distinguish identifiers, and a collision has the same effect.
//
// It panics when an interface holds a type whose tags [Interchangeable] would refuse.
func (y *Symmetry[S]) Representative(s S) S {
	if y == nil || y.plan == nil {
		return s
	}
	if y.plan.Sorted() {
		y.plan.Sort(unsafe.Pointer(&s))
		return s
	}
	return y.rename(s)
}

// rename is the general case, apart from Representative so that only here the state moves to the
// heap.
func (y *Symmetry[S]) rename(s S) S {
	named := s
	if !y.plan.Rename(unsafe.Pointer(&named)) {
		return s
	}
	return named
}

// lost notes that a path which representatives show is no run of the model. Without symmetry reduction the path
// may merely be too long to find again.
func (r *run) lost(property int) {
	if r.Symmetry && r.out.Misbehaviour == nil {
		r.out.Misbehaviour = modelError(r.model.LostTrail(property))
	}
}

// checkSymmetry looks for states whose representatives may not stand for them: on the paths of findings, and after
// a complete search, which would conclude from representatives that properties hold, among all reachable states.
func (r *run) checkSymmetry() {
	c, ok := r.space.(gospace.SymmetryChecker)
	if !ok || !r.Symmetry || r.out.Misbehaviour != nil {
		return
	}
	r.enterPhase("symmetry")
	err := aside(func() error {
		for _, p := range r.out.paths {
			if p == nil {
				continue
			}
			if err := c.CheckAlong(p); err != nil {
				return err
			}
		}
		if !r.ledger.complete() {
			return nil
		}
		return c.CheckSymmetry(r.out.Stats.Distinct, func() bool { return r.budget.Ended() != engine.StopReasonNone })
	})
	if m, ok := errors.AsType[*ModelError](err); ok {
		r.out.Misbehaviour = m
	}
}
