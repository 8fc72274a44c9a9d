package consistency

import (
	"context"
	"fmt"
	"reflect"
	"sync"
)

// Condition says which orders of its operations explain a history.
type Condition uint8

const (
	// Linearizability asks for an order in which operations that returned before others were invoked come first.
	Linearizability Condition = iota
	// SequentialConsistency asks for an order in which the operations of every single client come in their order.
	SequentialConsistency
)

// String returns "linearizable" or "sequentially consistent".
func (c Condition) String() string {
	if c == SequentialConsistency {
		return "sequentially consistent"
	}
	return "linearizable"
}

// Tester tests histories against one specification and condition. It is made once for many histories, keeps its memory
// between them, and is safe for concurrent use. Make it with [NewTester].
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
	patience    int       // how many failures a search takes before it remembers them
	pool        sync.Pool // of *search[S, Op, Ret]
}

// NewTester returns a tester. The error says that states, operations or results hold something that cannot be compared by content,
// such as functions, or that an optional method of the specification has the wrong signature.
func NewTester[S, Op, Ret any](spec Spec[S, Op, Ret], c Condition) (*Tester[S, Op, Ret], error) {
	t := &Tester[S, Op, Ret]{spec: spec, condition: c, patience: failuresToRemember}
	if c > SequentialConsistency {
		return nil, fmt.Errorf("consistency: there is no condition %d; use Linearizability or SequentialConsistency", c)
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
		s.states.content, s.alike.ops.content, s.alike.rets.content = &t.states, &t.ops, &t.rets
		return s
	}
	return t, nil
}

// options finds the optional methods of the specification.
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

// optional returns the specification as I, which has one method of that name. A method of the name with another signature
// is a mistake that would go unnoticed.
func optional[I any](spec any, name string) (i I, err error) {
	i, ok := spec.(I)
	if m, has := reflect.TypeOf(spec).MethodByName(name); has && !ok {
		want := reflect.TypeFor[I]().Method(0).Type
		err = fmt.Errorf("consistency: method %s of %T is %v; it has to be %v, or to have another name", name, spec, m.Type, want)
	}
	return i, err
}

// Allows reports whether the history satisfies the condition. It takes as long as that takes: see Check for a way to stop
// it, and for the reasons. It panics if a state, operation or result holds a value without content, such as a function in an
// interface.
func (t *Tester[S, Op, Ret]) Allows(h History[Op, Ret]) bool {
	s := t.begin(h)
	defer t.end(s)
	if !t.splits(len(s.ops)) {
		return s.must(s.ops)
	}
	for _, ops := range t.partitions(h, s.ops) {
		if !s.must(ops) {
			return false
		}
	}
	return true
}

// AllowsEvents is Allows for the history of events in their order in real time, for callers that keep histories in a form
// of their own. It does not look whether they fit: that every return is of an invocation by the same client, and that no
// client has two operations under way, is up to the caller.
func (t *Tester[S, Op, Ret]) AllowsEvents(events []Event[Op, Ret]) bool {
	return t.Allows(History[Op, Ret]{events})
}

// splits reports whether that many operations are tested part by part.
func (t *Tester[S, Op, Ret]) splits(ops int) bool {
	return t.partitioner != nil && t.condition == Linearizability && ops >= opsToPartition
}

// must reports whether the operations can be ordered, for as long as it takes.
func (s *search[S, Op, Ret]) must(ops []interval) bool {
	s.ops = ops
	s.lay(s.tester.condition)
	ok, err := s.run(context.Background())
	if err != nil {
		panic(fmt.Errorf("consistency: %w", err))
	}
	return ok
}

// begin returns a search with the operations of the history, in the order of their invocations.
func (t *Tester[S, Op, Ret]) begin(h History[Op, Ret]) *search[S, Op, Ret] {
	s := t.pool.Get().(*search[S, Op, Ret])
	s.events = h.events
	s.ops, s.opened = h.intervals(s.ops[:0], s.opened)
	return s
}

// end gives the memory of a search to the next one. That of a long history would only be in the way.
func (t *Tester[S, Op, Ret]) end(s *search[S, Op, Ret]) {
	s.events = nil
	if cap(s.frames) <= framesToKeep {
		t.pool.Put(s)
	}
}

const (
	framesToKeep   = 1 << 10
	opsToPartition = 16 // in shorter histories, the parts cost more than the whole
)

// partitions splits operations by their key, in the order of their first operations.
func (t *Tester[S, Op, Ret]) partitions(h History[Op, Ret], ops []interval) [][]interval {
	place := map[any]int{}
	var parts [][]interval
	for _, iv := range ops {
		key := t.partitioner.Partition(h.events[iv.call].Op)
		k, ok := place[key]
		if !ok {
			k = len(parts)
			place[key] = k
			parts = append(parts, nil)
		}
		parts[k] = append(parts[k], iv)
	}
	return parts
}
