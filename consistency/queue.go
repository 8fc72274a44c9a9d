package consistency

import "slices"

// Queue is the spec of an unbounded FIFO queue. Enqueue returns [OK]. Dequeue returns [Some], or [None]
// if the queue is empty. These two methods make operations.
type Queue[T any] struct{}

// QueueOp enqueues Value, or dequeues.
type QueueOp[T any] struct {
	Enqueue bool // enqueue Value, instead of dequeueing
	Value   T    // value to enqueue
}

// Enqueue returns the operation that appends v.
func (Queue[T]) Enqueue(v T) QueueOp[T] { return QueueOp[T]{true, v} }

// Dequeue returns the operation that removes the oldest value and returns it.
func (Queue[T]) Dequeue() QueueOp[T] { return QueueOp[T]{} }

// Init implements [Spec].
func (Queue[T]) Init() []T { return nil }

// Apply implements [Spec]. The state holds the values, oldest first.
func (Queue[T]) Apply(s []T, op QueueOp[T]) ([]T, Maybe[T]) {
	switch {
	case op.Enqueue:
		return append(slices.Clip(s), op.Value), OK[T]()
	case len(s) == 0:
		return s, None[T]()
	}
	return s[1:], Some(s[0])
}

// Describe returns `enqueue(v)`, `dequeue → v` or `dequeue → empty`.
func (s Queue[T]) Describe(op QueueOp[T], ret Maybe[T]) string { return s.sentence(op, ret).with(nil) }

func (Queue[T]) sentence(op QueueOp[T], ret Maybe[T]) sentence {
	return ret.sentence(op, !op.Enqueue, whyNot(op.Enqueue))
}

// UnusedFields returns the fields that the operation does not use, which therefore name no interchangeable actors.
func (op QueueOp[T]) UnusedFields() []string {
	if op.Enqueue {
		return nil
	}
	return []string{"Value"}
}

// String returns `enqueue(v)` or `dequeue`.
func (op QueueOp[T]) String() string { return op.TextWith(nil) }

// TextWith returns the text of String with values as names says, see [Verdict.WithValues].
func (op QueueOp[T]) TextWith(names func(v any) (text string, ok bool)) string {
	if op.Enqueue {
		return call(names, "enqueue", op.Value)
	}
	return "dequeue"
}

// whyNot returns the word for an insertion or a removal without success.
func whyNot(insertion bool) string {
	if insertion {
		return "failed"
	}
	return "empty"
}
