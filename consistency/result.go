package consistency

import "fmt"

// Result is what an operation returns that may succeed or not, with or without a value. The zero Result is that of an
// operation without success: nothing there, or refused.
type Result[T any] struct {
	Value T
	OK    bool
}

// Got returns the result of an operation that succeeded with a value.
func Got[T any](v T) Result[T] { return Result[T]{v, true} }

// Done returns the result of an operation that succeeded without a value.
func Done[T any]() Result[T] { return Result[T]{OK: true} }

// None returns the result of an operation without success, such as taking from an empty queue.
func None[T any]() Result[T] { return Result[T]{} }

// describe returns the text of an operation that returned r: one that succeeds with a value shows the value, one that
// succeeds without is shown alone, as is the rule, and one without success shows what that means.
func (r Result[T]) describe(op fmt.Stringer, valued bool, failure string) string {
	switch {
	case !r.OK:
		return describe(op, failure)
	case valued:
		return describe(op, r.Value)
	}
	return op.String()
}

// describe returns the text of an operation and what it returned.
func describe(op, ret any) string { return fmt.Sprintf("%v → %s", op, text(ret)) }

// text returns the text of a value, visible even if it is empty.
func text(v any) string {
	if s := fmt.Sprint(v); s != "" {
		return s
	}
	return `""`
}
