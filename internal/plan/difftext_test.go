package plan_test

import (
	"testing"

	"github.com/allways-go/allways/internal/plan"
)

func TestDiffText(t *testing.T) {
	change := plan.Change{Path: "X", Before: "1", After: "2"}
	for _, test := range []struct {
		changes []plan.Change
		want    string
	}{
		{nil, ""},
		{[]plan.Change{change}, "X is 1 or 2"},
		{[]plan.Change{{Path: ".", Before: "1", After: "2"}}, "state is 1 or 2"},
		{[]plan.Change{{Before: "1", After: "2"}}, "state is 1 or 2"},
		{[]plan.Change{{Path: "M[1]", After: "2"}, {Path: "M[2]", Before: "1"}}, "M[1] is (none) or 2, M[2] is 1 or (none)"},
		{[]plan.Change{change, change, change}, "X is 1 or 2, X is 1 or 2, X is 1 or 2"},
		{[]plan.Change{change, change, change, change, change}, "X is 1 or 2, X is 1 or 2, X is 1 or 2, and 2 more"},
	} {
		if got := plan.DiffText(test.changes); got != test.want {
			t.Errorf("the text of %v is %q, not %q", test.changes, got, test.want)
		}
	}
}
