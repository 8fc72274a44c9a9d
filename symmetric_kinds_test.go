package allways_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
)

// This file compares symmetry reduction with brute force over all renamings, on random models with two kinds of
// interchangeable identifiers, which refer to each other in many ways.

// member and motion number what is interchangeable.
type (
	member uint8
	motion uint8
)

const (
	council   = 3 // most of either kind
	noMember  = member(250)
	nothing   = motion(251)
	longestIn = 2 // of a log
)

type ballot struct {
	By  member
	For motion
}

type seats struct {
	Seat [council]bool `allways:"indexed=member"`
}

// session is the state of a council.
type session struct {
	Mood   [council]uint8           `allways:"indexed=member"`
	Mark   [council]uint8           `allways:"indexed=motion"`
	Cast   map[ballot]uint8         // keyed by both kinds
	Seen   [council]map[motion]bool `allways:"indexed=member"`
	Grid   []seats                  `allways:"indexed=motion"`
	Peer   [council]member          `allways:"indexed=member"`
	Chosen motion
	Holder member
	Log    []any // members and motions, in order
}

// clone returns a copy that shares nothing.
func (s session) clone() session {
	n := s
	n.Cast = map[ballot]uint8{}
	for k, v := range s.Cast {
		n.Cast[k] = v
	}
	for i, m := range s.Seen {
		n.Seen[i] = nil
		for k := range m {
			if n.Seen[i] == nil {
				n.Seen[i] = map[motion]bool{}
			}
			n.Seen[i][k] = true
		}
	}
	n.Grid, n.Log = slices.Clone(s.Grid), slices.Clone(s.Log)
	return n
}

// written appends the state with its members and motions renamed.
func (s session) written(dst []byte, to, into []int) []byte {
	who := func(m member) byte {
		if int(m) < len(to) {
			return byte(to[m])
		}
		return byte(m)
	}
	what := func(m motion) byte {
		if int(m) < len(into) {
			return byte(into[m])
		}
		return byte(m)
	}
	var w struct {
		mood, peer, mark [council]byte
		cast, seen, grid [council][council]byte
	}
	for i := range to {
		w.mood[to[i]], w.peer[to[i]] = s.Mood[i], who(s.Peer[i])
		for j := range into {
			w.cast[to[i]][into[j]] = s.Cast[ballot{member(i), motion(j)}]
			if s.Seen[i][motion(j)] {
				w.seen[to[i]][into[j]] = 1
			}
			if len(s.Grid) > 0 && s.Grid[j].Seat[i] {
				w.grid[to[i]][into[j]] = 1
			}
		}
	}
	for j := range into {
		w.mark[into[j]] = s.Mark[j]
	}
	dst = append(append(append(dst, w.mood[:]...), w.peer[:]...), w.mark[:]...)
	for i := range council {
		dst = append(append(append(dst, w.cast[i][:]...), w.seen[i][:]...), w.grid[i][:]...)
	}
	dst = append(dst, byte(len(s.Grid)), what(s.Chosen), who(s.Holder))
	for _, x := range s.Log {
		if m, ok := x.(member); ok {
			dst = append(dst, 0, who(m))
		} else {
			dst = append(dst, 1, what(x.(motion)))
		}
	}
	return dst
}

// turn is an action: a rule, applied to members and a motion.
type turn struct {
	Rule uint8
	P, Q member
	V    motion
}

// clause is a condition or an effect on what a turn names.
type clause struct {
	what  int
	value uint8
}

const clauses = 9

// is reports whether a condition holds.
func (c clause) is(s *session, a turn) bool {
	yes := c.value != 0
	switch c.what {
	case -1:
		return true
	case 0:
		return s.Mood[a.P] == c.value
	case 1:
		return s.Mark[a.V] == c.value
	case 2:
		return s.Cast[ballot{a.P, a.V}] == c.value
	case 3:
		return s.Seen[a.P][a.V] == yes
	case 4:
		return (len(s.Grid) > 0 && s.Grid[a.V].Seat[a.P]) == yes
	case 5:
		return (s.Peer[a.P] == a.Q) == yes
	case 6:
		return (s.Chosen == a.V) == yes
	case 7:
		return (s.Holder == a.P) == yes
	}
	return (s.Peer[a.P] == a.P) == yes
}

// do carries out an effect.
func (c clause) do(s *session, a turn, n int) {
	switch c.what {
	case 0:
		s.Mood[a.P] = c.value
	case 1:
		s.Mark[a.V] = c.value
	case 2:
		if delete(s.Cast, ballot{a.P, a.V}); c.value != 0 {
			s.Cast[ballot{a.P, a.V}] = c.value
		}
	case 3:
		if s.Seen[a.P] == nil {
			s.Seen[a.P] = map[motion]bool{}
		}
		s.Seen[a.P][a.V] = true
	case 4:
		if len(s.Grid) == 0 {
			s.Grid = make([]seats, n)
		}
		s.Grid[a.V].Seat[a.P] = c.value != 0
	case 5:
		if s.Peer[a.P] = noMember; c.value != 0 {
			s.Peer[a.P] = a.Q
		}
	case 6:
		if s.Chosen = nothing; c.value != 0 {
			s.Chosen = a.V
		}
	case 7:
		if s.Holder = noMember; c.value != 0 {
			s.Holder = a.P
		}
	case 8:
		if len(s.Log) < longestIn && c.value != 0 {
			s.Log = append(s.Log, a.P)
		} else if len(s.Log) < longestIn {
			s.Log = append(s.Log, a.V)
		}
	}
}

// law is what a rule asks for and does.
type law struct{ when, then []clause }

// chamber is a random model.
type chamber struct {
	members, motions int
	laws             []law
	props            [4]clause
	least            [4]int
	grid             bool // the initial state has a grid
	// odd is an exception: 1 forbids a turn, 2 changes what it does, 3 is in a property, 4 in the boundary, 5 orders
	// members, 6 orders motions; 0 does nothing.
	odd     int
	oddTurn turn
	oddWhen clause
}

func randomChamber(r *rand.Rand, odd bool) *chamber {
	h := &chamber{members: 2 + r.IntN(2), motions: 1 + r.IntN(5)/2, grid: r.IntN(2) == 0}
	some := func() clause { return clause{r.IntN(clauses), uint8(r.IntN(2))} }
	for range 2 + r.IntN(2) {
		var l law
		for range r.IntN(3) {
			l.when = append(l.when, clause{r.IntN(clauses), uint8(r.IntN(4) / 3)})
		}
		for range 1 + r.IntN(2) {
			l.then = append(l.then, clause{r.IntN(clauses), uint8(min(r.IntN(4), 1))})
		}
		h.laws = append(h.laws, l)
	}
	for i := range h.props {
		h.props[i], h.least[i] = some(), 1+r.IntN(3)
	}
	if odd {
		h.odd = 1 + r.IntN(6)
		h.oddTurn = turn{
			uint8(r.IntN(len(h.laws))), member(r.IntN(h.members)), member(r.IntN(h.members)), motion(r.IntN(h.motions)),
		}
		if h.oddWhen = some(); r.IntN(2) == 0 {
			h.oddWhen = clause{what: -1}
		}
	}
	return h
}

// turns lists all actions. What a law does not mention is named by one action only.
func (h *chamber) turns(dst []turn) []turn {
	for k, l := range h.laws {
		all := slices.Concat(l.when, l.then)
		pairs := slices.ContainsFunc(all, func(c clause) bool { return c.what == 5 })
		moved := slices.ContainsFunc(all, func(c clause) bool { return slices.Contains([]int{1, 2, 3, 4, 6, 8}, c.what) })
		for p := range member(h.members) {
			for q := range member(h.members) {
				for v := range motion(h.motions) {
					if (pairs && p != q || !pairs && p == q) && (moved || v == 0) {
						dst = append(dst, turn{uint8(k), p, q, v})
					}
				}
			}
		}
	}
	return dst
}

// number returns for how many pairs of a member and a motion a condition holds.
func (h *chamber) number(c clause, s *session) (n int) {
	for p := range h.members {
		for v := range h.motions {
			if q := s.Peer[p]; c.is(s, turn{P: member(p), Q: q, V: motion(v)}) {
				n++
			}
		}
	}
	return n
}

func (h *chamber) strange(s *session, a turn) bool {
	switch h.odd {
	case 1, 2:
		return a.Rule == h.oddTurn.Rule && a.P == h.oddTurn.P && h.oddWhen.is(s, a)
	case 5:
		return a.Rule == h.oddTurn.Rule && (a.P > s.Holder || a.P > s.Peer[a.P]) && h.oddWhen.is(s, a)
	case 6:
		return a.Rule == h.oddTurn.Rule && s.Chosen < a.V && h.oddWhen.is(s, a)
	}
	return false
}

func (h *chamber) next(s session, a turn) (session, bool) {
	for _, c := range h.laws[a.Rule].when {
		if !c.is(&s, a) {
			return s, false
		}
	}
	strange := h.strange(&s, a)
	if strange && h.odd != 2 {
		return s, false
	}
	n := s.clone()
	for _, c := range h.laws[a.Rule].then {
		c.do(&n, a, h.motions)
	}
	if strange {
		n.Chosen = nothing
	}
	return n, true
}

func (h *chamber) model(t testing.TB) allways.Funcs[session, turn] {
	y, err := allways.Interchangeable[member, session](h.members, allways.And[motion](h.motions))
	if err != nil {
		t.Fatal(err)
	}
	first := session{Peer: [council]member{noMember, noMember, noMember}, Chosen: nothing, Holder: noMember}
	if h.grid {
		first.Grid = make([]seats, h.motions)
	}
	many := func(i int, s *session) bool { return h.number(h.props[i], s) >= h.least[i] }
	m := allways.Funcs[session, turn]{
		InitFunc:    func() []session { return []session{first} },
		ActionsFunc: func(dst []turn, _ session) []turn { return h.turns(dst) },
		NextFunc:    h.next,
		Props: []allways.Property[session]{
			allways.Always("always", func(s session) bool {
				return !many(0, &s) && (h.odd != 3 || s.Mood[h.oddTurn.P] == 0 || s.Holder > h.oddTurn.P)
			}),
			allways.Sometimes("sometimes", func(s session) bool { return many(1, &s) }),
			allways.Eventually("eventually", func(s session) bool { return many(2, &s) }),
			allways.AlwaysStep("step", func(s session, _ turn, n session) bool {
				return !many(3, &s) || many(3, &n)
			}),
			allways.NoDeadlock("deadlock", func(s session) bool { return many(1, &s) }),
		},
		RepresentativeFunc: y.Representative,
	}
	if h.odd == 4 {
		m.WithinFunc = func(s session) bool { return s.Peer[h.oddTurn.P] > 9 || s.Mark[h.oddTurn.V] == 0 }
	}
	return m
}

// orbits searches without symmetry reduction, and counts the orbits. It returns nil if there are more than limit
// states.
func (h *chamber) orbits(
	t testing.TB, limit int,
) (r *allways.Result[session, turn], n int) {
	set := map[string]bool{}
	all, both := permutations(h.members), permutations(h.motions)
	var b, least []byte
	visitor := allways.VisitStates(func(s session, _ int) {
		least = least[:0]
		for _, to := range all {
			for _, into := range both {
				if b = s.written(b[:0], to, into); len(least) == 0 || slices.Compare(b, least) < 0 {
					least, b = b, least
				}
			}
		}
		set[string(least)] = true
	})
	o := allways.Options{Stop: allways.StopNever, Workers: 1, MaxStates: limit, Visitor: visitor}
	r, err := allways.Check(context.Background(), h.model(t), o)
	if err != nil {
		if _, ok := errors.AsType[*allways.ModelError](err); ok && h.odd == 4 {
			return nil, 0 // the boundary excludes the initial state
		}
		t.Fatal(err)
	}
	if !r.Complete {
		return nil, 0
	}
	return r, len(set)
}

// TestSymmetryOfKinds: a symmetric model has one state an orbit, and the same verdicts as without symmetry reduction.
// So has one with an exception, or it is refused. Each case is drawn from its own seed, which failures print.
func TestSymmetryOfKinds(t *testing.T) {
	tally := map[string]int{}
	rounds := uint64(longtest.Size(10, 600))
	end, limited := t.Deadline()
	for seed := range rounds {
		if limited && time.Until(end) < time.Minute {
			rounds = seed // out of time
			break
		}
		r := rand.New(rand.NewPCG(seed, 22))
		h := randomChamber(r, seed%2 == 1)
		want, orbits := h.orbits(t, longtest.Size(100, 120))
		if want == nil {
			tally["too large"]++
			continue
		}
		o := []allways.Options{{Workers: 1}, {Workers: 2}, {Workers: 1, Strategy: allways.DFS}}[r.IntN(3)]
		o.Symmetry, o.Stop = true, allways.StopNever
		tally[compareKinds(t, fmt.Sprintf("seed %d, %+v", seed, h), h, o, want, orbits)]++
		tally["states"] += int(want.Stats.Distinct)
		tally["orbits"] += orbits
	}
	t.Logf("%d models: %v", rounds, tally)
	if tally["odd, refused"] < int(rounds)/60 || tally["symmetric"] < int(rounds)/5 {
		t.Errorf("%v", tally)
	}
}

func compareKinds(
	t *testing.T, name string, h *chamber, o allways.Options, want *allways.Result[session, turn], orbits int,
) string {
	t.Helper()
	got, err := allways.Check(context.Background(), h.model(t), o)
	if err != nil {
		e, ok := errors.AsType[*allways.ModelError](err)
		if !ok || e.Kind != allways.ErrorSymmetry || h.odd == 0 {
			t.Errorf("%s: %v", name, err)
		}
		for i, p := range got.Properties {
			if p.Verdict != allways.Inconclusive && p.Verdict != want.Properties[i].Verdict {
				t.Errorf("%s: %s: %v, want %v", name, p.Name, p.Verdict, want.Properties[i].Verdict)
			}
		}
		return "odd, refused"
	}
	if got.Stats.Distinct != int64(orbits) {
		t.Errorf("%s: %d states, and %d orbits", name, got.Stats.Distinct, orbits)
	}
	for i, p := range got.Properties {
		if p.Verdict != want.Properties[i].Verdict {
			t.Errorf("%s: %s: %v, want %v", name, p.Name, p.Verdict, want.Properties[i].Verdict)
		}
	}
	if h.odd != 0 {
		return "odd, no difference"
	}
	return "symmetric"
}
