package consistency

import "slices"

// Stack is the spec of an unbounded LIFO stack. Push returns [OK]. Pop returns [Some], or [None] if the
// stack is empty. These two methods make operations.
type Stack[T any] struct{}

// StackOp pushes Value, or pops.
type StackOp[T any] struct {
	Push  bool // push Value, instead of popping
	Value T    // value to push
}

// Push returns the operation that puts v on top.
func (Stack[T]) Push(v T) StackOp[T] { return StackOp[T]{true, v} }

// Pop returns the operation that removes the top value and returns it.
func (Stack[T]) Pop() StackOp[T] { return StackOp[T]{} }

// Init implements [Spec].
func (Stack[T]) Init() []T { return nil }

// Apply implements [Spec]. The state holds the values, oldest first.
func (Stack[T]) Apply(s []T, op StackOp[T]) ([]T, Maybe[T]) {
	switch {
	case op.Push:
		return append(slices.Clip(s), op.Value), OK[T]()
	case len(s) == 0:
		return s, None[T]()
	}
	return s[:len(s)-1], Some(s[len(s)-1])
}

// Describe returns `push(v)`, `pop → v` or `pop → empty`.
func (s Stack[T]) Describe(op StackOp[T], ret Maybe[T]) string { return s.sentence(op, ret).with(nil) }

func (Stack[T]) sentence(op StackOp[T], ret Maybe[T]) sentence {
	return ret.sentence(op, !op.Push, whyNot(op.Push))
}

// UnusedFields returns the fields that the operation does not use, which therefore name no interchangeable actors.
func (op StackOp[T]) UnusedFields() []string {
	if op.Push {
		return nil
	}
	return []string{"Value"}
}

// String returns `push(v)` or `pop`.
func (op StackOp[T]) String() string { return op.TextWith(nil) }

// TextWith returns the text of String with values as names says, see [Verdict.WithValues].
func (op StackOp[T]) TextWith(names func(v any) (text string, ok bool)) string {
	if op.Push {
		return call(names, "push", op.Value)
	}
	return "pop"
}
