package consistency

// CASRegister is the specification of a register with compare-and-swap. Reads return [Got], writes [Done]; a swap returns
// [Done], or [None] if the register held something else.
// Its methods make its operations.
type CASRegister[T comparable] struct {
	Initial T // what is read before the first write
}

// CASKind says what a [CASOp] does.
type CASKind uint8

// The kinds of operations of a [CASRegister].
const (
	CASRead CASKind = iota
	CASWrite
	CASSwap
)

// CASOp is an operation of a [CASRegister].
type CASOp[T any] struct {
	Kind  CASKind
	Old   T // what a swap expects
	Value T // what is written
}

// Read returns the operation that reads the register.
func (CASRegister[T]) Read() CASOp[T] { return CASOp[T]{} }

// Write returns the operation that writes v.
func (CASRegister[T]) Write(v T) CASOp[T] { return CASOp[T]{Kind: CASWrite, Value: v} }

// CompareAndSwap returns the operation that writes v if the register holds old.
func (CASRegister[T]) CompareAndSwap(old, v T) CASOp[T] {
	return CASOp[T]{Kind: CASSwap, Old: old, Value: v}
}

// Init implements [Spec].
func (r CASRegister[T]) Init() T { return r.Initial }

// Apply implements [Spec].
func (CASRegister[T]) Apply(s T, op CASOp[T]) (T, Result[T]) {
	switch {
	case op.Kind == CASWrite, op.Kind == CASSwap && op.Old == s:
		return op.Value, Done[T]()
	case op.Kind == CASSwap:
		return s, None[T]()
	}
	return s, Got(s)
}

// ReadOnly reports whether op never changes the state.
func (CASRegister[T]) ReadOnly(op CASOp[T]) bool { return op.Kind == CASRead }

// Describe returns texts such as `read → v`, `write(v)`, `cas(old, v)` and `cas(old, v) → failed`.
func (CASRegister[T]) Describe(op CASOp[T], ret Result[T]) string {
	return ret.describe(op, op.Kind == CASRead, "failed")
}

// String returns `read`, `write(v)` or `cas(old, v)`.
func (op CASOp[T]) String() string {
	switch op.Kind {
	case CASWrite:
		return "write(" + text(op.Value) + ")"
	case CASSwap:
		return "cas(" + text(op.Old) + ", " + text(op.Value) + ")"
	}
	return "read"
}
