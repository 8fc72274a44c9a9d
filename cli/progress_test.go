package cli

import (
	"testing"
	"time"

	"github.com/allways-go/allways"
)

// A search that stands still for long is said to, until it goes on.
func TestStandstill(t *testing.T) {
	var x standstill
	for i, c := range []struct {
		phase     string
		seconds   time.Duration
		generated int64
		noted     bool
	}{
		{"search", 1, 0, false},
		{"search", 10, 7, false},
		{"search", 19, 7, false},
		{"search", 20, 7, true},
		{"search", 25, 7, true},
		{"search", 26, 8, false},
		{"eventually it ends", 27, 8, false},
		{"eventually it ends", 90, 8, false},
		{"simulate", 91, 8, false},
		{"simulate", 101, 8, true},
	} {
		x.see(allways.Progress{Phase: c.phase, Elapsed: c.seconds * time.Second, Generated: c.generated})
		if (x.note != "") != c.noted {
			t.Errorf("report %d: the note is %q", i, x.note)
		}
	}
}
