package allways_test

import (
	"errors"
	"fmt"
	"math/rand"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
)

// jar is a state with a map of two entries, which is the smallest that can be ranged over in two ways.
type jar struct {
	N    int
	Has  map[string]int
	Last string
}

// misuse spoils one method of a sound model.
type spoiling struct {
	name  string
	spoil func(m *allways.Funcs[jar, int])
}

// sound counts to ten in two ways, from one of two jars.
func sound() allways.Funcs[jar, int] {
	return allways.Funcs[jar, int]{
		InitFunc: func() []jar { return []jar{{Has: map[string]int{"a": 1, "b": 2}}, {N: 1}} },
		ActionsFunc: func(dst []int, s jar) []int {
			if s.N < 10 {
				dst = append(dst, 1, 2)
			}
			return dst
		},
		NextFunc: func(s jar, a int) (jar, bool) { return jar{s.N + a, s.Has, s.Last}, true },
		Props: []allways.Property[jar]{
			allways.Always("small", func(s jar) bool { return s.N < 20 }),
			allways.Eventually("done", func(s jar) bool { return s.N >= 10 }),
			allways.AlwaysStep[jar, int]("up", func(s jar, _ int, t jar) bool { return s.N < t.N }),
		},
		WithinFunc: func(s jar) bool { return s.N < 30 },
	}
}

// first returns the first key of a map.
func first(m map[string]int) string {
	for k := range m {
		return k
	}
	return ""
}

// spoilings depend on the order of a map of two entries in one state, on a counter, or on chance.
func spoilings(at int, odd func() bool) []spoiling {
	fires := func(s jar) bool { return s.N == at && odd() }
	return []spoiling{
		{"Next", func(m *allways.Funcs[jar, int]) {
			m.NextFunc = func(s jar, a int) (jar, bool) {
				if s.N == at {
					s.Last = first(s.Has)
				}
				return jar{s.N + a, s.Has, s.Last}, true
			}
		}},
		{"Actions", func(m *allways.Funcs[jar, int]) {
			m.ActionsFunc = func(dst []int, s jar) []int {
				if s.N < 10 {
					dst = append(dst, 1, 2)
				}
				if s.N == at && first(s.Has) == "b" {
					dst[0], dst[1] = 2, 1
				}
				return dst
			}
		}},
		{`property "small"`, func(m *allways.Funcs[jar, int]) {
			m.Props[0] = allways.Always("small", func(s jar) bool { return s.N != at || first(s.Has) != "b" })
		}},
		{"Within", func(m *allways.Funcs[jar, int]) {
			m.WithinFunc = func(s jar) bool { return !fires(s) }
		}},
		{`property "up"`, func(m *allways.Funcs[jar, int]) {
			m.Props[2] = allways.AlwaysStep[jar, int]("up", func(s jar, _ int, _ jar) bool { return !fires(s) })
		}},
		{"Init", func(m *allways.Funcs[jar, int]) {
			m.InitFunc = func() []jar {
				if s := sound().Init(); odd() {
					return []jar{s[1], s[0]}
				}
				return sound().Init()
			}
		}},
	}
}

// A method that does not always do the same is found, wherever and however it is run, although it does so in one
// state of a few; and a model that does is not accused.
func TestEveryNondeterminismIsFound(t *testing.T) {
	seed := rand.Int63()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewSource(seed))
	for range longtest.Size(2, 80) {
		at := 2 + r.Intn(7)
		for _, o := range matrix() {
			if _, err := allways.Check(t.Context(), sound(), o); err != nil {
				t.Fatalf("%s: %v", optionsName(o), err)
			}
			if o.Workers > 1 {
				continue // the counters are for one goroutine
			}
			calls := 0
			for _, odd := range []func() bool{
				func() bool { calls++; return calls%2 == 1 }, func() bool { calls++; return calls%7 == 3 },
				func() bool { calls++; return calls > 5 }, func() bool { return rand.Intn(2) == 0 },
			} {
				for _, x := range spoilings(at, odd) {
					m := sound()
					calls = 0
					x.spoil(&m)
					res, err := allways.Check(t.Context(), m, o)
					var e *allways.ModelError
					if !errors.As(err, &e) || e.Kind != allways.ErrorNondeterminism || res.Verdict != allways.Inconclusive {
						t.Errorf("%s, %s at %d: %v", optionsName(o), x.name, at, err)
					}
				}
			}
		}
	}
}

// What a model keeps and changes later is found: a state that it was given, one that it returned, an action.
func TestWhatIsKeptAndChangedIsFound(t *testing.T) {
	type box struct{ N *int }
	boxed := func(n int) box { return box{&n} }
	for _, what := range []string{"given", "returned", "action", "judged"} {
		for _, o := range matrix() {
			if o.Workers > 1 {
				continue
			}
			var kept *int
			spoil := func(n int) {
				if n == 1 && kept != nil {
					*kept = 7
				}
			}
			keep := func(is string, n int, p *int) {
				if is == what && n == 0 {
					kept = p
				}
			}
			_, err := allways.Check(t.Context(), allways.Funcs[box, *int]{
				InitFunc: func() []box { return []box{boxed(0)} },
				ActionsFunc: func(dst []*int, s box) []*int {
					a := new(int)
					keep("action", *s.N, a)
					return append(dst, a)
				},
				NextFunc: func(s box, a *int) (box, bool) {
					n := *s.N
					spoil(n)
					next := boxed(n + 1)
					keep("given", n, s.N)
					keep("returned", n, next.N)
					return next, n < 3
				},
				Props: []allways.Property[box]{allways.Always("small", func(s box) bool {
					keep("judged", *s.N, s.N)
					return *s.N < 4
				})},
			}, o)
			var e *allways.ModelError
			if !errors.As(err, &e) || e.Kind != allways.ErrorMutation {
				t.Errorf("%s, %s: %v", what, optionsName(o), fmt.Sprint(err))
			}
		}
	}
}
