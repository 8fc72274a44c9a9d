package allways

import "github.com/allways-go/allways/internal/watch"

// Gate lets a [Check] pause: while the gate is shut, the search waits before the next state. The zero
// value is open. One gate may hold several searches. It is safe for concurrent use, and must not be
// copied. Time goes on while a search waits, so that [Options.Timeout] and a canceled context end it.
type Gate struct{ g watch.Gate }

// Shut lets searches wait.
func (g *Gate) Shut() { g.g.Shut() }

// Open lets searches go on.
func (g *Gate) Open() { g.g.Open() }

// inner returns the gate as the engine knows it; nil for nil.
func (g *Gate) inner() *watch.Gate {
	if g == nil {
		return nil
	}
	return &g.g
}
