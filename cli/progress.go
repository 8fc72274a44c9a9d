package cli

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/cli/internal/render"
)

// How often progress is reported: fast enough to look alive on a terminal, rarely enough for a log.
const (
	lineEvery  = 250 * time.Millisecond
	linesEvery = 5 * time.Second
	jsonEvery  = time.Second
)

// progress is how a search reports its progress.
type progress struct {
	report func(allways.Progress) // nil means not at all
	every  time.Duration
	end    func() // drops later reports
}

// startProgress sets up the reports that the flags ask for.
func (c *Call) startProgress(ctx context.Context) progress {
	how := c.settings.progress
	var still standstill
	// The model may take its time to return from a call: say that the interrupt was heard.
	prefix := func() string {
		if ctx.Err() == nil {
			return still.note
		}
		return "stopping (interrupt again to kill)  " + still.note
	}
	switch {
	case c.JSON && how != "off":
		var ended atomic.Bool // so that the last event is the last line
		return progress{every: jsonEvery, end: func() { ended.Store(true) }, report: func(g allways.Progress) {
			if !ended.Load() {
				c.Emit(render.ProgressEvent(g))
			}
		}}
	case how == "off" || c.Quiet && how == "auto" || c.JSON:
		return progress{end: func() {}}
	case how == "line" || how == "auto" && isTerminal(c.Stderr):
		line := render.NewProgressLine(c.Stderr, func() int { return terminalWidth(c.Stderr) }, prefix)
		return progress{every: lineEvery, end: line.Erase, report: func(g allways.Progress) {
			still.see(g)
			line.Report(g)
		}}
	}
	return progress{every: linesEvery, end: func() {}, report: func(g allways.Progress) {
		still.see(g)
		fmt.Fprintln(c.Stderr, prefix()+render.Progress(g))
	}}
}

// standstillAfter is the time without a new state after which a search seems to stand still.
const standstillAfter = 10 * time.Second

// standstill notices that a search does not go on. The usual cause is a handler, or another method of the model, that
// does not return: neither a limit nor an interrupt can end it.
type standstill struct {
	last allways.Progress // the first report with as many states
	note string           // words that say so; empty while the search goes on
}

func (x *standstill) see(g allways.Progress) {
	if g.Generated != x.last.Generated || g.Phase != x.last.Phase {
		x.last, x.note = g, ""
	}
	if working := g.Phase == "search" || g.Phase == "simulate"; working && g.Elapsed-x.last.Elapsed >= standstillAfter {
		x.note = "no call of the model returns (Ctrl-\\ shows where it is)  "
	}
}
