// Package refine sees a model through a map from its states to those of an abstract one, and decides whether its
// steps are steps of that one.
//
// A verdict that a model refines another one rests on the code of both, and on the map. Those of the concrete
// model are guarded by the search, for which what is asked here is a property of steps. The abstract model is run
// here, so it is guarded here: each time on a fresh state in canonical form, which must not have changed
// afterwards, and the first times twice.
package refine

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/plan"
)

// Abstraction is an abstract model, seen through a map from the states of another one. It is safe for concurrent
// use. Its methods let panics of user code pass, and panic with an [engine.KindError] when user code breaks the
// rules of models. States that they are given are those of the other model.
type Abstraction struct {
	model *gospace.Model
	plan  *plan.Plan
	to    func(dst, s unsafe.Pointer)
	inits []string // contents of the initial states

	pairs    memo         // whether the second of two states follows the first one
	rooms    sync.Pool    // scratch memory, *room
	mapped   atomic.Int64 // calls of the map, up to repeated
	expanded atomic.Int64 // expansions of abstract states, up to repeated
	moved    atomic.Bool
}

// repeated is how many questions are asked twice.
const repeated = 10_000

// room is scratch memory for the images of two states.
type room struct {
	state, again unsafe.Pointer
	key, other   []byte
}

// New returns the abstract model as a map shows it. The error says what is wrong with the model.
func New(m *gospace.Model, to func(dst, s unsafe.Pointer)) (*Abstraction, error) {
	if _, ok := m.Value.(engine.NativeModel); ok {
		return nil, errors.New("is a system of actors: write it as a plain model")
	}
	p, err := plan.Of(m.State)
	if err != nil {
		return nil, err
	}
	x := &Abstraction{model: m, plan: p, to: to}
	x.rooms.New = func() any { return &room{state: x.newState(), again: x.newState()} }
	x.pairs.bound.Store(maxPairs)
	if x.inits, err = x.initial(); err != nil {
		return nil, err
	}
	again, err := x.initial()
	if err == nil && !slices.Equal(x.inits, again) {
		err = errors.New("has an Init that once returned other states")
	}
	return x, err
}

func (x *Abstraction) newState() unsafe.Pointer { return reflect.New(x.model.State).UnsafePointer() }

func (x *Abstraction) initial() (contents []string, err error) {
	inits, err := x.model.Init()
	for _, s := range inits {
		contents = append(contents, x.content(s))
	}
	return contents, err
}

// fault is a broken rule of models.
type fault struct {
	kind engine.ErrorKind
	text string
}

// Error returns the text.
func (f fault) Error() string { return f.text }

// ErrorKind implements [engine.KindError].
func (f fault) ErrorKind() engine.ErrorKind { return f.kind }

// content returns the content of an abstract state.
func (x *Abstraction) content(s unsafe.Pointer) string {
	c, err := x.plan.Content(s)
	if err != nil {
		panic(fault{engine.ErrorValue, err.Error()})
	}
	return c
}

// image appends the content of the abstract state that a state maps to.
func (x *Abstraction) image(r *room, dst []byte, s unsafe.Pointer) []byte {
	x.to(r.state, s)
	out, err := x.plan.Append(dst, r.state)
	if err != nil {
		panic(fault{engine.ErrorValue, err.Error()})
	}
	if !first(&x.mapped) {
		return out
	}
	x.to(r.again, s)
	if r.other, err = x.plan.Append(r.other[:0], r.again); err != nil || !bytes.Equal(r.other, out[len(dst):]) {
		panic(fault{engine.ErrorNondeterminism, "the map to abstract states once gave another one for the same state; " +
			"it must depend on its argument alone, and not on time, random numbers, map order or shared variables"})
	}
	return out
}

// first counts a question, and reports whether it is one of the first.
func first(n *atomic.Int64) bool { return n.Load() < repeated && n.Add(1) <= repeated }

// images returns the contents of the images of two states, one after the other, and where the second one begins.
// An encoding says where it ends, so that the two together tell both.
func (x *Abstraction) images(r *room, before, after unsafe.Pointer) (pair []byte, split int) {
	r.key = x.image(r, r.key[:0], before)
	split = len(r.key)
	r.key = x.image(r, r.key, after)
	return r.key, split
}

// step is a step of the abstract model.
type step struct {
	action  unsafe.Pointer
	content string // content of the state that it leads to
}

// steps returns the steps of the abstract state with a content.
func (x *Abstraction) steps(content string) []step {
	all := x.expand(content)
	if !first(&x.expanded) {
		return all
	}
	same := func(a, b step) bool { return a.content == b.content }
	if !slices.EqualFunc(all, x.expand(content), same) {
		panic(fault{engine.ErrorNondeterminism, "Actions and Next of the abstract model once led to other states; " +
			"they must depend on their arguments alone, and not on time, random numbers, map order or shared variables"})
	}
	return all
}

func (x *Abstraction) expand(content string) (all []step) {
	s := x.decoded(content)
	acts := x.model.Code.Actions(gospace.Values{Size: x.model.Action.Size()}, s)
	for i := range acts.Len {
		next := x.newState()
		if x.model.Code.Next(next, s, acts.At(i)) {
			all = append(all, step{acts.At(i), x.content(next)})
		}
	}
	if x.content(s) != content {
		panic(fault{engine.ErrorMutation, fmt.Sprintf("Actions or Next of the abstract model changed the state it was "+
			"given (%s): copy slices, maps and what pointers lead to before changing them",
			plan.DiffText(x.plan.Diff(x.decoded(content), s)))})
	}
	return all
}

// decoded returns a new abstract state.
func (x *Abstraction) decoded(content string) unsafe.Pointer {
	s := x.newState()
	x.plan.FromContent(content, s)
	return s
}

// Begins reports whether a state maps to an initial one.
func (x *Abstraction) Begins(s unsafe.Pointer) bool {
	r := x.rooms.Get().(*room)
	defer x.rooms.Put(r)
	r.key = x.image(r, r.key[:0], s)
	return slices.Contains(x.inits, string(r.key))
}

// Follows reports whether a step maps to a step of the abstract model, or to no change.
func (x *Abstraction) Follows(before, after unsafe.Pointer) bool {
	r := x.rooms.Get().(*room)
	defer x.rooms.Put(r)
	pair, split := x.images(r, before, after)
	if bytes.Equal(pair[:split], pair[split:]) {
		return true
	}
	if !x.moved.Load() {
		x.moved.Store(true)
	}
	follows, known := x.pairs.get(pair)
	if !known {
		to := string(pair[split:])
		follows = slices.ContainsFunc(x.steps(string(pair[:split])), func(s step) bool { return s.content == to })
		x.pairs.put(pair, follows)
	}
	return follows
}

// Moved reports whether some step was met that changes the abstract state.
func (x *Abstraction) Moved() bool { return x.moved.Load() }

// Size returns the bytes of what is kept to answer faster.
func (x *Abstraction) Size() int64 { return x.pairs.size.Load() }

// Bound limits the bytes of what is kept to answer faster.
func (x *Abstraction) Bound(bytes int64) { x.pairs.bound.Store(min(bytes, maxPairs)) }

// Predicate is a predicate of steps of the abstract model.
type Predicate func(before, action, after unsafe.Pointer) bool

// Takes reports whether a step changes the abstract state, and maps to an abstract step that satisfies f.
func (x *Abstraction) Takes(before, after unsafe.Pointer, f Predicate) bool {
	return slices.ContainsFunc(x.between(before, after), func(y mappedStep) bool { return f(y.before, y.action, y.after) })
}

// Only reports whether all abstract steps to which a step maps satisfy f. There is no such step where the abstract
// state does not change.
func (x *Abstraction) Only(before, after unsafe.Pointer, f Predicate) bool {
	broken := func(y mappedStep) bool { return !f(y.before, y.action, y.after) }
	return !slices.ContainsFunc(x.between(before, after), broken)
}

// mappedStep is a step of the abstract model with its states.
type mappedStep struct{ before, action, after unsafe.Pointer }

// between returns the abstract steps that change the state and to which a step maps.
func (x *Abstraction) between(before, after unsafe.Pointer) (all []mappedStep) {
	from, to := x.contents(before, after)
	if from == to {
		return nil
	}
	return x.changing(from, func(c string) bool { return c == to })
}

// changing returns the steps of the abstract state with a content that change it, and lead to a content that is
// wanted.
func (x *Abstraction) changing(from string, wanted func(to string) bool) (all []mappedStep) {
	for _, s := range x.steps(from) {
		if s.content != from && wanted(s.content) {
			all = append(all, mappedStep{x.decoded(from), s.action, x.decoded(s.content)})
		}
	}
	return all
}

// contents returns the contents of the images of two states.
func (x *Abstraction) contents(before, after unsafe.Pointer) (from, to string) {
	r := x.rooms.Get().(*room)
	defer x.rooms.Put(r)
	pair, split := x.images(r, before, after)
	return string(pair[:split]), string(pair[split:])
}

// Offers reports whether in the abstract state to which s maps a step is possible that changes it and satisfies f.
func (x *Abstraction) Offers(s unsafe.Pointer, f Predicate) bool {
	all := x.changing(x.imageOf(s), func(string) bool { return true })
	return slices.ContainsFunc(all, func(y mappedStep) bool { return f(y.before, y.action, y.after) })
}

// MayStay reports whether the abstract model may stay forever in the state to which s maps: it has no step there, or
// one that changes nothing.
func (x *Abstraction) MayStay(s unsafe.Pointer) bool {
	from := x.imageOf(s)
	all := x.steps(from)
	return len(all) == 0 || slices.ContainsFunc(all, func(s step) bool { return s.content == from })
}

// imageOf returns the content of the image of a state.
func (x *Abstraction) imageOf(s unsafe.Pointer) string {
	r := x.rooms.Get().(*room)
	defer x.rooms.Put(r)
	r.key = x.image(r, r.key[:0], s)
	return string(r.key)
}
