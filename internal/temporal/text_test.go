package temporal

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/longtest"
)

func TestString(t *testing.T) {
	sentence := &Formula{Op: State, Atom: 2, Name: "every lock is free"}
	unnamed := &Formula{Op: State, Atom: 3}
	release := &Formula{Op: State, Atom: 4, Name: "R"}
	for want, f := range map[string]*Formula{
		"TRUE":                       and(),
		"FALSE":                      or(),
		"p ~> q":                     leadsToFrom(p, q),
		"(p => q) ~> (q ~> p)":       leadsToFrom(implies(p, q), leadsToFrom(q, p)),
		`p /\ q ~> p U q`:            leadsToFrom(and(p, q), untilOf(p, q)),
		"[](p ~> q)":                 always(leadsToFrom(p, q)),
		"[](p => q)":                 always(implies(p, q)),
		"[]<>p => []<>q":             implies(always(eventually(p)), always(eventually(q))),
		"<>[]~p":                     eventually(always(not(p))),
		`~(p /\ q)`:                  not(and(p, q)),
		`p /\ (q \/ p) /\ ~q`:        and(p, or(q, p), not(q)),
		`(p /\ q) \/ q U p`:          or(and(p, q), untilOf(q, p)),
		"p U (q R p)":                untilOf(p, releases(q, p)),
		"(p => q) => p":              implies(implies(p, q), p),
		`<><<a>> \/ ENABLED(a)`:      or(eventually(taken), enabled),
		`"every lock is free" /\ #3`: and(sentence, unnamed),
		`p U "R"`:                    untilOf(p, release),
		"~p":                         not(and(p)),
		`[](p => <>q /\ p)`:          always(implies(p, and(eventually(q), p))),
	} {
		if got := f.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// A formula that is read back from its text says the same, so no parentheses are missing.
func TestTextIsUnique(t *testing.T) {
	for seed := range uint64(longtest.Size(500, 5000)) {
		r := rand.New(rand.NewPCG(seed, 3))
		f := randomFormula(r, r.IntN(8), []*Formula{p, q, taken, enabled})
		rest := strings.NewReplacer("(", " ( ", ")", " ) ", "[]", " [] ", "<><<", " <> <<", "<>", " <> ", "~>", " ~> ",
			"~(", " ~ ( ", "<<a>>", " <<a>> ", "ENABLED(a)", " ENABLED(a) ", "~", " ~ ").Replace(f.String())
		reader := &reader{words: strings.Fields(rest)}
		back := reader.formula(loosest)
		if len(reader.words) > 0 || back.String() != f.String() {
			t.Fatalf("seed %d: %s is read as %s, with a rest %q", seed, f, back, reader.words)
		}
		lassos(2, mixedLetter, func(run []Position, loop int) {
			for i := range run {
				run[i].State |= run[i].Step << 1
			}
			if Holds(f, run, loop) != Holds(back, run, loop) {
				t.Fatalf("seed %d: %s is read as something else", seed, f)
			}
		})
	}
}

// reader reads formulas. It accepts a chain of the same operator for conjunction and disjunction only.
type reader struct{ words []string }

func (r *reader) take() string {
	word := r.words[0]
	r.words = r.words[1:]
	return word
}

func (r *reader) formula(strength binding) *Formula {
	if strength == prefix {
		return r.prefix()
	}
	f := r.formula(strength + 1)
	for len(r.words) > 0 {
		op := r.words[0]
		kind, known := map[string]binding{
			"=>": loosest, "~>": loosest, `/\`: junction, `\/`: junction, "U": until, "R": until,
		}[op]
		if !known || kind != strength {
			return f
		}
		r.take()
		g := r.formula(strength + 1)
		switch op {
		case "=>":
			f = implies(f, g)
		case "~>":
			f = leadsToFrom(f, g)
		case `/\`:
			f = and(f, g)
		case `\/`:
			f = or(f, g)
		case "U":
			f = untilOf(f, g)
		case "R":
			f = releases(f, g)
		}
	}
	return f
}

func (r *reader) prefix() *Formula {
	switch word := r.take(); word {
	case "~":
		return not(r.prefix())
	case "[]":
		return always(r.prefix())
	case "<>":
		return eventually(r.prefix())
	case "(":
		f := r.formula(loosest)
		r.take()
		return f
	default:
		return map[string]*Formula{
			"p": p, "q": q, "<<a>>": taken, "ENABLED(a)": enabled, "TRUE": apply(True), "FALSE": apply(False),
		}[word]
	}
}
