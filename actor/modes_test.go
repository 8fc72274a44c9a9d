package actor_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/longtest"
)

// mode is a way to search all states of a system.
type mode struct {
	name     string
	ignored  actor.IgnoredPolicy
	options  allways.Options
	shortest bool // its paths are shortest ones
}

// modes are all ways that every system permits.
var modes = []mode{
	{"one worker", actor.IgnoredKept, allways.Options{Workers: 1}, true},
	{"two workers", actor.IgnoredKept, allways.Options{Workers: 2}, true},
	{"depth first", actor.IgnoredKept, allways.Options{Workers: 2, Strategy: allways.DFS}, false},
	{"fingerprints", actor.IgnoredKept, allways.Options{Workers: 2, Store: allways.StoreFingerprints}, true},
	{"sets", actor.IgnoredKept, allways.Options{Strategy: allways.Symbolic}, true},
	{"forgotten", actor.IgnoredForgotten, allways.Options{Workers: 1}, true},
	{"forgotten, two workers", actor.IgnoredForgotten, allways.Options{Workers: 2}, true},
	{"forgotten, depth first", actor.IgnoredForgotten, allways.Options{Workers: 1, Strategy: allways.DFS}, false},
	{"forgotten, fingerprints", actor.IgnoredForgotten,
		allways.Options{Workers: 2, Store: allways.StoreFingerprints}, true},
}

// symmetric are those for interchangeable actors.
var symmetric = []mode{
	{"representatives", actor.IgnoredKept, allways.Options{Workers: 2, Symmetry: true}, true},
	{"representatives, forgotten", actor.IgnoredForgotten, allways.Options{Workers: 1, Symmetry: true}, true},
}

// TestModesAgree searches random systems with all networks and faults in every way. Verdicts are the same in all, and
// lengths of paths wherever paths are shortest ones; what is counted is the same in all ways that count the same.
func TestModesAgree(t *testing.T) {
	longtest.Checks(t, 10)
	states := int64(0)
	rapid.Check(t, func(t *rapid.T) {
		w := drawForgettable(t)
		first := map[actor.IgnoredPolicy]*result{} // without symmetry
		ways := modes
		if w.Symmetric {
			ways = append(ways[:len(ways):len(ways)], symmetric...)
		}
		for _, m := range ways {
			if w.Ignored = uint8(m.ignored); w.Ends && m.ignored == actor.IgnoredKept {
				w.Ignored = uint8(actor.IgnoredConsumed) // where no step is left is a deadlock
			}
			m.options.Stop = allways.StopNever
			m.options.MaxStates = 2000
			if m.options.Strategy == allways.Symbolic {
				m.options.MaxStates = 0
			}
			got, err := allways.Check(t.Context(), w.system(), m.options)
			if err != nil {
				t.Fatalf("%s: %v", m.name, err)
			}
			if m.name == modes[0].name && !got.Complete {
				t.Skip("too large")
			}
			states += got.Stats.Distinct
			want := first[m.ignored]
			if want == nil {
				first[m.ignored], want = got, got
			}
			compareModes(t, m, w, got, want, first[actor.IgnoredKept])
		}
	})
	t.Logf("%d states", states)
}

// compareModes compares what a mode has found with the first that counts like it, and with the first of all.
func compareModes(t *rapid.T, m mode, w *scenario, got, same, all *result) {
	t.Helper()
	if !got.Complete {
		t.Fatalf("%s: stopped: %v", m.name, got.StopReason)
	}
	d, n := got.Stats.Distinct, same.Stats.Distinct
	if d != n && !m.options.Symmetry || d > n || d == 0 {
		t.Fatalf("%s: %d states, want %d", m.name, d, n)
	}
	for i, p := range all.Properties {
		q := got.Properties[i]
		if q.Verdict != p.Verdict || (q.Path == nil) != (p.Path == nil) {
			t.Fatalf("%s: %s: %v %s\n%v\nwant %v\n%v", m.name, p.Name, q.Verdict, q.Reason, q.Path, p.Verdict, p.Path)
		}
		if p.Path == nil || !m.shortest {
			continue
		}
		// Forgotten messages are delivered, too.
		longer := m.ignored == actor.IgnoredForgotten && (w.keepsOrder() || w.Ends)
		if a, b := p.Path.Len(), q.Path.Len(); b < a || b > a && !longer {
			t.Fatalf("%s: %s: %d steps\n%v\nwant %d\n%v", m.name, p.Name, b, q.Path, a, p.Path)
		}
	}
}
