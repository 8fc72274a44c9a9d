package consistency

// Condition is a consistency condition: it says which orders of its operations explain a history.
type Condition uint8

const (
	// Linearizability requires an order that keeps real time: an operation that returned before another
	// was invoked comes first.
	Linearizability Condition = iota
	// SequentialConsistency requires an order that keeps the order of each client's operations.
	SequentialConsistency
)

// String returns "linearizable" or "sequentially consistent".
func (c Condition) String() string {
	if c == SequentialConsistency {
		return "sequentially consistent"
	}
	return "linearizable"
}
