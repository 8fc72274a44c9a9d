package allways_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
)

// flagger numbers three processes that raise flags.
type flagger uint8

type flagsState struct {
	Flag [3]bool `allways:"indexed=flagger"`
	Bad  bool
}

func (s flagsState) raised() (n int) {
	for _, f := range s.Flag {
		if f {
			n++
		}
	}
	return n
}

// flagsModel is a model of flags that is not symmetric: next tells processes apart.
func flagsModel(
	t *testing.T, next func(s flagsState, p flagger) (flagsState, bool), props ...allways.Property[flagsState],
) allways.Funcs[flagsState, flagger] {
	y, err := allways.Interchangeable[flagger, flagsState](3)
	if err != nil {
		t.Fatal(err)
	}
	return allways.Funcs[flagsState, flagger]{
		InitFunc:           func() []flagsState { return []flagsState{{}} },
		ActionsFunc:        func(dst []flagger, _ flagsState) []flagger { return append(dst, 0, 1, 2) },
		NextFunc:           next,
		Props:              props,
		RepresentativeFunc: y.Representative,
	}
}

// lostViolation goes wrong when process 2, and no other, moves while the two others have raised their flags. No
// representative leads to that state in one step.
func lostViolation(s flagsState, p flagger) (flagsState, bool) {
	if s.Flag == [3]bool{true, true, false} && p == 2 {
		s.Bad = true
		return s, true
	}
	before := s
	if !s.Bad {
		s.Flag[p] = true
	}
	return s, s != before
}

// inventedViolation lets process 2 never raise its flag, which representatives do not show.
func inventedViolation(s flagsState, p flagger) (flagsState, bool) {
	if p == 2 || s.Flag[p] {
		return s, false
	}
	s.Flag[p] = true
	return s, true
}

// TestUnsoundInterchangeable: declarations that lose a violation, or make one up, are errors in every search.
func TestUnsoundInterchangeable(t *testing.T) {
	all := func(s flagsState) bool { return s.raised() == 3 }
	for name, m := range map[string]allways.Funcs[flagsState, flagger]{
		"lost": flagsModel(t, lostViolation, allways.Always("never bad", func(s flagsState) bool { return !s.Bad })),
		"invented": flagsModel(t, inventedViolation,
			allways.Always("never all", func(s flagsState) bool { return !all(s) }),
			allways.Eventually("all", all),
			allways.Eventually("two", func(s flagsState) bool { return s.raised() == 2 })),
		"invented liveness": flagsModel(t, inventedViolation, allways.Eventually("all", all)),
	} {
		whole, err := allways.Check(context.Background(), m, allways.Options{Stop: allways.StopNever})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range matrix() {
			o.Symmetry = true
			r, err := allways.Check(context.Background(), m, o)
			if e, ok := errors.AsType[*allways.ModelError](err); !ok || e.Kind != allways.ErrorSymmetry {
				t.Errorf("%s, %s: error %v, want one about symmetry", name, optionsName(o), err)
			}
			for i, p := range r.Properties {
				if p.Verdict != allways.Inconclusive && p.Verdict != whole.Properties[i].Verdict {
					t.Errorf("%s, %s: %s: %v, and %v without symmetry reduction",
						name, optionsName(o), p.Name, p.Verdict, whole.Properties[i].Verdict)
				}
			}
		}
	}
}

// TestUnsoundLargeModel: an exception is found near the initial state of a model that is too large to check completely,
// in a state that no representative leads to.
func TestUnsoundLargeModel(t *testing.T) {
	const values = 19 // 130,321 states
	m := crewModel(allways.Always("any", func(crew) bool { return true }))
	m.NextFunc = func(s crew, a int) (crew, bool) {
		if s == (crew{3, 1, 2, 0}) && a == 0 {
			return s, false
		}
		s[a] = (s[a] + 1) % values
		return s, true
	}
	for _, strategy := range []allways.Strategy{allways.BFS, allways.DFS} {
		_, err := allways.Check(context.Background(), m, allways.Options{Symmetry: true, Strategy: strategy})
		if e, ok := errors.AsType[*allways.ModelError](err); !ok || e.Kind != allways.ErrorSymmetry {
			t.Errorf("%v: error %v, want one about symmetry", strategy, err)
		}
	}
}

// exception is what a protocol does for one component alone: it makes a rule, or a predicate, an exception there.
type exception struct {
	part   part
	local  uint8
	shared int
	rule   uint8
	kind   int // 0 forbids the rule, 1 changes its result, 2 changes the property, 3 the boundary
}

func (x exception) at(s ensemble) bool {
	return s.Local[x.part] == x.local && (x.shared < 0 || s.Shared == uint8(x.shared))
}

// asymmetric returns the model of a protocol with an exception.
func (p *protocol) asymmetric(x exception, representative func(ensemble) ensemble) allways.Funcs[ensemble, move] {
	m := p.model(representative)
	switch x.kind {
	case 0, 1:
		m.NextFunc = func(s ensemble, a move) (ensemble, bool) {
			next, ok := p.next(s, a)
			if !ok || a.First != uint8(x.part) || a.Rule != x.rule || !x.at(s) {
				return next, ok
			}
			if x.kind == 0 {
				return s, false
			}
			next.Shared = (next.Shared + 1) % 3
			return next, true
		}
	case 2:
		always := func(s ensemble) bool { return !p.bad.is(p.n, s) && !x.at(s) }
		m.Props = append([]allways.Property[ensemble]{allways.Always("always", always)}, m.Props[1:]...)
	case 3:
		within := m.WithinFunc
		m.WithinFunc = func(s ensemble) bool { return (within == nil || within(s)) && !x.at(s) }
	}
	return m
}

// TestSlightlyAsymmetric: random protocols with an exception for one component are refused, or the exception makes no
// difference to a verdict.
func TestSlightlyAsymmetric(t *testing.T) {
	refused, accepted, rounds := 0, 0, longtest.Size(60, 1000)
	for seed := range uint64(rounds) {
		r := rand.New(rand.NewPCG(seed, 21))
		p := randomProtocol(r)
		x := exception{part(r.IntN(p.n)), uint8(r.IntN(2)), max(-1, r.IntN(6)-4), uint8(r.IntN(len(p.rules))), r.IntN(4)}
		derived, err := allways.Interchangeable[part, ensemble](p.n)
		if err != nil {
			t.Fatal(err)
		}
		m := p.asymmetric(x, derived.Representative)
		whole, err := allways.Check(context.Background(), m, allways.Options{Stop: allways.StopNever, Workers: 1})
		if err != nil {
			continue // the boundary excludes the initial state
		}
		for _, o := range []allways.Options{{Workers: 1}, {Workers: 2}, {Workers: 1, Strategy: allways.DFS}} {
			o.Symmetry, o.Stop = true, allways.StopNever
			got, err := allways.Check(context.Background(), m, o)
			if e, ok := errors.AsType[*allways.ModelError](err); ok && e.Kind == allways.ErrorSymmetry {
				refused++
			} else if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			} else {
				accepted++
			}
			for i, q := range got.Properties {
				want := whole.Properties[i].Verdict
				if q.Verdict != want && (err == nil || q.Verdict != allways.Inconclusive) {
					t.Errorf("seed %d, %s: %s: %v, and %v without symmetry reduction; %s\n%+v\n%+v",
						seed, optionsName(o), q.Name, q.Verdict, want, fmt.Sprint(err), x, p)
				}
			}
		}
	}
	if refused < rounds/8 {
		t.Errorf("only %d searches refused, %d accepted", refused, accepted)
	}
	t.Logf("%d searches refused, %d accepted", refused, accepted)
}

// masked is a state with identifiers in disguise.
type masked struct {
	Flag [3]bool `allways:"indexed=flagger"`
	Of   [2]struct{ Mask uint8 }
	Last int
}

// TestDisguisedIdentifiers: a set of identifiers in the bits of a number, or an identifier in a plain number, is
// found, and the error names the field.
func TestDisguisedIdentifiers(t *testing.T) {
	y, err := allways.Interchangeable[flagger, masked](3)
	if err != nil {
		t.Fatal(err)
	}
	for want, next := range map[string]func(s *masked, p flagger){
		"field Of.Mask, of type uint8, seems to be a bit mask of identifiers": func(s *masked, p flagger) {
			if s.Of[1].Mask>>p&1 == 0 {
				s.Flag[p] = true
			}
			s.Of[1].Mask |= 1 << p
		},
		"field Last, of type int, seems to be an identifier": func(s *masked, p flagger) {
			if s.Flag[p] = s.Last != int(p); s.Flag[p] {
				s.Last = int(p)
			}
		},
	} {
		m := allways.Funcs[masked, flagger]{
			InitFunc:    func() []masked { return []masked{{Last: -1}} },
			ActionsFunc: func(dst []flagger, _ masked) []flagger { return append(dst, 0, 1, 2) },
			NextFunc: func(s masked, p flagger) (masked, bool) {
				next(&s, p)
				return s, true
			},
			Props:              []allways.Property[masked]{allways.Always("true", func(masked) bool { return true })},
			RepresentativeFunc: y.Representative,
		}
		for _, o := range matrix() {
			o.Symmetry = true
			_, err := allways.Check(context.Background(), m, o)
			if e, ok := errors.AsType[*allways.ModelError](err); !ok || e.Kind != allways.ErrorSymmetry ||
				!strings.Contains(e.Message, want) {
				t.Errorf("%s: error %v, want %s", optionsName(o), err, want)
			}
		}
	}
}

// TestSymmetryCheckEnds: a run that ends while states are compared with their representatives has proven nothing.
func TestSymmetryCheckEnds(t *testing.T) {
	calls, last := 0, 0
	m := crewModel(allways.Always("any", func(crew) bool { return true }))
	ctx, cancel := context.WithCancel(context.Background())
	m.NextFunc = func(s crew, a int) (crew, bool) {
		if calls++; calls == last {
			cancel()
		}
		s[a] = (s[a] + 1) % 8 // 4,096 states, 330 orbits
		return s, true
	}
	o := allways.Options{Symmetry: true, Workers: 1}
	if _, err := allways.Check(ctx, m, o); err != nil {
		t.Fatal(err)
	}
	calls, last = 0, calls-4*2048
	r, err := allways.Check(ctx, m, o)
	if err != nil {
		t.Fatal(err)
	}
	p := r.Properties[0]
	if r.Verdict != allways.Inconclusive || r.Complete || r.StopReason != allways.StopReasonCanceled || !strings.Contains(
		p.Reason, "while states were compared with their representatives") {
		t.Errorf("%v, complete %t, stopped by %q: %s", r.Verdict, r.Complete, r.StopReason, p.Reason)
	}
	// Without memory for all states the check takes a sample.
	last = 0
	o.MaxMemory = r.Stats.Memory + 1<<16
	if r, err := allways.Check(context.Background(), m, o); err != nil || r.Verdict != allways.Holds {
		t.Errorf("%v, %v: %s", r.Verdict, err, r.Properties[0].Reason)
	}
}

// TestDisguiseOutOfRange: where a model is not symmetric, its fields are renamed to see what explains that. Its code
// may panic on such a state, which the model never reaches, and that is not reported.
func TestDisguiseOutOfRange(t *testing.T) {
	type state struct {
		Flag [3]bool `allways:"indexed=flagger"`
		Half uint8
	}
	y, err := allways.Interchangeable[flagger, state](3)
	if err != nil {
		t.Fatal(err)
	}
	m := allways.Funcs[state, flagger]{
		InitFunc:    func() []state { return []state{{}} },
		ActionsFunc: func(dst []flagger, _ state) []flagger { return append(dst, 0, 1, 2) },
		NextFunc: func(s state, p flagger) (state, bool) {
			before := s
			s.Flag[p], s.Half = true, 1
			return s, s != before
		},
		Props: []allways.Property[state]{
			allways.Always("half", func(s state) bool { return [2]bool{true, true}[s.Half] }),
			allways.Sometimes("first", func(s state) bool { return s.Flag[0] && !s.Flag[2] }),
		},
		RepresentativeFunc: y.Representative,
	}
	_, err = allways.Check(t.Context(), m, allways.Options{Symmetry: true})
	e, ok := errors.AsType[*allways.ModelError](err)
	if !ok || e.Kind != allways.ErrorSymmetry || !strings.Contains(e.Message, `property "first"`) {
		t.Errorf("the error is %v, want one that names the property that is not symmetric", err)
	}
}
