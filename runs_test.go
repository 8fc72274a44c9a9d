package allways_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/allways-go/allways"
)

// climber counts up to a limit; "go" adds one, "stay" changes nothing, "back" returns to zero.
func climber(limit int, actions []string, props ...allways.Property[int]) allways.Funcs[int, string] {
	return allways.Funcs[int, string]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []string, s int) []string { return append(dst, actions...) },
		NextFunc: func(s int, a string) (int, bool) {
			switch a {
			case "go":
				return s + 1, s < limit
			case "back":
				return 0, s > 0
			}
			return s, true
		},
		Props: props,
	}
}

func is(n int) func(int) bool { return func(s int) bool { return s == n } }

func taken(name string) func(int, string, int) bool {
	return func(_ int, a string, _ int) bool { return a == name }
}

// What holds of small counters, with and without fairness.
func TestPromisesAboutRuns(t *testing.T) {
	next := allways.WeaklyFairNext[int]()
	gone := allways.WeaklyFair("go", taken("go"))
	stop, climb := allways.MayStop[int](), allways.LeadsTo("p", is(0), is(3))
	always := allways.StronglyFair("go", taken("go"))
	for _, c := range []struct {
		name    string
		actions []string
		prop    allways.Property[int]
		want    allways.Verdict
		path    string
	}{
		{"ends", []string{"go"}, climb, allways.Holds, ""},
		{"may stop", []string{"go"}, climb.Assuming(stop), allways.Violated, "0:"},
		{"may stop, fair", []string{"go"}, climb.Assuming(stop, next), allways.Holds, ""},
		{"idles", []string{"stay", "go"}, climb, allways.Violated, "0:0@0"},
		{"idles, fair", []string{"stay", "go"}, climb.Assuming(next), allways.Holds, ""},
		{"back", []string{"back", "go"}, climb.Assuming(next), allways.Violated, "0:1.0@0"},
		{"back, go", []string{"back", "go"}, climb.Assuming(gone), allways.Violated, "0:1.0@0"},
		{"back, strong", []string{"back", "go"}, climb.Assuming(always), allways.Violated, "0:1.0@0"},
		{"again", []string{"back", "go"}, allways.InfinitelyOften("p", is(0)), allways.Holds, ""},
		{"never again", []string{"back", "go"}, allways.InfinitelyOften("p", is(3)), allways.Violated, "0:1.0@0"},
		{"settles", []string{"go"}, allways.EventuallyForever("p", is(3)), allways.Holds, ""},
		{"until", []string{"go"}, allways.Until("p", func(s int) bool { return s < 2 }, is(2)), allways.Holds, ""},
		{"until broken", []string{"go"}, allways.Until("p", is(0), is(2)), allways.Violated, ""},
		{"possible", []string{"back", "go"}, allways.AlwaysPossible("p", is(0)), allways.Holds, ""},
		{"impossible", []string{"go"}, allways.AlwaysPossible("p", is(2)), allways.Violated, "0:0.0.0"},
	} {
		r, err := allways.Check(t.Context(), climber(3, c.actions, c.prop), allways.Options{Workers: 1})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		p := r.Properties[0]
		path := ""
		if p.Path != nil {
			path = p.Path.Encode()
		}
		if p.Verdict != c.want || c.path != "" && path != c.path {
			t.Errorf("%s: %v (%s) %q, want %v %q", c.name, p.Verdict, p.Reason, path, c.want, c.path)
		}
	}
}

// A promise that holds for a reason that was hardly meant is warned of.
func TestVacuousPromisesAboutRuns(t *testing.T) {
	for _, c := range []struct {
		prop allways.Property[int]
		want string
	}{
		{allways.LeadsTo("asked", is(9), is(3)), `"asked" (leads to) holds since p does in no reachable state`},
		{allways.Until("met", is(1), is(0)), `"met" (until) is decided in every initial state already`},
		{
			allways.LeadsTo("up", is(0), is(3)).Assuming(allways.WeaklyFair("down", taken("down"))),
			`"up" (leads to) assumes "weakly fair: down", and no step that it is about is ever possible`,
		},
		{
			allways.Eventually("begun", is(0)).Assuming(allways.WeaklyFair("go", taken("go"))),
			`"begun" (eventually) is satisfied in every initial state already, so that it holds whatever happens`,
		},
	} {
		r, err := allways.Check(t.Context(), climber(3, []string{"go"}, c.prop), allways.Options{})
		if err != nil || len(r.Warnings) != 1 || r.Warnings[0].Text != c.want {
			t.Errorf("%v, %+v, want %s", err, r.Warnings, c.want)
		}
	}
}

// A search that has no memory to begin with proves nothing, whatever the promise.
func TestPromisesAboutRunsWithoutMemory(t *testing.T) {
	broken := []allways.Property[int]{
		allways.InfinitelyOften("again", is(3)), allways.AlwaysPossible("possible", is(4)),
		allways.LeadsTo("reached", is(0), is(4)), allways.Until("until", is(0), is(4)),
	}
	undecided := 0
	for memory := int64(1); memory < 1<<22; memory *= 2 {
		m := climber(3, []string{"back", "go"}, broken...)
		r, err := allways.Check(t.Context(), m, allways.Options{MaxMemory: memory, Workers: 1, Stop: allways.StopNever})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range r.Properties {
			if p.Verdict == allways.Holds {
				t.Errorf("%d bytes: %s holds", memory, p.Name)
			}
			if p.Verdict == allways.Inconclusive {
				undecided++
				if !strings.HasPrefix(p.Reason, string(allways.StopReasonMemory)) {
					t.Errorf("%d bytes: %s is undecided: %q", memory, p.Name, p.Reason)
				}
			}
		}
	}
	if undecided == 0 {
		t.Error("there was always memory enough")
	}
}

// What makes no promise is refused, with what to do instead.
func TestMisusedPromises(t *testing.T) {
	type step = func(int, string, int) bool
	again := allways.InfinitelyOften("p", is(0))
	for _, c := range []struct {
		prop allways.Property[int]
		want string
	}{
		{allways.Temporal("p", allways.Formula[int]{}), "formula without a value: make it with Predicate"},
		{allways.Temporal("p", allways.Formula[int]{}.Always()), "formula without a value: make it with Predicate"},
		{allways.LeadsTo("p", is(0), nil), "predicate without a function"},
		{allways.Temporal("p", allways.StepPredicate("s", step(nil))), "predicate without a function"},
		{allways.Temporal("p", allways.Enabled(allways.Predicate("s", is(0)))), "of a formula that is no StepPredicate"},
		{allways.Temporal("p", allways.StepPredicate("s", func(int, int, int) bool { return true })),
			"step predicate that is a func(int, int, int) bool, which does not fit"},
		{again.Assuming(allways.Fairness[int]{}), "Fairness without a value: make it with WeaklyFair"},
		{again.Assuming(allways.WeaklyFair("s", step(nil))), "without a function: for all steps there is WeaklyFairNext"},
		{again.Assuming(allways.StronglyFair("s", step(nil))), "without a function: for all steps there is WeaklyFairNext"},
		{again.Assuming(allways.WeaklyFair("s", func(int, int, int) bool { return true })), "constraint that is a func("},
		{again.Assuming(allways.WeaklyFairEach[int, string, int]("s", nil)), "constraint by key without a function"},
		{again.Assuming(allways.WeaklyFairEach("s", func(_, a, _ int) (int, bool) { return a, true })), "a key that"},
		{allways.Always("p", is(0)).Assuming(allways.MayStop[int]()), "use Assuming with Eventually"},
		{allways.AlwaysPossible("p", is(0)).Assuming(allways.WeaklyFairNext[int]()), "no difference to what is possible"},
	} {
		_, err := allways.Check(t.Context(), climber(1, []string{"go"}, c.prop), allways.Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

// Weak fairness of the next step allows all but to stay where the state could change.
func TestWeaklyFairNext(t *testing.T) {
	next, stop := allways.WeaklyFairNext[int](), allways.MayStop[int]()
	if next.Name() != "weakly fair: any step" {
		t.Errorf("it is called %q", next.Name())
	}
	reaches := allways.Eventually("p", is(3))
	decides(t, climber(3, []string{"stay", "go"}), []promise[int]{
		{reaches, "0: (stay)"},
		{allways.Eventually("next", is(3)).Assuming(next), "holds"},
		{allways.Eventually("may stop", is(3)).Assuming(stop), "0: (stay)"},
		{allways.Eventually("as in TLA+", is(3)).Assuming(stop, next), "holds"},
	})
	decides(t, climber(3, []string{"back", "go"}), []promise[int]{
		{allways.Eventually("next", is(3)).Assuming(next), "0: (go back)"},
		{allways.Eventually("may stop", is(3)).Assuming(stop), "0:"},
	})
}

// A lasso names what it ignores: steps that are possible all along its cycle. Those that are possible now and then, or
// that are taken, are not among them.
func TestIgnoredByRuns(t *testing.T) {
	m := hops(hop{"a", 0, 1}, hop{"b", 1, 0}, hop{"exit", 0, 2}, hop{"exit", 1, 2}, hop{"now and then", 1, 3})
	wait := allways.LeadsTo("p", among(0), among(2, 3))
	for _, c := range []struct {
		prop allways.Property[int]
		want string
	}{
		{wait, "0: (a 1 b 0) [exit 2]"},
		{wait.Assuming(allways.WeaklyFair("a", called("a"))), "0: (a 1 b 0) [exit 2]"},
		{wait.Assuming(mayStop), "0: []"},
	} {
		m.Props = []allways.Property[int]{c.prop}
		r, err := allways.Check(t.Context(), m, allways.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p := r.Properties[0]
		if got := fmt.Sprint(verdictText(&p), " ", p.Ignored); got != c.want {
			t.Errorf("%s: %s, want %s", p.Formula, got, c.want)
		}
	}
}

// A formula that says what an everyday promise says is of its kind, whatever its predicates are made of.
func TestKindsOfFormulas(t *testing.T) {
	p, q := allways.Predicate("p", is(0)), allways.Predicate("q", is(1))
	step := allways.StepPredicate("s", taken("go"))
	for want, all := range map[allways.PropertyKind][]allways.Formula[int]{
		allways.KindLeadsTo:           {p.LeadsTo(q), p.Not().LeadsTo(q.Or(p)), p.Implies(q.Eventually()).Always()},
		allways.KindInfinitelyOften:   {p.Eventually().Always(), p.And(q).Eventually().Always()},
		allways.KindEventuallyForever: {p.Always().Eventually()},
		allways.KindUntil:             {p.Until(q.Not())},
		allways.KindTemporal: {
			p, p.Always(), p.Eventually(), step.LeadsTo(q), p.LeadsTo(allways.Enabled(step)), p.Until(q.Always()),
			p.Always().Eventually().Always(), p.Release(q), allways.Formula[int]{},
		},
	} {
		for _, f := range all {
			if got := allways.Temporal("x", f).Kind(); got != want {
				t.Errorf("%v is of the kind %q, want %q", f, got, want)
			}
		}
	}
}

// A key that does not equal itself when it occurs again would be a constraint for each step, which demands nothing.
func TestKeysThatAreNoValues(t *testing.T) {
	type node struct{ N int }
	for name, key := range map[string]func(a string) any{
		"NaN":                func(string) any { return math.NaN() },
		"(+NaN+0i)":          func(string) any { return [2]complex128{1, complex(math.NaN(), 0)} },
		"*allways_test.node": func(string) any { return &node{1} },
		"chan int":           func(string) any { return struct{ C any }{make(chan int)} },
		"hash of unhashable": func(string) any { return []int{1} },
		"":                   func(a string) any { return struct{ F, P any }{a, (*node)(nil)} },
	} {
		each := allways.StronglyFairEach("each", func(_ int, a string, _ int) (any, bool) { return key(a), true })
		m := climber(3, []string{"stay", "go"}, allways.InfinitelyOften("up", is(3)).Assuming(each))
		r, err := allways.Check(t.Context(), m, allways.Options{})
		if name == "" {
			if err != nil || r.Properties[0].Verdict != allways.Holds {
				t.Errorf("%+v, %v", r, err)
			}
			continue
		}
		if name == "(+NaN+0i)" {
			name = "NaN"
		}
		if err == nil || !strings.Contains(err.Error(), name) || r.Properties[0].Verdict != allways.Inconclusive {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}
