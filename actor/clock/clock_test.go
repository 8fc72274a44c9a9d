package clock_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/clock"
)

// Two events are concurrent. The answer to one of them comes after both.
func ExampleVectorClock() {
	ann, bob := clock.VectorClock{}.Tick(0), clock.VectorClock{}.Tick(1)
	fmt.Println(ann.Concurrent(bob))
	answer := bob.Clone().Merge(ann).Tick(1)
	fmt.Println(ann.Before(answer), bob.Before(answer), answer)
	// Output:
	// true
	// true true map[0:1 1:2]
}

func draw(t *rapid.T, name string) clock.VectorClock {
	return rapid.MapOfN(rapid.Map(rapid.IntRange(0, 3), func(n int) actor.ID { return actor.ID(n) }),
		rapid.IntRange(0, 3), 0, 4).Draw(t, name)
}

// Clocks are partially ordered, and merging two of them gives the least clock that includes both.
func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := draw(t, "a"), draw(t, "b"), draw(t, "c")
		merged := a.Clone().Merge(b)
		for _, law := range []struct {
			name  string
			holds bool
		}{
			{"exactly one relation", count(a.Before(b), b.Before(a), a.Concurrent(b), a.Equal(b)) == 1},
			{"never before itself", !a.Before(a)},
			{"transitive", !a.Before(b) || !b.Before(c) || a.Before(c)},
			{"merging includes both", merged.Includes(a) && merged.Includes(b)},
			{"merging is least", !c.Includes(a) || !c.Includes(b) || c.Includes(merged)},
			{"merging is symmetric", merged.Equal(b.Clone().Merge(a))},
			{"ticking goes on", a.Before(a.Clone().Tick(1))},
			{"the zero value is the beginning", a.Includes(nil) && clock.VectorClock(nil).Merge(a).Equal(a)},
		} {
			if !law.holds {
				t.Errorf("%s: a %v, b %v, c %v", law.name, a, b, c)
			}
		}
	})
}

func count(all ...bool) (n int) {
	for _, b := range all {
		if b {
			n++
		}
	}
	return n
}
