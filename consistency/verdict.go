package consistency

import (
	"context"
	"fmt"
)

// Verdict says whether a history satisfies a condition, and why. It prints as a diagram. It is immutable and safe for
// concurrent use.
type Verdict[Op, Ret any] struct {
	Condition Condition
	// OK says that the history satisfies the condition.
	OK bool
	// Order explains a history that satisfies it: all operations that returned, and those pending ones that took effect,
	// one after the other. Otherwise it is the longest order that was found; for linearizability, the longest up to the
	// first return that no order gets past.
	Order []Operation[Op, Ret]
	// Conflict is empty for a history that satisfies the condition. Otherwise it holds operations that returned, by their
	// invocations.
	//
	// If Minimal is set, they are a smallest set in conflict, in the sense that none can be left out: no order explains
	// them, even if every other operation never returned, so that it may or may not have taken effect at any time; but as
	// soon as one of them is taken as such an operation too, there is one. If Minimal is not set, they may be more than
	// needed: in a long history, they are those that cannot come next after Order.
	Conflict []Operation[Op, Ret]
	Minimal  bool

	history   History[Op, Ret]
	describer describer[Op, Ret]
	names     func(client int) string
}

// Named returns the verdict with clients called by name in its text.
func (v Verdict[Op, Ret]) Named(name func(client int) string) Verdict[Op, Ret] {
	v.names = name
	return v
}

// Linearizable tests whether the history is linearizable. The error is that of the context, or of a specification whose
// states, operations or results have no content, or whose optional methods have the wrong signature. See [NewTester] for many
// histories of one specification.
func Linearizable[S, Op, Ret any](ctx context.Context, spec Spec[S, Op, Ret], h History[Op, Ret]) (Verdict[Op, Ret], error) {
	return check(ctx, spec, Linearizability, h)
}

// SequentiallyConsistent tests whether the history is sequentially consistent. It is for histories of some dozens of
// operations: without an order in time, and without parts, the search has little to go by. See [Linearizable] for the rest.
func SequentiallyConsistent[S, Op, Ret any](ctx context.Context, spec Spec[S, Op, Ret], h History[Op, Ret]) (Verdict[Op, Ret], error) {
	return check(ctx, spec, SequentialConsistency, h)
}

func check[S, Op, Ret any](ctx context.Context, spec Spec[S, Op, Ret], c Condition, h History[Op, Ret]) (Verdict[Op, Ret], error) {
	t, err := NewTester(spec, c)
	if err != nil {
		return Verdict[Op, Ret]{}, err
	}
	return t.Check(ctx, h)
}

// Check tests a history and gives the reasons. The error is that of the context, or of a state, operation or result
// that holds a value without content, such as a function in an interface.
func (t *Tester[S, Op, Ret]) Check(ctx context.Context, h History[Op, Ret]) (Verdict[Op, Ret], error) {
	v := Verdict[Op, Ret]{Condition: t.condition, history: h, describer: t.describer}
	if err := ctx.Err(); err != nil {
		return v, err
	}
	if err := t.comparable(h); err != nil {
		return v, err
	}
	s := t.begin(h)
	defer t.end(s)
	s.explain = true
	defer func() { s.explain = false }()
	parts := [][]interval{s.ops}
	if t.splits(len(s.ops)) {
		parts = t.partitions(h, s.ops)
	}
	orders := make([][]interval, len(parts))
	for i, ops := range parts {
		s.ops = ops
		s.lay(t.condition)
		ok, err := s.run(ctx)
		if err != nil {
			return v, fmt.Errorf("consistency: %w", err)
		}
		if !ok {
			s.explainConflict(ctx, &v)
			return v, nil
		}
		orders[i] = s.placed()
	}
	v.OK, v.Order = true, h.operations(merge(orders))
	return v, nil
}

// comparable returns an error if an operation or a result cannot be compared.
func (t *Tester[S, Op, Ret]) comparable(h History[Op, Ret]) error {
	for i := range h.events {
		e := &h.events[i]
		var err error
		if e.Kind == Invoke {
			err = t.ops.check(&e.Op)
		} else {
			err = t.rets.check(&e.Ret)
		}
		if err != nil {
			return fmt.Errorf("consistency: event %d of the history, of client %d: %w", i, e.Client, err)
		}
	}
	return nil
}

// placed returns the order of the frames.
func (s *search[S, Op, Ret]) placed() []interval {
	order := make([]interval, 0, len(s.frames)-1)
	for _, f := range s.frames[1:] {
		order = append(order, s.ops[f.op])
	}
	return order
}
