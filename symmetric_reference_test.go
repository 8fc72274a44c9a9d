package allways_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
)

// part is the number of one of several interchangeable components.
type part uint8

const (
	maxParts = 4
	noPart   = part(255)
)

// ensemble is the state of up to maxParts interchangeable components, some of which hold a flag,
// one of which may be the holder of something, and of what they share.
type ensemble struct {
	Local  [maxParts]uint8 `allways:"indexed=part"`
	Flag   [maxParts]bool  `allways:"indexed=part"`
	Holder part
	Shared uint8
}

// count returns how many of the first n components are in a local state.
func (s *ensemble) count(n int, local uint8) (sum int) {
	for _, l := range s.Local[:n] {
		if l == local {
			sum++
		}
	}
	return sum
}

// moved returns the state in which component i has become component to[i].
func (s *ensemble) moved(to []int) ensemble {
	m := *s
	for i, k := range to {
		m.Local[k], m.Flag[k] = s.Local[i], s.Flag[i]
		if s.Holder == part(i) {
			m.Holder = part(k)
		}
	}
	return m
}

// rule is what a component, or two of them together, may do. Negative numbers are no condition.
type rule struct {
	pair         bool
	from, with   int // local states of the components
	shared       int
	flag, holder int // 0 or 1: what must be true of the first component
	to, withTo   uint8
	sharedTo     int
	flip         bool // the step flips the first component's flag
	take         int  // holder afterwards: 0 as before, 1 the first component, 2 no component, 3 the second one
}

// protocol is a random model of n components that obey the same rules.
type protocol struct {
	n      int
	rules  []rule
	inits  []ensemble
	bound  *crowd // states in which it is true are out of the boundary
	bad    crowd
	goal   crowd
	final  crowd
	forbid [2]uint8 // a step between these shared values
}

// crowd is a predicate that does not tell components apart.
type crowd struct {
	local   uint8
	atLeast int
	shared  int
	held    bool // a component holds
}

func (c *crowd) is(n int, s ensemble) bool {
	return s.count(n, c.local) >= c.atLeast && (c.shared < 0 || s.Shared == uint8(c.shared)) &&
		(!c.held || s.Holder != noPart)
}

func randomProtocol(r *rand.Rand) *protocol {
	locals, shares := 2+r.IntN(2), 1+r.IntN(3)
	condition := func(values int) int { return r.IntN(values+1) - 1 }
	p := &protocol{n: 2 + r.IntN(maxParts-1)}
	for range 2 + r.IntN(4) {
		p.rules = append(p.rules, rule{
			pair: r.IntN(3) == 0, from: condition(locals), with: condition(locals), shared: condition(shares),
			flag: condition(2), holder: condition(2), to: uint8(r.IntN(locals)), withTo: uint8(r.IntN(locals)),
			sharedTo: condition(shares), flip: r.IntN(3) == 0, take: r.IntN(4),
		})
	}
	for range 1 + r.IntN(2) {
		s := ensemble{Holder: noPart}
		if r.IntN(3) == 0 {
			for i := range p.n {
				s.Local[i] = uint8(r.IntN(locals))
			}
			s.Holder = part(r.IntN(p.n))
		}
		p.inits = append(p.inits, s)
	}
	some := func() crowd {
		return crowd{uint8(r.IntN(locals)), r.IntN(p.n + 1), condition(shares), r.IntN(3) == 0}
	}
	p.bad, p.goal, p.final = some(), some(), some()
	p.forbid = [2]uint8{uint8(r.IntN(shares)), uint8(r.IntN(shares))}
	if c := some(); r.IntN(4) == 0 && !slices.ContainsFunc(p.inits, func(s ensemble) bool { return c.is(p.n, s) }) {
		p.bound = &c
	}
	return p
}

// move is a rule, applied by one component, or by two.
type move struct{ Rule, First, Second uint8 }

func (p *protocol) moves(dst []move) []move {
	for k, r := range p.rules {
		for i := range p.n {
			if !r.pair {
				dst = append(dst, move{uint8(k), uint8(i), 0})
				continue
			}
			for j := range p.n {
				if i != j {
					dst = append(dst, move{uint8(k), uint8(i), uint8(j)})
				}
			}
		}
	}
	return dst
}

func (p *protocol) next(s ensemble, m move) (ensemble, bool) {
	r, i, j := p.rules[m.Rule], m.First, m.Second
	is := func(condition int, b bool) bool { return condition < 0 || (condition == 1) == b }
	switch {
	case r.from >= 0 && s.Local[i] != uint8(r.from),
		r.pair && r.with >= 0 && s.Local[j] != uint8(r.with),
		r.shared >= 0 && s.Shared != uint8(r.shared),
		!is(r.flag, s.Flag[i]), !is(r.holder, s.Holder == part(i)):
		return s, false
	}
	s.Local[i] = r.to
	if r.pair {
		s.Local[j] = r.withTo
	}
	if r.sharedTo >= 0 {
		s.Shared = uint8(r.sharedTo)
	}
	s.Flag[i] = s.Flag[i] != r.flip
	switch {
	case r.take == 1:
		s.Holder = part(i)
	case r.take == 2:
		s.Holder = noPart
	case r.take == 3 && r.pair:
		s.Holder = part(j)
	}
	return s, true
}

// sorted is a representative written by hand: the components in the order of all that belongs to
// them.
func (p *protocol) sorted(s ensemble) ensemble {
	order := make([]int, p.n)
	for i := range order {
		order[i] = i
	}
	weight := func(i int) int {
		w := int(s.Local[i]) * 4
		if s.Flag[i] {
			w += 2
		}
		if s.Holder == part(i) {
			w++
		}
		return w
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weight(a), weight(b)) })
	to := make([]int, p.n)
	for k, i := range order {
		to[i] = k
	}
	return s.moved(to)
}

func (p *protocol) model(representative func(ensemble) ensemble) allways.Funcs[ensemble, move] {
	m := allways.Funcs[ensemble, move]{
		InitFunc:    func() []ensemble { return p.inits },
		ActionsFunc: func(dst []move, _ ensemble) []move { return p.moves(dst) },
		NextFunc:    p.next,
		Props: []allways.Property[ensemble]{
			allways.Always("always", func(s ensemble) bool { return !p.bad.is(p.n, s) }),
			allways.Sometimes("sometimes", func(s ensemble) bool { return p.goal.is(p.n, s) }),
			allways.Eventually("eventually", func(s ensemble) bool { return p.goal.is(p.n, s) }),
			allways.AlwaysStep(
				"step",
				func(s ensemble, _ move, t ensemble) bool { return s.Shared != p.forbid[0] || t.Shared != p.forbid[1] },
			),
			allways.NoDeadlock("deadlock", func(s ensemble) bool { return p.final.is(p.n, s) }),
		},
		RepresentativeFunc: representative,
	}
	if p.bound != nil {
		m.WithinFunc = func(s ensemble) bool { return !p.bound.is(p.n, s) }
	}
	return m
}

// orbits is what a search of a protocol must count.
type orbits struct {
	generated, distinct int64
	depth               int
}

// permutations returns all ways to number n things.
func permutations(n int) (all [][]int) {
	if n == 0 {
		return [][]int{nil}
	}
	for _, p := range permutations(n - 1) {
		for at := range n {
			all = append(all, slices.Insert(slices.Clone(p), at, n-1))
		}
	}
	return all
}

// search counts orbits by trying every permutation of every state, which is slow and obviously
// right.
func (p *protocol) search() (f orbits) {
	all := permutations(p.n)
	least := func(s ensemble) string {
		min := ""
		for _, to := range all {
			if text := fmt.Sprint(s.moved(to)); min == "" || text < min {
				min = text
			}
		}
		return min
	}
	depths, queue := map[string]int{}, []ensemble(nil)
	meet := func(s ensemble, depth int) {
		if p.bound != nil && p.bound.is(p.n, s) {
			return
		}
		f.generated++
		key := least(s)
		if depths[key] == 0 {
			depths[key] = depth
			f.depth = depth
			queue = append(queue, s)
		}
	}
	for _, s := range p.inits {
		meet(s, 1)
	}
	for i := 0; i < len(queue); i++ {
		for _, m := range p.moves(nil) {
			if next, ok := p.next(queue[i], m); ok {
				meet(next, depths[least(queue[i])]+1)
			}
		}
	}
	f.distinct = int64(len(depths))
	return f
}

// Symmetry reduction counts one state an orbit and changes no verdict, whatever the representative
// is made by, and its paths are real runs of the model, as short as without.
func TestSymmetryAgainstReference(t *testing.T) {
	rounds := uint64(longtest.Size(12, 100))
	reduced := 0
	for seed := range rounds {
		p := randomProtocol(rand.New(rand.NewPCG(seed, 20)))
		want := p.search()
		whole, err := allways.Check(
			context.Background(), p.model(nil), allways.Options{Stop: allways.StopNever, Workers: 1},
		)
		if err != nil {
			t.Fatal(err)
		}
		if want.distinct < whole.Stats.Distinct {
			reduced++
		}
		derived, err := allways.Interchangeable[part, ensemble](p.n)
		if err != nil {
			t.Fatal(err)
		}
		for i, representative := range []func(ensemble) ensemble{derived.Representative, p.sorted} {
			for _, o := range partOfMatrix(seed+uint64(i), 1, 2, 3) {
				o.Symmetry = true
				name := fmt.Sprintf("seed %d, %s, %s", seed, [...]string{"derived", "sorted"}[i], optionsName(o))
				compareOrbits(t, name, p.model(representative), o, want, whole)
			}
		}
		if t.Failed() {
			t.Fatalf("%+v", p)
		}
	}
	if reduced < int(rounds)/3 {
		t.Errorf("only %d of %d models have symmetric states", reduced, rounds)
	}
}

func compareOrbits(
	t *testing.T, name string, m allways.Funcs[ensemble, move], o allways.Options, want orbits,
	whole *allways.Result[ensemble, move],
) {
	t.Helper()
	r, err := allways.Check(context.Background(), m, o)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if r.Stats.Distinct != want.distinct || r.Stats.Generated != want.generated || o.Strategy == allways.BFS &&
		r.Stats.Depth != want.depth {
		t.Errorf(
			"%s: distinct %d, generated %d, depth %d; want %+v", name, r.Stats.Distinct, r.Stats.Generated,
			r.Stats.Depth, want,
		)
	}
	if !r.Complete || r.Bounded != whole.Bounded {
		t.Errorf("%s: complete %t, bounded %t; want true, %t", name, r.Complete, r.Bounded, whole.Bounded)
	}
	stepper, err := allways.NewStepper(m)
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range r.Properties {
		full := whole.Properties[i]
		if got.Verdict != full.Verdict || (got.Path == nil) != (full.Path == nil) {
			t.Errorf(
				"%s: %s: %v, path %v; without symmetry %v, path %v", name, got.Name, got.Verdict, got.Path,
				full.Verdict, full.Path,
			)
			continue
		}
		if got.Path == nil {
			continue
		}
		again, err := stepper.ParsePath(got.Path.Encode())
		if err != nil {
			t.Errorf("%s: %s: %v", name, got.Name, err)
			continue
		}
		if v, err := stepper.Evaluate(again, got.Name); v != got.Verdict || err != nil {
			t.Errorf("%s: %s: its path shows %v, %v", name, got.Name, v, err)
		}
		_, lasso := got.Path.Loop()
		if o.Strategy == allways.BFS && !lasso && got.Path.Len() != full.Path.Len() ||
			got.Path.Len() < full.Path.Len() && !lasso {
			t.Errorf("%s: %s: %d steps, and without symmetry %d", name, got.Name, got.Path.Len(), full.Path.Len())
		}
	}
}
