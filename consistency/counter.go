package consistency

import "fmt"

// Counter is the specification of a number that is added to. Reading returns the number, adding 0, and adding with
// fetching the number before.
// Its methods make its operations.
type Counter struct {
	Initial int // the number at the start
}

// CounterKind says what a [CounterOp] does.
type CounterKind uint8

// The kinds of operations of a [Counter].
const (
	CounterRead CounterKind = iota
	CounterAdd
	CounterFetchAdd
)

// CounterOp is an operation of a [Counter].
type CounterOp struct {
	Kind  CounterKind
	Delta int // what is added
}

// Read returns the operation that reads the number.
func (Counter) Read() CounterOp { return CounterOp{} }

// Add returns the operation that adds delta and returns nothing, that is 0.
func (Counter) Add(delta int) CounterOp { return CounterOp{CounterAdd, delta} }

// FetchAdd returns the operation that adds delta and returns the number before.
func (Counter) FetchAdd(delta int) CounterOp { return CounterOp{CounterFetchAdd, delta} }

// Init implements [Spec].
func (c Counter) Init() int { return c.Initial }

// Apply implements [Spec].
func (Counter) Apply(s int, op CounterOp) (int, int) {
	switch op.Kind {
	case CounterAdd:
		return s + op.Delta, 0
	case CounterFetchAdd:
		return s + op.Delta, s
	}
	return s, s
}

// ReadOnly reports whether op never changes the state.
func (Counter) ReadOnly(op CounterOp) bool { return op.Kind == CounterRead }

// Describe returns `read → n`, `add(d)` or `fetch-add(d) → n`.
func (Counter) Describe(op CounterOp, ret int) string {
	if op.Kind == CounterAdd && ret == 0 {
		return op.String()
	}
	return describe(op, ret)
}

// String returns `read`, `add(d)` or `fetch-add(d)`.
func (op CounterOp) String() string {
	switch op.Kind {
	case CounterAdd:
		return fmt.Sprintf("add(%d)", op.Delta)
	case CounterFetchAdd:
		return fmt.Sprintf("fetch-add(%d)", op.Delta)
	}
	return "read"
}
