package allways_test

import (
	"slices"
	"testing"

	"github.com/allways-go/allways"
)

// clock is a state with a part that nothing bounds, and others that something does.
type clock struct {
	Ticks int
	Hand  int8
	Log   []int8
	Fixed string
}

// TestGrowth: the counter that runs away comes first, and a part that never changes is not there.
func TestGrowth(t *testing.T) {
	m := allways.Funcs[clock, string]{
		InitFunc:    func() []clock { return []clock{{Fixed: "x"}} },
		ActionsFunc: func(dst []string, s clock) []string { return append(dst, "tick", "log") },
		NextFunc: func(s clock, a string) (clock, bool) {
			if a == "tick" {
				s.Ticks++
				s.Hand = int8(s.Ticks % 4)
				return s, true
			}
			s.Log = []int8{s.Hand, s.Hand}
			return s, true
		},
	}
	g, err := allways.NewProfile(m)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := allways.Check(t.Context(), m, allways.Options{MaxDepth: 30, Visitor: g.Visitor()}); err != nil {
		t.Fatal(err)
	}
	want := []allways.Part{
		{Path: "Ticks", Values: 30, Late: 10, Latest: "29", Counter: true},
		{Path: "Hand", Values: 4, Latest: "3"},
		{Path: "Log[*]", Values: 4, Latest: "3"},
		{Path: "len(Log)", Values: 2, Latest: "2"},
	}
	if parts := g.Parts(); !slices.Equal(parts, want) {
		t.Errorf("parts\n%+v, want\n%+v", parts, want)
	}
	if looked, visited := g.Sampled(); looked != visited || looked == 0 {
		t.Errorf("looked at %d of %d states", looked, visited)
	}
}
