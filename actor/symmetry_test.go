package actor_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/longtest"
)

// vote is a message of the system below.
type vote struct {
	Ask  bool
	Yes  bool
	Seen map[actor.ID]bool // who had voted when the leader asked
}

// leader asks all voters one by one, in any order, and collects their votes.
type leader struct{ Voters []actor.ID }

type leaderState struct {
	Asked map[actor.ID]bool
	Yes   map[actor.ID]bool
}

func (l leader) Start(c *actor.Context[vote], s *leaderState) { l.offer(c, s) }

// offer lets chance choose whom to ask next.
func (l leader) offer(c *actor.Context[vote], s *leaderState) {
	var options []any
	for _, v := range l.Voters {
		if !s.Asked[v] {
			options = append(options, v)
		}
	}
	c.Choose("whom", options...)
}

func (l leader) Choose(c *actor.Context[vote], s *leaderState, _ string, option any) {
	s.Asked[option.(actor.ID)] = true
	seen := map[actor.ID]bool{}
	for v := range s.Yes {
		seen[v] = true
	}
	c.Send(option.(actor.ID), vote{Ask: true, Seen: seen})
	l.offer(c, s)
}

func (l leader) Receive(c *actor.Context[vote], s *leaderState, from actor.ID, m vote) {
	s.Yes[from] = m.Yes
}

// voter votes as chance has it.
type voter struct {
	// ByID makes voters with greater ids say no, which is no symmetric thing to do.
	ByID bool
}

type voterState struct {
	From  actor.ID
	Seen  int
	Voted bool
}

func (voter) Start(*actor.Context[vote], *voterState) {}

func (v voter) Receive(c *actor.Context[vote], s *voterState, from actor.ID, m vote) {
	s.From, s.Seen = from, len(m.Seen)
	if v.ByID {
		c.Send(from, vote{Yes: c.Self() < 2})
		return
	}
	c.Choose("vote", true, false)
}

func (voter) Choose(c *actor.Context[vote], s *voterState, _ string, option any) {
	s.Voted = true
	c.Send(s.From, vote{Yes: option.(bool)})
}

func voting(voters int, c actor.Config, byID bool) (*actor.System[vote], actor.Ref[leaderState],
	[]actor.Ref[voterState]) {
	sys := actor.NewSystem[vote](c)
	var ids []actor.ID
	for i := range voters {
		ids = append(ids, actor.ID(i+1))
	}
	l := actor.Spawn(sys, "leader", leader{Voters: ids})
	var refs []actor.Ref[voterState]
	for i := range voters {
		refs = append(refs, actor.Spawn(sys, fmt.Sprint("voter-", i+1), voter{ByID: byID}))
	}
	sys.Interchangeable(ids...)
	sys.NeverCrashes(l.ID())
	sys.Sometimes("all yes", func(s *actor.State[vote]) bool {
		yes := 0
		for _, y := range l.In(s).Yes {
			if y {
				yes++
			}
		}
		return yes == voters
	})
	sys.Always("not all no", func(s *actor.State[vote]) bool {
		no := 0
		for _, y := range l.In(s).Yes {
			if !y {
				no++
			}
		}
		return no < voters
	})
	return sys, l, refs
}

// orbitsOf counts the orbits of all reachable states, by the texts of their representatives under all
// renamings, made by hand from what the states of this system hold.
func orbitsOf(t *testing.T, voters int, c actor.Config) int {
	sys, l, refs := voting(voters, c, false)
	var states []*actor.State[vote]
	visitor := allways.VisitStates(func(s *actor.State[vote], _ int) { states = append(states, s) })
	if _, err := allways.Check(t.Context(), sys, allways.Options{Stop: allways.StopNever,
		Visitor: visitor}); err != nil {
		t.Fatal(err)
	}
	set := map[string]bool{}
	for _, s := range states {
		least := ""
		for _, order := range permutations(voters) {
			name := func(id actor.ID) int {
				if id < 1 {
					return int(id)
				}
				return order[id-1] + 1
			}
			if text := describe(s, l, refs, name); least == "" || text < least {
				least = text
			}
		}
		set[least] = true
	}
	return len(set)
}

// describe writes down a state with other names.
func describe(s *actor.State[vote], l actor.Ref[leaderState], refs []actor.Ref[voterState],
	name func(actor.ID) int) string {
	named := func(m map[actor.ID]bool) string {
		out := map[int]bool{}
		for id, v := range m {
			out[name(id)] = v
		}
		return fmt.Sprint(out)
	}
	actors := make([]string, len(refs)+1)
	for _, id := range append([]actor.ID{l.ID()}, ids(refs)...) {
		var text string
		if id == 0 {
			offered := map[int]bool{}
			for _, o := range s.Offered(0, "whom") {
				offered[name(o.(actor.ID))] = true
			}
			text = fmt.Sprint(named(l.In(s).Asked), named(l.In(s).Yes), l.Down(s), offered)
		} else {
			v := refs[id-1].In(s)
			text = fmt.Sprint(name(v.From), v.Seen, v.Voted, refs[id-1].Down(s), s.Offered(id, "vote"))
		}
		inbox := map[string]int{}
		for _, e := range s.Inbox(id) {
			inbox[fmt.Sprint(name(e.From), e.Msg.Ask, e.Msg.Yes, named(e.Msg.Seen))] += e.Copies
		}
		actors[name(id)] = text + fmt.Sprint(inbox)
	}
	return strings.Join(actors, "\n")
}

func ids(refs []actor.Ref[voterState]) (all []actor.ID) {
	for _, r := range refs {
		all = append(all, r.ID())
	}
	return all
}

func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{{}}
	}
	var all [][]int
	for _, p := range permutations(n - 1) {
		for at := range n {
			q := append([]int(nil), p[:at]...)
			all = append(all, append(append(q, n-1), p[at:]...))
		}
	}
	return all
}

// TestSymmetry compares the number of states under symmetry with the true number of orbits, for every strategy,
// storage and number of workers; verdicts stay, and paths are real.
func TestSymmetry(t *testing.T) {
	for voters := 1; voters <= 3; voters++ {
		for _, network := range []actor.Network{actor.Unordered, actor.Ordered, actor.Duplicating} {
			if voters == 3 && (network != actor.Unordered && !longtest.Enabled() || testing.Short()) {
				continue
			}
			c := actor.Config{Network: network, Ignored: actor.IgnoredConsumed}
			if voters == 2 {
				c.Crashes, c.MaxDown = true, 1
			}
			want := orbitsOf(t, voters, c)
			if voters == 1 {
				continue // nothing to exchange
			}
			for _, o := range []allways.Options{
				{Workers: 1}, {Workers: 2}, {Strategy: allways.DFS, Workers: 2},
				{Store: allways.StoreFingerprints, Workers: 2},
			} {
				o.Symmetry, o.Stop = true, allways.StopNever
				sys, _, _ := voting(voters, c, false)
				r, err := allways.Check(t.Context(), sys, o)
				if err != nil {
					t.Fatal(err)
				}
				if r.Stats.Distinct != int64(want) {
					t.Errorf("%d voters, %v, %v, %v, %d workers: %d distinct states, want %d orbits", voters, network,
						o.Strategy, o.Store, o.Workers, r.Stats.Distinct, want)
				}
				for _, p := range r.Properties {
					if p.Path == nil {
						t.Errorf("%s: %v without a path", p.Name, p.Verdict)
					}
				}
			}
		}
	}
}

// TestAsymmetry: actors that compare their ids are not interchangeable.
func TestAsymmetry(t *testing.T) {
	sys, _, _ := voting(3, actor.Config{}, true)
	_, err := allways.Check(t.Context(), sys, allways.Options{Symmetry: true})
	var e *allways.ModelError
	if !errors.As(err, &e) || e.Kind != allways.ErrorSymmetry {
		t.Fatalf("error %v, want one about symmetry", err)
	}
	for _, text := range []string{"voter-1, on receiving", "with names exchanged voter-", "it sends", "not compared"} {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("the error\n\t%v\ndoes not say %q", err, text)
		}
	}
	sys, _, refs := voting(3, actor.Config{}, false)
	sys.Always("the first votes first", func(s *actor.State[vote]) bool {
		return refs[0].In(s).Voted ||
			!refs[1].In(s).Voted
	})
	if _, err = allways.Check(t.Context(), sys, allways.Options{Symmetry: true,
		Stop: allways.StopNever}); !errors.As(err, &e) || e.Kind != allways.ErrorSymmetry {
		t.Errorf("error %v, want one about the property", err)
	}
	plain := actor.NewSystem[vote](actor.Config{})
	actor.Spawn(plain, "voter", voter{})
	if _, err = allways.Check(t.Context(), plain, allways.Options{Symmetry: true}); err == nil ||
		!strings.Contains(err.Error(), "interchangeable") {
		t.Errorf("error %v, want one about what is missing", err)
	}
}

// favourite does not vote if it and the actor that was asked before it have certain ids, which is no symmetric thing
// to do.
type favourite struct{ Self, Other actor.ID }

func (favourite) Start(_ *actor.Context[vote], s *voterState) { s.From = actor.NoActor }

func (f favourite) Receive(c *actor.Context[vote], s *voterState, from actor.ID, m vote) {
	for id := range m.Seen {
		s.From = id
	}
	s.Voted = c.Self() != f.Self || s.From != f.Other
	c.Send(from, vote{Yes: true})
}

// TestManyInterchangeable: an exception for one pair of many actors is found, in every run.
func TestManyInterchangeable(t *testing.T) {
	const voters = 5
	favourites := []favourite{{5, 4}, {}, {3, 5}}
	if testing.Short() {
		favourites = favourites[:1]
	}
	for _, f := range favourites {
		for _, o := range []allways.Options{{Workers: 2}} {
			sys := actor.NewSystem[vote](actor.Config{})
			ids := []actor.ID{1, 2, 3, 4, 5}
			actor.Spawn(sys, "leader", relay{Voters: ids})
			for i := range voters {
				actor.Spawn(sys, fmt.Sprint("voter-", i+1), f)
			}
			sys.Interchangeable(ids...)
			sys.Always("true", func(*actor.State[vote]) bool { return true })
			o.Symmetry = true
			_, err := allways.Check(t.Context(), sys, o)
			e, ok := errors.AsType[*allways.ModelError](err)
			if want := f.Self != 0; ok != want || ok && e.Kind != allways.ErrorSymmetry {
				t.Errorf("%v: error %v, want one: %t", f, err, want)
			}
		}
	}
}

// relay asks one voter, and then another one, to which it names the first.
type relay struct{ Voters []actor.ID }

type relayState struct{ Asked actor.ID }

func (l relay) Start(c *actor.Context[vote], s *relayState) {
	s.Asked = actor.NoActor
	l.offer(c, s)
}

func (l relay) offer(c *actor.Context[vote], s *relayState) {
	var options []any
	for _, v := range l.Voters {
		if v != s.Asked {
			options = append(options, v)
		}
	}
	c.Choose("whom", options...)
}

func (relay) Choose(c *actor.Context[vote], s *relayState, _ string, option any) {
	m := vote{Ask: true}
	if s.Asked != actor.NoActor {
		m.Seen = map[actor.ID]bool{s.Asked: true}
	}
	s.Asked = option.(actor.ID)
	c.Send(s.Asked, m)
}

func (l relay) Receive(c *actor.Context[vote], s *relayState, from actor.ID, m vote) {
	if m.Yes && from == s.Asked {
		l.offer(c, s)
	}
}
