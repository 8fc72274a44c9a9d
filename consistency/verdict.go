package consistency

import "context"

// Outcome is the outcome of a check.
type Outcome uint8

// The outcomes of a check.
const (
	// Unknown is the zero value: the check did not finish.
	Unknown Outcome = iota
	// Satisfied means that an order of the operations explains the history.
	Satisfied
	// Violated means that no order does.
	Violated
)

// String returns "unknown", "satisfied" or "violated".
func (o Outcome) String() string {
	switch o {
	case Satisfied:
		return "satisfied"
	case Violated:
		return "violated"
	}
	return "unknown"
}

// Verdict is the answer of a check with its evidence. It prints as a diagram. It is immutable and safe
// for concurrent use.
type Verdict[Op, Ret any] struct {
	// Condition is the condition that was checked.
	Condition Condition
	// Outcome is Unknown in a verdict that comes with an error.
	Outcome Outcome
	// Order explains a history that satisfies the condition: it holds all operations that returned, and
	// the pending operations that took effect. If the condition is violated, Order is the longest order
	// that was found; for linearizability, the longest up to the first return that no order gets past. If the
	// spec has parts, these are operations of the one part that is in conflict.
	Order []Operation[Op, Ret]
	// Conflict holds the operations in conflict if the condition is violated, in the order of their
	// invocations. All of them returned.
	//
	// If Minimal is set, none of them can be left out: no order explains them, even if each other
	// operation is taken as pending, so that it may or may not have taken effect at any time; but
	// if one of them is taken as pending too, an order exists.
	//
	// If Minimal is not set, there may be more of them than needed: the search for fewer has a budget of a few
	// times what the verdict took, and ends with the context. In a long history they are the operations that cannot
	// come next after Order.
	Conflict []Operation[Op, Ret]
	Minimal  bool

	history   History[Op, Ret]
	describer describer[Op, Ret]
	names     func(client int) string
	values    naming
}

// WithNames returns the verdict with the given names of clients in its text.
func (v Verdict[Op, Ret]) WithNames(name func(client int) string) Verdict[Op, Ret] {
	v.names = name
	return v
}

// WithValues returns the verdict with other texts for some values in operations and results: those for which names
// gives one, such as ids of things that have names. What users' methods Describe and String say stays as it is,
// except for operations that also have a method TextWith like those of this package.
func (v Verdict[Op, Ret]) WithValues(names func(v any) (text string, ok bool)) Verdict[Op, Ret] {
	v.values = names
	return v
}

// Linearizable checks whether the history is linearizable. With an error the verdict's outcome is
// [Unknown]: the context is done, a state, operation or result has no content, or an optional method of
// the spec has a wrong signature. To check many histories against one spec, use a [Tester].
func Linearizable[S, Op, Ret any](
	ctx context.Context, spec Spec[S, Op, Ret], h History[Op, Ret],
) (Verdict[Op, Ret], error) {
	return check(ctx, spec, Linearizability, h)
}

// SequentiallyConsistent checks whether the history is sequentially consistent. It is meant for
// histories of a few dozen operations: without real time and without keys there is little to prune
// the search. Errors are those of [Linearizable].
func SequentiallyConsistent[S, Op, Ret any](
	ctx context.Context, spec Spec[S, Op, Ret], h History[Op, Ret],
) (Verdict[Op, Ret], error) {
	return check(ctx, spec, SequentialConsistency, h)
}

func check[S, Op, Ret any](
	ctx context.Context, spec Spec[S, Op, Ret], c Condition, h History[Op, Ret],
) (Verdict[Op, Ret], error) {
	t, err := NewTester(spec, c)
	if err != nil {
		return Verdict[Op, Ret]{Condition: c}, err
	}
	return t.Check(ctx, h)
}
