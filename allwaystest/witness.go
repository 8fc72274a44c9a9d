package allwaystest

import (
	"fmt"
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
	if other := wrongKind(stepper.Properties(), property, want); other != "" {
		t.Fatal(other)
	}
	if encoded, ok := run.(Path); ok {
		return requirePath(t, stepper, property, want, string(encoded))
	}
	return requireActions(t, stepper, property, want, run.([]A))
}

// wrongKind says which assertion fits the property, if it is the other one.
func wrongKind[S any](all []allways.Property[S], name string, want allways.Verdict) string {
	for _, p := range all {
		switch sometimes := p.Kind() == allways.KindSometimes; {
		case p.Name() != name:
		case want == allways.Holds && !sometimes:
			return fmt.Sprintf("%s property %q has no witness: use Counterexample", p.Kind(), name)
		case want == allways.Violated && sometimes:
			return fmt.Sprintf("%s property %q has no counterexample: use Witness", p.Kind(), name)
		}
	}
	return ""
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
	t.Fatal(complaint(stepper, run, property, want))
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
		t.Fatal(complaint(stepper, p, property, want))
	}
	return p
}

// complaint says that a run does not show what it should. A run without a cycle may lack just that.
func complaint[S, A any](
	stepper *allways.Stepper[S, A], p *allways.Path[S, A], property string, want allways.Verdict,
) string {
	what, hint := "a counterexample", ""
	if want == allways.Holds {
		what = "a witness"
	}
	_, cyclic := p.Loop()
	for _, q := range stepper.Properties() {
		if q.Name() == property && q.Kind() == allways.KindEventually && !cyclic {
			hint = "; for a run that ends in a cycle, use a Path with the state to which it returns, such as \"0:0.1@0\""
		}
	}
	return fmt.Sprintf("the run is not %s of property %q%s\n\n%s", what, property, hint, indented(p.String()))
}
