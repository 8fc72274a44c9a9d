package allways

import "time"

// SimulateOptions stands here until the root package has it.
type SimulateOptions struct {
	Workers       int
	Symmetry      bool
	MaxDepth      int
	MaxStates     int
	MaxGenerated  int
	Timeout       time.Duration
	MaxMemory     int64
	Stop          Stop
	Walks         int
	Seed          uint64
	Scheduler     Scheduler
	Progress      func(Progress)
	ProgressEvery time.Duration
	Visitor       Visitor
}
