package explore

import (
	"strings"
	"testing"

	"github.com/allways-go/allways"
)

// ladder is a model over numbers with the given steps.
func ladder(steps map[int][]int, bad ...int) allways.Model[int, int] {
	return allways.Funcs[int, int]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []int, s int) []int { return append(dst, steps[s]...) },
		NextFunc:    func(_, a int) (int, bool) { return a, true },
		Props: []allways.Property[int]{allways.Always("good", func(s int) bool {
			for _, b := range bad {
				if s == b {
					return false
				}
			}
			return true
		})},
	}
}

// A broken promise was inevitable from the first state that no good run leaves.
func TestFate(t *testing.T) {
	for _, x := range []struct {
		name  string
		model allways.Model[int, int]
		path  string
		want  fateJSON
	}{
		{"two ways at the start", ladder(map[int][]int{0: {1, 5}, 1: {2}, 2: {3}}, 3), "0:0.0.0",
			fateJSON{Broken: 3, Known: true, Step: 1, Good: "0:1"}},
		{"a good end late", ladder(map[int][]int{0: {1}, 1: {2}, 2: {3, 4}}, 3), "0:0.0.0",
			fateJSON{Broken: 3, Known: true, Step: 3, Good: "0:0.0.1"}},
		{"doomed from the start", ladder(map[int][]int{0: {1, 2}, 1: {3}, 2: {3}}, 3), "0:0.0",
			fateJSON{Broken: 2, Known: true, Step: 0}},
		{"a cycle is a good run", ladder(map[int][]int{0: {1}, 1: {0, 2}, 2: {3}}, 3), "0:0.1.0",
			fateJSON{Broken: 3, Known: true, Step: 2, Good: "0:0.0.0"}},
		{"a step that changes nothing is a cycle", ladder(map[int][]int{0: {0, 1}, 1: {2}}, 2), "0:1.0",
			fateJSON{Broken: 2, Known: true, Step: 1, Good: "0:0"}},
		{"a detour through doomed states", ladder(map[int][]int{0: {1, 2}, 1: {2, 3}, 2: {3}, 3: {4}}, 4), "0:0.0.0.0",
			fateJSON{Broken: 4, Known: true, Step: 0}},
		{"nothing is broken", ladder(map[int][]int{0: {1}}), "0:0", fateJSON{Broken: -1}},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, c := serve(t, x.model)
			got := decoded[fateJSON](t, c.get(200, "fate", "path", x.path, "breaks", "good"))
			if got.Looked = 0; got != x.want {
				t.Errorf("%+v, want %+v", got, x.want)
			}
		})
	}
}

// The good run is like the broken one where it can be: it leaves out the step that was one too many.
func TestNearest(t *testing.T) {
	m := allways.Funcs[string, string]{
		InitFunc: func() []string { return []string{""} },
		ActionsFunc: func(dst []string, s string) []string {
			for _, letter := range "zabcd" {
				if x := string(letter); !strings.Contains(s, x) && (x != "z" || s == "a") {
					dst = append(dst, x)
				}
			}
			return dst
		},
		NextFunc: func(s, a string) (string, bool) { return s + a, true },
		Props: []allways.Property[string]{allways.Always("good", func(s string) bool {
			return !strings.Contains(s, "z") || !strings.Contains(s, "c")
		})},
	}
	s, c := serve(t, m)
	for path, want := range map[string]string{"azdcb": `"adcb"`, "azbdc": `"abdc"`} {
		p, err := s.host.model.Start(0)
		for _, x := range path {
			if err == nil {
				p, err = p.ExtendByText(string(x), -1)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		got := decoded[fateJSON](t, c.get(200, "fate", "path", p.Encode(), "breaks", "good"))
		e, err := s.host.path(got.Good)
		if err != nil || e.Path.StateText(e.Path.Len()) != want || got.Step != 2 || !got.Known {
			t.Errorf("%s: %+v, %v", path, got, err)
		}
	}
}
