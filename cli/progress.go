package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/allways-go/allways"
)

// How often progress is reported: fast enough to look alive on a terminal, rarely enough for a log.
const (
	lineEvery  = 250 * time.Millisecond
	linesEvery = 5 * time.Second
	jsonEvery  = time.Second
)

// progressLine shows progress in one line of a terminal that is written again and again. It is safe for concurrent use.
type progressLine struct {
	mu     sync.Mutex
	w      io.Writer
	width  func() int
	prefix func() string
	shown  bool
	done   bool
}

func (p *progressLine) report(g allways.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done {
		return
	}
	// The last column stays free: some terminals wrap when it is written.
	fmt.Fprintf(p.w, "\r\x1b[K%s", fitting(p.prefix()+progressText(g), max(p.width()-1, 10)))
	p.shown = true
}

// erase removes the line; later reports are dropped.
func (p *progressLine) erase() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown && !p.done {
		io.WriteString(p.w, "\r\x1b[K")
	}
	p.done = true
}

// fitting leaves out those of the last figures of a line for which a width has no room.
func fitting(line string, width int) string {
	fit := ""
	for i, figure := range strings.Split(line, "  ") {
		longer := fit + "  " + figure
		if i == 0 {
			longer = text.Trim(figure, width)
		}
		if text.StringWidth(longer) > width {
			break
		}
		fit = longer
	}
	return fit
}

func progressText(g allways.Progress) string {
	parts := []string{elapsed(g.Elapsed), count(g.Generated) + " generated", count(g.Distinct) + " distinct"}
	if g.Phase == "search" || g.Phase == "simulate" {
		parts = append(parts, rate(g.Rate()))
	} else {
		parts = append([]string{g.Phase + ":"}, parts...)
	}
	parts = append(parts, fmt.Sprintf("depth %d", g.Depth), "queue "+count(g.Queue), bytesText(g.Memory))
	return strings.Join(parts, "  ")
}

// stopping says that an interrupt was heard, for the model may take its time to return from a call.
func (c *command) stopping() string {
	if c.ctx.Err() == nil {
		return ""
	}
	return "stopping (interrupt again to kill)  "
}

// startProgress sets up the reports that the settings ask for, and returns what ends them.
func (c *command) startProgress() (stop func()) {
	o, s := &c.settings.options, &c.settings
	switch {
	case s.json && s.progress != "off":
		o.ProgressEvery = jsonEvery
		var ended atomic.Bool // so that the last event is the last line, whatever comes late
		o.Progress = func(g allways.Progress) {
			if !ended.Load() {
				c.emit(progressEvent(g))
			}
		}
		return func() { ended.Store(true) }
	case s.progress == "off" || s.quiet && s.progress == "auto" || s.json:
	case s.progress == "line" || s.progress == "auto" && isTerminal(c.stderr):
		line := &progressLine{w: c.stderr, width: func() int { return terminalWidth(c.stderr) }, prefix: c.stopping}
		o.ProgressEvery, o.Progress = lineEvery, line.report
		return line.erase
	default:
		o.ProgressEvery = linesEvery
		o.Progress = func(g allways.Progress) { fmt.Fprintln(c.stderr, c.stopping()+progressText(g)) }
	}
	return func() {}
}
