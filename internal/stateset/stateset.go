// Package stateset is a set of states as Go values, outside of a search.
package stateset

import (
	"reflect"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/vector"
	"github.com/allways-go/allways/internal/visited"
)

// Set is a set of states. It is for one goroutine at a time. Close it at the end.
//
// An explorer asks it whether a state was met before. A map from texts or encodings would do for
// the few states that a person visits, but an explorer may also be driven by a program, and then
// its counts must be those of a search: the set that a search uses has the same notion of equality,
// and a fraction of the memory.
type Set struct {
	set   *visited.Exact
	coder *vector.Coder
	vec   []uint32
}

// New returns an empty set of states of a type. The error says that the type has no content, or that there is no
// memory.
func New(state reflect.Type) (*Set, error) {
	layout, err := vector.NewLayout(state)
	if err != nil {
		return nil, err
	}
	set, err := visited.NewExact(visited.Config{Words: layout.Words()})
	if err != nil {
		return nil, err
	}
	return &Set{set: set, coder: layout.NewCoder(), vec: make([]uint32, layout.Words())}, nil
}

// Insert adds a state and returns its number.
func (s *Set) Insert(state unsafe.Pointer) (id uint32, err error) {
	if err := s.coder.Encode(s.vec, state); err != nil {
		return 0, &engine.Misbehaviour{Kind: engine.ErrorValue, Message: err.Error(), Act: -1}
	}
	id, _, err = s.set.Insert(s.vec)
	return id, err
}

// Len returns the number of states.
func (s *Set) Len() int { return s.set.Len() }

// Close frees the memory of the set.
func (s *Set) Close() { s.set.Close() }
