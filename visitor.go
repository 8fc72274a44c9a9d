package allways

import (
	"fmt"
	"reflect"
	"unsafe"

	"github.com/allways-go/allways/internal/gospace"
)

// Visitor sees every distinct state of a run, once, or a path to it. Calls never overlap. A
// breadth-first search with any number of workers makes them in the same order, level by level;
// other runs in the order of discovery. The zero value sees nothing. A visitor may change the
// states it is given: they are private copies. If it panics or ends its goroutine, the run ends
// with a [*CallbackError].
type Visitor struct {
	state, path reflect.Type // types that the function takes; path is nil for states
	states      func(s unsafe.Pointer, depth int)
	paths       func(p *gospace.Path)

	wants func(depth int) bool // says whether to make the next state at all; nil for always
}

// VisitStates returns a visitor that calls f with every distinct state and its depth, which is 1
// for initial states. Under symmetry the states are representatives.
func VisitStates[S any](f func(s S, depth int)) Visitor {
	return Visitor{state: reflect.TypeFor[S](), states: func(s unsafe.Pointer, depth int) { f(*(*S)(s), depth) }}
}

// VisitPaths returns a visitor that calls f with a path to every distinct state. It needs
// [StoreExact], and takes time and memory in proportion to the lengths of the paths.
func VisitPaths[S, A any](f func(p *Path[S, A])) Visitor {
	return Visitor{
		state: reflect.TypeFor[S](), path: reflect.TypeFor[A](),
		paths: func(p *gospace.Path) { f(typedPath[S, A](p)) },
	}
}

// fits refuses a visitor that does not fit the model or what is stored of its states.
func (v *Visitor) fits(c *gospace.Model, exact bool) error {
	switch {
	case v.state != nil && v.state != c.State:
		return &OptionError{"Visitor", fmt.Sprintf(
			"it takes states of type %v, and the model's are %v", v.state, c.State)}
	case v.path != nil && v.path != c.Action:
		return &OptionError{"Visitor", fmt.Sprintf(
			"it takes actions of type %v, and the model's are %v", v.path, c.Action)}
	case v.paths != nil && !exact:
		return &OptionError{"Visitor", "paths need an exact store: use StoreExact"}
	}
	return nil
}
