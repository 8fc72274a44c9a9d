package recorded

import (
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/erased"
)

// post passes on what it receives, one less, and counts.
type post struct{}

func (post) Start(c *actor.Context[int], _ *int) {
	if c.Self() == 0 {
		c.Send(1, 2)
	}
}

func (post) Receive(c *actor.Context[int], n *int, from actor.ID, m int) {
	if *n++; m > 0 {
		c.Send(from, m-1)
	}
}

// posts returns two posts, one of which sends 2 to the other.
func posts(t *testing.T, c actor.Config) *erased.Model {
	t.Helper()
	sys := actor.NewSystem[int](c)
	actor.Spawn(sys, "ann", post{})
	actor.Spawn(sys, "bob", post{})
	m := erased.Of(sys)
	if err := m.Compile(); err != nil {
		t.Fatal(err)
	}
	return m
}

// runOf returns a run with events whose steps have texts, apart from the actors' start.
func runOf(events ...[]string) *Run {
	r := &Run{Events: []Event{{Actor: "ann", Text: "start ann"}, {Actor: "bob", Text: "start bob"}}}
	for _, texts := range events {
		e := Event{Text: texts[len(texts)-1]}
		for _, text := range texts {
			text, again := strings.CutPrefix(text, "again ")
			e.Steps = append(e.Steps, Step{Text: text, Again: again})
		}
		r.Events = append(r.Events, e)
	}
	r.Total = len(r.Events)
	return r
}

func aligned(t *testing.T, c actor.Config, r *Run) *Aligned {
	t.Helper()
	a, err := Align(posts(t, c), r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func texts(p *erased.Path) (all []string) {
	for i := range p.Len() {
		all = append(all, p.ActionText(i))
	}
	return all
}

// A run becomes a path with the copies and crashes that it does not show, also where those are beyond the limits of
// the model.
func TestAlign(t *testing.T) {
	for name, x := range map[string]struct {
		config actor.Config
		run    *Run
		want   string
		at     []int
	}{
		"plain": {
			actor.Config{}, runOf([]string{"ann -> bob: 2"}, []string{"bob -> ann: 1"}),
			"ann -> bob: 2, bob -> ann: 1", []int{0, 0, 1, 2},
		},
		"once more": {
			actor.Config{Duplicates: true},
			runOf([]string{"ann -> bob: 2"}, []string{"bob -> ann: 1"}, []string{"again ann -> bob: 2"},
				[]string{"again ann -> bob: 2"}),
			"duplicate ann -> bob: 2, ann -> bob: 2, bob -> ann: 1, " +
				"duplicate ann -> bob: 2, ann -> bob: 2, ann -> bob: 2",
			[]int{0, 0, 2, 3, 5, 6},
		},
		"crash": {
			actor.Config{Crashes: true}, runOf([]string{"ann -> bob: 2"}, []string{"crash bob", "restart bob"}),
			"ann -> bob: 2, crash bob, restart bob", []int{0, 0, 1, 3},
		},
		"more crashes than are explored": {
			actor.Config{Crashes: true, MaxCrashes: 1},
			runOf([]string{"crash ann", "restart ann"}, []string{"crash bob", "restart bob"}),
			"crash ann, restart ann, crash bob, restart bob", []int{0, 0, 2, 4},
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := aligned(t, x.config, x.run)
			if got := strings.Join(texts(a.Path), ", "); got != x.want || !slices.Equal(a.At, x.at) || a.Cut != "" {
				t.Errorf("%s at %v, %q; want %s at %v", got, a.At, a.Cut, x.want, x.at)
			}
		})
	}
}

// Where no path has an event, the path ends before it and the reason is said.
func TestCut(t *testing.T) {
	r := runOf([]string{"ann -> bob: 2"}, []string{"outside -> bob: 7"}, []string{"bob -> ann: 1"})
	r.Events[3].Steps[0].Beyond = "its message came from elsewhere"
	if a := aligned(t, actor.Config{}, r); a.Path.Len() != 1 || len(a.At) != 3 ||
		a.Cut != "the path ends before event 4: its message came from elsewhere" {
		t.Errorf("%v, %q", a.At, a.Cut)
	}
	r = runOf([]string{"ann -> bob: 3"})
	if a := aligned(t, actor.Config{}, r); a.Path.Len() != 0 || !strings.Contains(a.Cut, "ends before event 3: ") {
		t.Errorf("%v, %q", a.At, a.Cut)
	}
	r = runOf([]string{"ann -> bob: 2"})
	r.Total = 9
	if a := aligned(t, actor.Config{}, r); a.Path.Len() != 1 || !strings.Contains(a.Cut, "after 3 events") {
		t.Errorf("%v, %q", a.At, a.Cut)
	}
}

// Where a run leaves the model, the path ends, and what was enabled stands there.
func TestDivergence(t *testing.T) {
	r := runOf([]string{"ann -> bob: 2"}, []string{"bob -> ann: 1"})
	r.Divergence = &Divergence{Event: 3, Text: "bob -> ann: 1", Reason: "another state"}
	a := aligned(t, actor.Config{Crashes: true}, r)
	if a.Path.Len() != 1 || len(a.At) != 3 || a.After == nil || a.After.Len() != 2 {
		t.Errorf("%v, %v", a.At, a.After)
	}
	r = runOf([]string{"ann -> bob: 2"})
	r.Events, r.Total = append(r.Events, Event{Text: "bob -> ann: 7"}), 4
	r.Divergence = &Divergence{Event: 3, Text: "bob -> ann: 7", Expected: []string{"bob -> ann: 1"}}
	a = aligned(t, actor.Config{Crashes: true}, r)
	var near []string
	for _, n := range a.Near {
		near = append(near, n.Text)
	}
	if a.After != nil || !slices.Equal(near, []string{"bob -> ann: 1", "crash ann", "crash bob"}) || !a.Near[0].Expected {
		t.Errorf("%v, %+v", a.After, a.Near)
	}
}

func TestDistance(t *testing.T) {
	for _, x := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a b", "a b", 0}, {"a b", "a", 1}, {"a", "b c", 2}, {"a b c d", "b c d a", 2},
		{"s1 -> s2: Vote{Term:1}", "s1 -> s2: Vote{Term:2}", 1},
	} {
		if got, back := distance(words(x.a), words(x.b)), distance(words(x.b), words(x.a)); got != x.want || back != x.want {
			t.Errorf("from %q to %q it is %d and back %d; want %d", x.a, x.b, got, back, x.want)
		}
	}
}
