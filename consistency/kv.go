package consistency

// KV is the specification of a map from keys to values. Getting returns [Got], or [None] for a key without a value;
// putting returns [Done]; deleting returns [Done], or [None] if there was nothing; a swap returns [Done], or [None] if the
// key did not have the expected value.
// Its methods make its operations.
type KV[K, V comparable] struct{}

// KVKind says what a [KVOp] does.
type KVKind uint8

// The kinds of operations of a [KV].
const (
	KVGet KVKind = iota
	KVPut
	KVDelete
	KVSwap
)

// KVOp is an operation of a [KV].
type KVOp[K, V any] struct {
	Kind  KVKind
	Key   K
	Old   V // what a swap expects
	Value V // what is put
}

// Get returns the operation that reads the value of k.
func (KV[K, V]) Get(k K) KVOp[K, V] { return KVOp[K, V]{Key: k} }

// Put returns the operation that gives k the value v.
func (KV[K, V]) Put(k K, v V) KVOp[K, V] { return KVOp[K, V]{Kind: KVPut, Key: k, Value: v} }

// Delete returns the operation that takes the value from k.
func (KV[K, V]) Delete(k K) KVOp[K, V] { return KVOp[K, V]{Kind: KVDelete, Key: k} }

// CompareAndSwap returns the operation that gives k the value v if it has the value old.
func (KV[K, V]) CompareAndSwap(k K, old, v V) KVOp[K, V] {
	return KVOp[K, V]{Kind: KVSwap, Key: k, Old: old, Value: v}
}

// Init implements [Spec].
func (KV[K, V]) Init() map[K]V { return nil }

// Apply implements [Spec].
func (KV[K, V]) Apply(s map[K]V, op KVOp[K, V]) (map[K]V, Result[V]) {
	was, has := s[op.Key]
	switch {
	case op.Kind == KVGet:
		return s, Result[V]{was, has}
	case op.Kind == KVDelete && has:
		return without(s, op.Key), Done[V]()
	case op.Kind == KVPut, op.Kind == KVSwap && has && was == op.Old:
		return with(s, op.Key, op.Value), Done[V]()
	}
	return s, None[V]()
}

// ReadOnly reports whether op never changes the state.
func (KV[K, V]) ReadOnly(op KVOp[K, V]) bool { return op.Kind == KVGet }

// Partition returns the key: what happens to one key does not concern the others.
func (KV[K, V]) Partition(op KVOp[K, V]) any { return op.Key }

// Describe returns texts such as `get(k) → v`, `get(k) → nothing`, `put(k, v)` and `cas(k, old, v) → failed`.
func (KV[K, V]) Describe(op KVOp[K, V], ret Result[V]) string {
	failure := "nothing"
	if op.Kind == KVPut || op.Kind == KVSwap {
		failure = "failed"
	}
	return ret.describe(op, op.Kind == KVGet, failure)
}

// String returns `get(k)`, `put(k, v)`, `delete(k)` or `cas(k, old, v)`.
func (op KVOp[K, V]) String() string {
	switch op.Kind {
	case KVPut:
		return "put(" + text(op.Key) + ", " + text(op.Value) + ")"
	case KVDelete:
		return "delete(" + text(op.Key) + ")"
	case KVSwap:
		return "cas(" + text(op.Key) + ", " + text(op.Old) + ", " + text(op.Value) + ")"
	}
	return "get(" + text(op.Key) + ")"
}
