package consistency

// KV is the spec of a map from keys to values. Get returns [Some], or [None] for a key without a
// value. Put returns [OK]. Delete returns [OK], or [None] for a key without a value.
// Compare-and-swap (CAS) returns [OK], or [None] if the key did not have the expected value. Values
// are compared by content. The methods Get, Put, Delete and CAS make operations.
type KV[K comparable, V any] struct{}

// KVOp is an operation of a [KV].
type KVOp[K, V any] struct {
	kind  opKind
	Key   K // key of all operations
	Old   V // value that a CAS expects
	Value V // value that is written
}

// Get returns the operation that reads the value of k.
func (KV[K, V]) Get(k K) KVOp[K, V] { return KVOp[K, V]{Key: k} }

// Put returns the operation that sets the value of k to v.
func (KV[K, V]) Put(k K, v V) KVOp[K, V] { return KVOp[K, V]{kind: opWrite, Key: k, Value: v} }

// Delete returns the operation that removes k and its value.
func (KV[K, V]) Delete(k K) KVOp[K, V] { return KVOp[K, V]{kind: opRemove, Key: k} }

// CAS returns the operation that sets the value of k to v if it is old.
func (KV[K, V]) CAS(k K, old, v V) KVOp[K, V] {
	return KVOp[K, V]{kind: opCAS, Key: k, Old: old, Value: v}
}

// Init implements [Spec].
func (KV[K, V]) Init() map[K]V { return nil }

// Apply implements [Spec].
func (KV[K, V]) Apply(s map[K]V, op KVOp[K, V]) (map[K]V, Maybe[V]) {
	was, has := s[op.Key]
	switch {
	case op.kind == opRead:
		return s, Maybe[V]{was, has}
	case op.kind == opRemove && has:
		return without(s, op.Key), OK[V]()
	case op.kind == opWrite, op.kind == opCAS && has && sameContent(was, op.Old):
		return with(s, op.Key, op.Value), OK[V]()
	}
	return s, None[V]()
}

// ReadOnly reports whether op is a Get.
func (KV[K, V]) ReadOnly(op KVOp[K, V]) bool { return op.kind == opRead }

// Partition returns the key: operations on different keys are independent.
func (KV[K, V]) Partition(op KVOp[K, V]) any { return op.Key }

// Describe returns texts such as `get(k) → v`, `get(k) → nothing`, `put(k, v)` and
// `cas(k, old, v) → failed`.
func (s KV[K, V]) Describe(op KVOp[K, V], ret Maybe[V]) string { return s.sentence(op, ret).with(nil) }

func (KV[K, V]) sentence(op KVOp[K, V], ret Maybe[V]) sentence {
	failure := "nothing"
	if op.kind == opWrite || op.kind == opCAS {
		failure = "failed"
	}
	return ret.sentence(op, op.kind == opRead, failure)
}

// UnusedFields returns the fields that the operation does not use, which therefore name no interchangeable actors.
func (op KVOp[K, V]) UnusedFields() []string { return op.kind.unused() }

// String returns `get(k)`, `put(k, v)`, `delete(k)` or `cas(k, old, v)`.
func (op KVOp[K, V]) String() string { return op.TextWith(nil) }

// TextWith returns the text of String with values as names says, see [Verdict.WithValues].
func (op KVOp[K, V]) TextWith(names func(v any) (text string, ok bool)) string {
	switch op.kind {
	case opWrite:
		return call(names, "put", op.Key, op.Value)
	case opRemove:
		return call(names, "delete", op.Key)
	case opCAS:
		return call(names, "cas", op.Key, op.Old, op.Value)
	}
	return call(names, "get", op.Key)
}
