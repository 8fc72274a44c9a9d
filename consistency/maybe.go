package consistency

// Maybe is the result of an operation that can fail, with or without a value. The zero Maybe is the
// result of an operation that failed or found nothing.
type Maybe[T any] struct {
	Value T    // value, if there is one
	OK    bool // success
}

// Some returns the result of an operation that succeeded with a value.
func Some[T any](v T) Maybe[T] { return Maybe[T]{v, true} }

// OK returns the result of an operation that succeeded without a value.
func OK[T any]() Maybe[T] { return Maybe[T]{OK: true} }

// None returns the result of an operation that failed or found nothing, such as taking from an empty
// queue.
func None[T any]() Maybe[T] { return Maybe[T]{} }

// UnusedFields returns the field that the result does not use, which therefore names no interchangeable actor.
func (r Maybe[T]) UnusedFields() []string {
	if r.OK {
		return nil
	}
	return []string{"Value"}
}

// sentence says what an operation that returned r did. A result with a value shows the value, a
// failure shows the given word, and success without a value, the ordinary case, shows nothing.
func (r Maybe[T]) sentence(op any, valued bool, failure string) sentence {
	switch {
	case !r.OK:
		return sentence{op: op, ret: word(failure)}
	case valued:
		return sentence{op: op, ret: r.Value}
	}
	return sentence{op: op, brief: true}
}
