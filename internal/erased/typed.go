package erased

import (
	"unsafe"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor/diagram"
)

// typed is what needs the types of a model.
type typed interface {
	compile() (*allways.Stepper[state, action], error)
	value() any
	path(p *allways.Path[state, action]) any
	sequential() bool
	sequence(p *allways.Path[state, action]) *diagram.Sequence
	tree(p *allways.Path[state, action], i int) []byte
	histories(p *allways.Path[state, action], i int) []diagram.History
	predicates() []string
	defined(k int) bool
	satisfies(p *allways.Path[state, action], i, k int) bool
	open(p *allways.Path[state, action], i int) *opened
	trial(p *allways.Path[state, action], i int, property string) (*Trial, error)
	log(p *allways.Path[state, action], from int, add func(Line) bool)
	supposer
}

// source implements typed.
//
// An [allways.Stepper] is a pointer to a compiled model, and an [allways.Path] one to a run of it,
// whatever their type parameters are, which only say what their methods return. So one may stand
// for the other.
type source[S, A any] struct {
	m     allways.Model[S, A]
	asked []allways.NamedPredicate[S]
}

func (t *source[S, A]) compile() (*allways.Stepper[state, action], error) {
	stepper, err := allways.NewStepper(t.m)
	if err != nil {
		return nil, err
	}
	if x, ok := t.m.(allways.Snapshotter[S, A]); ok {
		if t.m, err = x.Snapshot(); err != nil {
			return nil, err
		}
		stepper, err = allways.NewStepper(t.m)
	}
	return (*allways.Stepper[state, action])(unsafe.Pointer(stepper)), err
}

func (t *source[S, A]) value() any { return t.m }

func (t *source[S, A]) typedPath(p *allways.Path[state, action]) *allways.Path[S, A] {
	return (*allways.Path[S, A])(unsafe.Pointer(p))
}

func (t *source[S, A]) path(p *allways.Path[state, action]) any { return t.typedPath(p) }

// sequencer is a model that draws sequence diagrams, as systems of actors do.
type sequencer[S, A any] interface {
	Sequence(p *allways.Path[S, A]) *diagram.Sequence
}

func (t *source[S, A]) sequential() bool {
	_, ok := t.m.(sequencer[S, A])
	return ok
}

func (t *source[S, A]) sequence(p *allways.Path[state, action]) *diagram.Sequence {
	m, ok := t.m.(sequencer[S, A])
	if !ok {
		return nil
	}
	return m.Sequence(t.typedPath(p))
}

// ResultOf forgets the types of a result of m, which must be compiled; nil stays nil.
func ResultOf[S, A any](m *Model, r *allways.Result[S, A]) *Result {
	return m.result((*allways.Result[state, action])(unsafe.Pointer(r)))
}
