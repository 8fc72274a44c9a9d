package symbolic

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/longtest"
)

const numbers = 4 // of each place

// table is a random system. The numbers of mover p are 10*p and the following ones, those of other places 0 and the
// following ones.
type system struct {
	permitted []engine.Parts     // parts that predicates may read; nil for all
	took      map[[2]uint32]bool // steps that were noted, by the numbers before and after

	engine.Worker
	movers, words int
	first         []uint32
	own           [][]engine.LocalStep // by 10*mover + number; those of the guard come last
	changes       []randomChange
	predicates    []predicate
	guardMoves    bool
}

type randomChange struct {
	place int
	guard bool
	to    [numbers]uint32 // by number; forbidden is what a guard forbids
}

const forbidden = 99

// predicate looks at a place, and at another one for some of its numbers.
type predicate struct {
	first, second int
	parts         [2]engine.Parts
	look          [numbers]bool
	holds         [numbers][numbers]bool
}

func (s *system) Initial() ([]uint32, error)   { return s.first, nil }
func (s *system) Took(before, after uint32)    { s.took[[2]uint32{before, after}] = true }
func (s *system) Nonlocal() string             { return "" }
func (s *system) Count(uint16, int64, int64)   {}
func (s *system) Words() int                   { return s.words }
func (s *system) Memory() int64                { return 0 }
func (s *system) NewWorker() engine.Worker     { return s }
func (s *system) Moves(place int) bool         { return place < s.movers || place == s.words-1 && s.guardMoves }
func (s *system) PlaceOf(c uint32) (int, bool) { return s.changes[c].place, s.changes[c].guard }

func (s *system) LocalSteps(place int, value uint32) ([]engine.LocalStep, error) {
	if place == s.words-1 {
		return s.own[10*s.movers+int(value)], nil
	}
	return s.own[value], nil
}

func (s *system) Changed(change, value uint32) (uint32, bool, error) {
	c := s.changes[change]
	to := c.to[value%10]
	if c.guard && to == forbidden {
		return 0, false, nil
	}
	return to, true, nil
}

// PartsOf cuts the numbers of movers into two bits.
func (s *system) PartsOf(place int, value uint32, parts engine.Parts) uint32 {
	switch {
	case place >= s.movers || parts == engine.BothParts:
		return value
	case parts == engine.FirstPart:
		return value % 10 / 2
	}
	return value % 2
}

func (s *system) Permit(parts []engine.Parts) { s.permitted = parts }

// note notes that a predicate reads a part. It reports whether it may.
func (s *system) note(reads []engine.Parts, place int, parts engine.Parts) bool {
	reads[place] |= parts
	return s.permitted == nil || parts&^s.permitted[place] == 0
}

// beyond is the error of a predicate that reads what it may not.
var beyond = &engine.Misbehaviour{Message: "beyond"}

func (s *system) Test(k int, state []uint32, reads []engine.Parts) (bool, error) {
	p := s.predicates[k]
	if !s.note(reads, p.first, p.parts[0]) {
		return false, beyond
	}
	a, b := s.PartsOf(p.first, state[p.first], p.parts[0])%10, uint32(0)
	if p.look[a] {
		if !s.note(reads, p.second, p.parts[1]) {
			return false, beyond
		}
		b = s.PartsOf(p.second, state[p.second], p.parts[1]) % 10
	}
	return p.holds[a][b], nil
}

// TestStep looks at a part before the step, and for some numbers at one after it.
func (s *system) TestStep(k int, state []uint32, place, i int, reads []engine.Parts) (holds, last bool, err error) {
	own, _ := s.LocalSteps(place, state[place])
	if i == len(own) {
		return true, true, nil
	}
	x, p := own[i], s.predicates[k]
	for _, c := range x.Changes {
		if s.changes[c].guard {
			if !s.note(reads, s.words-1, engine.BothParts) {
				return false, false, beyond
			}
			if _, ok, _ := s.Changed(c, state[s.words-1]); !ok {
				return true, false, nil
			}
		}
	}
	if x.Outside {
		return true, false, nil
	}
	if !s.note(reads, p.first, p.parts[0]) {
		return false, false, beyond
	}
	a, b := s.PartsOf(p.first, state[p.first], p.parts[0])%10, uint32(0)
	if p.look[a] {
		parts, value := p.parts[1], state[p.second]
		for _, c := range x.Changes {
			if s.changes[c].place == p.second {
				parts = engine.BothParts
				value, _, _ = s.Changed(c, value)
			}
		}
		if place == p.second {
			value = x.After
		}
		if !s.note(reads, p.second, parts) {
			return false, false, beyond
		}
		b = s.PartsOf(p.second, value, p.parts[1]) % 10
	}
	return p.holds[a][b], false, nil
}

func drawSystem(t *rapid.T) *system {
	s := &system{movers: rapid.IntRange(1, 3).Draw(t, "movers")}
	s.words = s.movers + rapid.IntRange(0, 2).Draw(t, "followers") + 1
	s.guardMoves = rapid.Bool().Draw(t, "the guard moves")
	number := rapid.Uint32Range(0, numbers-1)
	valueOf := func(place int) uint32 {
		v := number.Draw(t, "number")
		if place < s.movers {
			v += uint32(10 * place)
		}
		return v
	}
	for place := range s.words {
		s.first = append(s.first, valueOf(place))
	}
	for range rapid.IntRange(0, 6).Draw(t, "changes") {
		c := randomChange{place: rapid.IntRange(0, s.words-1).Draw(t, "place")}
		c.guard = c.place == s.words-1 && rapid.Bool().Draw(t, "guard")
		for v := range c.to {
			if c.to[v] = valueOf(c.place); c.guard && rapid.Bool().Draw(t, "forbidden") {
				c.to[v] = forbidden
			}
		}
		s.changes = append(s.changes, c)
	}
	for i := range 10*s.movers + numbers {
		place := min(i/10, s.movers)
		if place == s.movers {
			place = s.words - 1
		}
		var all []engine.LocalStep
		if i%10 < numbers && (place < s.movers || s.guardMoves) {
			for range rapid.IntRange(0, 2).Draw(t, "steps") {
				all = append(all, s.drawStep(t, place, valueOf(place)))
			}
		}
		s.own = append(s.own, all)
	}
	for range 8 {
		place := rapid.IntRange(0, s.words-1)
		p := predicate{first: place.Draw(t, "first"), second: place.Draw(t, "second")}
		parts := rapid.SampledFrom([]engine.Parts{engine.FirstPart, engine.SecondPart, engine.BothParts})
		p.parts = [2]engine.Parts{parts.Draw(t, "parts"), parts.Draw(t, "parts")}
		odds := rapid.IntRange(0, 7)
		for a := range p.holds {
			p.look[a] = rapid.Bool().Draw(t, "look")
			for b := range p.holds[a] {
				p.holds[a][b] = odds.Draw(t, "holds") > 0
			}
		}
		s.predicates = append(s.predicates, p)
	}
	return s
}

func (s *system) drawStep(t *rapid.T, place int, after uint32) engine.LocalStep {
	x := engine.LocalStep{
		After: after, Name: rapid.Uint16Range(0, 2).Draw(t, "name"), Outside: rapid.IntRange(0, 9).Draw(t, "outside") == 0,
		Noted: place < s.movers && rapid.Bool().Draw(t, "noted"),
	}
	guards := 0
	for range rapid.IntRange(0, 3).Draw(t, "changes") {
		if len(s.changes) == 0 {
			break
		}
		k := rapid.IntRange(0, len(s.changes)-1).Draw(t, "change")
		switch c := s.changes[k]; {
		case c.place == place || c.guard && guards > 0:
		case c.guard:
			x.Changes = slices.Insert(x.Changes, 0, uint32(k)) // before all other changes of the last place
			guards++
		default:
			x.Changes = append(x.Changes, uint32(k))
		}
	}
	return x
}

// naive is what a search of states finds.
type naive struct {
	depth    map[string]int // by state
	next     map[string][]string
	terminal map[string]bool
	steps    int
	enabled  map[uint16]int64
	taken    map[uint16]int64
	bounded  bool
	took     map[[2]uint32]bool
}

func key(state []uint32) string { return fmt.Sprint(state) }

func explore(s *system) *naive {
	n := &naive{
		depth: map[string]int{key(s.first): 1}, next: map[string][]string{}, terminal: map[string]bool{}, steps: 1,
		enabled: map[uint16]int64{}, taken: map[uint16]int64{}, took: map[[2]uint32]bool{},
	}
	for queue := [][]uint32{s.first}; len(queue) > 0; queue = queue[1:] {
		state := queue[0]
		n.terminal[key(state)] = true
		for place := range s.words {
			if !s.Moves(place) {
				continue
			}
			own, _ := s.LocalSteps(place, state[place])
			for _, x := range own {
				after, ok := s.take(state, place, x)
				if !ok {
					continue
				}
				n.terminal[key(state)] = false
				n.enabled[x.Name]++
				if x.Noted {
					n.took[[2]uint32{state[place], x.After}] = true
				}
				if x.Outside {
					n.bounded = true
					continue
				}
				n.taken[x.Name]++
				n.steps++
				n.next[key(state)] = append(n.next[key(state)], key(after))
				if n.depth[key(after)] == 0 {
					n.depth[key(after)] = n.depth[key(state)] + 1
					queue = append(queue, after)
				}
			}
		}
	}
	return n
}

func (s *system) take(state []uint32, place int, x engine.LocalStep) (after []uint32, ok bool) {
	after = slices.Clone(state)
	after[place] = x.After
	for _, k := range x.Changes {
		p := s.changes[k].place
		if after[p], ok, _ = s.Changed(k, after[p]); !ok {
			return nil, false
		}
	}
	return after, true
}

// Of the predicates, two must hold always, two sometimes, two in terminal states, and two of all steps.
var kinds = Config{Always: 0b11, Sometimes: 0b1100, Deadlock: 0b110000, Steps: 0b11000000}

func (s *system) decidedBy(k int, state []uint32, terminal bool) bool {
	if kinds.Steps.Has(k) {
		for place := range s.words {
			for i := 0; s.Moves(place); i++ {
				holds, last, _ := s.TestStep(k, state, place, i, make([]engine.Parts, s.words))
				if !holds {
					return true
				}
				if last {
					break
				}
			}
		}
		return false
	}
	holds, _ := s.Test(k, state, make([]engine.Parts, s.words))
	return holds == kinds.Sometimes.Has(k) && (terminal || !kinds.Deadlock.Has(k))
}

// A search of sets finds what a search of states finds, for every order of the places and with any number of
// collections: the same numbers of states, steps and actions, and the same verdicts, with paths as short.
func TestSetsAreStates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSystem(t)
		want := explore(s)
		all := orders(s.words)
		if !longtest.Enabled() {
			all = []([]int){rapid.SampledFrom(all).Draw(t, "order"), rapid.SampledFrom(all).Draw(t, "another order")}
		}
		all = append(all, nil) // in which case orders are tried
		trial, most := rapid.IntRange(0, 40).Draw(t, "trial"), max(0, rapid.IntRange(-300, 300).Draw(t, "most"))
		for _, order := range all {
			for _, pace := range []int64{0, 1} {
				budget := engine.NewBudget(context.Background(), s, engine.Limits{})
				cfg := kinds
				cfg.Budget, cfg.Order, cfg.CollectEvery, cfg.Phase = budget, order, pace, func(string) {}
				cfg.Trial, cfg.Most = trial, most
				cfg.Vain = func() bool { return false }
				s.took = map[[2]uint32]bool{}
				search := New(s, cfg)
				search.Reach()
				search.Judge()
				search.Close()
				got := search.Result()
				budget.Close()
				what := fmt.Sprintf("order %v, pace %d, trial %d", order, pace, trial)
				if most > 0 && got.StopReason == engine.StopReasonCondition {
					continue
				}
				compareCounts(t, what, got, want)
				if !maps.Equal(s.took, want.took) {
					t.Fatalf("%s: the steps %v were noted, want %v", what, s.took, want.took)
				}
				compareVerdicts(t, what, s, got, want)
			}
		}
	})
}

// orders returns the orders of some places that leave the last one the last.
func orders(words int) (all [][]int) {
	if words == 1 {
		return [][]int{{0}}
	}
	for _, o := range orders(words - 1) {
		o = o[:len(o)-1]
		for at := range len(o) + 1 {
			all = append(all, append(slices.Insert(slices.Clone(o), at, words-2), words-1))
		}
	}
	return all
}

func compareCounts(t *rapid.T, what string, got *Result, want *naive) {
	t.Helper()
	if got.StopReason != engine.StopReasonNone || got.States.Cmp(big.NewInt(int64(len(want.depth)))) != 0 ||
		got.Steps.Cmp(big.NewInt(int64(want.steps))) != 0 || got.Bounded != want.bounded {
		t.Fatalf("%s: %v states, %v steps, bounded %t, stop reason %d; want %d, %d, %t", what, got.States, got.Steps,
			got.Bounded, got.StopReason, len(want.depth), want.steps, want.bounded)
	}
	byName := func(all []*big.Int) map[uint16]int64 {
		m := map[uint16]int64{}
		for i, n := range all {
			if n.Sign() > 0 {
				m[uint16(i)] = n.Int64()
			}
		}
		return m
	}
	if e, a := byName(got.Enabled), byName(got.Taken); !maps.Equal(e, want.enabled) || !maps.Equal(a, want.taken) {
		t.Fatalf("%s: enabled %v, taken %v; want %v, %v", what, e, a, want.enabled, want.taken)
	}
}

func compareVerdicts(t *rapid.T, what string, s *system, got *Result, want *naive) {
	t.Helper()
	for k := range s.predicates {
		shortest := 0
		for state, depth := range want.depth {
			vec := splitKey(state)
			if s.decidedBy(k, vec, want.terminal[state]) && (shortest == 0 || depth < shortest) {
				shortest = depth
			}
		}
		d := got.Discoveries[k]
		switch {
		case (d != nil) != (shortest > 0):
			t.Fatalf("%s: predicate %d is decided: %t; want %t", what, k, d != nil, shortest > 0)
		case d == nil:
			continue
		case d.Trail == nil || len(d.Trail.States) != shortest:
			t.Fatalf("%s: predicate %d has the path %v, want one of %d states", what, k, d.Trail, shortest)
		}
		path := d.Trail.States
		last := path[shortest-1]
		if !slices.Equal(path[0], s.first) || !s.decidedBy(k, last, want.terminal[key(last)]) {
			t.Fatalf("%s: predicate %d has the path %v, which does not decide it", what, k, path)
		}
		for i := 1; i < len(path); i++ {
			if !slices.Contains(want.next[key(path[i-1])], key(path[i])) {
				t.Fatalf("%s: no step leads from %v to %v", what, path[i-1], path[i])
			}
		}
	}
}

func splitKey(state string) (vec []uint32) {
	var x uint32
	digits := false
	for _, r := range state {
		if r >= '0' && r <= '9' {
			x, digits = 10*x+uint32(r-'0'), true
		} else if digits {
			vec, x, digits = append(vec, x), 0, false
		}
	}
	return vec
}
