package allwaystest_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/allwaystest"
)

// The tests in this file are subjects: they run in separate processes, where they may fail, and the
// tests in allwaystest_test.go check their output.

// innerVariable is set in that process.
const innerVariable = "ALLWAYSTEST_INNER"

func inner(t testing.TB) {
	if os.Getenv(innerVariable) == "" {
		t.Skip("only a subject of other tests")
	}
}

type jugs struct{ Big, Small int8 }

type pour string

// jugModel fills jugs of 5 and 3 litres. Its properties vary with the test.
func jugModel(props ...allways.Property[jugs]) allways.Funcs[jugs, pour] {
	return allways.Funcs[jugs, pour]{
		InitFunc: func() []jugs { return []jugs{{}} },
		ActionsFunc: func(dst []pour, s jugs) []pour {
			return append(dst, "fill big", "fill small", "empty big", "empty small", "big to small", "small to big")
		},
		NextFunc: func(s jugs, a pour) (jugs, bool) {
			before := s
			switch a {
			case "fill big":
				s.Big = 5
			case "fill small":
				s.Small = 3
			case "empty big":
				s.Big = 0
			case "empty small":
				s.Small = 0
			case "big to small":
				n := min(s.Big, 3-s.Small)
				s.Big, s.Small = s.Big-n, s.Small+n
			case "small to big":
				n := min(s.Small, 5-s.Big)
				s.Big, s.Small = s.Big+n, s.Small-n
			}
			return s, s != before
		},
		Props: props,
	}
}

var (
	neverFour = allways.Always("never 4", func(s jugs) bool { return s.Big != 4 })
	four      = allways.Sometimes("four", func(s jugs) bool { return s.Big == 4 })
	nine      = allways.Sometimes("nine", func(s jugs) bool { return s.Big == 9 })
	atMost8   = allways.Always("at most 8", func(s jugs) bool { return s.Big+s.Small <= 8 })
	used      = allways.Eventually("small is used", func(s jugs) bool { return s.Small > 0 })
	gently    = allways.AlwaysStep("gently", func(_ jugs, a pour,
		after jugs) bool {
		return a != "empty big" || after.Small > 0
	})
)

func TestInnerHolds(t *testing.T) {
	inner(t)
	r := allwaystest.Check(t, jugModel(four, atMost8), allwaystest.Options{Complete: true})
	if r.Stats.Distinct != 16 {
		t.Errorf("%d states", r.Stats.Distinct)
	}
}

func TestInnerViolated(t *testing.T) {
	inner(t)
	allwaystest.Check(t, jugModel(neverFour, atMost8, nine, used, gently), allwaystest.Options{})
}

func TestInnerCommand(t *testing.T) {
	inner(t)
	allwaystest.Check(t, jugModel(neverFour), allwaystest.Options{
		Name: "jugs", Params: []string{"5", "3 litres", "-odd"}, Command: "go run ./examples/jugs",
	})
}

// endless counts without end.
func endless() allways.Funcs[int, string] {
	return allways.Funcs[int, string]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []string, s int) []string { return append(dst, "up") },
		NextFunc:    func(s int, _ string) (int, bool) { return s + 1, true },
		Props:       []allways.Property[int]{allways.Always("not negative", func(s int) bool { return s >= 0 })},
	}
}

func TestInnerInconclusive(t *testing.T) {
	inner(t)
	allwaystest.Check(t, endless(), allwaystest.Options{Check: allways.Options{MaxDepth: 5}})
}

func TestInnerComplete(t *testing.T) {
	inner(t)
	allwaystest.Check(t, endless(), allwaystest.Options{Check: allways.Options{MaxDepth: 5}, Complete: true})
}

func TestInnerEndless(t *testing.T) {
	inner(t)
	allwaystest.Check(t, endless(), allwaystest.Options{})
}

func TestInnerShort(t *testing.T) {
	inner(t)
	allwaystest.Check(t, jugModel(atMost8), allwaystest.Options{Short: &allways.Options{MaxDepth: 2}})
}

func TestInnerSimulate(t *testing.T) {
	inner(t)
	r := allwaystest.Simulate(t, jugModel(atMost8),
		allwaystest.SimulateOptions{Simulate: allways.SimulateOptions{Walks: 100, MaxDepth: 50}})
	t.Logf("seed %d, %d workers", r.Seed, r.Stats.Workers)
}

func TestInnerPanic(t *testing.T) {
	inner(t)
	m := jugModel(atMost8)
	next := m.NextFunc
	m.NextFunc = func(s jugs, a pour) (jugs, bool) {
		if s.Small == 2 {
			panic("two litres")
		}
		return next(s, a)
	}
	allwaystest.Check(t, m, allwaystest.Options{})
}

func TestInnerDeclaration(t *testing.T) {
	inner(t)
	allwaystest.Check(t, jugModel(four, four), allwaystest.Options{})
}

func TestInnerOptions(t *testing.T) {
	inner(t)
	allwaystest.Check(t, jugModel(four), allwaystest.Options{Check: allways.Options{Workers: -1}})
}

func TestInnerWarnings(t *testing.T) {
	inner(t)
	always := allways.Sometimes("always", func(s jugs) bool { return s.Big < 9 })
	t.Run("no properties", func(t *testing.T) { allwaystest.Check(t, jugModel(), allwaystest.Options{}) })
	t.Run("no steps", func(t *testing.T) {
		m := jugModel(atMost8)
		m.NextFunc = func(s jugs, _ pour) (jugs, bool) { return s, false }
		allwaystest.Simulate(t, m, allwaystest.SimulateOptions{Simulate: allways.SimulateOptions{Walks: 2}})
	})
	t.Run("meant", func(t *testing.T) {
		allwaystest.Check(t, jugModel(), allwaystest.Options{
			Strict: true, Allow: []allways.WarningKind{allways.WarningNoProperties},
		})
	})
	t.Run("logged", func(t *testing.T) { allwaystest.Check(t, jugModel(always), allwaystest.Options{}) })
	t.Run("strict", func(t *testing.T) { allwaystest.Check(t, jugModel(always), allwaystest.Options{Strict: true}) })
}

func TestInnerStored(t *testing.T) {
	inner(t)
	allwaystest.Check(t, jugModel(neverFour), allwaystest.Options{Name: "jugs"})
}

func TestInnerReplay(t *testing.T) {
	inner(t)
	allwaystest.Replay(t, jugModel(neverFour, four), "testdata/allways/TestInnerStored/*.trace")
}

func TestInnerReplayNothing(t *testing.T) {
	inner(t)
	allwaystest.Replay(t, jugModel(neverFour, four), "testdata/nothing/*.trace")
}

// toFour is a trace file of a run that ends with four litres in the big jug.
func toFour(property string) string {
	steps := ""
	for i, a := range []string{"fill big", "big to small", "empty small", "big to small", "fill big", "big to small"} {
		steps += fmt.Sprintf("%d [0] %s\n", i+1, a)
	}
	return "allways trace 1\n" + property + "\ninit 0  {Big:0 Small:0}\n" + steps + "end 6\n"
}

func TestInnerRegression(t *testing.T) {
	inner(t)
	broken := "property: never 4\nkind: always\nverdict: violated\n"
	witness := "property: four\nkind: sometimes\nverdict: holds\n"
	kept := allways.Always("never 4", func(s jugs) bool { return s.Big <= 5 })
	never := allways.Sometimes("four", func(s jugs) bool { return s.Big == 44 })
	dry := jugModel(neverFour, four)
	dry.NextFunc = func(s jugs, _ pour) (jugs, bool) { return s, false }
	for _, c := range []struct {
		name, stored string
		m            allways.Funcs[jugs, pour]
	}{
		{"broken", toFour(broken), jugModel(neverFour)},
		{"kept", toFour(broken), jugModel(kept)},
		{"no longer possible", toFour(broken), dry},
		{"property is gone", toFour(broken), jugModel(four)},
		{"witness", toFour(witness), jugModel(four)},
		{"witness no more", toFour(witness), jugModel(never)},
		{"witness no longer possible", toFour(witness), dry},
		{"run", toFour(""), jugModel(kept)},
		{"run no longer possible", toFour(""), dry},
		{"run breaks something", toFour(""), jugModel(neverFour)},
		{"no trace", "nonsense", jugModel(four)},
	} {
		t.Run(c.name, func(t *testing.T) { allwaystest.Regression(t, c.m, c.stored) })
	}
}

func TestInnerWitness(t *testing.T) {
	inner(t)
	m := jugModel(neverFour, four, used)
	for _, c := range []struct {
		name string
		f    func(t *testing.T)
	}{
		{"shows another state", func(t *testing.T) { allwaystest.Witness(t, m, "four", []pour{"fill big"}) }},
		{"is no run", func(t *testing.T) {
			allwaystest.Counterexample(t, m, "never 4",
				[]pour{"fill big", "small to big"})
		}},
		{"unknown property", func(t *testing.T) {
			allwaystest.Counterexample(t, m, "nothing",
				[]pour{"fill big"})
		}},
		{"path is no run", func(t *testing.T) { allwaystest.Witness(t, m, "four", allwaystest.Path("0:0.5")) }},
		{"path shows another state", func(t *testing.T) {
			allwaystest.Counterexample(t, m, "small is used",
				allwaystest.Path("0:0"))
		}},
		{"counterexample of sometimes", func(t *testing.T) {
			allwaystest.Counterexample(t, m, "four", allwaystest.Path("0:0"))
		}},
		{"witness of always", func(t *testing.T) { allwaystest.Witness(t, m, "never 4", allwaystest.Path("0:0")) }},
	} {
		t.Run(c.name, func(t *testing.T) { c.f(t) })
	}
}

func FuzzInner(f *testing.F) {
	inner(f)
	allwaystest.Fuzz(f, jugModel(neverFour, four))
}

func FuzzInnerPanic(f *testing.F) {
	inner(f)
	m := jugModel(atMost8)
	next := m.NextFunc
	m.NextFunc = func(s jugs, a pour) (jugs, bool) {
		if s.Small == 3 {
			panic("three litres")
		}
		return next(s, a)
	}
	allwaystest.Fuzz(f, m)
}
