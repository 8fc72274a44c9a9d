package erased_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/trace"
)

// pile is a state with memory behind it, so that a state taken for another type would show.
type pile struct {
	Stones []string
	N      int
}

func piles() allways.Funcs[pile, string] {
	return allways.Funcs[pile, string]{
		InitFunc: func() []pile { return []pile{{}, {N: 9}, {Stones: []string{"a"}, N: 1}} },
		ActionsFunc: func(dst []string, s pile) []string {
			if s.N < 3 {
				dst = append(dst, "a", "b")
			}
			return dst
		},
		NextFunc: func(s pile, a string) (pile, bool) {
			return pile{append(slices.Clone(s.Stones), a), s.N + 1}, true
		},
		WithinFunc: func(s pile) bool { return s.N < 9 },
		Props: []allways.Property[pile]{
			allways.Always("no three of a kind", func(s pile) bool { return !slices.Equal(s.Stones, []string{"b", "b", "b"}) }),
			allways.Sometimes("three", func(s pile) bool { return s.N == 3 }),
			allways.AlwaysStep("grows", func(a pile, _ string, b pile) bool { return b.N == a.N+1 }),
		},
	}
}

func compiled[S, A any](t *testing.T, m allways.Model[S, A]) *erased.Model {
	t.Helper()
	e := erased.Of(m)
	if err := e.Compile(); err != nil {
		t.Fatal(err)
	}
	return e
}

// A result without types says what the one with types says, and its paths are the same.
func TestResult(t *testing.T) {
	e := compiled(t, piles())
	profile, err := e.Profile()
	if err != nil {
		t.Fatal(err)
	}
	o := allways.Options{Stop: allways.StopNever}
	want, err := allways.Check(t.Context(), piles(), o)
	if err != nil {
		t.Fatal(err)
	}
	o.Visitor = profile.Visitor()
	got, err := e.Check(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*erased.Result{"erased": got, "converted": erased.ResultOf(e, want)} {
		r.Stats.Elapsed, r.Stats.Memory, want.Stats.Elapsed, want.Stats.Memory = 0, 0, 0, 0
		same := r.Verdict == want.Verdict && r.Stats == want.Stats && r.Bounded == want.Bounded
		if !same || !r.Complete || len(r.Actions) != 2 {
			t.Errorf("%s: %+v, want %+v", name, r, want)
		}
		for i, p := range r.Properties {
			w := want.Properties[i]
			if p.Name != w.Name || p.Kind != w.Kind || p.Verdict != w.Verdict || (p.Path == nil) != (w.Path == nil) {
				t.Errorf("%s: %+v, want %+v", name, p, w)
			}
			if p.Path != nil && (p.Path.String() != w.Path.String() || p.Path.Encode() != w.Path.Encode()) {
				t.Errorf("%s: %v, want %v", name, p.Path, w.Path)
			}
		}
	}
	looked, visited := profile.Sampled()
	if looked != want.Stats.Distinct || visited != looked || len(profile.Parts()) == 0 {
		t.Errorf("the profile has looked at %d of %d", looked, visited)
	}
	walked, err := e.Simulate(t.Context(), allways.SimulateOptions{Walks: 50})
	if err != nil || walked.Properties[0].Verdict != allways.Violated {
		t.Errorf("%+v, %v", walked, err)
	}
}

// Paths grow, are judged and stored without types, and are paths of the model's types all the
// while.
func TestPath(t *testing.T) {
	e := compiled(t, piles())
	inits, err := e.Init()
	if err != nil || len(inits) != 2 || inits[1].InitIndex() != 2 {
		t.Fatalf("%v, %v", inits, err)
	}
	p := inits[0]
	for range 3 {
		enabled, err := p.Transitions()
		if err != nil || len(enabled) != 2 || enabled[1].Text != "b" || !enabled[1].Effect || !enabled[1].Within {
			t.Fatalf("%+v, %v", enabled, err)
		}
		if p, err = p.Extend(1); err != nil {
			t.Fatal(err)
		}
	}
	if v, err := p.Evaluate("no three of a kind"); v != allways.Violated || err != nil {
		t.Errorf("%v, %v", v, err)
	}
	step := p.Step(0)
	if step.Text != "b" || fmt.Sprint(step.Diff) != "[{N 0 1} {Stones[0]  \"b\"}]" && len(step.Diff) != 2 {
		t.Errorf("%+v", step)
	}
	if got := string(erased.StateTree(p, 3)); got != `{"Stones":["b","b","b"],"N":3}` {
		t.Errorf("%s", got)
	}
	typed, ok := p.Typed().(*allways.Path[pile, string])
	if !ok || !slices.Equal(typed.Actions(), []string{"b", "b", "b"}) || typed.Last().N != 3 {
		t.Errorf("%v", p.Typed())
	}
	if p.Sequence() != nil {
		t.Errorf("%v", p.Sequence())
	}
	f := p.Trace(trace.Header{Model: "pile"})
	if again, err := e.Replay(f); err != nil || again.String() != p.String() {
		t.Errorf("%v, %v", again, err)
	}
	f.Init = 1 // the order of the initial states has changed
	if again, err := e.Replay(f); err != nil || again.InitIndex() != 0 {
		t.Errorf("%v, %v", again, err)
	}
	if again, err := e.ParsePath("0:1.1.1"); err != nil || again.StateText(3) != p.StateText(3) {
		t.Errorf("%v, %v", again, err)
	}
	if _, err := e.ParsePath("0:7"); err == nil {
		t.Error("an index that is not enabled was accepted")
	}
}

// What there is to know of a model, before and after it is compiled.
func TestModel(t *testing.T) {
	e := compiled(t, piles())
	stepper, err := allways.NewStepper(piles())
	if err != nil {
		t.Fatal(err)
	}
	same := e.TypesHash() == stepper.TypesHash() && slices.Equal(e.Optional(), []string{"Within"})
	if !same || e.Symmetric() || e.Actors() {
		t.Errorf("%s, %v", e.TypesHash(), e.Optional())
	}
	if p := e.Properties(); len(p) != 3 || p[2] != (erased.Property{Name: "grows", Kind: allways.KindStep}) {
		t.Errorf("%+v", p)
	}
	broken := erased.Of(allways.Funcs[func(), string]{})
	if err := broken.Compile(); err == nil || broken.Compile() != err {
		t.Errorf("%v", err)
	}
}

// A model without its types is one for everything that takes models, and is not wrapped twice.
func TestUntyped(t *testing.T) {
	e := compiled(t, piles())
	m := e.Untyped()
	if erased.Of(m) != e || erased.Typed[pile, string](e) == nil {
		t.Error("the model is another one")
	}
	r, err := allways.Check(t.Context(), m, allways.Options{})
	if err != nil || r.Properties[0].Verdict != allways.Violated {
		t.Fatalf("%+v, %v", r, err)
	}
	want, err := e.ParsePath(r.Properties[0].Path.Encode())
	if err != nil || want.String() != r.Properties[0].Path.String() {
		t.Errorf("%v, %v", want, err)
	}
	if typed := erased.Typed[pile, string](e); len(typed.Init()) != 3 {
		t.Errorf("%v", typed.Init())
	}
	if p := erased.ResultOf(e, r).Properties[0].Path; string(erased.StateTree(p, 0)) != `{"Stones":[],"N":0}` {
		t.Errorf("%s", erased.StateTree(p, 0))
	}
}
