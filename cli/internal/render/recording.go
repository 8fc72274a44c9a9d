package render

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/allways-go/allways/internal/pathtext"
)

// Recording is a recorded run that was compared with its model.
type Recording struct {
	Title    string
	Actors   []RecordedActor
	Steps    int // those that the model followed
	External int // messages from outside
	Lost     int // entries that crashes kept from taking effect
	Promises []Promise
	Run      *pathtext.Run // the last steps; nil if nothing is wrong with them
	Before   int           // number of the steps before those
	Diverges *Divergence   // nil if the model allows all steps
	Notes    []string
}

// RecordedActor is what was recorded of an actor.
type RecordedActor struct {
	Name         string
	Files, Steps int
	Began, Ended time.Time
}

// Promise is a promise that a recording was compared with.
type Promise struct {
	Name     string
	Violated bool
	Judged   string // number of states or steps of which it was judged, such as "412 states"
	Drawing  string // the operations of a history that no order explains
}

// Divergence is a step that a model does not allow.
type Divergence struct {
	Step             int
	Recorded, Reason string
	Enabled          []string // steps of the actor that the model allows
}

// Recorded prints a recorded run: what was recorded, the verdicts, and the steps that break a promise or that
// the model does not allow.
func Recorded(w io.Writer, v View, r *Recording) {
	if !v.Quiet {
		fmt.Fprintf(w, "%s  recorded\n\n", v.Style.strong(r.Title))
		recordedActors(w, v, r)
	}
	promises(w, v, r)
	if !v.Quiet {
		if r.Run != nil {
			if r.Before > 0 {
				fmt.Fprintf(w, "  %s\n", v.Style.faint(fmt.Sprintf("the last steps, after %s", plural(r.Before, "more step"))))
			}
			run(w, v, *r.Run)
			fmt.Fprintln(w)
		}
		for _, p := range r.Promises {
			if p.Drawing != "" {
				fmt.Fprintf(w, "  %s: %s\n\n", printable(p.Name), indent(p.Drawing, "  "))
			}
		}
	}
	if r.Diverges != nil {
		diverges(w, v, r.Diverges)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(w, "%s %s\n", v.Style.doubt("note:"), indent(n, "      "))
	}
}

// recordedActors prints what was recorded.
func recordedActors(w io.Writer, v View, r *Recording) {
	var rows [][]string
	files := false
	for _, a := range r.Actors {
		files = files || a.Files > 0
	}
	for _, a := range r.Actors {
		row := []string{printable(a.Name), count(int64(a.Steps)), "", "", count(int64(a.Files))}
		if a.Steps > 0 {
			row[2], row[3] = a.Began.UTC().Format(time.DateTime), elapsed(a.Ended.Sub(a.Began))
		}
		if !files {
			row = row[:4]
		}
		rows = append(rows, row)
	}
	header := []string{"ACTOR", "STEPS", "BEGAN (UTC)", "SPAN", "FILES"}
	if !files {
		header = header[:4]
	}
	fmt.Fprintf(w, "%s\n", pathtext.Grid(header, rows, 2, 4, 5))
	more := []string{plural(r.Steps, "step") + " followed"}
	if r.External > 0 {
		more = append(more, plural(r.External, "message")+" from outside")
	}
	if r.Lost > 0 {
		more = append(more, plural(r.Lost, "step")+" lost in crashes")
	}
	fmt.Fprintf(w, "%s\n\n", strings.Join(more, ", "))
}

// promises prints what came of the promises.
func promises(w io.Writer, v View, r *Recording) {
	var rows [][]string
	for _, p := range r.Promises {
		text := v.Style.good("no violation")
		switch {
		case p.Violated:
			text = v.Style.bad("VIOLATED")
		case p.Judged == "":
			text = v.Style.doubt("not judged")
		}
		rows = append(rows, []string{text, printable(p.Name), p.Judged})
	}
	if r.Diverges == nil {
		fmt.Fprintf(w, "%s\n\n", v.Style.good("the model allows this run"))
	}
	if len(rows) > 0 {
		fmt.Fprintf(w, "%s\n", pathtext.Grid([]string{"THE RUN", "PROPERTY", "JUDGED OF"}, rows))
	}
}

// diverges prints the step that the model does not allow, and what it would allow instead.
func diverges(w io.Writer, v View, d *Divergence) {
	fmt.Fprintf(w, "%s at step %d\n\n", v.Style.bad("the model diverges"), d.Step)
	rows := [][]string{{"recorded", printable(d.Recorded)}, {"but", printable(d.Reason)}}
	for i, e := range d.Enabled {
		label := ""
		if i == 0 {
			label = "enabled"
		}
		if i == maxNext && !v.Full && len(d.Enabled) > maxNext+1 {
			rows = append(rows, []string{"", fmt.Sprintf("… %d more: -full shows them", len(d.Enabled)-i)})
			break
		}
		rows = append(rows, []string{label, printable(e)})
	}
	for i := range rows {
		rows[i][0] = v.Style.faint(rows[i][0])
	}
	for line := range strings.Lines(pathtext.Grid(nil, rows)) {
		fmt.Fprint(w, "  "+line)
	}
	fmt.Fprintln(w)
}
