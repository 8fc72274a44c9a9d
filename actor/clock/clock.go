// Package clock holds vector clocks, by which actors tell what happened before what. It is no clock that tells the time, and
// nothing that a checker or a runtime needs: actors put clocks into their states and messages.
package clock

import (
	"maps"

	"github.com/allways-go/allways/actor"
)

// VectorClock counts events by actor: those that happened before a point, or at it (Fidge, Timestamps in message-passing
// systems that preserve the partial ordering, 1988; Mattern, Virtual time and global states of distributed systems, 1989).
// Actors that it does not have are counted 0, so the zero value is the beginning. It is renamed under symmetry.
type VectorClock map[actor.ID]int

// Clone returns a copy.
func (c VectorClock) Clone() VectorClock { return maps.Clone(c) }

// Tick counts an event of an actor, and returns the clock, which is a new one if it was nil.
func (c VectorClock) Tick(id actor.ID) VectorClock {
	if c == nil {
		c = VectorClock{}
	}
	c[id]++
	return c
}

// Merge raises every count to that of o, so that all that happened before o has happened before c, and returns the clock,
// which is a new one if it was nil.
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

// Includes reports whether all that happened before o has happened before c, too.
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

// Concurrent reports whether neither happened before the other, nor are they the same.
func (c VectorClock) Concurrent(o VectorClock) bool { return !o.Includes(c) && !c.Includes(o) }

// Equal reports whether the clocks count the same.
func (c VectorClock) Equal(o VectorClock) bool { return o.Includes(c) && c.Includes(o) }
