package engine

import "github.com/allways-go/allways/internal/ranks"

// ColumnLen is ranks.SegmentLen, for tests.
const ColumnLen = ranks.SegmentLen
