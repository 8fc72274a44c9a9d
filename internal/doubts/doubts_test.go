package doubts

import (
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/engine"
)

func TestWarnings(t *testing.T) {
	acts := func(enabled, taken int64) []Action { return []Action{{"go", 5, 5}, {"stay", enabled, taken}} }
	never := func() []engine.Warning { return []engine.Warning{{Kind: engine.WarningIdleActor, Text: "idle"}} }
	for _, c := range []struct {
		name string
		run  Run
		want string // kinds and the ends of texts
	}{
		{"good", Run{Properties: 1, Actions: acts(3, 3), Searched: true}, "idle actor: idle"},
		{"not searched", Run{Properties: 1, Actions: acts(0, 0)}, ""},
		{"no properties", Run{Actions: acts(0, 0)}, "no properties: Always(name, predicate)"},
		{"never offered", Run{Properties: 1, Actions: acts(0, 0), Searched: true},
			"action never taken: Actions never offers one; idle actor: idle"},
		{"bounded", Run{Properties: 1, Actions: acts(2, 0), Searched: true, Bounded: true, Native: true},
			"action never taken: each leads out of the boundary (within the boundary); idle actor: idle (within the boundary)"},
		{"still", Run{Properties: 1, Searched: true}, "no steps: Actions never offers one"},
		{"still in walks", Run{Properties: 1, Walked: true, Native: true}, "no steps: to which a handler reacts"},
		{"alone", Run{Properties: 1, Actions: acts(3, 3), Searched: true, Alone: true, Vacuous: []string{"p"}},
			"no steps: returns to the one initial state; vacuous property: p"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.run.Warnings(never)
			want := strings.Split(c.want, "; ")
			if c.want == "" {
				want = nil
			}
			if len(got) != len(want) {
				t.Fatalf("%v, want %q", got, want)
			}
			for i, w := range got {
				if kind, end, _ := strings.Cut(want[i], ": "); string(w.Kind) != kind || !strings.HasSuffix(w.Text, end) {
					t.Errorf("%s: %s; want %q", w.Kind, w.Text, want[i])
				}
			}
		})
	}
}
