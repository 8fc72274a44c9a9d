package allways_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/beyond"
	"github.com/allways-go/allways/internal/exampletest"
	"github.com/allways-go/allways/internal/longtest"
)

// withoutEventually leaves out the properties that a search beyond memory refuses.
func withoutEventually[S any](all []allways.Property[S]) []allways.Property[S] {
	return slices.DeleteFunc(all, func(p allways.Property[S]) bool { return p.Kind() == allways.KindEventually })
}

// sameBeyondMemory compares a search that goes beyond memory after a random number of states with one in memory.
func sameBeyondMemory[S, A any](t *testing.T, r *rand.Rand, m allways.Model[S, A], o allways.Options) {
	t.Helper()
	o.Workers = 1
	want, err := allways.Check(t.Context(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	for workers := 1; workers <= 3; workers++ {
		o.Workers, o.Spill = workers, t.TempDir()
		restore := beyond.Force(1 + r.IntN(20))
		got, err := allways.Check(t.Context(), m, o)
		restore()
		if err != nil {
			t.Fatal(err)
		}
		if exampletest.Whole(got) != exampletest.Whole(want) {
			t.Errorf("%d workers, stop %v:\n%s\nwant\n%s", workers, o.Stop, exampletest.Whole(got), exampletest.Whole(want))
		}
		if left, err := os.ReadDir(o.Spill); err != nil || len(left) > 0 {
			t.Errorf("files are left: %v, %v", left, err)
		}
	}
}

// A search beyond memory of any model has the result of one in memory, with flat states and ones that refer to others,
// with a boundary, a limit of the depth, and symmetry.
func TestBeyondMemoryIsAsInMemory(t *testing.T) {
	for seed := range uint64(longtest.Size(10, 200)) {
		r := rand.New(rand.NewPCG(seed, 31))
		o := allways.Options{Stop: []allways.Stop{allways.StopNever, allways.StopDecided, allways.StopViolation}[r.IntN(3)]}
		if r.IntN(3) == 0 {
			o.MaxDepth = 1 + r.IntN(6)
		}
		g := randomGraph(r)
		flat, deep := model(g, flatStates), model(g, deepStates)
		flat.Props, deep.Props = withoutEventually(flat.Props), withoutEventually(deep.Props)
		flat.ActionNameFunc = func(a int) string { return fmt.Sprint(a) }
		sameBeyondMemory(t, r, flat, o)
		sameBeyondMemory(t, r, deep, o)
		p := randomProtocol(r)
		symmetric := p.model(p.sorted)
		symmetric.Props = withoutEventually(symmetric.Props)
		o.Symmetry = true
		sameBeyondMemory(t, r, symmetric, o)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// A search that has too little memory ends there without a folder, and is complete with one: within the same limit,
// and with the same visits.
func TestSpill(t *testing.T) {
	m := allways.Funcs[[2]uint16, int]{
		InitFunc:    func() [][2]uint16 { return [][2]uint16{{}} },
		ActionsFunc: func(dst []int, _ [2]uint16) []int { return append(dst, 0, 1) },
		NextFunc:    func(s [2]uint16, a int) ([2]uint16, bool) { s[a]++; return s, s[a] < 300 },
		Props: []allways.Property[[2]uint16]{
			allways.Always("below", func(s [2]uint16) bool { return s[0]+s[1] < 590 }),
			allways.Sometimes("far", func(s [2]uint16) bool { return s[0] == 299 && s[1] == 7 }),
		},
	}
	visited := func(o allways.Options) (*allways.Result[[2]uint16, int], [][2]uint16) {
		var all [][2]uint16
		o.Visitor = allways.VisitStates(func(s [2]uint16, _ int) { all = append(all, s) })
		r, err := allways.Check(t.Context(), m, o)
		if err != nil {
			t.Fatal(err)
		}
		return r, all
	}
	o := allways.Options{Stop: allways.StopNever, Workers: 2}
	want, all := visited(o)
	o.MaxMemory = 1 << 20
	if r, _ := visited(o); r.StopReason != allways.StopReasonMemory {
		t.Fatalf("stop reason %q: choose a lower limit", r.StopReason)
	}
	o.Spill = t.TempDir()
	got, again := visited(o)
	if exampletest.Whole(got) != exampletest.Whole(want) || !slices.Equal(all, again) {
		t.Errorf("%d visits of\n%s\nwant %d of\n%s", len(again), exampletest.Whole(got), len(all), exampletest.Whole(want))
	}
	if s := got.Stats; s.Memory > o.MaxMemory || s.Written == 0 || s.Read == 0 {
		t.Errorf("%d bytes in memory, %d written, %d read", s.Memory, s.Written, s.Read)
	}
	o.MaxMemory = 1 << 30
	if s, _ := visited(o); s.Stats.Written != 0 || exampletest.Whole(s) != exampletest.Whole(want) {
		t.Errorf("%d bytes were written with enough memory", s.Stats.Written)
	}
}

// What a search beyond memory cannot do is refused before it begins, with what to do instead.
func TestSpillRefuses(t *testing.T) {
	m := allways.Funcs[int, int]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []int, _ int) []int { return dst },
		NextFunc:    func(s, _ int) (int, bool) { return s, false },
		Props:       []allways.Property[int]{allways.Always("always", func(int) bool { return true })},
	}
	visitor := allways.VisitPaths(func(*allways.Path[int, int]) {})
	for _, c := range []struct {
		name, option, says string
		more               []allways.Property[int]
		o                  allways.Options
	}{
		{"depth first", "Spill", "BFS", nil, allways.Options{Strategy: allways.DFS}},
		{"symbolic", "Spill", "BFS", nil, allways.Options{Strategy: allways.Symbolic}},
		{"fingerprints", "Store", "StoreExact", nil, allways.Options{Store: allways.StoreFingerprints}},
		{"paths", "Visitor", "VisitStates", nil, allways.Options{Visitor: visitor}},
		{"eventually", "Spill", `"later" (eventually)`, []allways.Property[int]{
			allways.Eventually("later", func(int) bool { return true }),
		}, allways.Options{}},
		{"always possible", "Spill", `"possible" (always possible)`, []allways.Property[int]{
			allways.AlwaysPossible("possible", func(int) bool { return true }),
		}, allways.Options{}},
		{"no folder", "Spill", "no such file", nil, allways.Options{Spill: "/there/is/none"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := m
			m.Props = append(slices.Clone(m.Props), c.more...)
			if c.o.Spill == "" {
				c.o.Spill = t.TempDir()
			}
			r, err := allways.Check(t.Context(), m, c.o)
			e, ok := errors.AsType[*allways.OptionError](err)
			if !ok || r != nil || e.Option != c.option || !strings.Contains(e.Message, c.says) {
				t.Errorf("%v, %v; want option %s refused with %q", r, err, c.option, c.says)
			}
		})
	}
}

// Code that does not return when a search beyond memory must end is named, and the files are gone all the same; when it
// comes back later, that changes nothing.
func TestStuckBeyondMemory(t *testing.T) {
	skipUnderRaceDetector(t)
	defer beyond.Force(10)()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	release := make(chan struct{})
	m := allways.Funcs[[2]uint8, int]{
		InitFunc:    func() [][2]uint8 { return [][2]uint8{{}} },
		ActionsFunc: func(dst []int, _ [2]uint8) []int { return append(dst, 0, 1) },
		NextFunc: func(s [2]uint8, a int) ([2]uint8, bool) {
			if s == [2]uint8{7, 9} {
				cancel()
				<-release
			}
			s[a]++
			return s, s[a] < 30
		},
		Props: []allways.Property[[2]uint8]{
			allways.Sometimes("early", func(s [2]uint8) bool { return s == [2]uint8{5, 5} }),
			allways.Sometimes("never", func(s [2]uint8) bool { return false }),
		},
	}
	o := allways.Options{Workers: 2, Spill: t.TempDir()}
	r, err := allways.Check(ctx, m, o)
	close(release)
	if e, ok := errors.AsType[*allways.ModelError](err); !ok || e.Kind != allways.ErrorStuck {
		t.Fatalf("error %v", err)
	}
	if p := r.Property("early"); p.Verdict != allways.Holds && p.Verdict != allways.Inconclusive {
		t.Errorf("%s: %v", p.Name, p.Verdict)
	}
	if left, err := os.ReadDir(o.Spill); err != nil || len(left) > 0 {
		t.Errorf("files are left: %v, %v", left, err)
	}
}
