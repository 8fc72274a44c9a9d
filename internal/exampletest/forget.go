package exampletest

import (
	"maps"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/longtest"
)

// maxCompared bounds the states of which the parts are compared.
const maxCompared = 20_000

// maxSets bounds the states of systems that are also searched by sets of states, which takes longer for larger ones.
const maxSets = 1_500_000

// Forgotten is how many states a model has with all messages, and without dead ones. Long ones are for long tests.
type Forgotten[Model any] struct {
	Model          Model
	Full, Distinct int64
	Long           bool
}

// Forgets asserts that searches which forget dead messages have the verdicts of the full search, by paths of the same
// lengths if the network keeps no order, and the same combinations of actors and histories. They have the given
// numbers of states, whatever the workers and the strategy.
func Forgets[Model, M any](
	t *testing.T, system func(m Model, p actor.IgnoredPolicy) *actor.System[M], all []Forgotten[Model],
) {
	t.Helper()
	for _, c := range all {
		if !c.Long || longtest.Enabled() {
			forgets(t, func(p actor.IgnoredPolicy) *actor.System[M] { return system(c.Model, p) }, c.Full, c.Distinct)
		}
	}
}

func forgets[M any](t *testing.T, system func(actor.IgnoredPolicy) *actor.System[M], full, distinct int64) {
	t.Helper()
	m, err := system(actor.IgnoredKept).Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	ordered := strings.HasPrefix(m.(*actor.Model[M]).Notes()[0], "network: ordered")
	o := allways.Options{Workers: 2, Stop: allways.StopNever}
	want, combinations := combinationsOf(t, system(actor.IgnoredKept), o, full <= maxCompared)
	if want.Stats.Distinct != full {
		t.Errorf("%d states, want %d", want.Stats.Distinct, full)
	}
	for _, o := range []allways.Options{
		{Workers: 1}, {Workers: 2}, {Workers: 2, Strategy: allways.DFS}, {Strategy: allways.Symbolic},
	} {
		if o.Strategy == allways.Symbolic && full > maxSets {
			continue
		}
		o.Stop = allways.StopNever
		visits := full <= maxCompared && o.Strategy != allways.Symbolic
		got, found := combinationsOf(t, system(actor.IgnoredForgotten), o, visits)
		if got.Stats.Distinct != distinct || got.Stats.Passes == 0 {
			t.Errorf("%v, %d workers: %d states in %d passes without dead messages, want %d",
				o.Strategy, o.Workers, got.Stats.Distinct, got.Stats.Passes, distinct)
		}
		if visits && !maps.Equal(found, combinations) {
			t.Errorf("%v, %d workers: %d combinations of actors and histories, want %d",
				o.Strategy, o.Workers, len(found), len(combinations))
		}
		for i, p := range want.Properties {
			q := got.Properties[i]
			if p.Verdict != q.Verdict || (p.Path == nil) != (q.Path == nil) {
				t.Errorf("%s: %v %v, want %v %v", p.Name, q.Verdict, encoded(q.Path), p.Verdict, encoded(p.Path))
			}
			if p.Path != nil && o.Strategy != allways.DFS && q.Path.Len() < p.Path.Len() {
				t.Errorf("%s: %d steps, want at least %d", p.Name, q.Path.Len(), p.Path.Len())
			}
			if p.Path != nil && o.Strategy == allways.BFS && !ordered && q.Path.Len() != p.Path.Len() {
				t.Errorf("%s: %d steps without order, want %d", p.Name, q.Path.Len(), p.Path.Len())
			}
		}
	}
}

// combinationsOf searches a system, and returns what its states have beside messages, if asked.
func combinationsOf[M any](t *testing.T, sys *actor.System[M], o allways.Options, asked bool) (
	r *allways.Result[*actor.State[M], actor.Action[M]], all map[string]bool,
) {
	t.Helper()
	m, err := sys.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	all = map[string]bool{}
	if asked {
		o.Visitor = allways.VisitStates(func(s *actor.State[M], _ int) {
			var b strings.Builder
			m.(*actor.Model[M]).Parts(s, func(path, value string) {
				if !strings.Contains(path, "inbox of") && !strings.Contains(path, "message ") {
					b.WriteString(path + "=" + value + "\n")
				}
			})
			all[b.String()] = true
		})
	}
	if r, err = allways.Check(t.Context(), sys, o); err != nil {
		t.Fatal(err)
	}
	return r, all
}
