package consistency

// Register is the spec of a variable with reads and writes. A read returns the value, a write returns
// the value that it wrote. The methods Read and Write make operations.
type Register[T any] struct {
	Initial T // value before the first write
}

// RegisterOp is a read, or a write of Value.
type RegisterOp[T any] struct {
	Write bool // write Value, instead of reading
	Value T    // value to write
}

// Read returns the operation that reads the register.
func (Register[T]) Read() RegisterOp[T] { return RegisterOp[T]{} }

// Write returns the operation that writes v. Its result is v: record the end of the write with v as
// the result, since any other one, such as the zero value, violates the spec.
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

// ReadOnly reports whether op is a read.
func (Register[T]) ReadOnly(op RegisterOp[T]) bool { return !op.Write }

// Describe returns `read → v` or `write(v)`.
func (s Register[T]) Describe(op RegisterOp[T], ret T) string { return s.sentence(op, ret).with(nil) }

func (Register[T]) sentence(op RegisterOp[T], ret T) sentence {
	if op.Write && text(op.Value) == text(ret) {
		return sentence{op: op, brief: true}
	}
	return sentence{op: op, ret: ret}
}

// UnusedFields returns the fields that the operation does not use, which therefore name no interchangeable actors.
func (op RegisterOp[T]) UnusedFields() []string {
	if op.Write {
		return nil
	}
	return []string{"Value"}
}

// String returns `read` or `write(v)`.
func (op RegisterOp[T]) String() string { return op.TextWith(nil) }

// TextWith returns the text of String with values as names says, see [Verdict.WithValues].
func (op RegisterOp[T]) TextWith(names func(v any) (text string, ok bool)) string {
	if op.Write {
		return call(names, "write", op.Value)
	}
	return "read"
}
