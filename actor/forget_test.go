package actor_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/longtest"
)

// combinations returns the visitor that collects what states have beside messages and faults.
func combinations[M any](m *actor.Model[M], all map[string]bool) allways.Visitor {
	return allways.VisitStates(func(s *actor.State[M], _ int) { all[actor.Combination(m, s)] = true })
}

// modelOf returns the snapshot of a system.
func modelOf[M any](sys *actor.System[M]) *actor.Model[M] { return plainOf(sys).model() }

// sleeper ignores the message "wake" as long as it sleeps, which it does until its timer expires.
type sleeper struct{ Peer actor.ID }

type sleeperState struct{ Awake, Woken bool }

func (p sleeper) Start(c *actor.Context[string], s *sleeperState) {
	if p.Peer != actor.NoActor {
		c.Send(p.Peer, "wake")
		c.Send(p.Peer, "noise")
	} else {
		c.SetTimer("alarm", 0, time.Second)
	}
}

func (sleeper) Receive(c *actor.Context[string], s *sleeperState, _ actor.ID, m string) {
	s.Woken = s.Woken || s.Awake && m == "wake"
}

func (sleeper) Timeout(c *actor.Context[string], s *sleeperState, _ string) { s.Awake = true }

func sleepers(c actor.Config) (*actor.System[string], actor.Ref[sleeperState]) {
	c.Ignored = actor.IgnoredForgotten
	sys := actor.NewSystem[string](c)
	last := actor.Spawn(sys, "sleeper", sleeper{Peer: actor.NoActor})
	actor.Spawn(sys, "friend", sleeper{Peer: last.ID()})
	sys.Sometimes("woken", func(s *actor.State[string]) bool { return last.In(s).Woken })
	return sys, last
}

// TestForgottenMessagesAreDead: a message that is ignored now is kept if it has an effect later, and dropped where
// that is over. A search that does not learn takes it for dead, and is wrong.
func TestForgottenMessagesAreDead(t *testing.T) {
	for _, c := range []struct {
		name      string
		credulous bool
		verdict   allways.Verdict
		distinct  int64
		passes    int
	}{
		{"learning", false, allways.Holds, 3, 2}, // asleep and awake with the message, and woken without any
		{"credulous", true, allways.Violated, 2, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			sys, _ := sleepers(actor.Config{})
			if c.credulous {
				actor.Credulous(sys)
			}
			r, err := allways.Check(t.Context(), sys, allways.Options{Stop: allways.StopNever})
			if err != nil {
				t.Fatal(err)
			}
			if p := r.Properties[0]; p.Verdict != c.verdict || r.Stats.Distinct != c.distinct ||
				r.Stats.Passes != c.passes {
				t.Errorf("%v, %d states, %d passes, want %v, %d, %d", p.Verdict, r.Stats.Distinct, r.Stats.Passes,
					c.verdict, c.distinct, c.passes)
			}
		})
	}
}

// TestForgetting compares searches of random systems that forget dead messages with the full search, which has the
// same verdicts by paths of the same lengths and the same combinations of local states and histories, and with
// a naive computation of what is dead, which says how many states there are.
func TestForgetting(t *testing.T) {
	longtest.Checks(t, 25)
	tally := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		w := drawForgettable(t)
		w.Ignored = uint8(actor.IgnoredKept)
		want, ok := actor.ForgetNaively(modelOf(w.system()), w.limit)
		if !ok {
			t.Skip("too large")
		}
		o := allways.Options{Stop: allways.StopNever, Workers: 1}
		full, err := allways.Check(t.Context(), w.system(), o)
		if err != nil {
			t.Fatal(err)
		}
		w.Ignored = uint8(actor.IgnoredForgotten)
		tally["systems"]++
		tally["full"] += want.Full
		tally["distinct"] += want.Distinct
		for _, o := range []allways.Options{
			{Workers: 1}, {Workers: 2}, {Workers: 2, Strategy: allways.DFS}, {Workers: 1, Store: allways.StoreFingerprints},
		} {
			o.Stop = allways.StopNever
			sys := w.system()
			if o.Workers == 2 {
				sys = actor.LimitMemo(sys, forgetful)
			}
			got := compareForgetting(t, w, sys, o, full, &want)
			tally["passes"] += got.Stats.Passes
		}
	})
	t.Log(tally)
}

// drawForgettable draws a scenario in which messages may be forgotten.
func drawForgettable(t *rapid.T) *scenario {
	w := drawScenario(t)
	w.Observed, w.Consume = false, false
	return w
}

// keepsOrder reports whether a link is ordered.
func (w *scenario) keepsOrder() bool {
	return slices.Contains(slices.Collect(maps.Values(w.Network)), "ordered")
}

// compareForgetting compares a search that forgets with the full one, and with what is known of it.
func compareForgetting(t *rapid.T, w *scenario, sys *actor.System[int8], o allways.Options, full *result,
	want *actor.Forgetting,
) *result {
	found := map[string]bool{}
	visiting := o
	visiting.Visitor = combinations(modelOf(sys), found)
	got, err := allways.Check(t.Context(), sys, visiting)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(found, want.Combinations) {
		t.Fatalf("%+v: %d combinations of local states and histories, want %d", o, len(found), len(want.Combinations))
	}
	counted := w.MaxLosses+w.MaxDuplicates > 0 // faults of dead messages make states different
	if !counted && got.Stats.Distinct != int64(want.Distinct) {
		t.Fatalf("%+v: %d states, want %d of %d", o, got.Stats.Distinct, want.Distinct, want.Full)
	}
	for i, p := range full.Properties {
		q := got.Properties[i]
		if p.Verdict != q.Verdict || (p.Path == nil) != (q.Path == nil) ||
			p.Path != nil && o.Strategy == allways.BFS && p.Path.Len() != q.Path.Len() &&
				(!w.keepsOrder() || p.Path.Len() > q.Path.Len()) {
			t.Fatalf("%+v: %s: %v %s\n%v\nwant %v\n%v", o, p.Name, q.Verdict, q.Reason, q.Path, p.Verdict, p.Path)
		}
	}
	return got
}
