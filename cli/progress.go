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
	// The model may take its time to return from a call: say that the interrupt was heard.
	stopping := func() string {
		if ctx.Err() == nil {
			return ""
		}
		return "stopping (interrupt again to kill)  "
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
		line := render.NewProgressLine(c.Stderr, func() int { return terminalWidth(c.Stderr) }, stopping)
		return progress{line.Report, lineEvery, line.Erase}
	}
	return progress{every: linesEvery, end: func() {}, report: func(g allways.Progress) {
		fmt.Fprintln(c.Stderr, stopping()+render.Progress(g))
	}}
}
