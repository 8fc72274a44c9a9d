package paths

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
)

// grid is a model of two numbers that grow.
func grid(t *testing.T) *erased.Model {
	t.Helper()
	m := erased.Of(allways.Funcs[[2]int, int]{
		InitFunc:    func() [][2]int { return [][2]int{{}} },
		ActionsFunc: func(dst []int, _ [2]int) []int { return append(dst, 0, 1) },
		NextFunc:    func(s [2]int, a int) ([2]int, bool) { s[a]++; return s, true },
		WithinFunc:  func(s [2]int) bool { return s[0] < 5 && s[1] < 5 },
	})
	if err := m.Compile(); err != nil {
		t.Fatal(err)
	}
	return m
}

// A path is made of its short form, whatever is kept.
func TestCache(t *testing.T) {
	c := NewCache(grid(t))
	for _, name := range []string{"0:", "0:0.1", "0:0.1.1.0", "0:0", "0:1.1.1"} {
		e, err := c.Get(name)
		if err != nil || e.Name != name || e.Path.Encode() != name {
			t.Errorf("%s: %v, %v", name, e, err)
		}
		if again, _ := c.Get(name); again != e {
			t.Errorf("%s is made twice", name)
		}
	}
	for _, name := range []string{"", "0", "0:x", "0:0.7", "0:0..1", "1:"} {
		if _, err := c.Get(name); err == nil {
			t.Errorf("%q is taken for a path", name)
		}
	}
	if e, err := c.Get("0:0.1.1.0"); err != nil || Prefix(e.Path, 2) != "0:0.1" || Prefix(e.Path, 0) != "0:" {
		t.Error(err)
	}
}

// What is kept stays within its bounds, and the latest path is always there.
func TestCacheIsBounded(t *testing.T) {
	for _, x := range []struct{ most, steps int }{{10, 1000}, {1000, 100}, {1, 1}} {
		c := NewCache(grid(t))
		c.most, c.mostSteps = x.most, x.steps
		for i := range 300 {
			name := fmt.Sprintf("0:%s", strings.Join(strings.Split(fmt.Sprintf("%b", i+1), ""), "."))
			e, err := c.Get(name)
			if err != nil || e.Name != name {
				t.Fatalf("%s: %v", name, err)
			}
			steps := 0
			for at := c.latest.Front(); at != nil; at = at.Next() {
				steps += at.Value.(*Entry).Path.Len() + 1
			}
			within := c.latest.Len() <= x.most && steps <= x.steps || c.latest.Len() == 1
			if !within || steps != c.steps || len(c.byName) != c.latest.Len() || c.cached(name) != e {
				t.Fatalf("after %s: %d paths, %d steps counted as %d, %d names",
					name, c.latest.Len(), steps, c.steps, len(c.byName))
			}
		}
	}
}

// States are remembered up to a number, and then no more.
func TestKnownIsBounded(t *testing.T) {
	k := NewKnown()
	for i := range maxKnown + 1000 {
		k.Visit(fmt.Append(nil, i))
	}
	if len(k.states) > maxKnown || !k.Visited(fmt.Append(nil, 0)) || k.Visited(fmt.Append(nil, maxKnown+999)) {
		t.Errorf("%d states", len(k.states))
	}
}

// A large spread is not kept, a small one is.
func TestSpreadsAreBounded(t *testing.T) {
	m := erased.Of(allways.Funcs[[2]int, int]{
		InitFunc:    func() [][2]int { return [][2]int{{}} },
		ActionsFunc: func(dst []int, _ [2]int) []int { return append(dst, 0, 1) },
		NextFunc:    func(s [2]int, a int) ([2]int, bool) { s[a]++; return s, true },
	})
	if err := m.Compile(); err != nil {
		t.Fatal(err)
	}
	from, err := m.Init()
	if err != nil {
		t.Fatal(err)
	}
	for most, kept := range map[int]bool{100: true, maxKept + 1: false} {
		var spreads Spreads
		if err := spreads.Use(from, most, 0, func(sp *Spread) error {
			return sp.Run(t.Context(), func(*Node) bool { return true })
		}); err != nil || (spreads.last != nil) != kept {
			t.Errorf("%d states: kept %t, %v", most, spreads.last != nil, err)
		}
	}
}

// A spread that was interrupted goes on where it ended, and meets what another one does.
func TestSpreadGoesOn(t *testing.T) {
	m := grid(t)
	from, err := m.Init()
	if err != nil {
		t.Fatal(err)
	}
	all := func(*Node) bool { return true }
	for _, limits := range [][3]int{{1000, 0, 25}, {10, 0, 10}, {1000, 3, 10}, {7, 3, 7}} {
		whole := NewSpread(from, limits[0], limits[1])
		if err := whole.Run(context.Background(), all); err != nil || len(whole.Nodes) != limits[2] {
			t.Fatalf("%v: %d states, %v", limits, len(whole.Nodes), err)
		}
		for stop := range limits[2] {
			var spreads Spreads
			for round := range 2 {
				visited := 0
				err := spreads.Use(from, limits[0], limits[1], func(sp *Spread) error {
					err := sp.Run(context.Background(), func(n *Node) bool {
						visited++
						return round == 1 || n.ID < stop
					})
					if round == 1 {
						compare(t, whole, sp)
					}
					return err
				})
				if want := []int{stop + 1, limits[2]}[round]; err != nil || visited != want {
					t.Errorf("%v, round %d: %d visits, want %d; %v", limits, round, visited, want, err)
				}
			}
		}
	}
}

func compare(t *testing.T, want, got *Spread) {
	t.Helper()
	if got.Cut != want.Cut || len(got.Nodes) != len(want.Nodes) {
		t.Fatalf("%d states, %q; want %d, %q", len(got.Nodes), got.Cut, len(want.Nodes), want.Cut)
	}
	for i, n := range want.Nodes {
		g := got.Nodes[i]
		if g.Path.Encode() != n.Path.Encode() || len(g.Edges) != len(n.Edges) || g.More != n.More || g.Depth != n.Depth {
			t.Errorf("node %d: %+v, want %+v", i, g, n)
		}
	}
}

// Without time, a spread says so.
func TestSpreadWithoutTime(t *testing.T) {
	from, err := grid(t).Init()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	sp := NewSpread(from, 100, 0)
	if err := sp.Run(ctx, func(*Node) bool { return true }); err != nil || sp.Cut != cutTime {
		t.Errorf("%q, %v", sp.Cut, err)
	}
}
