package explore

import (
	"fmt"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// teller logs what it does.
type teller struct{ to actor.ID }

func (l teller) Start(c *actor.Context[int], _ *int) {
	c.Log("%s starts", c.Name(c.Self()))
	if l.to != actor.NoActor {
		c.Send(l.to, 7)
	}
}

func (l teller) Receive(c *actor.Context[int], n *int, from actor.ID, m int) {
	*n += m
	c.Log("%d of %s", m, c.Name(from))
	c.Log("now %d", *n)
}

// The lines of actors come by step, from any step on; a step in which nothing runs has none.
func TestLog(t *testing.T) {
	sys := actor.NewSystem[int](actor.Config{})
	actor.Spawn(sys, "ann", teller{1})
	actor.Spawn(sys, "bob", teller{actor.NoActor})
	_, c := serve(t, sys)
	for from, want := range map[string]string{
		"":  "[{0 0 ann starts} {0 1 bob starts} {2 1 7 of ann} {2 1 now 7} {3 1 7 of ann} {3 1 now 14}]",
		"2": "[{3 1 7 of ann} {3 1 now 14}]",
		"9": "[]",
	} {
		got := decoded[logJSON](t, c.get(200, "log", "path", "0:!2.0.0", "from", from))
		if fmt.Sprint(got.Lines) != want || got.Cut != "" {
			t.Errorf("from %q: %v, want %s", from, got, want)
		}
	}
}

// Models that are no systems of actors note their steps.
func TestLogOfNotes(t *testing.T) {
	m := counter(30_000).(allways.Funcs[tally, string])
	m.NextFunc = func(s tally, _ string) (tally, bool) { s.Red++; return s, true }
	m.FormatStepFunc = func(_ tally, a string, b tally) string { return fmt.Sprintf("took %s, now %d", a, b.Red) }
	_, c := serve(t, m)
	got := decoded[logJSON](t, c.get(200, "log", "path", "0:0.1"))
	if want := "[{1 -1 took red, now 1} {2 -1 took blue, now 2}]"; fmt.Sprint(got.Lines) != want {
		t.Errorf("%v, want %s", got.Lines, want)
	}
	long := "0:0" + strings.Repeat(".0", maxLog)
	got = decoded[logJSON](t, c.get(200, "log", "path", long))
	if last := got.Lines[len(got.Lines)-1]; got.Cut == "" || len(got.Lines) != maxLog || last.Step != maxLog {
		t.Errorf("%d lines up to %v, cut %q", len(got.Lines), last, got.Cut)
	}
}
