package explore

import (
	"strings"
	"testing"

	"github.com/allways-go/allways/actor"
)

type ping struct{}

// pinger sends one message and counts what it receives.
type pinger struct{ to actor.ID }

func (p pinger) Start(c *actor.Context[ping], _ *int) {
	if p.to != actor.NoActor {
		c.Send(p.to, ping{})
	}
}

func (p pinger) Receive(_ *actor.Context[ping], n *int, _ actor.ID, _ ping) { *n++ }

func pings() *actor.System[ping] {
	sys := actor.NewSystem[ping](actor.Config{})
	a := actor.Spawn(sys, "ann", pinger{1})
	b := actor.Spawn(sys, "bob", pinger{actor.NoActor})
	sys.Always("at most one", func(s *actor.State[ping]) bool { return *b.In(s) < 2 && *a.In(s) == 0 })
	return sys
}

// What the model rules out can be supposed, is labelled, and counts for nothing.
func TestSuppose(t *testing.T) {
	_, c := serve(t, pings())
	start := decoded[stateJSON](t, c.get(200, "state", "path", "0:"))
	var texts []string
	for _, x := range start.Suppose {
		texts = append(texts, "0:"+x.Step+" "+x.Text+": "+x.Reason)
	}
	want := "0:!0 crash ann: the actor never crashes\n" +
		"0:!1 lose ann -> bob: ping{}: the link loses no messages\n" +
		"0:!2 duplicate ann -> bob: ping{}: the network duplicates no messages\n" +
		"0:!3 crash bob: the actor never crashes"
	if got := strings.Join(texts, "\n"); got != want || start.Outside != nil {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	twice := decoded[traceJSON](t, c.get(200, "trace", "path", "0:!2.0.0"))
	if twice.Outside == nil || twice.Outside.Step != 1 || !twice.Steps[0].Outside || twice.Steps[1].Outside ||
		len(twice.Breaks) != 1 || !twice.Breaks[0].Outside || twice.Breaks[0].At != 3 {
		t.Errorf("%+v", twice)
	}
	end := decoded[stateJSON](t, c.get(200, "state", "path", "0:!2.0.0"))
	if end.Outside == nil || end.Outside.Reason != "the network duplicates no messages" || end.Holds[0].Holds {
		t.Errorf("%+v", end)
	}
	for format, label := range map[string]string{
		"text": "(outside of the model's assumptions)", "svg": "<!-- outside of", "mermaid": "%% outside of",
		"json": `"outside": true`, "itf": `"outside": true`,
	} {
		if got := string(c.get(200, "export", "path", "0:!2.0", "format", format)); !strings.Contains(got, label) {
			t.Errorf("%s: %s", format, got)
		}
	}
	c.get(400, "export", "path", "0:!2.0", "format", "trace")
	c.get(400, "state", "path", "0:!9")
	c.get(400, "state", "path", "0:!x")
	found := decoded[foundJSON](t, c.get(200, "find", "path", "0:!2", "breaks", "at most one"))
	if len(found.Results) != 1 || found.Results[0].On != "0.0" || !found.Results[0].Outside {
		t.Errorf("%+v", found)
	}
}
