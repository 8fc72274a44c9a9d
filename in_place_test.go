package allways_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
)

// inPlace returns a model with NextInPlace, which leaves anything where an action has no effect.
func inPlace[S any](m allways.Funcs[S, int]) allways.Funcs[S, int] {
	next := m.NextFunc
	m.NextInPlaceFunc = func(s *S, a int) (ok bool) {
		if *s, ok = next(*s, a); !ok {
			var anything S
			*s = anything
		}
		return ok
	}
	return m
}

var stateWords = same(func(n int) (s [11]uint8) { s[n/2], s[10] = 1, uint8(n%2); return s },
	func(s [11]uint8) int {
		n := 0
		for s[n] == 0 {
			n++
		}
		return 2*n + int(s[10])
	})

// What a search finds out does not depend on how it computes next states: for states that are packed, with and
// without references, and with every option.
func TestNextInPlaceAgainstReference(t *testing.T) {
	for seed := range uint64(longtest.Size(10, 300)) {
		r := rand.New(rand.NewPCG(seed, 20))
		g := randomGraph(r)
		depth := 0
		if r.IntN(4) == 0 {
			depth = 1 + r.IntN(5)
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			agree(t, g, stateWords, depth)
			agree(t, g, stateBytes, depth)
			agree(t, g, flatStates, depth)
			agree(t, g, deepStates, depth)
		})
	}
}

func agree[S any](t *testing.T, g *graph, e encoding[S], depth int) {
	t.Helper()
	plain := model(g, e)
	twice := inPlace(plain)
	compareModel(t, g, twice, depth, matrix())
	alone := twice
	alone.NextFunc = nil
	compareModel(t, g, alone, depth, matrix())
	o := allways.Options{MaxDepth: depth, Stop: allways.StopNever}
	want, err := allways.Check(t.Context(), plain, o)
	if err != nil {
		t.Fatal(err)
	}
	got, err := allways.Check(t.Context(), twice, o)
	if err != nil || !reflect.DeepEqual(got.Actions, want.Actions) {
		t.Errorf("actions %v, %v; want %v", got.Actions, err, want.Actions)
	}
}

// checkEveryWay checks a model with every option, and calls f with each error.
func checkEveryWay[S, A any](t *testing.T, m allways.Model[S, A], f func(t *testing.T, e *allways.ModelError)) {
	t.Helper()
	for _, o := range matrix() {
		r, err := allways.Check(t.Context(), m, o)
		e, ok := errors.AsType[*allways.ModelError](err)
		if !ok || r.Verdict == allways.Holds {
			t.Fatalf("%s: %v, %v", optionsName(o), r.Verdict, err)
		}
		f(t, e)
	}
}

// NextInPlace owns the value that it is given, and nothing that this leads to.
func TestMutationByNextInPlaceIsFound(t *testing.T) {
	for _, c := range mutations {
		m := counter(nil)
		next := m.NextFunc
		m.NextInPlaceFunc = func(s *tally, a string) (ok bool) {
			was := *s
			*s, ok = next(*s, a)
			if was.N == 7 && a == "count" {
				c.mutate(&was)
			}
			return ok
		}
		checkEveryWay(t, m, func(t *testing.T, e *allways.ModelError) {
			if e.Kind != allways.ErrorMutation || e.Where != "NextInPlace" || !strings.Contains(e.Message, c.field) {
				t.Errorf("%v, want a mutation of %s", e, c.field)
			}
		})
	}
}

// NextInPlace must do what Next does.
func TestNextInPlaceThatDiffersIsFound(t *testing.T) {
	for _, c := range []struct {
		name, action, want string
		odd                func(s *tally, ok bool) bool
	}{
		{"state", "count", "they lead to different states: N is 8 or 9", func(s *tally, ok bool) bool { s.N++; return ok }},
		{"reference", "count", "they lead to different states: List[0] is", func(s *tally, ok bool) bool {
			s.List = []int{9}
			return ok
		}},
		{"effect", "count", "only one of them has an effect", func(*tally, bool) bool { return false }},
		{"self-loop", "stay", "only one of them has an effect", func(*tally, bool) bool { return false }},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := counter(nil)
			next := m.NextFunc
			m.NextInPlaceFunc = func(s *tally, a string) (ok bool) {
				at := s.N
				*s, ok = next(*s, a)
				if at == 7 && a == c.action {
					return c.odd(s, ok)
				}
				return ok
			}
			checkEveryWay(t, m, func(t *testing.T, e *allways.ModelError) {
				if e.Kind != allways.ErrorNondeterminism || e.Where != "NextInPlace" ||
					e.Action != c.action || !strings.Contains(e.Message, c.want) {
					t.Errorf("%v, want %q", e, c.want)
				}
			})
		})
	}
}

// What NextInPlace does must not depend on chance, nor on the form of a state.
func TestNextInPlaceThatVariesIsFound(t *testing.T) {
	calls := 0
	for name, odd := range map[string]func(s tally) bool{
		"chance": func(tally) bool { calls++; return calls%5 == 0 },
		"form":   func(s tally) bool { return s.N == 7 && s.Map == nil },
	} {
		m := counter(nil)
		next := m.NextFunc
		m.InitFunc = func() []tally { return []tally{{}} }
		m.NextFunc = func(s tally, a string) (tally, bool) {
			t, ok := next(s, a)
			t.Map = nil
			return t, ok
		}
		m.NextInPlaceFunc = func(s *tally, a string) (ok bool) {
			was := *s
			if *s, ok = m.NextFunc(*s, a); odd(was) {
				s.N = 0
			}
			return ok
		}
		_, err := allways.Check(t.Context(), m, allways.Options{Workers: 1})
		if e, ok := errors.AsType[*allways.ModelError](err); !ok || e.Kind != allways.ErrorNondeterminism ||
			!strings.Contains(e.Where, "NextInPlace") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// climbing counts to 50,000, in place.
type climbing struct{}

func (climbing) Init() []int                    { return []int{0} }
func (climbing) Actions(dst []int, _ int) []int { return append(dst, 1) }
func (m climbing) Next(s, a int) (int, bool)    { ok := m.NextInPlace(&s, a); return s, ok }

func (climbing) NextInPlace(s *int, a int) bool {
	*s += a
	return *s <= 50_000
}

func (climbing) Properties() []allways.Property[int] {
	return []allways.Property[int]{allways.Always("counts up", func(s int) bool { return s >= 0 })}
}

// fallsBack is a Next that differs where answers are asked again no more.
func fallsBack(s, a int) (int, bool) {
	if s == 30_001 {
		return -1, true
	}
	return climbing{}.Next(s, a)
}

type overrides struct{ climbing }

func (overrides) Next(s, a int) (int, bool) { return fallsBack(s, a) }

type overridesFuncs struct{ allways.Funcs[int, int] }

func (overridesFuncs) Next(s, a int) (int, bool) { return fallsBack(s, a) }

// A model with another Next is not searched by the NextInPlace of the one that it embeds.
func TestNextInPlaceIsNotInherited(t *testing.T) {
	c := climbing{}
	funcs := allways.Funcs[int, int]{
		InitFunc: c.Init, ActionsFunc: c.Actions, NextInPlaceFunc: c.NextInPlace, Props: c.Properties(),
	}
	for _, m := range []allways.Model[int, int]{overrides{}, &overrides{}, overridesFuncs{funcs}} {
		r, err := allways.Check(t.Context(), m, allways.Options{})
		if err != nil || r.Verdict != allways.Violated {
			t.Errorf("%T: %v, %v; want violated", m, r.Verdict, err)
		}
	}
}
