package consistency

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
)

// Tester checks histories against one spec and one condition. It is made once for many histories,
// reuses its memory, and is safe for concurrent use. Create one with [NewTester].
type Tester[S, Op, Ret any] struct {
	spec        Spec[S, Op, Ret]
	allower     allower[S, Op, Ret]
	partitioner partitioner[Op]
	reader      reader[Op]
	describer   describer[Op, Ret]
	condition   Condition
	states      content[S]
	ops         content[Op]
	rets        content[Ret]
	patience    int       // failures of a search before it starts to remember them
	pool        sync.Pool // free searches, *search[S, Op, Ret]
}

// NewTester returns a tester. It returns an error if states, operations or results have no content,
// such as functions, or if an optional method of the spec has a wrong signature.
func NewTester[S, Op, Ret any](spec Spec[S, Op, Ret], c Condition) (*Tester[S, Op, Ret], error) {
	t := &Tester[S, Op, Ret]{spec: spec, condition: c, patience: failuresToRemember}
	if c > SequentialConsistency {
		return nil, fmt.Errorf("consistency: there is no condition %d; use Linearizability or SequentialConsistency", c)
	}
	if spec == nil {
		return nil, errors.New("consistency: there is no spec; pass one, such as Register[int]{}")
	}
	var err error
	if t.states, err = contentOf[S](); err != nil {
		return nil, fmt.Errorf("consistency: the state of %T: %w", spec, err)
	}
	if t.ops, err = contentOf[Op](); err != nil {
		return nil, fmt.Errorf("consistency: the operations of %T: %w", spec, err)
	}
	if t.rets, err = contentOf[Ret](); err != nil {
		return nil, fmt.Errorf("consistency: the results of %T: %w", spec, err)
	}
	if err := t.options(); err != nil {
		return nil, err
	}
	t.pool.New = func() any {
		s := &search[S, Op, Ret]{tester: t}
		s.failures.states.content, s.alike.ops.content, s.alike.rets.content = &t.states, &t.ops, &t.rets
		return s
	}
	return t, nil
}

// options finds the optional methods of the spec.
func (t *Tester[S, Op, Ret]) options() (err error) {
	if t.allower, err = optional[allower[S, Op, Ret]](t.spec, "Allows"); err != nil {
		return err
	}
	if t.partitioner, err = optional[partitioner[Op]](t.spec, "Partition"); err != nil {
		return err
	}
	if t.reader, err = optional[reader[Op]](t.spec, "ReadOnly"); err != nil {
		return err
	}
	t.describer, err = optional[describer[Op, Ret]](t.spec, "Describe")
	return err
}

// optional returns the spec as an I, an interface with the one named method. A method of that name with
// another signature is an error, because it would never be called.
func optional[I any](spec any, name string) (i I, err error) {
	i, ok := spec.(I)
	if m := reflect.ValueOf(spec).MethodByName(name); m.IsValid() && !ok {
		want := reflect.TypeFor[I]().Method(0).Type
		err = fmt.Errorf("consistency: method %s of %T has the signature %v, want %v; "+
			"rename the method if it is unrelated", name, spec, m.Type(), want)
	}
	return i, err
}

// Allows reports whether the history satisfies the condition. It has no time limit; [Tester.Check]
// takes a context and gives evidence. Allows panics if a state, operation or result has no content,
// such as a function in an interface.
func (t *Tester[S, Op, Ret]) Allows(h History[Op, Ret]) bool {
	s := t.begin(h)
	defer t.end(s)
	ok, err := s.runAll(func() {})
	if err != nil {
		panic(fmt.Errorf("consistency: %w", err))
	}
	return ok
}

// AllowsEvents is Allows for events in real-time order, for callers with their own form of
// histories. The caller guarantees that [FromEvents] would accept the events.
func (t *Tester[S, Op, Ret]) AllowsEvents(events []Event[Op, Ret]) bool {
	return t.Allows(History[Op, Ret]{events})
}

// Check checks a history and gives evidence. With an error the verdict's outcome is [Unknown]: the
// context is done, or a state, operation or result has no content, such as a function in an
// interface.
//
// Once the context is done, Check returns after the call of the spec that is under way. If it has found by
// then that the history violates the condition, it returns what it has of the conflict, without an error.
func (t *Tester[S, Op, Ret]) Check(ctx context.Context, h History[Op, Ret]) (Verdict[Op, Ret], error) {
	v := Verdict[Op, Ret]{Condition: t.condition, history: h, describer: t.describer}
	s := t.begin(h)
	defer t.end(s)
	if ctx.Done() != nil {
		s.interrupt = ctx.Err
	}
	s.explain = true
	if err := s.interrupted(); err != nil {
		return v, fmt.Errorf("consistency: %w", err)
	}
	if err := s.comparable(); err != nil {
		return v, fmt.Errorf("consistency: %w", err)
	}
	var orders [][]interval
	ok, err := s.runAll(func() { orders = append(orders, s.placed()) })
	if err != nil {
		return v, fmt.Errorf("consistency: %w", err)
	}
	if !ok {
		s.explainConflict(&v)
		return v, nil
	}
	v.Outcome, v.Order = Satisfied, h.operations(merge(orders))
	return v, nil
}

// comparable returns an error if an operation or a result has no content.
func (s *search[S, Op, Ret]) comparable() error {
	for i := range s.events {
		e := &s.events[i]
		err := s.interrupted()
		switch {
		case err != nil:
			return err
		case e.Kind == Invoke:
			err = s.tester.ops.check(&e.Op)
		default:
			err = s.tester.rets.check(&e.Ret)
		}
		if err != nil {
			return fmt.Errorf("event %d of the history, of client %d: %w", i, e.Client, err)
		}
	}
	return nil
}

// begin returns a search with the operations of the history, in the order of their invocations.
func (t *Tester[S, Op, Ret]) begin(h History[Op, Ret]) *search[S, Op, Ret] {
	s, ok := t.pool.Get().(*search[S, Op, Ret])
	if !ok {
		panic("consistency: the zero Tester has no spec: create one with NewTester")
	}
	s.events = h.events
	s.all = h.intervals(s.all[:0], &s.opened)
	return s
}

// end keeps the memory of a search for the next one, unless a long history made it large.
func (t *Tester[S, Op, Ret]) end(s *search[S, Op, Ret]) {
	s.events, s.interrupt, s.explain = nil, nil, false
	if cap(s.frames) <= framesToKeep {
		t.pool.Put(s)
	}
}

const framesToKeep = 1 << 10
