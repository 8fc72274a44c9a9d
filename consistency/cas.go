package consistency

// CASRegister is the spec of a register with compare-and-swap (CAS). A read returns [Some], a write
// [OK]. A CAS returns [OK], or [None] if the register held another value. Values are compared by
// content. The methods Read, Write and CAS make operations.
type CASRegister[T any] struct {
	Initial T // value before the first write
}

// CASOp is an operation of a [CASRegister].
type CASOp[T any] struct {
	kind  opKind
	Old   T // value that a CAS expects
	Value T // value that is written
}

// Read returns the operation that reads the register.
func (CASRegister[T]) Read() CASOp[T] { return CASOp[T]{} }

// Write returns the operation that writes v.
func (CASRegister[T]) Write(v T) CASOp[T] { return CASOp[T]{kind: opWrite, Value: v} }

// CAS returns the operation that writes v if the register holds old.
func (CASRegister[T]) CAS(old, v T) CASOp[T] { return CASOp[T]{kind: opCAS, Old: old, Value: v} }

// Init implements [Spec].
func (r CASRegister[T]) Init() T { return r.Initial }

// Apply implements [Spec].
func (CASRegister[T]) Apply(s T, op CASOp[T]) (T, Maybe[T]) {
	switch {
	case op.kind == opWrite, op.kind == opCAS && sameContent(op.Old, s):
		return op.Value, OK[T]()
	case op.kind == opCAS:
		return s, None[T]()
	}
	return s, Some(s)
}

// ReadOnly reports whether op is a read.
func (CASRegister[T]) ReadOnly(op CASOp[T]) bool { return op.kind == opRead }

// Describe returns texts such as `read → v`, `write(v)`, `cas(old, v)` and `cas(old, v) → failed`.
func (s CASRegister[T]) Describe(op CASOp[T], ret Maybe[T]) string {
	return s.sentence(op, ret).with(nil)
}

func (CASRegister[T]) sentence(op CASOp[T], ret Maybe[T]) sentence {
	return ret.sentence(op, op.kind == opRead, "failed")
}

// UnusedFields returns the fields that the operation does not use, which therefore name no interchangeable actors.
func (op CASOp[T]) UnusedFields() []string { return op.kind.unused() }

// String returns `read`, `write(v)` or `cas(old, v)`.
func (op CASOp[T]) String() string { return op.TextWith(nil) }

// TextWith returns the text of String with values as names says, see [Verdict.WithValues].
func (op CASOp[T]) TextWith(names func(v any) (text string, ok bool)) string {
	switch op.kind {
	case opWrite:
		return call(names, "write", op.Value)
	case opCAS:
		return call(names, "cas", op.Old, op.Value)
	}
	return "read"
}
