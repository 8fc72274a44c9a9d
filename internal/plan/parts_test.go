package plan

import (
	"slices"
	"testing"
	"unsafe"
)

type inner struct {
	Term int
	Cmd  any
}

type outer struct {
	Log   []inner
	Votes map[string]bool
	Next  *inner
	None  *inner
	Pair  [2]int8
	_     int
}

func TestParts(t *testing.T) {
	v := outer{Log: []inner{{1, "a"}, {2, inner{3, nil}}}, Votes: map[string]bool{"b": false, "a": true},
		Next: &inner{4, 5}, Pair: [2]int8{6, 7}}
	want := []string{
		"len(Log) 2", "Log[*].Term 1", `Log[*].Cmd "a"`, "Log[*].Term 2", "Log[*].Cmd.Term 3", "Log[*].Cmd.Cmd nil",
		"len(Votes) 2", "Votes[*] true", "Votes[*] false", "Next.Term 4", "Next.Cmd 5", "None nil", "Pair[*] 6", "Pair[*] 7",
	}
	if got := partsOf(t, "", &v); !slices.Equal(got, want) {
		t.Errorf("parts\n%q, want\n%q", got, want)
	}
}

func TestPartsOfRoots(t *testing.T) {
	number, list := 3, []int{4}
	for _, c := range []struct{ got, want []string }{
		{partsOf(t, "", &number), []string{"state 3"}},
		{partsOf(t, "x", &number), []string{"x 3"}},
		{partsOf(t, "x", &list), []string{"len(x) 1", "x[*] 4"}},
		{partsOf(t, "x", &inner{Term: 1}), []string{"x.Term 1", "x.Cmd nil"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("parts %q, want %q", c.got, c.want)
		}
	}
}

func partsOf[T any](t *testing.T, root string, v *T) (all []string) {
	t.Helper()
	p, err := For[T]()
	if err != nil {
		t.Fatal(err)
	}
	p.Parts(root, unsafe.Pointer(v), func(path, text string) { all = append(all, path+" "+text) })
	return all
}
