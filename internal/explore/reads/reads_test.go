package reads

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
)

var limits = Limits{Trials: 5000, Time: time.Minute}

// path returns a path of a model by its short form.
func path[S, A any](t *testing.T, m allways.Model[S, A], name string) *erased.Path {
	t.Helper()
	e := erased.Of(m)
	if err := e.Compile(); err != nil {
		t.Fatal(err)
	}
	p, err := e.ParsePath(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// all writes findings as text, without the values.
func all(r Result) string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, string(f.Kind)+" "+f.Path)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// shapes is a state with parts of all kinds.
type shapes struct {
	Number  int
	hidden  bool
	Words   []string
	Votes   map[string]bool
	Nested  map[string]*inner
	Any     any
	Grid    [2][2]int
	Strange map[string]int
}

type inner struct{ X, y int }

// between is a model of two states, the second of which is looked at.
func between(before, after shapes, property allways.Property[shapes]) allways.Model[shapes, int] {
	return allways.Funcs[shapes, int]{
		InitFunc:    func() []shapes { return []shapes{before} },
		ActionsFunc: func(dst []int, s shapes) []int { return append(dst, 0) },
		NextFunc:    func(shapes, int) (shapes, bool) { return after, true },
		Props:       []allways.Property[shapes]{property},
	}
}

var (
	first  = shapes{}
	second = shapes{
		Number: 7, hidden: true, Words: []string{"a", "b"}, Votes: map[string]bool{"x": true, "y z": true},
		Nested: map[string]*inner{"k": {1, 2}, "l": {3, 4}}, Any: inner{5, 6}, Grid: [2][2]int{{1, 2}, {3, 4}},
		Strange: map[string]int{`"<`: 9},
	}
)

// What a verdict depends on is found wherever it is, and nothing else is.
func TestParts(t *testing.T) {
	for _, x := range []struct {
		want string
		bad  func(s shapes) bool
	}{
		{"decides Number", func(s shapes) bool { return s.Number == 7 }},
		{"decides hidden", func(s shapes) bool { return s.hidden }},
		{"decides Number, decides hidden", func(s shapes) bool { return s.hidden && s.Number > 5 }},
		{"decides Words", func(s shapes) bool { return len(s.Words) == 2 }},
		{"decides Words[1]", func(s shapes) bool { return len(s.Words) > 1 && s.Words[1] == "b" }},
		{`decides Votes["y z"]`, func(s shapes) bool { return s.Votes["y z"] }},
		{`decides Votes.x, decides Votes["y z"]`, func(s shapes) bool { return len(s.Votes) == 2 }},
		{"decides Nested.l.y", func(s shapes) bool { return s.Nested["l"] != nil && s.Nested["l"].y == 4 }},
		{"decides Any.value.X", func(s shapes) bool { i, ok := s.Any.(inner); return ok && i.X == 5 }},
		{"decides Any", func(s shapes) bool { return s.Any != nil }},
		{"decides Grid[1][0]", func(s shapes) bool { return s.Grid[1][0] == 3 }},
		{`decides Strange["\"<"]`, func(s shapes) bool { return s.Strange[`"<`] == 9 }},
		{"together Number, together hidden", func(s shapes) bool { return s.hidden || s.Number > 5 }},
		{"decides Number, fails Words", func(s shapes) bool { return len(s.Words[1]) < 9 && s.Number == 7 }},
	} {
		p := allways.Always("p", func(s shapes) bool { return !x.bad(s) })
		r, err := Find(context.Background(), path(t, between(first, second, p), "0:0"), 1, "p", limits)
		if err != nil || r.Holds || r.Exact || r.Cut != "" {
			t.Errorf("%s: %+v, %v", x.want, r, err)
		}
		if got := all(r); got != x.want {
			t.Errorf("got %q, want %q", got, x.want)
		}
	}
}

// A property of steps depends on the state after the step; the one before stays as it was.
func TestSteps(t *testing.T) {
	p := allways.AlwaysStep("p", func(a shapes, _ int, b shapes) bool { return a.Number == b.Number })
	r, err := Find(context.Background(), path(t, between(first, second, p), "0:0"), 1, "p", limits)
	if err != nil || all(r) != "decides Number" || r.Findings[0].With != "0" {
		t.Errorf("%+v, %v", r, err)
	}
}

// Of random predicates over known leaves, exactly the leaves are found whose change alone changes the verdict.
func TestRandomPredicates(t *testing.T) {
	const leaves = 6
	type state [leaves]int
	rng := rand.New(rand.NewPCG(1, 2))
	for round := range 200 {
		truth := map[state]bool{} // over the leaves that are read, each 0 or 1
		read := rng.IntN(1<<leaves-1) + 1
		project := func(s state) (out state) {
			for i, v := range s {
				if read>>i&1 == 1 && v != 0 {
					out[i] = 1
				}
			}
			return out
		}
		for n := range 1 << leaves {
			var s state
			for i := range s {
				s[i] = n >> i & 1
			}
			truth[project(s)] = rng.IntN(2) == 0
		}
		holds := func(s state) bool { return truth[project(s)] }
		var from, to state
		for i := range from {
			from[i] = rng.IntN(2)
			to[i] = 1 - from[i]
		}
		m := allways.Funcs[state, int]{
			InitFunc:    func() []state { return []state{from} },
			ActionsFunc: func(dst []int, _ state) []int { return append(dst, 0) },
			NextFunc:    func(state, int) (state, bool) { return to, true },
			Props:       []allways.Property[state]{allways.Always("p", holds)},
		}
		var want []string
		for i := range to {
			s := to
			if s[i] = from[i]; holds(s) != holds(to) {
				want = append(want, fmt.Sprintf("decides state[%d]", i))
			}
		}
		r, err := Find(context.Background(), path(t, m, "0:0"), 1, "p", limits)
		if err != nil || r.Holds != holds(to) {
			t.Fatalf("round %d: %+v, %v", round, r, err)
		}
		got := all(r)
		if len(want) > 0 && got != strings.Join(want, ", ") {
			t.Errorf("round %d: got %s, want %s", round, got, want)
		}
		if len(want) == 0 {
			checkTogether(t, r, from, to, read, holds)
		}
	}
}

// checkTogether checks that parts that were found together change the verdict, and that all are needed.
func checkTogether[S ~[6]int](t *testing.T, r Result, from, to S, read int, holds func(S) bool) {
	t.Helper()
	s := to
	for _, f := range r.Findings {
		i := int(f.Path[len("state[")] - '0')
		if f.Kind != Together || read>>i&1 == 0 {
			t.Errorf("%s is found, and the predicate reads %b only", f.Path, read)
		}
		s[i] = from[i]
	}
	if (holds(from) != holds(to)) != (len(r.Findings) > 0) {
		t.Errorf("%+v", r)
	}
	if len(r.Findings) == 0 {
		return
	}
	if holds(s) == holds(to) {
		t.Errorf("%+v changes nothing", r.Findings)
	}
	for _, f := range r.Findings {
		i := int(f.Path[len("state[")] - '0')
		less := s
		if less[i] = to[i]; holds(less) != holds(to) {
			t.Errorf("%s is not needed among %+v", f.Path, r.Findings)
		}
	}
}
