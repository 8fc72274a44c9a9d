package consistency

// Counter is the spec of a number. Read returns the number, Add returns 0, and FetchAdd returns the
// number before the addition. These three methods make operations.
type Counter struct {
	Initial int // number at the start
}

// CounterOp is an operation of a [Counter].
type CounterOp struct {
	kind  opKind
	Delta int // number to add
}

// Read returns the operation that reads the number.
func (Counter) Read() CounterOp { return CounterOp{} }

// Add returns the operation that adds delta and returns 0.
func (Counter) Add(delta int) CounterOp { return CounterOp{opAdd, delta} }

// FetchAdd returns the operation that adds delta and returns the number before.
func (Counter) FetchAdd(delta int) CounterOp { return CounterOp{opFetchAdd, delta} }

// Init implements [Spec].
func (c Counter) Init() int { return c.Initial }

// Apply implements [Spec].
func (Counter) Apply(s int, op CounterOp) (int, int) {
	switch op.kind {
	case opAdd:
		return s + op.Delta, 0
	case opFetchAdd:
		return s + op.Delta, s
	}
	return s, s
}

// ReadOnly reports whether op is a read.
func (Counter) ReadOnly(op CounterOp) bool { return op.kind == opRead }

// Describe returns `read → n`, `add(d)` or `fetch-add(d) → n`.
func (Counter) Describe(op CounterOp, ret int) string {
	if op.kind == opAdd && ret == 0 {
		return op.String()
	}
	return sentence{op: op, ret: ret}.with(nil)
}

// String returns `read`, `add(d)` or `fetch-add(d)`.
func (op CounterOp) String() string {
	switch op.kind {
	case opAdd:
		return call(nil, "add", op.Delta)
	case opFetchAdd:
		return call(nil, "fetch-add", op.Delta)
	}
	return "read"
}
