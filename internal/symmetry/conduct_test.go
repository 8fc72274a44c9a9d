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
		{"other step", steps(step(2, "x"), step(0, "y")), steps(step(0, "x"), step(2, "y")), "different representatives"},
		{"violated", steps(step(2, "x")), steps(step(0, "x")), `violates property "second" (of the state: true`},
		{"terminal", with(func(c *symmetry.Conduct) { c.Terminal = true }), steps(), "no steps (the state: true"},
		{"bounded", steps(), with(func(c *symmetry.Conduct) { c.Bounded = true }), "boundary (of the state: false"},
		{
			"property", steps(), with(func(c *symmetry.Conduct) { c.Holds[0] = false }),
			`property "first" is true of the state and false`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := symmetry.Difference(test.a, test.b, func(i int) string { return []string{"first", "second"}[i] })
			if got == "" != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("the difference is %q; it should have %q", got, test.want)
			}
		})
	}
}
