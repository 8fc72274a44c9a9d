package allways_test

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways"
)

// probe is a state of Dijkstra's termination detection with a token on a ring, as in EWD 840. A black node
// may have woken one behind the token.
type probe struct {
	Active, Black [8]bool
	At            uint8 // node with the token
	BlackToken    bool
}

// probing is an action of a node.
type probing struct {
	Kind     string // "probe", "pass", "send" or "rest"
	Node, To uint8
}

func (a probing) String() string {
	if a.Kind == "send" {
		return fmt.Sprintf("send %d->%d", a.Node, a.To)
	}
	return fmt.Sprintf("%s %d", a.Kind, a.Node)
}

// probes is the detection of termination among n nodes, which are in any state at first.
func probes(n uint8) allways.Funcs[probe, probing] {
	return allways.Funcs[probe, probing]{
		InitFunc:        func() []probe { return anyProbe(n) },
		ActionsFunc:     func(dst []probing, s probe) []probing { return s.actions(dst, n) },
		NextFunc:        func(s probe, a probing) (probe, bool) { return s.after(a, n), true },
		FormatStateFunc: func(s probe) string { return s.text(n) },
	}
}

func anyProbe(n uint8) (all []probe) {
	for bits := range uint(1) << (2 * n) {
		s := probe{BlackToken: true}
		for i := range n {
			s.Active[i], s.Black[i] = bits>>i&1 != 0, bits>>(n+i)&1 != 0
		}
		for s.At = range n {
			all = append(all, s)
		}
	}
	return all
}

func (s *probe) actions(dst []probing, n uint8) []probing {
	switch i := s.At; {
	case i == 0 && (s.BlackToken || s.Black[0]):
		dst = append(dst, probing{Kind: "probe"})
	case i > 0 && (!s.Active[i] || s.Black[i] || s.BlackToken):
		dst = append(dst, probing{Kind: "pass", Node: i})
	}
	for i := range n {
		if !s.Active[i] {
			continue
		}
		for to := range n {
			if to != i {
				dst = append(dst, probing{"send", i, to})
			}
		}
		dst = append(dst, probing{Kind: "rest", Node: i})
	}
	return dst
}

func (s probe) after(a probing, n uint8) probe {
	switch a.Kind {
	case "probe":
		s.At, s.BlackToken, s.Black[0] = n-1, false, false
	case "pass":
		s.BlackToken = s.BlackToken || s.Black[a.Node]
		s.At, s.Black[a.Node] = a.Node-1, false
	case "send":
		s.Active[a.To] = true
		s.Black[a.Node] = s.Black[a.Node] || a.To > a.Node
	case "rest":
		s.Active[a.Node] = false
	}
	return s
}

// text shows each node: A for active, B for black, and the token as t or, if it is black, T.
func (s *probe) text(n uint8) (text string) {
	for i := range n {
		node := ""
		for _, c := range []struct {
			yes  bool
			text string
		}{{s.Active[i], "A"}, {s.Black[i], "B"}, {s.At == i && s.BlackToken, "T"}, {s.At == i && !s.BlackToken, "t"}} {
			if c.yes {
				node += c.text
			}
		}
		text += "[" + node + "]"
	}
	return text
}

func (s *probe) idle() bool { return s.Active == [8]bool{} }

func terminated(s probe) bool { return s.idle() }

func detected(s probe) bool { return s.At == 0 && !s.BlackToken && !s.Black[0] && !s.Active[0] }

// The constraints: the system of the token works on, or anything does.
var (
	fairSystem = allways.WeaklyFair("system", func(_ probe, a probing, _ probe) bool {
		return a.Kind == "probe" || a.Kind == "pass"
	})
	fairRing = allways.WeaklyFairNext[probe]()
	ringStop = allways.MayStop[probe]()
)

// TestTerminationDetection compares verdicts with those of TLC.
func TestTerminationDetection(t *testing.T) {
	leads := allways.LeadsTo("terminated leads to detected", terminated, detected)
	for n, distinct := range map[uint8]int64{3: 302, 4: 1_566, 5: 7_742} {
		m := probes(n)
		m.Props = []allways.Property[probe]{
			leads.Assuming(ringStop, fairSystem),
			allways.Always("sound", func(s probe) bool { return !detected(s) || s.idle() }),
		}
		r, err := allways.Check(t.Context(), m, allways.Options{Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		if r.Verdict != allways.Holds || r.Stats.Distinct != distinct {
			t.Errorf("%d nodes: %v, %d states, want %d", n, r.Verdict, r.Stats.Distinct, distinct)
		}
	}
	send := allways.StepPredicate("send", func(_ probe, a probing, _ probe) bool { return a.Kind == "send" })
	quiet := send.Not().Always().Eventually().Implies(allways.Predicate("idle", terminated).Eventually())
	named := func(name string, f allways.Formula[probe], assuming ...allways.Fairness[probe]) allways.Property[probe] {
		return allways.Temporal(name, f).Assuming(assuming...)
	}
	decides(t, probes(3), []promise[probe]{
		{leads.Assuming(ringStop, fairSystem), "holds"},
		{named("stops", allways.Predicate("p", terminated).LeadsTo(allways.Predicate("q", detected)), ringStop),
			"[T][][]:"},
		{named("rests", allRest(3).LeadsTo(allways.Predicate("q", detected)), ringStop, fairSystem),
			"[AT][][]: probe 0 (pass 2 pass 1 send 0->1 rest 0 probe 0 send 1->0 rest 1)"},
		{named("quiet, system", quiet, ringStop, fairSystem), "[AT][][A]: probe 0 (send 2->0)"},
		{named("quiet, every step", quiet, ringStop, fairRing), "holds"},
	})
}

// TestTerminationUnfair has the exact lassos of rings that nothing makes work. Once all nodes rest, no steps are
// possible but those of the token, so progress alone is enough there.
func TestTerminationUnfair(t *testing.T) {
	leads := allways.LeadsTo("terminated leads to detected", terminated, detected)
	stops := map[uint8]string{3: "[T][][]:", 4: "[T][][][]:", 5: "[T][][][][]:"}
	rests := map[uint8]string{
		3: "[AT][][]: probe 0 (pass 2 pass 1 send 0->1 rest 0 probe 0 send 1->0 rest 1)",
		4: "[AT][][][]: probe 0 (pass 3 pass 2 pass 1 send 0->1 rest 0 probe 0 send 1->0 rest 1)",
		5: "[AT][][][][]: probe 0 (pass 4 pass 3 pass 2 pass 1 send 0->1 rest 0 probe 0 send 1->0 rest 1)",
	}
	for n := uint8(3); n <= 5; n++ {
		promises := []promise[probe]{
			{leads.Assuming(ringStop), stops[n]},
			{allways.LeadsTo("fair", terminated, detected).Assuming(ringStop, fairSystem), "holds"},
			{allways.LeadsTo("progress", terminated, detected), "holds"},
			{allways.Temporal("all rest, in turn", allRest(n).LeadsTo(allways.Predicate("detected", detected))).
				Assuming(ringStop, fairSystem), rests[n]},
		}
		m := probes(n)
		for _, p := range promises {
			m.Props = append(m.Props, p.prop)
		}
		for _, workers := range []int{1, 2} {
			compareRuns(t, m, allways.Options{Workers: workers, Stop: allways.StopNever}, promises)
		}
	}
}

// allRest says that each of n nodes is idle again and again.
func allRest(n uint8) allways.Formula[probe] {
	f := allways.Predicate("idle 0", func(s probe) bool { return !s.Active[0] }).Eventually().Always()
	for i := uint8(1); i < n; i++ {
		idle := allways.Predicate(fmt.Sprintf("idle %d", i), func(s probe) bool { return !s.Active[i] })
		f = f.And(idle.Eventually().Always())
	}
	return f
}

// counters is a state of Dijkstra's self-stabilizing token ring of EWD 426.
type counters [6]uint8

// stabilizing is the token ring with n nodes that count modulo m, which begin with any numbers. An action is
// the number of the node that has a token and passes it on.
func stabilizing(n, m uint8) allways.Funcs[counters, int] {
	return allways.Funcs[counters, int]{
		InitFunc: func() (all []counters) {
			all = []counters{{}}
			for i := range n {
				for _, s := range all {
					for s[i] = 1; s[i] < m; s[i]++ {
						all = append(all, s)
					}
				}
			}
			return all
		},
		ActionsFunc: func(dst []int, s counters) []int {
			for i := range n {
				if tokenAt(s, i, n) {
					dst = append(dst, int(i))
				}
			}
			return dst
		},
		NextFunc: func(s counters, i int) (counters, bool) {
			if i == 0 {
				s[0] = (s[n-1] + 1) % m
			} else {
				s[i] = s[i-1]
			}
			return s, true
		},
	}
}

func tokenAt(s counters, i, n uint8) bool {
	if i == 0 {
		return s[0] == s[n-1]
	}
	return s[i] != s[i-1]
}

func TestTokenRing(t *testing.T) {
	stop, fair := allways.MayStop[counters](), allways.WeaklyFairNext[counters]()
	for _, c := range []struct {
		n, m uint8
		want string
	}{{3, 3, "holds"}, {4, 4, "holds"}, {5, 5, "holds"}, {6, 6, "holds"}, {4, 3, "holds"}, {5, 3,
		"[0 2 1 0 0 0]: (3 2 1 0 4 3 2 1 0 4 3 2 1 0 4)"}} {
		unique := func(s counters) bool {
			tokens := 0
			for i := range c.n {
				if tokenAt(s, i, c.n) {
					tokens++
				}
			}
			return tokens == 1
		}
		settles := allways.EventuallyForever("fair", unique)
		promises := []promise[counters]{
			{settles.Assuming(stop, fair), c.want},
			{allways.EventuallyForever("stops", unique).Assuming(stop), "[0 1 0 0 0 0]:"},
			{allways.EventuallyForever("progress", unique), c.want},
			{allways.AlwaysPossible("possible", unique), "holds"},
		}
		if c.n < 4 {
			decides(t, stabilizing(c.n, c.m), promises)
			continue
		}
		m := stabilizing(c.n, c.m)
		for _, p := range promises {
			m.Props = append(m.Props, p.prop)
		}
		compareRuns(t, m, allways.Options{Workers: 2, Stop: allways.StopNever}, promises)
	}
}

// TestHourClock has a clock that nothing makes tick but fairness.
func TestHourClock(t *testing.T) {
	clock := allways.Funcs[int, string]{
		InitFunc:    func() []int { return []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12} },
		ActionsFunc: func(dst []string, _ int) []string { return append(dst, "tick") },
		NextFunc:    func(hour int, _ string) (int, bool) { return hour%12 + 1, true },
	}
	ticks := allways.StepPredicate("tick", func(int, string, int) bool { return true }).Eventually().Always()
	stop, fair := allways.MayStop[int](), allways.WeaklyFairNext[int]()
	decides(t, clock, []promise[int]{
		{allways.Temporal("fair", ticks).Assuming(stop, fair), "holds"},
		{allways.Temporal("stops", ticks).Assuming(stop), "1:"},
		{allways.InfinitelyOften("noon", is(12)).Assuming(stop, fair), "holds"},
		{allways.InfinitelyOften("noon, stops", is(12)).Assuming(stop), "1:"},
	})
}
