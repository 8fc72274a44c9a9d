package consistency

import "maps"

// Set is the specification of a set. Adding returns whether the value was not there before, removing and asking whether it
// was.
// Its methods make its operations.
type Set[T comparable] struct{}

// SetKind says what a [SetOp] does.
type SetKind uint8

// The kinds of operations of a [Set].
const (
	SetContains SetKind = iota
	SetAdd
	SetRemove
)

// SetOp is an operation of a [Set].
type SetOp[T any] struct {
	Kind  SetKind
	Value T
}

// Contains returns the operation that asks for v.
func (Set[T]) Contains(v T) SetOp[T] { return SetOp[T]{SetContains, v} }

// Add returns the operation that adds v.
func (Set[T]) Add(v T) SetOp[T] { return SetOp[T]{SetAdd, v} }

// Remove returns the operation that removes v.
func (Set[T]) Remove(v T) SetOp[T] { return SetOp[T]{SetRemove, v} }

// Init implements [Spec].
func (Set[T]) Init() map[T]struct{} { return nil }

// Apply implements [Spec].
func (Set[T]) Apply(s map[T]struct{}, op SetOp[T]) (map[T]struct{}, bool) {
	_, has := s[op.Value]
	switch {
	case op.Kind == SetAdd && !has:
		return with(s, op.Value, struct{}{}), true
	case op.Kind == SetAdd:
		return s, false
	case op.Kind == SetRemove && has:
		return without(s, op.Value), true
	}
	return s, has
}

// ReadOnly reports whether op never changes the state.
func (Set[T]) ReadOnly(op SetOp[T]) bool { return op.Kind == SetContains }

// Partition returns the value: what happens to one value does not concern the others.
func (Set[T]) Partition(op SetOp[T]) any { return op.Value }

// String returns `contains(v)`, `add(v)` or `remove(v)`.
func (op SetOp[T]) String() string {
	switch op.Kind {
	case SetAdd:
		return "add(" + text(op.Value) + ")"
	case SetRemove:
		return "remove(" + text(op.Value) + ")"
	}
	return "contains(" + text(op.Value) + ")"
}

// with returns a copy of m that holds v at k.
func with[K comparable, V any](m map[K]V, k K, v V) map[K]V {
	c := make(map[K]V, len(m)+1)
	maps.Copy(c, m)
	c[k] = v
	return c
}

// without returns a copy of m that holds nothing at k.
func without[K comparable, V any](m map[K]V, k K) map[K]V {
	c := maps.Clone(m)
	delete(c, k)
	return c
}
