package actorcli

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/allways-go/allways/actor/node/record"
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/internal/explore/recorded"
)

// readRecording follows the recordings in a folder for the explorer.
func readRecording(c *cli.Call, folder string) (*cli.Selection, *recorded.Run, error) {
	if !isRecording([]string{folder}) {
		return nil, nil, fmt.Errorf("-recording %s: the folder has no recordings: run -record makes them", folder)
	}
	s, p, err := recordedModel(c, c.Words, folder)
	if err != nil {
		return nil, nil, err
	}
	names := names(p)
	run := &recorded.Run{Name: filepath.Base(folder)}
	r, err := record.Watch(p, folder, func(e record.Event) {
		if run.Total++; len(run.Events) < recorded.MaxEvents {
			run.Events = append(run.Events, eventOf(names[e.Entry.Actor], e))
		}
	})
	if err != nil {
		return nil, nil, fmt.Errorf("-recording %s: %w", folder, err)
	}
	conclude(run, r)
	return s, run, nil
}

// eventOf returns an event as the explorer shows it.
func eventOf(actor string, e record.Event) recorded.Event {
	out := recorded.Event{Actor: actor, Time: time.Unix(0, e.Entry.Time), Text: e.Entry.Text}
	for _, t := range e.Taken {
		out.Steps = append(out.Steps, recorded.Step{Text: t.Text(), Again: t.Again, Beyond: t.Beyond})
	}
	return out
}

// conclude fills in what was found in a run.
func conclude(run *recorded.Run, r *record.Report) {
	run.Followed, run.Notes = r.Steps, r.Notes
	for _, d := range r.ClockDependences {
		run.Notes = append(run.Notes, d.String())
	}
	for _, v := range r.Violations {
		run.Broken = append(run.Broken, fmt.Sprintf("%s, after event %d", v.Property, v.Step))
	}
	for _, v := range r.HistoryViolations {
		run.Broken = append(run.Broken, v.Property+", in the order of real time")
	}
	if d := r.Divergence; d != nil {
		run.Divergence = &recorded.Divergence{Event: d.Step - 1, Text: d.Action, Reason: d.Reason, Expected: d.Expected}
	}
}
