package actorcli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/record"
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/internal/render"
	"github.com/allways-go/allways/internal/pathtext"
	"github.com/allways-go/allways/internal/safefile"
	"github.com/allways-go/allways/trace"
)

// recordingModel is the file in a folder of recordings that names the model and its parameters.
const recordingModel = "model.json"

// describeRecording writes down with which parameters a recorded system was made. A folder that has recordings
// of a system with other parameters is refused and left as it is.
func describeRecording(folder string, s *cli.Selection) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("-record: %w", err)
	}
	b, err := json.MarshalIndent(s.Header, "", "  ")
	if err != nil {
		return err
	}
	b = append(b, '\n')
	path := filepath.Join(folder, recordingModel)
	switch old, err := os.ReadFile(path); {
	case err == nil && bytes.Equal(old, b):
		return nil
	case err == nil && isRecording([]string{folder}):
		return fmt.Errorf("-record %s: the folder has recordings of a run with other parameters, see %s: "+
			"choose another folder, or the same parameters", folder, recordingModel)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("-record: %w", err)
	}
	return safefile.Write(path, b)
}

// loadRecordingModel returns a zero header if none was written.
func loadRecordingModel(folder string) (h trace.Header, err error) {
	b, err := os.ReadFile(filepath.Join(folder, recordingModel))
	if errors.Is(err, fs.ErrNotExist) {
		return h, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &h)
	}
	return h, err
}

// isRecording reports whether the last of some words is a folder with recordings.
func isRecording(words []string) bool {
	if len(words) == 0 {
		return false
	}
	files, err := filepath.Glob(filepath.Join(words[len(words)-1], "*.ndjson"))
	return err == nil && len(files) > 0
}

// recordedModel selects the model of the recordings in a folder.
func recordedModel(c *cli.Call, words []string, folder string) (*cli.Selection, actor.Program, error) {
	h, err := loadRecordingModel(folder)
	if err != nil {
		return nil, nil, err
	}
	s, err := c.Select(words, h)
	if err != nil {
		return nil, nil, err
	}
	p, ok := s.Model.(actor.Program)
	if !ok {
		return nil, nil, fmt.Errorf("%s holds recordings of a system of actors, and this model is not one", folder)
	}
	return s, p, nil
}

// replayRecording follows the recordings in a folder through the model.
func replayRecording(_ context.Context, c *cli.Call) (int, error) {
	folder, words := c.Words[len(c.Words)-1], c.Words[:len(c.Words)-1]
	s, p, err := recordedModel(c, words, folder)
	if err != nil {
		return 0, err
	}
	r, err := record.ValidateDir(p, folder)
	if err != nil {
		return 0, err
	}
	code := cli.ExitHolds
	if !r.Conforms() {
		code = cli.ExitViolated
	}
	if c.JSON {
		c.Emit(recordingEvent(r, code))
	} else {
		v := render.View{Style: render.NewStyle(c.Color), Full: c.Full, Quiet: c.Quiet, Width: c.Width}
		render.Recorded(c.Stdout, v, shownRecording(s.Title(), r))
	}
	return code, nil
}

// shownRecording returns a report as it is printed.
func shownRecording(title string, r *record.Report) *render.Recording {
	out := &render.Recording{
		Title: title, Steps: r.Steps, External: r.External, Lost: r.Uncommitted, Promises: promises(r), Notes: r.Notes,
	}
	for _, t := range r.Recorded {
		out.Actors = append(out.Actors, render.RecordedActor{
			Name: t.Actor, Files: t.Files, Steps: t.Steps, Began: t.Began, Ended: t.Ended,
		})
	}
	for _, d := range r.ClockDependences {
		out.Notes = append(out.Notes, d.String())
	}
	if !r.Conforms() {
		out.Run, out.Before = excerptRun(r.Excerpt), r.Excerpt.Before
	}
	if d := r.Divergence; d != nil {
		out.Diverges = &render.Divergence{Step: d.Step, Recorded: d.Action, Reason: d.Reason, Enabled: d.Expected}
	}
	return out
}

// excerptRun returns the end of a run as it is written.
func excerptRun(x *record.Excerpt) *pathtext.Run {
	return &pathtext.Run{Init: x.Init, Len: len(x.Steps), Loop: -1, Step: func(i int) pathtext.Step {
		st := pathtext.Step{Number: x.Steps[i].Number, Text: x.Steps[i].Text}
		for _, c := range x.Steps[i].Changes {
			st.Changes = append(st.Changes, pathtext.Change(c))
		}
		return st
	}}
}

// promises returns what came of each promise.
func promises(r *record.Report) (all []render.Promise) {
	broken := func(v []record.Violation, name string) int {
		return slices.IndexFunc(v, func(x record.Violation) bool { return x.Property == name })
	}
	for _, j := range r.Judged {
		p := render.Promise{Name: j.Property, Violated: broken(r.Violations, j.Property) >= 0}
		unit := "steps"
		if j.States {
			unit = "states"
		}
		if j.Steps > 0 {
			p.Judged = fmt.Sprintf("%d %s", j.Steps, unit)
		}
		all = append(all, p)
	}
	for _, v := range r.HistoryViolations {
		all = append(all, render.Promise{Name: v.Property, Violated: true, Judged: "the whole history", Drawing: v.Drawing})
	}
	for _, name := range r.Held {
		if !slices.ContainsFunc(all, func(p render.Promise) bool { return p.Name == name }) {
			all = append(all, render.Promise{Name: name, Judged: "the whole history"})
		}
	}
	return all
}

// recordingJSON is the event of -json. Its fields are part of the API.
type recordingJSON struct {
	Event      string       `json:"event"` // "recording"
	Conforms   bool         `json:"conforms"`
	Steps      int          `json:"steps"`
	Divergence string       `json:"divergence,omitempty"`
	Violated   []string     `json:"violated"`
	Judged     []judgedJSON `json:"judged"`
	Began      *time.Time   `json:"began,omitempty"`
	Ended      *time.Time   `json:"ended,omitempty"`
	Clocks     []string     `json:"clocks,omitempty"` // verdicts that depend on how far clocks differ
	Exit       int          `json:"exit"`
}

// judgedJSON says of how many states or steps a promise was judged.
type judgedJSON struct {
	Property string `json:"property"`
	States   int    `json:"states,omitempty"`
	Steps    int    `json:"steps,omitempty"`
}

func recordingEvent(r *record.Report, code int) recordingJSON {
	e := recordingJSON{Event: "recording", Conforms: r.Conforms(), Steps: r.Steps, Violated: []string{}, Exit: code}
	e.Judged = []judgedJSON{}
	for _, j := range r.Judged {
		if j.States {
			e.Judged = append(e.Judged, judgedJSON{Property: j.Property, States: j.Steps})
		} else {
			e.Judged = append(e.Judged, judgedJSON{Property: j.Property, Steps: j.Steps})
		}
	}
	for _, t := range r.Recorded {
		if t.Steps == 0 {
			continue
		}
		if e.Began == nil || t.Began.Before(*e.Began) {
			e.Began = &t.Began
		}
		if e.Ended == nil || t.Ended.After(*e.Ended) {
			e.Ended = &t.Ended
		}
	}
	if r.Divergence != nil {
		e.Divergence = r.Divergence.Error()
	}
	for _, v := range append(r.Violations, r.HistoryViolations...) {
		e.Violated = append(e.Violated, v.Property)
	}
	for _, d := range r.ClockDependences {
		e.Clocks = append(e.Clocks, d.String())
	}
	return e
}
