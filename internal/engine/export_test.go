package engine

import "github.com/allways-go/allways/internal/ranks"

// ColumnLen is ranks.SegmentLen, for tests.
const ColumnLen = ranks.SegmentLen

// OutOfRoom is outOfRoom, for tests.
func OutOfRoom(err error) StopReason { return outOfRoom(err) }

// Check is check, for tests.
func (b *Budget) Check() StopReason { return b.check() }
