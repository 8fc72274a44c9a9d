package explore

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore/recorded"
)

// followed is a run of the pings that their model can do.
func followed() *recorded.Run {
	at := func(ms int) time.Time { return time.Date(2026, 1, 2, 3, 4, 5, ms*1e6, time.UTC) }
	return &recorded.Run{
		Name: "folder", Total: 3, Followed: 3, Notes: []string{"a note"},
		Events: []recorded.Event{
			{Actor: "bob", Time: at(0), Text: "start bob"},
			{Actor: "ann", Time: at(1), Text: "start ann"},
			{Actor: "bob", Time: at(7), Text: "ann -> bob: ping{}", Steps: []recorded.Step{{Text: "ann -> bob: ping{}"}}},
		},
	}
}

// diverging is a run of the pings in which bob counts in another way.
func diverging() *recorded.Run {
	r := followed()
	r.Followed, r.Broken = 2, []string{"at most one, after event 2"}
	r.Divergence = &recorded.Divergence{Event: 2, Text: "ann -> bob: ping{}", Reason: "its state differs"}
	return r
}

// serveRecording returns what asks a server of a system with a recording.
func serveRecording(t *testing.T, sys *actor.System[ping], r *recorded.Run) client {
	t.Helper()
	e := erased.Of(sys)
	if err := e.Compile(); err != nil {
		t.Fatal(err)
	}
	s := New(e, Options{Recording: r})
	t.Cleanup(s.Close)
	return client{t, s}
}

// Golden answers about recordings: one that follows the model and one that leaves it.
func TestRecording(t *testing.T) {
	for name, r := range map[string]*recorded.Run{"recording": followed(), "recording-diverges": diverging()} {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := json.Indent(&got, serveRecording(t, pings(), r).get(200, "recording"), "", "  "); err != nil {
				t.Fatal(err)
			}
			golden(t, name, append(got.Bytes(), '\n'))
		})
	}
	_, c := serve(t, pings())
	if p := decoded[problemJSON](t, c.get(404, "recording")); !strings.Contains(p.Error, "no recording") {
		t.Errorf("%+v", p)
	}
}

// Of a long recording only some events are answered, and all of its path is taken once.
func TestRecordingWindow(t *testing.T) {
	const n = 5000
	r := &recorded.Run{Total: n, Followed: n}
	for i := range n {
		e := recorded.Event{Text: fmt.Sprint(i), Steps: []recorded.Step{{Text: "crash ann"}, {Text: "restart ann"}}}
		r.Events = append(r.Events, e)
	}
	sys := actor.NewSystem[ping](actor.Config{Crashes: true})
	actor.Spawn(sys, "ann", pinger{actor.NoActor})
	c := serveRecording(t, sys, r)
	a := decoded[recordingJSON](t, c.get(200, "recording"))
	if len(a.Events) != maxWindow || a.Length != n || a.Cut != "" {
		t.Errorf("%d of %d events, %q", len(a.Events), a.Length, a.Cut)
	}
	for query, first := range map[string]int{"from=4990": 4991, "at=8001": 3998, "at=0": 1, "from=9999": 0} {
		name, value, _ := strings.Cut(query, "=")
		a := decoded[recordingJSON](t, c.get(200, "recording", name, value, "count", "7"))
		if first == 0 && len(a.Events) == 0 {
			continue
		}
		if len(a.Events) != 7 || a.Events[0].Number != first || a.From != first-1 || *a.Events[0].At != 2*first {
			t.Errorf("%s: from %d, %+v", query, a.From, a.Events)
		}
	}
	c.get(400, "recording", "at", "x")
	c.get(400, "recording", "count", "2001")
}
