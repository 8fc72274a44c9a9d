package allways_test

import (
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
	next := allways.WeaklyFair[int, string]("every step", nil)
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
