// Package clock provides vector clocks, which order the events of a distributed system by cause.
// They do not measure time. Actors put clocks into their states and messages; the checker and the
// runtime need none.
package clock

import (
	"maps"

	"github.com/allways-go/allways/actor"
)

// VectorClock maps each actor to the number of its events that happened before a point in a run, or
// at it (Fidge, "Timestamps in message-passing systems that preserve the partial ordering", 1988;
// Mattern, "Virtual time and global states of distributed systems", 1989). A missing actor counts
// 0, so that the zero value is the clock of the beginning. Symmetry reduction renames the actors in
// a clock. A clock is a map: it is not safe for concurrent use.
type VectorClock map[actor.ID]int

// Clone returns a copy.
func (c VectorClock) Clone() VectorClock { return maps.Clone(c) }

// Tick adds an event of an actor and returns the clock. It changes c, unless c is nil.
func (c VectorClock) Tick(id actor.ID) VectorClock {
	if c == nil {
		c = VectorClock{}
	}
	c[id]++
	return c
}

// Merge raises each count of c to that of o and returns the clock: all events before o are then
// before c too. It changes c, unless c is nil.
func (c VectorClock) Merge(o VectorClock) VectorClock {
	if c == nil {
		c = VectorClock{}
	}
	for id, n := range o {
		if n > c[id] {
			c[id] = n
		}
	}
	return c
}

// Includes reports whether all events before o are before c too.
func (c VectorClock) Includes(o VectorClock) bool {
	for id, n := range o {
		if n > c[id] {
			return false
		}
	}
	return true
}

// Before reports whether c happened before o.
func (c VectorClock) Before(o VectorClock) bool { return o.Includes(c) && !c.Includes(o) }

// Concurrent reports whether the clocks differ and neither happened before the other.
func (c VectorClock) Concurrent(o VectorClock) bool { return !o.Includes(c) && !c.Includes(o) }

// Equal reports whether the counts are equal.
func (c VectorClock) Equal(o VectorClock) bool { return o.Includes(c) && c.Includes(o) }
