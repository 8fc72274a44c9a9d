package consistency

import "slices"

// Stack is the specification of an unbounded stack, last in, first out. Pushing returns [Done]; popping returns [Got], or
// [None] from an empty stack.
// Its methods make its operations.
type Stack[T any] struct{}

// StackOp takes the newest value, or puts Value.
type StackOp[T any] struct {
	Push  bool
	Value T
}

// Push returns the operation that puts v.
func (Stack[T]) Push(v T) StackOp[T] { return StackOp[T]{true, v} }

// Pop returns the operation that takes the newest value.
func (Stack[T]) Pop() StackOp[T] { return StackOp[T]{} }

// Init implements [Spec].
func (Stack[T]) Init() []T { return nil }

// Apply implements [Spec]. The state is the values, oldest first.
func (Stack[T]) Apply(s []T, op StackOp[T]) ([]T, Result[T]) {
	switch {
	case op.Push:
		return append(slices.Clip(s), op.Value), Done[T]()
	case len(s) == 0:
		return s, None[T]()
	}
	return s[:len(s)-1], Got(s[len(s)-1])
}

// Describe returns `push(v)`, `pop → v` or `pop → empty`.
func (Stack[T]) Describe(op StackOp[T], ret Result[T]) string {
	return ret.describe(op, !op.Push, emptyUnless(op.Push))
}

// String returns `push(v)` or `pop`.
func (op StackOp[T]) String() string {
	if op.Push {
		return "push(" + text(op.Value) + ")"
	}
	return "pop"
}
