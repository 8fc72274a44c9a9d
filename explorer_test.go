package allways_test

import (
	"testing"

	"github.com/allways-go/allways"
)

// A complete search beside an explorer changes nothing of what was explored, runs once, and gives the
// result that Check gives.
func TestExplorerSearch(t *testing.T) {
	m := upTo5(allways.Always("small", func(s int) bool { return s < 3 }))
	x, err := allways.NewExplorer[int, string](m)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if r, ended, err := x.Result(); r != nil || ended || err != nil {
		t.Errorf("before the search: %v, %t, %v", r, ended, err)
	}
	p, err := x.Stepper().ParsePath("0:")
	if err != nil {
		t.Fatal(err)
	}
	next, err := x.Expand(p)
	if err != nil || len(next) != 2 {
		t.Fatalf("%v, %v", next, err)
	}
	x.Search(t.Context(), allways.Options{})
	x.Search(t.Context(), allways.Options{MaxDepth: 1}) // changes nothing
	waited, err := x.Wait()
	if err != nil {
		t.Fatal(err)
	}
	got, ended, err := x.Result()
	if !ended || err != nil || got.Verdict != waited.Verdict {
		t.Errorf("after the search: %v, %t, %v", got, ended, err)
	}
	want, err := allways.Check(t.Context(), m, allways.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := got.Property("small").Path.Encode(), want.Property("small").Path.Encode(); a != b {
		t.Errorf("the explorer finds %s, and Check finds %s", a, b)
	}
	if generated, distinct, _ := x.Progress(); generated != 2 || distinct != 2 {
		t.Errorf("explored: %d generated and %d distinct states, want 2 and 2", generated, distinct)
	}
}
