package allwaystest

import (
	"testing"

	"github.com/allways-go/allways"
)

// Witness asserts that the run that takes the given actions from an initial state reaches a state that satisfies the
// named Sometimes property, and returns that run. Actions are compared by their texts. Anything else stops the test, and
// says at which step the run does not fit and what is enabled there.
func Witness[S, A any](t testing.TB, m allways.Model[S, A], property string, actions ...A) *allways.Path[S, A] {
	t.Helper()
	return insist(t, newStepper(t, m), property, allways.Holds, actions)
}

// Counterexample asserts that the run that takes the given actions from an initial state violates the named property,
// and returns that run. Actions are compared by their texts. An [allways.Eventually] is violated by a run that ends in a
// state without steps; for one that goes round in a cycle use [CounterexamplePath]. Anything else stops the test, and
// says at which step the run does not fit and what is enabled there.
func Counterexample[S, A any](t testing.TB, m allways.Model[S, A], property string, actions ...A) *allways.Path[S, A] {
	t.Helper()
	return insist(t, newStepper(t, m), property, allways.Violated, actions)
}

// WitnessPath is like [Witness] for a path in the form of [allways.Path.Encode].
func WitnessPath[S, A any](t testing.TB, m allways.Model[S, A], property, path string) *allways.Path[S, A] {
	t.Helper()
	return insistPath(t, newStepper(t, m), property, allways.Holds, path)
}

// CounterexamplePath is like [Counterexample] for a path in the form of [allways.Path.Encode].
func CounterexamplePath[S, A any](t testing.TB, m allways.Model[S, A], property, path string) *allways.Path[S, A] {
	t.Helper()
	return insistPath(t, newStepper(t, m), property, allways.Violated, path)
}

// insist tries all initial states, and stops the test with the complaint about the run that fits best.
func insist[S, A any](t testing.TB, stepper *allways.Stepper[S, A], property string, want allways.Verdict, actions []A) *allways.Path[S, A] {
	t.Helper()
	states, err := stepper.Init()
	if err != nil {
		t.Fatal(err)
	}
	var best error
	var run *allways.Path[S, A]
	for i := range states {
		p, err := stepper.Path(i, actions...)
		if err != nil {
			if best == nil || replayed(err) > replayed(best) {
				best = err
			}
			continue
		}
		run = p
		if v, err := stepper.Evaluate(p, property); err != nil {
			t.Fatal(err)
		} else if v == want {
			return p
		}
	}
	if run == nil {
		t.Fatal(best)
	}
	t.Fatal(complaint(run, property, want))
	return nil
}

// replayed returns how many steps went well before err.
func replayed(err error) int {
	if e, ok := err.(*allways.ReplayError); ok {
		return e.Step
	}
	return 0
}

func insistPath[S, A any](t testing.TB, stepper *allways.Stepper[S, A], property string, want allways.Verdict, path string) *allways.Path[S, A] {
	t.Helper()
	p, err := stepper.ParsePath(path)
	if err != nil {
		t.Fatal(err)
	}
	v, err := stepper.Evaluate(p, property)
	if err != nil {
		t.Fatal(err)
	}
	if v != want {
		t.Fatal(complaint(p, property, want))
	}
	return p
}

func complaint[S, A any](p *allways.Path[S, A], property string, want allways.Verdict) string {
	what := "a counterexample"
	if want == allways.Holds {
		what = "a witness"
	}
	return "the run is not " + what + " of property \"" + property + "\"\n\n" + indented(p.String())
}
