package consistency

// Register is the specification of a variable that is read and written. A write returns the value that it wrote.
// Its methods make its operations.
type Register[T any] struct {
	Initial T // what is read before the first write
}

// RegisterOp is a read, or a write of Value.
type RegisterOp[T any] struct {
	Write bool
	Value T
}

// Read returns the operation that reads the register.
func (Register[T]) Read() RegisterOp[T] { return RegisterOp[T]{} }

// Write returns the operation that writes v.
func (Register[T]) Write(v T) RegisterOp[T] { return RegisterOp[T]{true, v} }

// Init implements [Spec].
func (r Register[T]) Init() T { return r.Initial }

// Apply implements [Spec].
func (Register[T]) Apply(s T, op RegisterOp[T]) (T, T) {
	if op.Write {
		return op.Value, op.Value
	}
	return s, s
}

// ReadOnly reports whether op never changes the state.
func (Register[T]) ReadOnly(op RegisterOp[T]) bool { return !op.Write }

// Describe returns `read → v`, or `write(v)`.
func (Register[T]) Describe(op RegisterOp[T], ret T) string {
	if op.Write && text(op.Value) == text(ret) {
		return op.String()
	}
	return describe(op, ret)
}

// String returns `read` or `write(v)`.
func (op RegisterOp[T]) String() string {
	if op.Write {
		return "write(" + text(op.Value) + ")"
	}
	return "read"
}

// WriteOnce is the specification of a register that takes one value. The first write succeeds; later ones succeed if they
// write the same value again and fail otherwise. A read without success says that nothing was written yet. Writes that
// succeed return [Done], reads [Got]; whatever does not succeed returns [None].
// Its methods make its operations.
type WriteOnce[T comparable] struct{}

// Read returns the operation that reads the register.
func (WriteOnce[T]) Read() RegisterOp[T] { return RegisterOp[T]{} }

// Write returns the operation that writes v.
func (WriteOnce[T]) Write(v T) RegisterOp[T] { return RegisterOp[T]{true, v} }

// Init implements [Spec].
func (WriteOnce[T]) Init() Result[T] { return None[T]() }

// Apply implements [Spec]. The state is what a read returns.
func (WriteOnce[T]) Apply(s Result[T], op RegisterOp[T]) (Result[T], Result[T]) {
	switch {
	case !op.Write:
		return s, s
	case !s.OK:
		return Got(op.Value), Done[T]()
	case s.Value == op.Value:
		return s, Done[T]()
	}
	return s, None[T]()
}

// ReadOnly reports whether op never changes the state.
func (WriteOnce[T]) ReadOnly(op RegisterOp[T]) bool { return !op.Write }

// Describe returns `read → v`, `read → nothing`, `write(v)` or `write(v) → failed`.
func (WriteOnce[T]) Describe(op RegisterOp[T], ret Result[T]) string {
	if op.Write {
		return ret.describe(op, false, "failed")
	}
	return ret.describe(op, true, "nothing")
}
