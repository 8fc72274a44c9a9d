package allways_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
)

// siblingStep is a step of one of two equal processes.
type siblingStep struct{ Process, Step int }

// siblings is a model of two processes that follow one program.
type siblings struct {
	program [3][]command
	props   []allways.Property[[2]int]
}

// command is what a process may do in a state: go to another one, while the other process is in a state of a set.
type command struct{ to, letter, while int }

func (m siblings) Init() [][2]int { return [][2]int{{}} }

func (m siblings) Actions(dst []siblingStep, s [2]int) []siblingStep {
	for p := range 2 {
		for i, c := range m.program[s[p]] {
			if c.while>>s[1-p]&1 != 0 {
				dst = append(dst, siblingStep{p, i})
			}
		}
	}
	return dst
}

func (m siblings) Next(s [2]int, a siblingStep) ([2]int, bool) {
	s[a.Process] = m.program[s[a.Process]][a.Step].to
	return s, true
}

func (m siblings) Representative(s [2]int) [2]int         { return [2]int{min(s[0], s[1]), max(s[0], s[1])} }
func (m siblings) Properties() []allways.Property[[2]int] { return m.props }
func (m siblings) ActionName(siblingStep) string          { return "turn" }

// drawCommands returns what a process may do in a state.
func drawCommands(t *rapid.T) []command {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) command {
		return command{
			rapid.IntRange(0, 2).Draw(t, "to"), rapid.IntRange(0, 2).Draw(t, "letter"), rapid.IntRange(1, 7).Draw(t, "while"),
		}
	}), 0, 2).Draw(t, "commands")
}

// Symmetry changes no verdict on promises about runs, and its counterexamples are runs of the model.
func TestSymmetricPromisesAboutRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var m siblings
		for s := range m.program {
			m.program[s] = drawCommands(t)
		}
		letter := func(s [2]int, a siblingStep) int { return m.program[s[a.Process]][a.Step].letter }
		var l letters[[2]int]
		for i := range 3 {
			l.states[i] = allways.Predicate(fmt.Sprint("p", i), func(s [2]int) bool { return s[0] == i || s[1] == i })
			l.steps[i] = allways.StepPredicate(fmt.Sprint("a", i), func(s [2]int, a siblingStep, _ [2]int) bool {
				return letter(s, a) == i
			})
		}
		p := allways.Temporal("f", l.draw(t, rapid.IntRange(0, 4).Draw(t, "operators")).public)
		for range rapid.IntRange(0, 2).Draw(t, "constraints") {
			of := rapid.IntRange(0, 2).Draw(t, "of")
			is := func(s [2]int, a siblingStep, _ [2]int) bool { return letter(s, a) == of }
			if rapid.Bool().Draw(t, "strong") {
				p = p.Assuming(allways.StronglyFair("letter", is))
			} else {
				p = p.Assuming(allways.WeaklyFair("letter", is))
			}
		}
		m.props = []allways.Property[[2]int]{p}
		want := verdictOf(t, m, allways.Options{Workers: 1})
		for _, workers := range []int{1, 2} {
			if got := verdictOf(t, m, allways.Options{Workers: workers, Symmetry: true}); got.Verdict != want.Verdict {
				t.Fatalf("%s: %v (%s), without symmetry %v", want.Formula, got.Verdict, got.Reason, want.Verdict)
			} else if got.Verdict == allways.Violated && got.Path == nil {
				t.Fatalf("%s: no counterexample: %s", want.Formula, got.Reason)
			}
		}
		r, err := allways.Simulate(t.Context(), m, allways.SimulateOptions{Walks: 100, MaxDepth: 50, Symmetry: true})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Properties[0]; (got.Verdict == allways.Violated) != (want.Verdict == allways.Violated) {
			t.Fatalf("%s: walks say %v (%s), a search %v", want.Formula, got.Verdict, got.Reason, want.Verdict)
		}
	})
}

func verdictOf(t *rapid.T, m siblings, o allways.Options) allways.PropertyResult[[2]int, siblingStep] {
	r, err := allways.Check(t.Context(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	return r.Properties[0]
}

// A constraint for each process is refused: in representatives, one process takes the place of another.
func TestSymmetryRefusesKeys(t *testing.T) {
	process := func(_ [2]int, a siblingStep, _ [2]int) (int, bool) { return a.Process, true }
	fair := allways.WeaklyFairEach("processes", process)
	m := siblings{props: []allways.Property[[2]int]{
		allways.InfinitelyOften("again", func(s [2]int) bool { return s[0] == 0 }).Assuming(fair),
	}}
	_, err := allways.Check(t.Context(), m, allways.Options{Symmetry: true})
	wrong, ok := errors.AsType[*allways.OptionError](err)
	if !ok || !strings.Contains(wrong.Error(), "processes") {
		t.Errorf("%v", err)
	}
}
