// Package trace reads, writes and replays trace files.
package trace

// File is a trace.
type File struct{}
