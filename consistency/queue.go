package consistency

import "slices"

// Queue is the specification of an unbounded queue, first in, first out. Enqueueing returns [Done]; dequeueing returns
// [Got], or [None] from an empty queue.
// Its methods make its operations.
type Queue[T any] struct{}

// QueueOp takes the oldest value, or puts Value.
type QueueOp[T any] struct {
	Enqueue bool
	Value   T
}

// Enqueue returns the operation that puts v.
func (Queue[T]) Enqueue(v T) QueueOp[T] { return QueueOp[T]{true, v} }

// Dequeue returns the operation that takes the oldest value.
func (Queue[T]) Dequeue() QueueOp[T] { return QueueOp[T]{} }

// Init implements [Spec].
func (Queue[T]) Init() []T { return nil }

// Apply implements [Spec]. The state is the values, oldest first.
func (Queue[T]) Apply(s []T, op QueueOp[T]) ([]T, Result[T]) {
	switch {
	case op.Enqueue:
		return append(slices.Clip(s), op.Value), Done[T]()
	case len(s) == 0:
		return s, None[T]()
	}
	return s[1:], Got(s[0])
}

// Describe returns `enqueue(v)`, `dequeue → v` or `dequeue → empty`.
func (Queue[T]) Describe(op QueueOp[T], ret Result[T]) string {
	return ret.describe(op, !op.Enqueue, emptyUnless(op.Enqueue))
}

// String returns `enqueue(v)` or `dequeue`.
func (op QueueOp[T]) String() string {
	if op.Enqueue {
		return "enqueue(" + text(op.Value) + ")"
	}
	return "dequeue"
}

// emptyUnless says what it means that putting or taking had no success.
func emptyUnless(put bool) string {
	if put {
		return "failed"
	}
	return "empty"
}
