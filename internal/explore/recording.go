package explore

import (
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/allways-go/allways/internal/explore/recorded"
)

// recordingJSON is a run of real processes beside a path of the model, or the part of a long one that was asked for.
type recordingJSON struct {
	Name       string          `json:"name"`
	Path       string          `json:"path"`     // path of the model, as far as it follows the run
	Total      int             `json:"total"`    // events of the run
	Followed   int             `json:"followed"` // events that the model can do
	Length     int             `json:"length"`   // events that are kept
	Began      string          `json:"began"`    // time of the first event; empty without one
	From       int             `json:"from"`     // index of the first one of Events
	Events     []eventJSON     `json:"events"`
	Divergence *divergenceJSON `json:"divergence"`    // null if the model can do all of it
	Cut        string          `json:"cut,omitempty"` // why the path ends before the run or its divergence
	Broken     []string        `json:"broken"`        // promises that the run breaks
	Notes      []string        `json:"notes"`
}

// eventJSON is a step that an actor has recorded.
type eventJSON struct {
	Number int      `json:"number"` // number of the event, from 1
	Actor  string   `json:"actor"`
	Time   string   `json:"time"`
	Text   string   `json:"text"`
	At     *int     `json:"at"`     // steps of the path with this event; null where the path does not follow
	Steps  int      `json:"steps"`  // number of them that are of this event; 0 if it had no effect
	Faults []string `json:"faults"` // steps that were not recorded and must have come before it
}

// divergenceJSON is the first event that the model cannot do.
type divergenceJSON struct {
	Number   int        `json:"number"` // number of the event, from 1
	Actor    string     `json:"actor"`
	Text     string     `json:"text"`
	Reason   string     `json:"reason"`
	Expected []string   `json:"expected"` // steps of the actor that the model allows there
	Enabled  []nearJSON `json:"enabled"`  // enabled steps, the nearest to what was recorded first
	// After is the path with the event as the model does it, with another outcome; empty if it cannot do it at all.
	After   string       `json:"after,omitempty"`
	Changes []changeJSON `json:"changes"` // changes that the event makes in the model then
}

// nearJSON is a step that was enabled.
type nearJSON struct {
	Text     string `json:"text"`
	Path     string `json:"path"`
	Expected bool   `json:"expected"` // it is a step of the actor that did something else
}

// recording is what a host knows of a recording: it is laid beside the model when it is first looked at.
type recording struct {
	once    sync.Once
	aligned *recorded.Aligned
	err     error
}

// recorded returns the recording beside the model.
func (s *host) recorded() (*recorded.Aligned, error) {
	if s.o.Recording == nil {
		return nil, &problem{http.StatusNotFound, errors.New("no recording is open")}
	}
	r := &s.beside
	r.once.Do(func() { r.aligned, r.err = recorded.Align(s.model, s.o.Recording) })
	return r.aligned, r.err
}

// getRecording returns some events of the recording: from one on, or around a step of the path.
func (s *host) getRecording(w http.ResponseWriter, r *http.Request) error {
	from, err := number(r, "from", 0, 1<<30)
	if err != nil {
		return err
	}
	count, err := number(r, "count", maxWindow, maxWindow)
	if err != nil {
		return err
	}
	a, err := s.recorded()
	if err != nil {
		return err
	}
	if r.FormValue("at") != "" {
		at, err := number(r, "at", 0, 1<<30)
		if err != nil {
			return err
		}
		event, _ := slices.BinarySearch(a.At, at)
		from = max(0, event-count/2)
	}
	out, err := s.recordingOf(a, from, count)
	if err != nil {
		return err
	}
	return writeJSON(w, out)
}

func (s *host) recordingOf(a *recorded.Aligned, from, count int) (out recordingJSON, err error) {
	from = min(from, len(a.Events))
	out = recordingJSON{
		Name: a.Name, Path: s.paths.Add(a.Path).Name, Total: a.Total, Followed: a.Followed, Length: len(a.Events),
		From: from, Events: []eventJSON{}, Cut: a.Cut, Broken: nonNil(a.Broken), Notes: nonNil(a.Notes),
	}
	if len(a.Events) > 0 {
		out.Began = stamp(a.Events[0].Time)
	}
	for i := from; i < min(from+count, len(a.Events)); i++ {
		out.Events = append(out.Events, event(a, i))
	}
	if a.Divergence != nil {
		out.Divergence, err = s.divergence(a)
	}
	return out, err
}

// event returns an event of a recording.
func event(a *recorded.Aligned, i int) eventJSON {
	e := &a.Events[i]
	out := eventJSON{
		Number: i + 1, Actor: e.Actor, Time: stamp(e.Time), Text: e.Text, Faults: []string{},
	}
	if i >= len(a.At) {
		return out
	}
	before := 0
	if i > 0 {
		before = a.At[i-1]
	}
	out.At, out.Steps = &a.At[i], a.At[i]-before
	for k := before; k < a.At[i]-1; k++ {
		out.Faults = append(out.Faults, a.Path.ActionText(k))
	}
	return out
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// divergence returns where a recording leaves the model.
func (s *host) divergence(a *recorded.Aligned) (*divergenceJSON, error) {
	d := a.Divergence
	out := &divergenceJSON{
		Number: d.Event + 1, Text: d.Text, Reason: d.Reason, Expected: nonNil(d.Expected), Enabled: []nearJSON{},
		Changes: []changeJSON{},
	}
	if d.Event < len(a.Events) {
		out.Actor = a.Events[d.Event].Actor
	}
	for _, n := range a.Near {
		p, err := a.Path.Extend(n.Index)
		if err != nil {
			return nil, err
		}
		out.Enabled = append(out.Enabled, nearJSON{n.Text, s.paths.Add(p).Name, n.Expected})
	}
	if a.After != nil {
		out.After = s.paths.Add(a.After).Name
		for i := a.Path.Len(); i < a.After.Len(); i++ {
			for _, c := range a.After.Step(i).Diff {
				out.Changes = append(out.Changes, changeJSON{c.Path, c.Before, c.After})
			}
		}
	}
	return out, nil
}
