package render

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/textwidth"
)

// ProgressLine shows progress in one line of a terminal that is rewritten in place. Make one with
// [NewProgressLine]. It is safe for concurrent use.
type ProgressLine struct {
	w      io.Writer
	width  func() int
	prefix func() string

	mu    sync.Mutex
	shown bool
	done  bool
}

// NewProgressLine returns a line on w. Both functions are called for each report: width returns the
// columns of the terminal, prefix what stands before the figures.
func NewProgressLine(w io.Writer, width func() int, prefix func() string) *ProgressLine {
	return &ProgressLine{w: w, width: width, prefix: prefix}
}

// Report rewrites the line.
func (p *ProgressLine) Report(g allways.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done {
		return
	}
	// The last column stays free: some terminals wrap when it is written.
	fmt.Fprintf(p.w, "\r\x1b[K%s", fitting(p.prefix()+Progress(g), max(p.width()-1, 10)))
	p.shown = true
}

// Erase removes the line. Reports that come later are dropped.
func (p *ProgressLine) Erase() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown && !p.done {
		io.WriteString(p.w, "\r\x1b[K")
	}
	p.done = true
}

// fitting drops trailing figures until the line fits the width, and shortens the first one if necessary.
func fitting(line string, width int) string {
	for textwidth.Of(line) > width {
		end := strings.LastIndex(line, "  ")
		if end < 0 {
			_, last := utf8.DecodeLastRuneInString(line)
			end = len(line) - last
		}
		line = line[:end]
	}
	return line
}

// Progress returns a glance at a run in one line.
func Progress(g allways.Progress) string {
	switch {
	case g.Pairs > 0:
		return strings.Join([]string{g.Phase + ":", elapsed(g.Elapsed), fmt.Sprintf("components of %s of %s pairs",
			count(g.PairsDone), count(g.Pairs)), bytesText(g.Memory)}, "  ")
	case g.Nodes > 0:
		return strings.Join([]string{elapsed(g.Elapsed), g.Phase + ":", count(g.Nodes) + " nodes of diagrams",
			bytesText(g.Memory)}, "  ")
	}
	parts := []string{elapsed(g.Elapsed), count(g.Generated) + " generated", count(g.Distinct) + " distinct"}
	if g.Phase == "search" || g.Phase == "simulate" {
		parts = append(parts, rate(g.Rate()))
	} else {
		parts = append([]string{g.Phase + ":"}, parts...)
	}
	parts = append(parts, fmt.Sprintf("depth %d", g.Depth), "queue "+count(g.Queue), bytesText(g.Memory))
	return strings.Join(parts, "  ")
}
