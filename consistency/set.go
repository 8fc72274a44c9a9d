package consistency

import "maps"

// Set is the spec of a set. Contains and Remove return whether the value was in the set, and Add
// whether it was not. These three methods make operations.
type Set[T comparable] struct{}

// SetOp is an operation of a [Set].
type SetOp[T any] struct {
	kind  opKind
	Value T // value to look for, to add or to remove
}

// Contains returns the operation that asks whether v is in the set.
func (Set[T]) Contains(v T) SetOp[T] { return SetOp[T]{opRead, v} }

// Add returns the operation that adds v.
func (Set[T]) Add(v T) SetOp[T] { return SetOp[T]{opAdd, v} }

// Remove returns the operation that removes v.
func (Set[T]) Remove(v T) SetOp[T] { return SetOp[T]{opRemove, v} }

// Init implements [Spec].
func (Set[T]) Init() map[T]struct{} { return nil }

// Apply implements [Spec].
func (Set[T]) Apply(s map[T]struct{}, op SetOp[T]) (map[T]struct{}, bool) {
	_, has := s[op.Value]
	switch {
	case op.kind == opAdd && !has:
		return with(s, op.Value, struct{}{}), true
	case op.kind == opAdd:
		return s, false
	case op.kind == opRemove && has:
		return without(s, op.Value), true
	}
	return s, has
}

// ReadOnly reports whether op is a Contains.
func (Set[T]) ReadOnly(op SetOp[T]) bool { return op.kind == opRead }

// Partition returns the value: operations on different values are independent.
func (Set[T]) Partition(op SetOp[T]) any { return op.Value }

// String returns `contains(v)`, `add(v)` or `remove(v)`.
func (op SetOp[T]) String() string { return op.TextWith(nil) }

// TextWith returns the text of String with values as names says, see [Verdict.WithValues].
func (op SetOp[T]) TextWith(names func(v any) (text string, ok bool)) string {
	switch op.kind {
	case opAdd:
		return call(names, "add", op.Value)
	case opRemove:
		return call(names, "remove", op.Value)
	}
	return call(names, "contains", op.Value)
}

// with returns a copy of m with the value v at k.
func with[K comparable, V any](m map[K]V, k K, v V) map[K]V {
	c := make(map[K]V, len(m)+1)
	maps.Copy(c, m)
	c[k] = v
	return c
}

// without returns a copy of m without the key k.
func without[K comparable, V any](m map[K]V, k K) map[K]V {
	c := maps.Clone(m)
	delete(c, k)
	return c
}
