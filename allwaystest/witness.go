package allwaystest

import (
	"testing"

	"github.com/allways-go/allways"
)

// Path is a path in the form of [allways.Path.Encode], such as "0:1.4.2".
type Path string

// Run is the argument of [Witness] and [Counterexample]: the actions of a run, or a [Path].
type Run[A any] interface{ []A | Path }

// Witness asserts that a run reaches a state that satisfies the named [allways.Sometimes] property, and
// returns its path. The run is a slice of actions, or a path such as Path("0:1.4.2").
//
// Actions are compared by their texts, and the run may start in any initial state. If there is no
// such run, Witness stops the test with the step that does not fit and the actions enabled there.
// If the run is not a witness, Witness stops the test with the states of the run.
func Witness[S, A any, R Run[A]](t testing.TB, m allways.Model[S, A], property string, run R) *allways.Path[S, A] {
	t.Helper()
	return require(t, m, property, allways.Holds, run)
}

// Counterexample asserts that a run violates the named property, and returns its path. It compares
// actions and stops the test as [Witness] does.
//
// Actions violate an [allways.Eventually] property if they end in a state without steps. A
// counterexample that ends in a cycle is given as a [Path].
func Counterexample[S, A any, R Run[A]](
	t testing.TB, m allways.Model[S, A], property string, run R,
) *allways.Path[S, A] {
	t.Helper()
	return require(t, m, property, allways.Violated, run)
}

func require[S, A any](
	t testing.TB, m allways.Model[S, A], property string, want allways.Verdict, run any,
) *allways.Path[S, A] {
	t.Helper()
	stepper, err := allways.NewStepper(m)
	if err != nil {
		t.Fatal(err)
	}
	if encoded, ok := run.(Path); ok {
		return requirePath(t, stepper, property, want, string(encoded))
	}
	return requireActions(t, stepper, property, want, run.([]A))
}

// requireActions tries all initial states. If none fits, it stops the test with the error of the
// longest run.
func requireActions[S, A any](
	t testing.TB, stepper *allways.Stepper[S, A], property string, want allways.Verdict, actions []A,
) *allways.Path[S, A] {
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

// replayed returns the number of steps before err.
func replayed(err error) int {
	if e, ok := err.(*allways.ReplayError); ok {
		return e.Step
	}
	return 0
}

func requirePath[S, A any](
	t testing.TB, stepper *allways.Stepper[S, A], property string, want allways.Verdict, path string,
) *allways.Path[S, A] {
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
