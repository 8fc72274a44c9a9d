package program

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/actor/internal/core"
)

// Messages in flight that are changed in place are those of plain states, now and before the last step.
func TestFlight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		network := rapid.SampledFrom([]core.Network{core.Unordered, core.Duplicating, core.Ordered}).Draw(t, "network")
		f := newFlight(func(int, int) core.Link { return core.Link{Network: network} }, 2)
		plain := make([]core.Inbox, 2)
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			f.begin()
			before := slices.Clone(plain)
			for range rapid.IntRange(0, 3).Draw(t, "changes") {
				from, box := rapid.IntRange(0, 1).Draw(t, "from"), rapid.IntRange(0, 1).Draw(t, "box")
				msg := fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "message"))
				want, found := plain[box].Ahead(network, from, msg)
				if got, ok := f.ahead(network, from, box, msg); ok != found || !slices.Equal(got, want) {
					t.Fatalf("ahead of %s are %q, %t; want %q, %t", msg, got, ok, want, found)
				}
				if found && len(want) == 0 && rapid.Bool().Draw(t, "take") {
					f.take(network, from, box, msg)
					plain[box] = plain[box].Take(network, from, msg)
					continue
				}
				f.put(network, from, box, msg, 1)
				plain[box] = plain[box].Put(network, from, msg)
			}
			same(t, f.inboxes(false), plain)
			same(t, f.inboxes(true), before)
		}
	})
}

func same(t *rapid.T, got, want []core.Inbox) {
	t.Helper()
	for i := range want {
		if !slices.Equal(got[i].Bag, want[i].Bag) || len(got[i].Queues) != len(want[i].Queues) {
			t.Fatalf("in flight are %+v, want %+v", got, want)
		}
		for k, q := range want[i].Queues {
			if !reflect.DeepEqual(got[i].Queues[k], q) {
				t.Fatalf("in flight are %+v, want %+v", got, want)
			}
		}
	}
}
