package explore

import (
	"strconv"
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
		texts = append(texts, x.Step+" "+x.Text+": "+x.Reason)
	}
	want := "!0 crash ann: the actor never crashes\n" +
		"!1 lose ann -> bob: ping{}: the link loses no messages\n" +
		"!2 duplicate ann -> bob: ping{}: the network duplicates no messages\n" +
		"!3 crash bob: the actor never crashes\n" +
		"!4 partition ann | bob: the network has no such partition"
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
	for _, wrong := range []string{"0:!9", "0:!x", "0:!-1", "0:!", "0:!f", "0:!2@0", "0:!2147483647"} {
		c.get(400, "state", "path", wrong)
	}
	c.get(400, "export", "path", "0:!2.0", "format", "trace")
	c.get(400, "export", "path", "0:!2.0", "format", "go")
	found := decoded[foundJSON](t, c.get(200, "find", "path", "0:!2", "breaks", "at most one"))
	if len(found.Results) != 1 || found.Results[0].On != "0.0" || !found.Results[0].Outside {
		t.Errorf("%+v", found)
	}
	found = decoded[foundJSON](t, c.get(200, "find", "path", "0:!2.0", "scope", "trace", "satisfies", "at most one"))
	if len(found.Results) != 3 || found.Results[0].Outside || !found.Results[1].Outside {
		t.Errorf("%+v", found)
	}
	if g := decoded[graphJSON](t, c.get(200, "graph", "path", "0:!2")); !g.Outside {
		t.Error("the graph of supposed states is not labelled")
	}
	if g := decoded[graphJSON](t, c.get(200, "graph", "path", "0:0")); g.Outside {
		t.Error("a graph of the model is labelled as supposed")
	}
}

// Of a large system, not all crashes and partitions are listed, but some of each, under numbers that lead to them.
func TestSuppositionsOfMany(t *testing.T) {
	sys := actor.NewSystem[ping](actor.Config{})
	for i := range 450 {
		actor.Spawn(sys, "actor-"+strconv.Itoa(i), pinger{actor.NoActor})
	}
	_, c := serve(t, sys)
	all := decoded[stateJSON](t, c.get(200, "state", "path", "0:")).Suppose
	count, last := map[string]int{}, supposeJSON{}
	for _, x := range all {
		count[x.Name]++
		last = x
		if len(x.Text) > maxSupposed+len("…") {
			t.Fatalf("%d bytes: %s", len(x.Text), x.Text)
		}
	}
	if count["crash"] != maxSuppositions || count["partition"] != maxSuppositions || last.Name != "partition" {
		t.Errorf("%v, %+v", count, last)
	}
	took := decoded[traceJSON](t, c.get(200, "trace", "path", "0:"+last.Step)).Steps[0].Text
	if !strings.HasPrefix(took, strings.TrimSuffix(last.Text, "…")) || len(took) <= maxSupposed {
		t.Errorf("%s leads to %s", last.Step, took)
	}
}

// Every form of export says that the path is no run of the model, and why; a trace file is refused.
func TestSupposedExports(t *testing.T) {
	_, c := serve(t, pings())
	const caveat = "outside of the model's assumptions from step 2 on"
	for format, label := range map[string]string{
		"text": caveat, "svg": caveat, "mermaid": "what if: crash",
		"json": "the actor never crashes", "itf": caveat, "html": "the actor never crashes",
	} {
		got := string(c.get(200, "export", "path", "0:0.!0", "format", format))
		if !strings.Contains(strings.ReplaceAll(got, "&#39;", "'"), label) {
			t.Errorf("%s: %s", format, got)
		}
		plain := string(c.get(200, "export", "path", "0:0", "format", format))
		if format != "html" && strings.Contains(plain, label) {
			t.Errorf("%s, of a run of the model: %s", format, plain)
		}
	}
	refused := string(c.get(400, "export", "path", "0:0.!0", "format", "trace"))
	if !strings.Contains(refused, "step 2 is outside of the model's assumptions") {
		t.Error(refused)
	}
}

// Nothing becomes inevitable outside of the model.
func TestSupposedFate(t *testing.T) {
	_, c := serve(t, pings())
	refused := string(c.get(400, "fate", "path", "0:!2.0.0", "breaks", "at most one"))
	if !strings.Contains(refused, "no state before it breaks the promise") {
		t.Error(refused)
	}
	_, c = serve(t, counter(3))
	c.get(400, "state", "path", "0:!0")
	c.get(400, "state", "path", "0:!f0_0_e30")
	if all := decoded[forgeablesJSON](t, c.get(200, "messages", "path", "0:")); len(all.Messages) != 0 {
		t.Errorf("%+v", all)
	}
}

// note is a message with all that JSON must carry.
type note struct {
	Text  string
	level int8
	For   actor.ID
	Extra any
}

// noter passes its notes on.
type noter struct{ to actor.ID }

func (n noter) Start(c *actor.Context[note], _ *[]string) {
	if n.to != actor.NoActor {
		c.Send(n.to, note{Text: "<a & b>", level: -3, For: n.to, Extra: ping{}})
	}
}

func (n noter) Receive(_ *actor.Context[note], s *[]string, _ actor.ID, m note) {
	if m.level == 5 {
		*s = append(*s, m.Text)
	}
}

func notes(actor.Config) *actor.System[note] {
	sys := actor.NewSystem[note](actor.Config{Ignored: actor.IgnoredConsumed})
	actor.Spawn(sys, "ann", noter{1})
	bob := actor.Spawn(sys, "bob", noter{actor.NoActor})
	sys.Always("no notes", func(s *actor.State[note]) bool { return len(*bob.In(s)) == 0 })
	return sys
}

// A forged message is put in flight, delivered, and labelled; its path is a link that lasts.
func TestForge(t *testing.T) {
	_, c := serve(t, notes(actor.Config{}))
	offered := decoded[forgeablesJSON](t, c.get(200, "messages", "path", "0:"))
	const form = `{"Text":"<a & b>","level":-3,"For":"bob","Extra":{"type":"ping","value":{}}}`
	empty := forgeableJSON{-1, -1, -1, `note{Extra:nil}`, `{"Text":"","level":0,"For":"ann","Extra":null}`}
	if len(offered.Messages) != 2 || offered.Messages[0].Message != form || offered.Messages[0].To != 1 ||
		offered.Messages[1].Message != empty.Message {
		t.Fatalf("%+v", offered)
	}
	forged := decoded[supposeJSON](t, c.get(200, "forge", "path", "0:0", "from", "-1", "to", "1",
		"message", ` {"level": 5, "Text": "é" } `))
	_, fresh := serve(t, notes(actor.Config{})) // the server has restarted
	path := "0:0." + forged.Step
	next := decoded[stateJSON](t, fresh.get(200, "state", "path", path))
	if next.Path != path || next.Outside == nil || next.Outside.Step != 2 ||
		next.Outside.Reason != "no actor has sent the message" || len(next.Next) != 1 {
		t.Fatalf("%+v", next)
	}
	path += "." + strconv.Itoa(next.Next[0].Index)
	end := decoded[traceJSON](t, fresh.get(200, "trace", "path", path))
	if len(end.Breaks) != 1 || !end.Breaks[0].Outside || !end.Steps[1].Outside || end.Rows[1].Kind != "note" ||
		end.Rows[2].Message == nil || end.Rows[2].Message.Sent != 2 {
		t.Errorf("%+v", end)
	}
	for _, format := range []string{"text", "svg", "mermaid", "json", "html", "itf"} {
		fresh.get(200, "export", "path", path, "format", format)
	}
}

// What is wrong with a forged message is said, with the name of the part.
func TestForgeRefused(t *testing.T) {
	_, c := serve(t, notes(actor.Config{}))
	for message, want := range map[string]string{
		"":                                     "the JSON ends too early",
		"{":                                    "the JSON ends too early",
		"{} {}":                                "more after the end",
		"[]":                                   "message: want an object with the fields of note",
		`{"level":300}`:                        "message.level: want int8, not 300",
		`{"level":"x"}`:                        "message.level: want int8, not \\\"x\\\"",
		`{"Txt":""}`:                           `note has no field \"Txt\"; it has Text, level, For, Extra`,
		`{"For":"eve"}`:                        `there is no actor \"eve\"`,
		`{"Extra":{}}`:                         "message.Extra: want an object such as",
		`{"Extra":{"type":"Pong","value":{}}}`: `no type \"Pong\" is known; known are ping`,
		`{"Text":"` + strings.Repeat("x", 5000) + `"}`: "at most 4096",
	} {
		got := string(c.get(400, "forge", "path", "0:", "from", "0", "to", "1", "message", message))
		if !strings.Contains(got, want) {
			t.Errorf("%.40s: got %s, want %s", message, got, want)
		}
	}
	c.get(400, "forge", "path", "0:", "from", "7", "to", "1", "message", "{}")
	c.get(400, "forge", "path", "0:", "from", "-2", "to", "1", "message", "{}")
	c.get(400, "forge", "path", "0:", "from", "0", "to", "2", "message", "{}")
	c.get(400, "forge", "path", "0:", "from", "x", "to", "1", "message", "{}")
	for _, wrong := range []string{"0:!f0_1_", "0:!f0_1_????", "0:!f0_1", "0:!f0_9_e30", "0:!fx_1_e30", "0:!f0_1_W10"} {
		c.get(400, "state", "path", wrong)
	}
}
