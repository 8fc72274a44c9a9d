package engine

// ColumnLen is columnLen, for tests.
const ColumnLen = columnLen

// OutOfRoom is outOfRoom, for tests.
func OutOfRoom(err error) StopReason { return outOfRoom(err) }

// Check is check, for tests.
func (b *Budget) Check() StopReason { return b.check() }
