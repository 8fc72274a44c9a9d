package consistency

// WriteOnce is the spec of a register that keeps its first value. The first write succeeds; a later
// one succeeds if it writes the same value and fails otherwise. A write returns [OK] or [None]. A
// read returns [Some], or [None] before the first write. Values are compared by content. The
// methods Read and Write make operations.
type WriteOnce[T any] struct{}

// Read returns the operation that reads the register.
func (WriteOnce[T]) Read() RegisterOp[T] { return RegisterOp[T]{} }

// Write returns the operation that writes v.
func (WriteOnce[T]) Write(v T) RegisterOp[T] { return RegisterOp[T]{true, v} }

// Init implements [Spec].
func (WriteOnce[T]) Init() Maybe[T] { return None[T]() }

// Apply implements [Spec]. The state is the result of a read.
func (WriteOnce[T]) Apply(s Maybe[T], op RegisterOp[T]) (Maybe[T], Maybe[T]) {
	switch {
	case !op.Write:
		return s, s
	case !s.OK:
		return Some(op.Value), OK[T]()
	case sameContent(s.Value, op.Value):
		return s, OK[T]()
	}
	return s, None[T]()
}

// ReadOnly reports whether op is a read.
func (WriteOnce[T]) ReadOnly(op RegisterOp[T]) bool { return !op.Write }

// Describe returns `read → v`, `read → nothing`, `write(v)` or `write(v) → failed`.
func (s WriteOnce[T]) Describe(op RegisterOp[T], ret Maybe[T]) string {
	return s.sentence(op, ret).with(nil)
}

func (WriteOnce[T]) sentence(op RegisterOp[T], ret Maybe[T]) sentence {
	if op.Write {
		return ret.sentence(op, false, "failed")
	}
	return ret.sentence(op, true, "nothing")
}
