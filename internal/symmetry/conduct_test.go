package symmetry_test

import (
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/symmetry"
)

func TestDifference(t *testing.T) {
	step := func(violated uint64, to string) symmetry.Step {
		return symmetry.Step{Violated: violated, To: []byte(to)}
	}
	steps := func(all ...symmetry.Step) symmetry.Conduct {
		return symmetry.Conduct{Holds: []bool{true, false}, Steps: all}
	}
	with := func(change func(c *symmetry.Conduct)) symmetry.Conduct {
		c := steps()
		change(&c)
		return c
	}
	for _, test := range []struct {
		name string
		a, b symmetry.Conduct
		want string // part of the difference; empty without one
	}{
		{"equal", steps(), steps(), ""},
		{"order", steps(step(0, "x"), step(0, "y")), steps(step(0, "y"), step(0, "x")), ""},
		{"repetition", steps(step(0, "x"), step(1, "x"), step(0, "x")), steps(step(1, "x"), step(0, "x")), ""},
		{"result", steps(step(0, "x")), steps(step(0, "y")), "different representatives"},
		{"one more", steps(step(0, "x")), steps(step(0, "x"), step(0, "y")), "different representatives"},
		{"other step", steps(step(2, "x"), step(0, "y")), steps(step(0, "x"), step(2, "y")), "second is true of some steps"},
		{"violated", steps(step(2, "x")), steps(step(0, "x")), "second is false of a step of one of them (of the"},
		{"both", steps(step(2, "x")), steps(step(0, "y")), "second is false of a step of one of them (of the state: true"},
		{"terminal", with(func(c *symmetry.Conduct) { c.Terminal = true }), steps(), "no steps (the state: true"},
		{"bounded", steps(), with(func(c *symmetry.Conduct) { c.Bounded = true }), "boundary (of the state: false"},
		{
			"property", steps(), with(func(c *symmetry.Conduct) { c.Holds[0] = false }),
			"first is true of the state and false",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, told := symmetry.Difference(test.a, test.b, func(i int) string { return []string{"first", "second"}[i] })
			if want := test.name == "other step" || test.name == "violated"; told != want {
				t.Errorf("a property alone tells them apart: %t, want %t", told, want)
			}
			if got == "" != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("the difference is %q; it should have %q", got, test.want)
			}
		})
	}
}
