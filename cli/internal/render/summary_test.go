package render

import (
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
)

// An assumption stands once, with the promises that rest on it.
func TestAssumptions(t *testing.T) {
	promise := func(name string, assumes ...string) erased.PropertyResult {
		return erased.PropertyResult{Name: name, Kind: allways.KindLeadsTo, Formula: "p ~> q", Assumes: assumes}
	}
	safe := erased.PropertyResult{Name: "safe"}
	possible := erased.PropertyResult{Name: "possible", Kind: allways.KindPossible, Formula: "p"}
	for _, c := range []struct {
		of   []erased.PropertyResult
		want string
	}{
		{[]erased.PropertyResult{safe, possible}, ""},
		{[]erased.PropertyResult{safe, promise("one", "a"), possible}, "ASSUMPTION  OF\na           one\n\n"},
		{[]erased.PropertyResult{promise("one", "a", "b"), safe, promise("two", "a")},
			"ASSUMPTION  OF\na           all promises about runs\nb           one\n\n"},
		{[]erased.PropertyResult{promise("one", "a"), promise("two", "a"), promise("three")},
			"ASSUMPTION  OF\na           one, two\n\n"},
	} {
		var b strings.Builder
		if assumptions(&b, &erased.Result{Properties: c.of}); b.String() != c.want {
			t.Errorf("got\n%s\nwant\n%s", b.String(), c.want)
		}
	}
}
