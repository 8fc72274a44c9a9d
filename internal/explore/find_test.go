package explore

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
)

// found asks for states and returns the steps to them, or how many of the path that was asked for lead there.
func found(t *testing.T, c client, query ...string) (steps string, all foundJSON) {
	t.Helper()
	all = decoded[foundJSON](t, c.get(200, "find", query...))
	var out []string
	for _, r := range all.Results {
		if r.On == "" {
			r.On = strconv.Itoa(r.Steps)
		}
		out = append(out, r.On)
	}
	return strings.Join(out, " "), all
}

// Predicates of the program and properties are asked for by name, alone and in expressions.
func TestNamed(t *testing.T) {
	_, c := serve(t, counter(3),
		allways.NamedPredicate[tally]{Name: "a red", Holds: func(s tally) bool { return s.Red > 0 }},
		allways.NamedPredicate[tally]{Name: "hard", Holds: func(s tally) bool { panic("too hard") }},
	)
	if m := decoded[modelJSON](t, c.get(200, "model")); strings.Join(m.Predicates, ", ") != "a red, hard" {
		t.Errorf("%q", m.Predicates)
	}
	for expr, want := range map[string]string{
		`named("a red") && Blue == 2`:           "0:0.1.1 0:1.0.1 0:1.1.0",
		`named("two blues") && !named("a red")`: "0:1.1",
	} {
		// States have a log, so that each order of steps leads to another one.
		if got, _ := found(t, c, "scope", "all", "expr", expr); !sameWords(got, want) {
			t.Errorf("%s: %s, want %s", expr, got, want)
		}
	}
	for expr, want := range map[string]string{
		`named("nothing")`: `"a red" "hard" "fewer than three reds"`, `named(1)`: "in quotes", `named()`: "takes 1",
	} {
		got := strings.ReplaceAll(string(c.get(400, "find", "scope", "all", "expr", expr)), `\`, "")
		if !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", expr, got, want)
		}
	}
	if got := string(c.get(422, "find", "scope", "all", "expr", `named("hard")`)); !strings.Contains(got, "too hard") {
		t.Errorf("%s", got)
	}
}

// A question that finds nothing says which of its names no state has.
func TestFindUnknownNames(t *testing.T) {
	_, c := serve(t, counter(3))
	for expr, want := range map[string]string{
		`Rde == 1 && Red == 0`: "Rde", `Red == 1 || Rde == 1`: "", `Red == 99`: "", `after(Red == 99, bleu == 1)`: "bleu",
	} {
		if _, all := found(t, c, "scope", "all", "expr", expr); strings.Join(all.Unknown, " ") != want {
			t.Errorf("%s: %q, want %q", expr, all.Unknown, want)
		}
	}
}

// Predicates without a function or another name are refused.
func TestPredicatesAreChecked(t *testing.T) {
	yes := func(tally) bool { return true }
	for want, p := range map[string][]allways.NamedPredicate[tally]{
		"no name": {{Name: " ", Holds: yes}}, "no function": {{Name: "x"}},
		"has its name": {{Name: "x", Holds: yes}, {Name: "x", Holds: yes}},
		"a property":   {{Name: "two blues", Holds: yes}},
	} {
		if err := erased.Of(counter(1), p...).Compile(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// sum is the state of a counter that does not remember the order of its steps.
type sum struct{ Red, Blue int }

func sums() allways.Model[sum, string] {
	return allways.Funcs[sum, string]{
		InitFunc: func() []sum { return []sum{{}} },
		ActionsFunc: func(dst []string, s sum) []string {
			if s.Red+s.Blue < 3 {
				dst = append(dst, "red", "blue")
			}
			return dst
		},
		NextFunc: func(s sum, a string) (sum, bool) {
			if a == "red" {
				return sum{s.Red + 1, s.Blue}, true
			}
			return sum{s.Red, s.Blue + 1}, true
		},
	}
}

// What is to come after something comes after it on its path.
func TestAfter(t *testing.T) {
	_, c := serve(t, sums())
	for _, x := range []struct{ scope, path, expr, want string }{
		{"all", "", `after(Red == 1, Blue == 1)`, "0:0.1 0:0.1.1"}, // not 0:0, though it is nearer
		{"all", "", `after(Red == 2, Blue == 9)`, ""},
		{"all", "", `after(Blue == 1, Blue == 1)`, "0:1 0:0.1 0:0.0.1"},
		{"forward", "0:0", `after(Blue == 1, Red == 0)`, "1 0.1"},
		{"trace", "0:0.1.0", `after(true, Red == 1)`, "1 2 3"},
		{"trace", "0:0.1.0", `after(Red == 0, Red == 1)`, ""},
	} {
		got, all := found(t, c, "scope", x.scope, "path", x.path, "expr", x.expr)
		if got != x.want || !all.Complete {
			t.Errorf("%s %s: %s, complete %t, want %s", x.scope, x.expr, got, all.Complete, x.want)
		}
	}
	if _, all := found(t, c, "scope", "all", "states", "2", "expr", `after(Red == 2, Blue == 1)`); all.Complete {
		t.Errorf("%+v", all)
	}
	c.get(400, "find", "scope", "all", "expr", "after(Red == 2)")
	c.get(400, "find", "scope", "all", "expr", "after(Red == 2, Red)")
}

// sameWords reports whether two texts have the same words in any order.
func sameWords(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}
