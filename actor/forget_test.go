package actor_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/longtest"
)

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
	longtest.Checks(t, 30)
	tally := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		w := drawForgettable(t)
		all := []allways.Options{
			{Workers: 1}, {Workers: 2}, {Workers: 2, Strategy: allways.DFS}, {Workers: 1, Store: allways.StoreFingerprints},
		}
		if w.Symmetric {
			all = append(all, allways.Options{Workers: 1, Symmetry: true})
		}
		o := rapid.SampledFrom(all).Draw(t, "options")
		o.Stop = rapid.SampledFrom([]allways.Stop{allways.StopNever, allways.StopDecided}).Draw(t, "stop")
		if !w.keepsOrder() && !w.Ends && o.Strategy == allways.BFS && !o.Symmetry { // else it counts no dead messages
			o.MaxDepth = max(rapid.IntRange(-4, 7).Draw(t, "depth"), 0)
		}
		compareForgetting(t, w, o, rapid.Bool().Draw(t, "forgetful"), tally)
	})
	t.Log(tally)
}

// drawForgettable draws a scenario in which messages may be forgotten.
func drawForgettable(t *rapid.T) *scenario {
	var w *scenario
	if rapid.IntRange(0, 4).Draw(t, "symmetric") == 0 {
		w = drawSymmetric(t)
	} else {
		w = drawScenario(t)
		enliven(t, w)
	}
	w.Observed, w.Consume, w.limit = false, false, 2000
	w.Ends = rapid.IntRange(0, 2).Draw(t, "ends") == 0
	return w
}

// enliven lets actors of a scenario send more, and ignore messages for a time.
func enliven(t *rapid.T, w *scenario) {
	n := func(most int) int { return rapid.IntRange(0, most).Draw(t, "n") }
	for i := range w.Scripts {
		s := &w.Scripts[i]
		s.Bound = 1 + n(3)
		for k := range s.Acts {
			switch n(3) {
			case 0:
				s.Acts[k] = nil
			case 1:
				to := n(len(w.Scripts) - 1)
				s.Acts[k] = append(s.Acts[k], act{"send", to, n(2)}, act{"mood", n(2), 0})
			}
		}
	}
}

// keepsOrder reports whether a link is ordered.
func (w *scenario) keepsOrder() bool {
	return slices.Contains(slices.Collect(maps.Values(w.Network)), "ordered")
}

// compareForgetting compares a search that forgets with the full one, and with what is known of it.
func compareForgetting(t *rapid.T, w *scenario, o allways.Options, forgets bool, tally map[string]int) {
	w.Ignored = uint8(actor.IgnoredKept)
	if w.Ends {
		w.Ignored = uint8(actor.IgnoredConsumed)
	}
	model := modelOf(w.system())
	want, ok := actor.ForgetNaively(model, w.limit)
	if !ok {
		t.Skip("too large")
	}
	name := func(s *actor.State[int8]) string { return actor.Combination(model, s, o.Symmetry) }
	visited := func(sys *actor.System[int8], o allways.Options) (*result, map[string]bool) {
		all := map[string]bool{}
		o.Visitor = allways.VisitStates(func(s *actor.State[int8], _ int) { all[name(s)] = true })
		r, err := allways.Check(t.Context(), sys, o)
		if err != nil {
			t.Fatal(err)
		}
		return r, all
	}
	plain := o
	plain.Symmetry, plain.Strategy = false, allways.BFS
	full, combinations := visited(w.system(), plain)
	forgetting := *w
	forgetting.Ignored = uint8(actor.IgnoredForgotten)
	sys := forgetting.system()
	if forgets {
		sys = actor.LimitMemo(sys, forgetful)
	}
	got, found := visited(sys, o)
	tally["systems"]++
	tally["full"] += want.Full
	tally["distinct"] += want.Distinct
	tally["passes"] += got.Stats.Passes
	if o.Stop == allways.StopNever && !maps.Equal(found, combinations) {
		t.Fatalf("%+v: %d combinations of local states and histories, want %d", o, len(found), len(combinations))
	}
	counted := w.MaxLosses+w.MaxDuplicates > 0 // faults of dead messages make states different
	if got.Complete && !counted && !o.Symmetry && got.Stats.Distinct != int64(want.Distinct) {
		t.Fatalf("%+v: %d states, want %d of %d", o, got.Stats.Distinct, want.Distinct, want.Full)
	}
	if got.Complete && !full.Complete { // there are deeper states, which differ in dead messages alone
		plain.MaxDepth = 0
		full, _ = visited(w.system(), plain)
	}
	if got.Complete && !o.Symmetry && o.Strategy == allways.BFS && o.Stop == allways.StopNever {
		compareForgottenSets(t, &forgetting, forgets, got)
	}
	tally["paths"] += compareForgottenPaths(t, w, o, got, full)
}

// compareForgottenPaths compares verdicts with those of the full search, and lengths of paths, whose number it returns.
func compareForgottenPaths(t *rapid.T, w *scenario, o allways.Options, got, full *result) (paths int) {
	for i, p := range full.Properties {
		q := got.Properties[i]
		if p.Verdict != q.Verdict || (p.Path == nil) != (q.Path == nil) {
			t.Fatalf("%+v: %s: %v %s\n%v\nwant %v\n%v", o, p.Name, q.Verdict, q.Reason, q.Path, p.Verdict, p.Path)
		}
		if p.Path == nil || o.Strategy == allways.DFS {
			continue
		}
		paths++
		longer := w.keepsOrder() || w.Ends // by deliveries of dead messages
		if a, b := p.Path.Len(), q.Path.Len(); a > b || a < b && !longer {
			t.Fatalf("%+v: %s: %d steps\n%v\nwant %d\n%v", o, p.Name, b, q.Path, a, p.Path)
		}
	}
	return paths
}

// compareForgottenSets compares a symbolic search that forgets with one of states that does.
func compareForgottenSets(t *rapid.T, w *scenario, forgets bool, want *result) {
	sys := w.system()
	if forgets {
		sys = actor.LimitMemo(sys, forgetful)
	}
	got, err := allways.Check(t.Context(), sys, allways.Options{Strategy: allways.Symbolic})
	if err != nil {
		t.Fatal(err)
	}
	got.Stats.Depth = want.Stats.Depth // which it does not know
	// Else paths deliver dead messages, in whatever order.
	compareResults(t, got, want, !w.keepsOrder() && !w.Ends)
	if !got.Complete || got.Stats.Passes == 0 || got.Stats.States.Int64() != want.Stats.Distinct {
		t.Fatalf("complete %t, %d passes, %v states, want %d", got.Complete, got.Stats.Passes, got.Stats.States,
			want.Stats.Distinct)
	}
	if a, b := fmt.Sprint(got.Warnings), fmt.Sprint(want.Warnings); a != b {
		t.Fatalf("the warnings are\n%s\nwant\n%s", a, b)
	}
}

// TestForgottenDeadlock: once the sleeper is woken, what is still in flight does not matter to the search. But it may
// be a step that it is delivered or lost, and then that is the end of the path to the deadlock.
func TestForgottenDeadlock(t *testing.T) {
	for _, c := range []struct {
		name     string
		config   actor.Config
		distinct int64
		last     string // step of the path
	}{
		{"reliable", actor.Config{}, 5, `friend -> sleeper: "noise"`},
		{"what stays is no step", actor.Config{Network: actor.Duplicating}, 3, `friend -> sleeper: "wake"`},
		{
			"what can be lost is", actor.Config{Network: actor.Duplicating, Lossy: true, MaxLosses: 1}, 5,
			`lose friend -> sleeper: "wake"`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			sys, last := sleepers(c.config)
			sys.NoDeadlock("goes on", func(s *actor.State[string]) bool { return !last.In(s).Woken })
			r, err := allways.Check(t.Context(), sys, allways.Options{Stop: allways.StopNever})
			if err != nil {
				t.Fatal(err)
			}
			p := r.Property("goes on")
			if p.Verdict != allways.Violated || r.Stats.Distinct != c.distinct {
				t.Fatalf("%v, %d states, want %d\n%v", p.Verdict, r.Stats.Distinct, c.distinct, p.Path)
			}
			if got := p.Path.ActionText(p.Path.Len() - 1); got != c.last {
				t.Errorf("the last step is %s, want %s\n%v", got, c.last, p.Path)
			}
		})
	}
}

// TestForgottenInboxes: where messages are forgotten, what is in flight means nothing.
func TestForgottenInboxes(t *testing.T) {
	sys, last := sleepers(actor.Config{})
	sys.NoDeadlock("reads", func(s *actor.State[string]) bool { return s.InFlight(last.ID()) == 0 })
	_, err := allways.Check(t.Context(), sys, allways.Options{})
	if err == nil || !strings.Contains(err.Error(), "reads inboxes") {
		t.Errorf("error %v", err)
	}
}

// TestForgettingWithinLimits: a limit leaves properties undecided, also in a pass that was wrong, and what was found
// before it is a path of the system.
func TestForgettingWithinLimits(t *testing.T) {
	for _, c := range []struct {
		options allways.Options
		verdict allways.Verdict
		reason  allways.StopReason
	}{
		{allways.Options{MaxStates: 1}, allways.Inconclusive, allways.StopReasonStates},
		{allways.Options{MaxDepth: 2}, allways.Inconclusive, allways.StopReasonDepth},
		{allways.Options{MaxDepth: 3}, allways.Holds, allways.StopReasonDepth},
		{allways.Options{}, allways.Holds, allways.StopReasonNone},
	} {
		sys, _ := sleepers(actor.Config{})
		c.options.Workers, c.options.Stop = 1, allways.StopNever
		r, err := allways.Check(t.Context(), sys, c.options)
		if err != nil {
			t.Fatal(err)
		}
		if p := r.Properties[0]; p.Verdict != c.verdict || r.StopReason != c.reason {
			t.Errorf("%d states, depth %d: %v, %q, want %v, %q", c.options.MaxStates, c.options.MaxDepth,
				p.Verdict, r.StopReason, c.verdict, c.reason)
		}
	}
}

// overtaken gets c, a and b on one ordered link, and x on another.
type overtaken struct {
	Receiver actor.ID
	Sends    []string
}

type overtakenState struct{ At int }

func (p overtaken) Start(c *actor.Context[string], s *overtakenState) {
	for _, m := range p.Sends {
		c.Send(p.Receiver, m)
	}
}

func (overtaken) Receive(_ *actor.Context[string], s *overtakenState, _ actor.ID, m string) {
	switch {
	case s.At == 0 && m == "c":
		s.At = 1
	case s.At == 0 && m == "b":
		s.At = 5
	case s.At == 1 && m == "a":
		s.At = 2
	case s.At == 1 && m == "b":
		s.At = 3
	case s.At == 3 && m == "x":
		s.At = 4
	}
}

// TestOvertaken: a wrong search of ordered links takes steps that are not possible. What these teach must not be seen
// in what is counted.
func TestOvertaken(t *testing.T) {
	system := func(p actor.IgnoredPolicy) *actor.System[string] {
		sys := actor.NewSystem[string](actor.Config{Network: actor.Ordered, Ignored: p})
		r := actor.Spawn(sys, "receiver", overtaken{})
		actor.Spawn(sys, "sender", overtaken{r.ID(), []string{"c", "a", "b"}})
		actor.Spawn(sys, "other", overtaken{r.ID(), []string{"x"}})
		sys.Always("in order", func(s *actor.State[string]) bool { return r.In(s).At < 3 })
		return sys
	}
	want, ok := actor.ForgetNaively(modelOf(system(actor.IgnoredKept)), 1000)
	if !ok {
		t.Fatal("too large")
	}
	for _, o := range []allways.Options{{Workers: 1}, {Workers: 1, Strategy: allways.DFS}} {
		seen := int64(0)
		o.Stop = allways.StopNever
		for range 2 { // without a visitor, and with one
			r, err := allways.Check(t.Context(), system(actor.IgnoredForgotten), o)
			if err != nil {
				t.Fatal(err)
			}
			if r.Verdict != allways.Holds || r.Stats.Distinct != int64(want.Distinct) || seen != 0 && seen != r.Stats.Distinct {
				t.Errorf("%s: %v, %d states, %d seen; want %d", o.Strategy, r.Verdict, r.Stats.Distinct, seen, want.Distinct)
			}
			o.Visitor = allways.VisitStates(func(*actor.State[string], int) { seen++ })
		}
	}
}
