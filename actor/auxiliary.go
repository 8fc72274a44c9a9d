package actor

import (
	"fmt"

	"github.com/allways-go/allways/internal/engine"
)

// auxiliary is a value beside the actors that their handlers or an observer change: a history, for example. Its values and
// events are known by content.
type auxiliary[M any] struct {
	name    string
	initial string
	apply   func(value any, by ID, event string) (any, error) // an event that a handler has recorded; value stays as it is
	crash   func(value any, id ID) any                        // nil when crashes do not matter; value stays as it is
	observe func(value string, a Action[M]) string            // a step; nil for none
	encode  func(v any) string
	decode  func(value string) any // a pointer
	text    func(value string) string
	explain func(value any) string // why a history breaks its promise, or ""; nil for what promises nothing

	chronicle   func(actors int) chronicle // of a history
	rename      func(value string, to []int) string
	renameEvent func(event string, to []int) string
}

// advance applies to the auxiliary values what a handler has recorded.
func (sys *System[M]) advance(values []string, by ID, records []record) {
	for _, r := range records {
		a := sys.aux[r.aux]
		v, err := a.apply(a.decode(values[r.aux]), by, r.event)
		if err != nil {
			panic(&misrecorded{a.name, sys.Name(by), err})
		}
		values[r.aux] = a.encode(v)
	}
}

// misrecorded says that an actor has recorded what cannot follow what was recorded before. Handlers panic with it, after they have
// returned, so that no stack tells more.
type misrecorded struct {
	history, actor string
	err            error
}

func (e *misrecorded) Error() string { return fmt.Sprintf("%s: %s: %v", e.history, e.actor, e.err) }

// Fault says what kind of misbehaviour it is.
func (e *misrecorded) ErrorKind() engine.ErrorKind { return engine.ErrorPanic }

// Observed is a typed reference to the value of an observer.
type Observed[V any] struct{ index int }

// In returns the value in a state, to be read and not to be changed.
func (o Observed[V]) In(s interface{ auxiliary(int) any }) *V { return s.auxiliary(o.index).(*V) }

// Observe adds a value that follows every step of the system: step returns what becomes of it, and may change what it is
// given, which is a private copy. It makes states differ that are alike but for the value, so it should be small.
func Observe[V, M any](sys *System[M], name string, initial V, step func(v V, a Action[M]) V) Observed[V] {
	k, err := newCodec[V]()
	if err != nil {
		sys.fail(fmt.Errorf("the value of observer %q: %w", name, err))
		return Observed[V]{}
	}
	a := &auxiliary[M]{
		name:    name,
		initial: k.encode(&initial),
		observe: func(value string, a Action[M]) string {
			v := step(*k.decode(value), a)
			return k.encode(&v)
		},
		encode: func(v any) string { return k.encode(v.(*V)) },
		decode: func(value string) any { return k.decode(value) },
		text:   k.text,
		rename: func(value string, to []int) string { return mustRename(k, len(to)).content(value, to) },
	}
	sys.aux = append(sys.aux, a)
	return Observed[V]{len(sys.aux) - 1}
}

// mustRename returns the renamer of a type that has a codec.
func mustRename[T any](k codec[T], n int) renamer[T] {
	r, err := newRenamer(k, n)
	if err != nil {
		panic(err)
	}
	return r
}
