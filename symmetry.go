package allways

import (
	"errors"
	"reflect"
	"time"
	"unsafe"

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

// Integer is any type of integers. Identifiers are of a declared one.
type Integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

// Identifiers is a type of identifiers with their number; see [And].
type Identifiers struct{ kind symmetry.Kind }

// And declares identifiers of a second type, or a third, to [Interchangeable]: those from 0 to n-1.
func And[ID Integer](n int) Identifiers {
	return Identifiers{symmetry.Kind{Type: reflect.TypeFor[ID](), N: n}}
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
// as a plain int, in a string or as a bit of a mask, is not seen.
//
// A state may have several types of identifiers, each interchangeable on its own, such as acceptors and values.
// They are declared together, with [And], and may be nested in any way: an array indexed by the one may hold the
// other, as keys or in arrays indexed by it.
//
//	symmetry, err := allways.Interchangeable[Acceptor, State](3, allways.And[Value](2))
//
// Declared one by one they do not compose: the representative by the one kind of a representative by the other is
// in general no representative by both.
//
// That the model treats its identifiers alike cannot be seen in its types. A search with symmetry reduction checks it:
// it compares states with their representatives, all reachable states of a model of up to 100,000, and a sample of a
// larger one. A difference is a [*ModelError] of the kind [ErrorSymmetry].
//
// The error is a [*ModelError] that names the field: a tag that is misspelt, names another type or
// sits on a field that is neither array nor slice, an array with fewer than n elements, a type that
// cannot number n identifiers, or a state type in which nothing is interchangeable.
func Interchangeable[ID Integer, S any](n int, more ...Identifiers) (*Symmetry[S], error) {
	if _, err := plan.For[S](); err != nil {
		return nil, &ModelError{Kind: ErrorType, Where: "the state type", Message: err.Error()}
	}
	kinds := []symmetry.Kind{And[ID](n).kind}
	for _, m := range more {
		kinds = append(kinds, m.kind)
	}
	p, err := symmetry.Compile(reflect.TypeFor[S](), kinds...)
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
// All renamings of s have the same representative. Permutations are not tried out, since there are n! of them.
// Identifiers are distinguished by what belongs to them, then by what refers to them and by what they refer to, and
// so on. Only where they refer to each other so regularly that none stands out are several tried in turn.
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

// lost notes that what a search has found is no run of the model: representatives do not stand for the states that
// they should, or the model does not do the same twice.
func (r *run) lost(property int) {
	if r.out.Misbehaviour != nil {
		return
	}
	if !r.Symmetry {
		if r.Store != StoreFingerprints { // a trail of fingerprints may be wrong by chance
			r.out.Misbehaviour = modelError(r.model.Unrepeated(property))
		}
		return
	}
	if r.Store == StoreFingerprints { // two states with one fingerprint may be the reason, and symmetry none
		r.suspect = true
		p := &r.out.Properties[property]
		p.Verdict = Inconclusive
		p.Reason = "the path could not be found again; two states may have one fingerprint: use the exact store"
		return
	}
	r.out.Misbehaviour = modelError(r.model.LostTrail(property))
}

// checkSymmetry looks for states whose representatives may not stand for them: on the paths of findings, and after
// a complete search, which would conclude from representatives that properties hold, among all reachable states.
func (r *run) checkSymmetry() {
	c, ok := r.space.(gospace.SymmetryChecker)
	if !ok || !r.Symmetry || r.out.Misbehaviour != nil {
		return
	}
	r.enterPhase("symmetry")
	began := time.Now()
	defer func() { r.out.Stats.Symmetry = time.Since(began) }()
	done := true
	err := r.afterwards(func() (err error) {
		for _, p := range r.out.paths {
			if err == nil && p != nil {
				err = c.CheckAlong(p)
			}
		}
		if err == nil && (r.ledger.complete() || r.suspect) {
			done, err = c.CheckSymmetry(r.out.Stats.Distinct, r.Workers, r.budget)
		}
		return err
	})
	if m, ok := errors.AsType[*ModelError](err); ok {
		r.out.Misbehaviour = m
	} else if reason := stopReasons[r.budget.Ended()]; !done {
		if reason == StopReasonNone {
			reason = StopReasonMemory // it does not end the run
		}
		r.unproven(reason)
	}
}

// unproven takes back what representatives alone show, since the run ended while they were checked.
func (r *run) unproven(reason StopReason) {
	r.cut(reason, "symmetry")
	for i := range r.out.Properties {
		p := &r.out.Properties[i]
		if r.out.paths[i] == nil && p.Verdict != Inconclusive {
			p.Verdict, p.Within = Inconclusive, false
			p.Reason = string(reason) + ", while states were compared with their representatives"
		}
	}
}
