package runs

import (
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/temporal"
)

// write makes a run of text: a word for each position, with a letter for what is so there, and a bar before the
// loop. The letters are p and q for state predicates; s for a step that takes the constraint, and e where it is
// enabled; 1 and 2 for the values of a key that a step takes, and a and b where they are enabled.
func write(text string) *Run {
	r := &Run{}
	for word := range strings.FieldsSeq(text) {
		if word == "|" {
			r.Loop = len(r.Positions)
			continue
		}
		bit := func(letter string) uint64 {
			if strings.Contains(word, letter) {
				return 1
			}
			return 0
		}
		keys := func(letters string) Keys {
			all := Keys{}
			for i, letter := range strings.Split(letters, "") {
				if bit(letter) != 0 {
					all[Key{0, i + 1}] = true
				}
			}
			return all
		}
		at := temporal.Position{State: bit("p") | bit("q")<<1, Step: bit("s"), Enabled: bit("e")}
		r.Add(at, keys("12"), keys("ab"))
	}
	return r
}

var (
	p = &temporal.Formula{Op: temporal.State, Atom: 0, Name: "p"}
	q = &temporal.Formula{Op: temporal.State, Atom: 1, Name: "q"}

	hungry = formula(temporal.Not, &temporal.Formula{Op: temporal.State, Atom: 0, Name: "is full"})
)

func formula(op temporal.Op, args ...*temporal.Formula) *temporal.Formula {
	return &temporal.Formula{Op: op, Args: args}
}

func always(f *temporal.Formula) *temporal.Formula     { return formula(temporal.Always, f) }
func eventually(f *temporal.Formula) *temporal.Formula { return formula(temporal.Eventually, f) }

// A constraint is honoured by what happens on the loop, and a run that honours all of them refutes what it does
// not satisfy.
func TestFair(t *testing.T) {
	for text, want := range map[string]struct {
		weak, strong bool   // whether a constraint of that strength is honoured
		fair         string // and how
	}{
		"| e es":  {true, true, "x: step 2 takes it"},
		"es | e":  {false, false, ""},
		"| e .":   {true, false, "x: not enabled after step 1"},
		"e | . .": {true, true, "x: never enabled on the cycle"},
		"e | .":   {true, true, "x: not enabled after step 1"},
		"| .":     {true, true, "x: not enabled in the initial state"},
		"| e e":   {false, false, ""},
	} {
		for _, strong := range []bool{false, true} {
			r, fair := write(text), []Fair{{Name: "x", Strong: strong}}
			promise := &Promise{Formula: eventually(p), Fair: fair}
			honoured := want.weak && !strong || want.strong && strong
			if got := r.Refutes(promise); got != honoured {
				t.Errorf("%q, strong %v: it is fair: %v, want %v", text, strong, got, honoured)
			}
			if honoured && !slices.Equal(r.Explain(property.Eventually, promise).Fair, []string{want.fair}) {
				t.Errorf("%q is explained by %q, want %q", text, r.Explain(property.Eventually, promise).Fair, want.fair)
			}
		}
	}
}

// A constraint by key demands something for each value that is enabled somewhere on the loop, and for no other.
func TestFairByKey(t *testing.T) {
	for text, want := range map[string][]string{
		"| a1 b2":  {"x (1): step 1 takes it", "x (2): step 2 takes it"},
		"b | a a1": {"x (1): step 3 takes it"},
		"| ab1 ab": nil, // it ignores the second
		"ab | . .": {},
	} {
		r := write(text)
		promise := &Promise{Formula: eventually(p), Fair: []Fair{{Name: "x", Keyed: true}}}
		if got := r.Refutes(promise); got != (want != nil) {
			t.Errorf("%q: it is fair: %v", text, got)
		}
		if got := r.Explain(property.Eventually, promise).Fair; want != nil && !slices.Equal(got, want) {
			t.Errorf("%q is explained by %q, want %q", text, got, want)
		}
	}
}

// Every kind of promise is refuted in words of what did not happen.
func TestWords(t *testing.T) {
	leadsTo := always(formula(temporal.Implies, p, eventually(q)))
	for _, c := range []struct {
		kind property.Kind
		f    *temporal.Formula
		text string
		want string
	}{
		{property.LeadsTo, leadsTo, "p | . .", "p holds in the initial state, and q never after that"},
		{property.LeadsTo, leadsTo, "p q p | .", "p holds after step 2, and q never after that"},
		{property.LeadsTo, leadsTo, "p q | p .", "p holds after step 2, and q never after that"},
		{property.InfinitelyOften, always(eventually(p)), "p | . .", "p never holds again on the cycle"},
		{property.InfinitelyOften, always(eventually(p)), "p | .", "p never holds again after step 1, where the run stays"},
		{property.EventuallyForever, eventually(always(p)), ". | p .", "p does not hold after step 2, again and again"},
		{property.Until, formula(temporal.Until, p, q), "p . | q",
			"p does not hold after step 1, and q has not held until then"},
		{property.Until, formula(temporal.Until, p, q), "p | p", "q never holds"},
		{property.Eventually, eventually(p), "| .", "it never holds"},
		{property.Temporal, always(p), "p | .", "p does not hold after step 1"},
		{property.Temporal, eventually(p), "| .", "p never holds"},
		{property.Temporal, leadsTo, "p q | p .", "p holds after step 2, and q never after that"},
		{property.Temporal, always(formula(temporal.Implies, hungry, eventually(formula(temporal.Or, p, q)))), "p | .",
			`~"is full" holds after step 1, and p \/ q never after that`},
		{property.Temporal, always(eventually(formula(temporal.And, p, q))), "pq | p q",
			`p /\ q never holds again on the cycle`},
		{property.Temporal, eventually(always(formula(temporal.Not, p))), ". | p .",
			"~p does not hold after step 1, again and again"},
		{property.Temporal, formula(temporal.Until, p, q), "p | p", "q never holds"},
		{property.Temporal, always(formula(temporal.Or, p, eventually(q))), "p | .",
			"the run does not satisfy [](p \\/ <>q)"},
		{property.Temporal, always(eventually(always(p))), "p | .", "the run does not satisfy []<>[]p"},
	} {
		r, promise := write(c.text), &Promise{Formula: c.f}
		if !r.Refutes(promise) {
			t.Errorf("%q satisfies %v", c.text, c.f)
		}
		if got := r.Explain(c.kind, promise).Words; got != c.want {
			t.Errorf("%q refutes %v: %q, want %q", c.text, c.f, got, c.want)
		}
	}
	for text, f := range map[string]*temporal.Formula{
		"| p q":   leadsTo,
		". | p .": always(eventually(p)),
		". | p":   eventually(always(p)),
		"p p | q": formula(temporal.Until, p, q),
	} {
		if write(text).Refutes(&Promise{Formula: f}) {
			t.Errorf("%q refutes %v", text, f)
		}
	}
}

// What is no promise about runs has no text, no constraints and no automaton; what is only possible has no
// automaton, for no run decides it.
func TestPromise(t *testing.T) {
	var none *Promise
	if err := none.Translate(property.Always); err != nil || none.Text() != "" || none.Assumptions() != nil {
		t.Errorf("nil has the text %q and the assumptions %q (%v)", none.Text(), none.Assumptions(), err)
	}
	possible := &Promise{Formula: p}
	if err := possible.Translate(property.Possible); err != nil || possible.Automaton != nil {
		t.Errorf("a property of kind Possible has the automaton %v (%v)", possible.Automaton, err)
	}
	some := &Promise{Formula: always(p), Fair: []Fair{{Name: "x"}}, MayStop: true}
	if err := some.Translate(property.Temporal); err != nil || some.Automaton == nil {
		t.Errorf("there is no automaton (%v)", err)
	}
	if got := some.Assumptions(); !slices.Equal(got, []string{"x", "runs may stop anywhere"}) {
		t.Errorf("it assumes %q", got)
	}
}
