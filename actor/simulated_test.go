package actor_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/consistency"
	"github.com/allways-go/allways/internal/longtest"
)

// puppet carries out a script.
type puppet struct {
	Script  script
	Among   int // how many puppets there are, if they are interchangeable
	History actor.History[consistency.RegisterOp[int8], int8]
}

type puppetState struct {
	Mood, Acted int
	Busy        bool
}

func (p puppet) perform(c *actor.Context[int8], s *puppetState, event int) {
	deed := p.Script.deed(s.Mood, s.Acted, event)
	if len(deed) > 0 {
		s.Acted++
	}
	for _, x := range deed {
		switch x.Do {
		case "mood":
			s.Mood = x.A
		case "send":
			c.Send(actor.ID(x.A), int8(x.B))
		case "broadcast":
			c.Broadcast(actor.Peers(c.Self(), p.Among), int8(x.B))
		case "set":
			c.SetTimer(fmt.Sprint(x.A), 0, time.Second)
		case "cancel":
			c.CancelTimer(fmt.Sprint(x.A))
		case "offer":
			c.Choose(fmt.Sprint(x.A), [][]any{nil, {int8(0)}, {int8(1), int8(0)}, {int8(0), int8(1), int8(0)}}[x.B]...)
		case "save":
			c.Save(s.Mood)
		case "record":
			p.record(c, s, x.A == 0, int8(x.B))
		}
	}
}

func (p puppet) record(c *actor.Context[int8], s *puppetState, write bool, value int8) {
	register := consistency.Register[int8]{}
	switch {
	case s.Busy:
		p.History.Return(c, value)
	case write:
		p.History.Invoke(c, register.Write(value))
	default:
		p.History.Invoke(c, register.Read())
	}
	s.Busy = !s.Busy
}

func (p puppet) Start(c *actor.Context[int8], s *puppetState) { p.perform(c, s, eventStart) }
func (p puppet) Receive(c *actor.Context[int8], s *puppetState, from actor.ID, m int8) {
	w := scenario{Symmetric: p.Among > 0}
	p.perform(c, s, w.messageEvent(packet{From: int(from), Msg: int(m)}))
}
func (p puppet) Timeout(c *actor.Context[int8], s *puppetState, timer string) {
	p.perform(c, s, eventTimer+int(timer[0]-'0'))
}
func (p puppet) Choose(c *actor.Context[int8], s *puppetState, key string, option any) {
	p.perform(c, s, eventChosen+5*int(key[0]-'0')+int(option.(int8)))
}

// resumer is a puppet that comes back with what it has saved.
type resumer struct{ puppet }

func (p resumer) Restart(c *actor.Context[int8], s *puppetState) {
	if mood, ok := actor.Load[int](c); ok {
		s.Mood = mood
	}
	p.perform(c, s, eventRestart)
}

func drawScript(t *rapid.T, actors int) script {
	n := func(most int) int { return rapid.IntRange(0, most).Draw(t, "n") }
	s := script{Bound: 1 + n(2), Resumes: n(1) == 0}
	kinds := []string{"mood", "mood", "send", "send", "send", "set", "cancel", "offer", "save", "record", "record"}
	for range 14 {
		var deed []act
		for range n(3) {
			x := act{Do: rapid.SampledFrom(kinds).Draw(t, "do"), A: n(1), B: n(1)}
			switch x.Do {
			case "mood":
				x.A = n(2)
			case "send":
				x.A, x.B = rapid.IntRange(-1, actors).Draw(t, "to"), n(2)
			case "offer":
				x.B = n(3)
			}
			deed = append(deed, x)
		}
		s.Acts = append(s.Acts, deed)
	}
	return s
}

func drawScenario(t *rapid.T) *scenario {
	n := func(most int) int { return rapid.IntRange(0, most).Draw(t, "n") }
	yes := func(of int) bool { return n(of-1) == 0 }
	actors := 1 + n(2)
	w := &scenario{
		Network: map[[2]int]string{}, Lossy: map[[2]int]bool{}, Reliable: map[int]bool{}, MaxDuplicates: max(0, n(2)-1),
		MaxDown: max(0, n(3)-1), MaxPartitions: n(1), Sequential: yes(2), moodSum: 1 + n(3), limit: 700,
	}
	networks := rapid.SampledFrom([]string{"unordered", "duplicating", "ordered"})
	network, lossy, links := networks.Draw(t, "network"), yes(3), yes(2)
	for from := -1; from < actors; from++ {
		for to := -1; to < actors; to++ {
			at := [2]int{from, to}
			if w.Network[at], w.Lossy[at] = network, lossy; links && yes(2) {
				w.Network[at], w.Lossy[at] = networks.Draw(t, "link"), yes(3)
			}
		}
	}
	if lossy {
		w.MaxLosses = n(2)
	}
	if w.MaxDown > 0 {
		w.MaxCrashes = n(2)
	}
	for id := range actors {
		w.Reliable[id] = yes(3)
		w.Scripts = append(w.Scripts, drawScript(t, actors))
	}
	if actors > 1 && yes(3) {
		w.Splits = append(w.Splits, [][]int{{0}, {1}})
		if actors > 2 {
			w.Splits = append(w.Splits, [][]int{{0, 2}, {1}})
		}
	}
	for range n(3) {
		w.InFlight = append(w.InFlight, packet{rapid.IntRange(-1, actors-1).Draw(t, "from"),
			rapid.IntRange(-1, actors-1).Draw(t, "to"), n(1)})
	}
	w.Observed = yes(4)
	w.Consume = w.Observed || yes(2)
	return w
}

// drawSymmetric draws a scenario whose actors are interchangeable.
func drawSymmetric(t *rapid.T) *scenario {
	n := func(most int) int { return rapid.IntRange(0, most).Draw(t, "n") }
	w := &scenario{
		Symmetric: true, Network: map[[2]int]string{}, Lossy: map[[2]int]bool{}, MaxDuplicates: max(0, n(2)-1),
		MaxDown: n(2), MaxPartitions: 1, Sequential: n(1) == 0, moodSum: 2 + n(3), limit: 400, Observed: n(4) == 0,
	}
	w.MaxCrashes = min(1, w.MaxDown)
	w.Consume = w.Observed || n(1) == 0
	actors, network := 2+n(1), rapid.SampledFrom([]string{"unordered", "duplicating", "ordered"}).Draw(t, "network")
	lossy := n(2) == 0
	if lossy {
		w.MaxLosses = n(1)
	}
	for from := -1; from < actors; from++ {
		for to := -1; to < actors; to++ {
			w.Network[[2]int{from, to}], w.Lossy[[2]int{from, to}] = network, lossy
		}
	}
	s := drawScript(t, 0)
	for _, deed := range s.Acts {
		for i := range deed {
			if deed[i].Do == "send" {
				deed[i].Do = "broadcast"
			}
		}
	}
	split := n(3) == 0
	for id := range actors {
		w.Scripts = append(w.Scripts, s)
		if others := slices.DeleteFunc([]int{0, 1, 2}[:actors], func(o int) bool { return o == id }); split &&
			(actors > 2 || id > 0) {
			w.Splits = append(w.Splits, [][]int{others, {id}})
		}
	}
	return w
}

// refs are the puppets of a scenario.
type refs []actor.Ref[puppetState]

func (r refs) moods(s *actor.State[int8]) (sum int) {
	for _, ref := range r {
		sum += ref.In(s).Mood
	}
	return sum
}

func moods(s *simState) (sum int) {
	for _, a := range s.Actors {
		sum += a.Mood
	}
	return sum
}

// link returns the link between two ids; -1 stands for ids that no actor has.
func (w *scenario) link(from, to int) actor.Link {
	network, _ := actor.ParseNetwork(w.Network[[2]int{from, to}])
	return actor.Link{Network: network, Lossy: w.Lossy[[2]int{from, to}]}
}

// config returns the configuration that a scenario describes.
func (w *scenario) config() actor.Config {
	config := actor.Config{MaxLosses: w.MaxLosses, Ignored: actor.IgnoredPolicy(w.Ignored)}
	for _, network := range w.Network {
		if network != "duplicating" && w.MaxDuplicates > 0 {
			config.Duplicates, config.MaxDuplicates = true, w.MaxDuplicates
		}
	}
	for id := range w.Scripts {
		if !w.Reliable[id] && w.MaxDown > 0 {
			config.Crashes, config.MaxDown, config.MaxCrashes = true, w.MaxDown, w.MaxCrashes
		}
	}
	if len(w.Splits) > 0 {
		config.MaxPartitions = w.MaxPartitions
	}
	l := w.link(-1, -1)
	config.Network, config.Lossy = l.Network, l.Lossy || w.MaxLosses > 0
	return config
}

// system makes the system that a scenario describes. Properties that need the rule Consume are stated where it is
// in force.
func (w *scenario) system() *actor.System[int8] {
	config := w.config()
	sys := actor.NewSystem[int8](config)
	newHistory := actor.Linearizable[int8, consistency.RegisterOp[int8], int8, int8]
	if w.Sequential {
		newHistory = actor.SequentiallyConsistent
	}
	history := newHistory(sys, "history", consistency.Register[int8]{})
	var all refs
	for i, s := range w.Scripts {
		p := puppet{Script: s, History: history}
		if w.Symmetric {
			p.Among = len(w.Scripts)
		}
		if s.Resumes {
			all = append(all, actor.Spawn(sys, fmt.Sprint("puppet-", i), resumer{p}))
		} else {
			all = append(all, actor.Spawn(sys, fmt.Sprint("puppet-", i), p))
		}
		if w.Reliable[i] {
			sys.NeverCrashes(actor.ID(i))
		}
	}
	for from := -1; from < len(w.Scripts); from++ {
		for to := -1; to < len(w.Scripts); to++ {
			if l := w.link(from, to); l != (actor.Link{Network: config.Network, Lossy: config.Lossy}) {
				sys.Link(actor.ID(from), actor.ID(to), l)
			}
		}
	}
	if w.Symmetric {
		sys.Interchangeable(actor.Peers(actor.NoActor, len(w.Scripts))...)
	}
	for _, split := range w.Splits {
		var groups [][]actor.ID
		for _, g := range split {
			var ids []actor.ID
			for _, id := range g {
				ids = append(ids, actor.ID(id))
			}
			groups = append(groups, ids)
		}
		sys.Partition(groups...)
	}
	for _, p := range w.InFlight {
		sys.InFlight(actor.ID(p.From), actor.ID(p.To), int8(p.Msg))
	}
	if w.Observed {
		actor.Observe(sys, "seen", 0, func(seen int, a actor.Action[int8]) int { return (seen + int(a.Kind)) % 3 })
	}
	w.promise(sys, all)
	return sys
}

// promise states the properties that the simulator judges, too.
func (w *scenario) promise(sys *actor.System[int8], all refs) {
	sys.Always("moods", func(s *actor.State[int8]) bool { return all.moods(s) < w.moodSum })
	sys.Sometimes("down", func(s *actor.State[int8]) bool {
		return slices.ContainsFunc(all, func(r actor.Ref[puppetState]) bool { return r.Down(s) })
	})
	if w.Consume || w.Ends {
		sys.NoDeadlock("deadlock", func(s *actor.State[int8]) bool { return all.moods(s) > 0 })
	}
	if w.Consume {
		sys.Eventually("eventually", func(s *actor.State[int8]) bool { return all.moods(s) > 1 })
	}
}

// simulated is what the simulator computes about a scenario.
func (w *scenario) simulated() found {
	return w.explore(map[string]func(s *simState) bool{
		"moods":   func(s *simState) bool { return moods(s) >= w.moodSum },
		"history": func(s *simState) bool { return !w.allowed(s) },
		"down": func(s *simState) bool {
			return slices.ContainsFunc(s.Actors,
				func(a simActor) bool { return a.Down })
		},
	}, func(s *simState) bool { return moods(s) == 0 }, func(s *simState) bool { return moods(s) > 1 })
}

// TestSimulatorAgrees compares searches of random systems with an independent simulator: how many states there
// are and how many steps, what becomes of every property, and how far away it is seen.
func TestSimulatorAgrees(t *testing.T) {
	longtest.Checks(t, 12)
	tally := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		w := drawScenario(t)
		want := w.simulated()
		if want.TooMany {
			t.Skip("too large")
		}
		tally["systems"]++
		tally["states"] += int(want.Distinct)
		for name := range want.First {
			tally[name]++
		}
		if want.Never["eventually"] {
			tally["never"]++
		}
		plainSystem := w.system()
		for i, o := range []allways.Options{
			{Workers: 1}, {Workers: 2}, {Workers: 2, Strategy: allways.DFS},
			{Workers: 1, Store: allways.StoreFingerprints},
		} {
			o.Stop = allways.StopNever
			sys := w.system()
			if i%2 == 1 {
				sys = actor.LimitMemo(sys, forgetful)
			}
			got, err := allways.Check(t.Context(), sys, o)
			if err != nil {
				t.Fatal(err)
			}
			want.compare(t, fmt.Sprintf("%+v", o), got, o.Strategy == allways.BFS)
		}
		got, err := allways.Check(t.Context(), plainOf(plainSystem),
			allways.Options{Workers: 1, Stop: allways.StopNever})
		if err != nil {
			t.Fatal(err)
		}
		want.compare(t, "plain", got, true)
	})
	t.Log(tally)
}

// TestSimulatorAgreesOnOrbits compares searches with symmetry reduction of random systems that are symmetric
// with the simulator, which counts orbits by trying all names.
func TestSimulatorAgreesOnOrbits(t *testing.T) {
	longtest.Checks(t, 12)
	tally := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		w := drawSymmetric(t)
		want := w.simulated()
		if want.TooMany {
			t.Skip("too large")
		}
		tally["systems"]++
		tally["states"] += int(want.Distinct)
		for name := range want.First {
			tally[name]++
		}
		for _, o := range []allways.Options{{Workers: 1}, {Workers: 2}, {Workers: 2, Strategy: allways.DFS}} {
			o.Stop, o.Symmetry = allways.StopNever, true
			got, err := allways.Check(t.Context(), w.system(), o)
			if err != nil {
				t.Fatal(err)
			}
			want.compare(t, fmt.Sprintf("%+v", o), got, o.Strategy == allways.BFS)
		}
	})
	t.Log(tally)
}

func (f found) compare(t *rapid.T, how string, got *result, shortest bool) {
	t.Helper()
	if got.Stats.Distinct != f.Distinct || got.Stats.Generated != f.Generated {
		t.Fatalf("%s: generated %d, distinct %d; simulated %d, %d", how, got.Stats.Generated, got.Stats.Distinct,
			f.Generated, f.Distinct)
	}
	for _, p := range got.Properties {
		depth, decided := f.First[p.Name]
		violated := decided != (p.Name == "down") || f.Never[p.Name]
		if violated != (p.Verdict == allways.Violated) || !violated != (p.Verdict == allways.Holds) {
			t.Fatalf("%s: property %s: %v (%s), simulated: violated %t\n%v", how, p.Name, p.Verdict, p.Reason,
				violated, p.Path)
		}
		if decided && shortest && (p.Path == nil || p.Path.Len() != depth) {
			t.Fatalf("%s: property %s is %v after %v, simulated: after %d steps (%s)\n%+v", how, p.Name, p.Verdict,
				p.Path, depth, p.Reason, got.Properties)
		}
	}
}
