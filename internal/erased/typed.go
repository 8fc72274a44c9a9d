package erased

import (
	"reflect"
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
	log(p *allways.Path[state, action], from int, add func(step, actor int, text string) bool)
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

// looks are what a model has for explorers, as systems of actors do.
type looks[S, A any] interface {
	StateTree(s S) []byte
	Histories(s S) []diagram.History
	Suppositions(s S) []A
	Assumption(a A) string
	Open(s S, unit func(at any), part func(at any, whole bool, keys ...any)) S
	Name(x reflect.Value) (name string, ok bool)
	Models(states []S) (all []diagram.Message, forms []string)
	Forge(states []S, from, to int, message string) (A, error)
	Forged(a A) (from, to int, message string, ok bool)
	Started() [][]string
	Logged(before S, a A) (actor int, lines []string)
}

// looks returns what the model has for explorers; nil for none.
func (t *source[S, A]) looks() looks[S, A] {
	if m, ok := t.m.(interface{ Looks() any }); ok {
		l, _ := m.Looks().(looks[S, A])
		return l
	}
	return nil
}

func (t *source[S, A]) tree(p *anyPath, i int) []byte {
	l := t.looks()
	if l == nil {
		return p.StateJSON(i)
	}
	return l.StateTree(t.at(p, i))
}

func (t *source[S, A]) histories(p *anyPath, i int) []diagram.History {
	l := t.looks()
	if l == nil {
		return nil
	}
	return l.Histories(t.at(p, i))
}

// log adds what is logged after the first steps of a path until add returns false: by actors, or as the notes of
// a model that is no system of actors.
func (t *source[S, A]) log(p *anyPath, from int, add func(step, actor int, text string) bool) {
	l := t.looks()
	if l != nil && from == 0 {
		for actor, lines := range l.Started() {
			if !entered(0, actor, lines, add) {
				return
			}
		}
	}
	path := t.typedPath(p)
	actions := path.Actions()
	for i, s := range path.States() {
		if i < from || i == p.Len() {
			continue
		}
		actor, lines := -1, []string(nil)
		if l != nil {
			actor, lines = l.Logged(s, actions[i])
		} else if note := p.Step(i).Note; note != "" {
			lines = []string{note}
		}
		if !entered(i+1, actor, lines, add) {
			return
		}
	}
}

// entered adds lines until add returns false.
func entered(step, actor int, lines []string, add func(step, actor int, text string) bool) bool {
	for _, text := range lines {
		if !add(step, actor, text) {
			return false
		}
	}
	return true
}
