package allways

import (
	"fmt"
	"sync"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
)

// Visitor sees every distinct state of a run, once, or a path to it. Calls never overlap. A breadth-first search with
// any number of workers makes them in the same order, level by level; other runs in the order of discovery. The zero
// value sees nothing. A visitor may change the states it is given: they are copies of its own. One that panics or ends its
// goroutine ends the run with a [*CallbackError].
type Visitor struct {
	states any // func(S, int)
	paths  any // func(*Path[S, A])

	wants func(depth int) bool // says whether to make the next state at all; nil for always
}

// VisitStates returns a visitor that calls f with every distinct state and its depth, which is 1 for initial states.
// Under symmetry the states are representatives.
func VisitStates[S any](f func(s S, depth int)) Visitor { return Visitor{states: f} }

// VisitPaths returns a visitor that calls f with a path to every distinct state. It needs exact storage, and takes time
// and memory in proportion to the lengths of the paths.
func VisitPaths[S, A any](f func(p *Path[S, A])) Visitor { return Visitor{paths: f} }

// StateRecorder keeps the states that a run visits. The zero value is ready to use.
type StateRecorder[S any] struct {
	mu     sync.Mutex
	states []S
}

// Visitor returns the visitor that records.
func (r *StateRecorder[S]) Visitor() Visitor {
	return VisitStates(func(s S, _ int) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.states = append(r.states, s)
	})
}

// States returns the states recorded so far, in the order of the visits.
func (r *StateRecorder[S]) States() []S {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]S(nil), r.states...)
}

// PathRecorder keeps the paths that a run visits. The zero value is ready to use.
type PathRecorder[S, A any] struct {
	mu    sync.Mutex
	paths []*Path[S, A]
}

// Visitor returns the visitor that records.
func (r *PathRecorder[S, A]) Visitor() Visitor {
	return VisitPaths(func(p *Path[S, A]) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.paths = append(r.paths, p)
	})
}

// Paths returns the paths recorded so far, in the order of the visits.
func (r *PathRecorder[S, A]) Paths() []*Path[S, A] {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]*Path[S, A](nil), r.paths...)
}

// fitsVisitor asserts the erased functions of a visitor.
func (c *machine[S, A]) fitsVisitor(o *Options) error {
	if f := o.Visitor.states; f != nil {
		if _, ok := f.(func(S, int)); !ok {
			return &OptionError{"Visitor", fmt.Sprintf("it takes %T, and the model's states are %T", f, *new(S))}
		}
	}
	if f := o.Visitor.paths; f != nil {
		if _, ok := f.(func(*Path[S, A])); !ok {
			return &OptionError{"Visitor", fmt.Sprintf("it is a %T, which does not fit the model", f)}
		}
		if o.Store == StoreFingerprints {
			return &OptionError{"Visitor", "paths need exact storage"}
		}
	}
	return nil
}

// visitor adapts the user's visitor to the engine; nil for none.
func (r *run[S, A]) visitor() func(*engine.Visit) {
	states, _ := r.options.Visitor.states.(func(S, int))
	paths, _ := r.options.Visitor.paths.(func(*Path[S, A]))
	if states == nil && paths == nil {
		return nil
	}
	decode, wants := r.decoder(), r.options.Visitor.wants
	return func(v *engine.Visit) {
		if r.budget.Ended() == engine.StopReasonCallback {
			return
		}
		if states != nil && (wants == nil || wants(v.Depth)) {
			r.callback("Visitor", func() { states(decode(v.State), v.Depth) })
		}
		if paths == nil {
			return
		}
		if p := r.pathAlong(v.Trail()); p != nil {
			r.callback("Visitor", func() { paths(p) })
		}
	}
}

// decoder returns a function that gives states in memory of their own. It is for one goroutine.
func (r *run[S, A]) decoder() func(vec []uint32) S {
	if r.space.native != nil {
		return r.space.newNativeWorker().State
	}
	coder := r.layout.NewCoder()
	return func(vec []uint32) (s S) {
		coder.DecodeFresh(vec, unsafe.Pointer(&s))
		return s
	}
}
