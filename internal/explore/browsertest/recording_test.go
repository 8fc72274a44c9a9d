package browsertest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/chromium"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore/recorded"
)

// recordedPath returns a run in which real processes did what a path of a model has, after they had started.
func recordedPath[S, A any](t *testing.T, m allways.Model[S, A], path string) *recorded.Run {
	t.Helper()
	e := erased.Of(m)
	if err := e.Compile(); err != nil {
		t.Fatal(err)
	}
	p, err := e.ParsePath(path)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r := &recorded.Run{Name: "a folder", Events: []recorded.Event{{Actor: "server-1", Text: "start", Time: began}}}
	for i := range p.Len() {
		text := p.ActionText(i)
		_, to, _ := strings.Cut(text, " -> ")
		to, _, _ = strings.Cut(to, ":")
		at := began.Add(time.Duration(i+1) * 250 * time.Millisecond)
		r.Events = append(r.Events, recorded.Event{Actor: to, Text: text, Time: at, Steps: []recorded.Step{{Text: text}}})
	}
	r.Total, r.Followed = len(r.Events), len(r.Events)
	return r
}

// eventIs waits until an event is the selected one.
func (p *page) eventIs(number int) {
	p.t.Helper()
	p.Wait(fmt.Sprintf(`document.querySelector(".event[aria-selected=true] .number")?.textContent === "%d"`, number))
}

// A recording is stepped through beside the path that it is, and says where it leaves the model.
func recording(t *testing.T, b *chromium.Browser) {
	m := replicas(2)
	p := visit(t, b, serveBeside(t, m, recordedPath(t, m, "0:0.1.0.1")), "/", chromium.Window{})
	p.says("Drawings", "✓ follows the model, 5 events")
	p.at(0)
	p.length(4)
	p.Press("j")
	p.at(1)
	p.eventIs(2)
	p.click("option", "+0.750 s")
	p.at(3)
	p.eventIs(4)
	p.Press("m") // the state, too
	p.says("State", "changes of step 3")

	r := recordedPath(t, m, "0:0.1.0.1")
	lost := r.Events[3].Text
	r.Events[3].Text, r.Events[3].Steps, r.Events[4].Steps = "server-1 -> client-1: a lie", nil, nil
	r.Followed, r.Divergence = 3, &recorded.Divergence{
		Event: 3, Text: r.Events[3].Text, Reason: "it is not in flight", Expected: []string{lost},
	}
	p = visit(t, b, serveBeside(t, m, r), "/", chromium.Window{Dark: true})
	p.says("Drawings", "✗ leaves the model at event 4 of 5")
	p.at(2)
	p.length(2)
	p.says("Where the recording leaves the model", "The model cannot do that here: it is not in flight.")
	p.Wait(`document.querySelectorAll(".event.after").length === 1`)
	p.Click(`document.querySelector(".parting li button")`) // the expected one is the first
	p.at(3)
	p.says("State", "changes of step 3")
	p.says("Drawings", "back to the path of the recording")
	p.click("button", "show the state before it")
	p.at(2)
	p.length(2)
	p.fits("Recording")
	if text := p.Eval(nameless); text != "" {
		t.Errorf("no name: %s", text)
	}
}

// Whatever a recording says is text.
func strangeRecording(t *testing.T, b *chromium.Browser) {
	m := hostileSystem()
	r := recordedPath(t, m, "0:0.0")
	r.Name, r.Notes, r.Broken = hostile[1], hostile, hostile[:1]
	r.Followed, r.Divergence = 2, &recorded.Divergence{Event: 2, Text: hostile[2], Reason: hostile[3]}
	p := visit(t, b, serveBeside(t, m, r), "/", chromium.Window{})
	p.at(1)
	p.says("Drawings", hostile[1])
	p.says("Where the recording leaves the model", hostile[3])
	if title := p.Eval("document.title"); strings.Contains(title.(string), "markup ran") {
		t.Errorf("the title is %q", title)
	}
}
