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
	"encoding/binary"
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
	"github.com/allways-go/allways/internal/values"
)

// Abstraction is an abstract model, seen through a map from the states of another one. It is safe for concurrent
// use. Its methods let panics of user code pass, and panic with an [engine.KindError] when user code breaks the
// rules of models. States that they are given are those of the other model.
type Abstraction struct {
	model *gospace.Model
	plan  *plan.Plan
	to    func(dst, s unsafe.Pointer)
	inits []string // contents of the initial states

	memo     memo         // answers about abstract states and pairs of them, each after the number of the question
	asked    atomic.Int64 // number of predicates that are asked for
	probed   atomic.Int64 // answers of predicates, up to repeated
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
	x.memo.bound.Store(maxPairs)
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

// images returns the contents of the images of two states, after the number of a question. Together they are the key
// of its answer: an encoding says where it ends.
func (x *Abstraction) images(r *room, question int64, before, after unsafe.Pointer) (key, from, to []byte) {
	head := binary.AppendVarint(r.key[:0], question)
	begin := len(head)
	r.key = x.image(r, head, before)
	split := len(r.key)
	r.key = x.image(r, r.key, after)
	return r.key, r.key[begin:split], r.key[split:]
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
	acts := x.model.Code.Actions(values.Slice{Size: x.model.Action.Size()}, s)
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
	pair, from, to := x.images(r, 0, before, after)
	if bytes.Equal(from, to) {
		return true
	}
	if !x.moved.Load() {
		x.moved.Store(true)
	}
	follows, known := x.memo.get(pair)
	if !known {
		wanted := string(to)
		follows = slices.ContainsFunc(x.steps(string(from)), func(s step) bool { return s.content == wanted })
		x.memo.put(pair, follows)
	}
	return follows
}

// Moved reports whether some step was met that changes the abstract state.
func (x *Abstraction) Moved() bool { return x.moved.Load() }

// Size returns the bytes of what is kept to answer faster.
func (x *Abstraction) Size() int64 { return x.memo.size.Load() }

// Bound limits the bytes of what is kept to answer faster.
func (x *Abstraction) Bound(bytes int64) {
	x.memo.bound.Store(min(bytes, maxPairs))
	if x.memo.size.Load() > bytes {
		x.memo.forget()
	}
}

// imageOf returns the content of the image of a state.
func (x *Abstraction) imageOf(s unsafe.Pointer) string {
	r := x.rooms.Get().(*room)
	defer x.rooms.Put(r)
	r.key = x.image(r, r.key[:0], s)
	return string(r.key)
}
