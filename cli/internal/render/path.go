package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/pathtext"
)

// path prints the steps of a path, with what each of them changed, and the model's diagram.
func path(w io.Writer, v View, p *erased.Path) {
	run(w, v, p.Run())
	if text := p.Diagram(); text != "" {
		fmt.Fprintf(w, "\n  %s\n", indent(text, "  "))
	}
	fmt.Fprintln(w)
}

// run prints the steps of a run with a margin.
func run(w io.Writer, v View, r pathtext.Run) {
	const margin = "  "
	o := pathtext.Options{Full: v.Full, Rest: "-full shows them", Paint: v.Style.paint()}
	if v.Width > 0 {
		o.Width = v.Width - len(margin)
	}
	for line := range strings.Lines(r.Text(o)) {
		fmt.Fprint(w, margin+line)
	}
}

// counterexample prints why a property is violated.
func counterexample(w io.Writer, v View, s *Subject, p erased.PropertyResult, file string) {
	name, violated := v.Style.strong(printable(p.Name)), verdict(v, p.Verdict)
	if p.Path == nil {
		if !v.Quiet {
			fmt.Fprintf(w, "%s %s: %s\n\n", printable(p.Name), violated, orElse(printable(p.Reason), "no state shows it"))
		}
		return
	}
	if !v.Quiet {
		fmt.Fprintf(w, "%s %s after %s (%s property)\n\n", name, violated, plural(p.Path.Len(), "step"), p.Kind)
		path(w, v, p.Path)
		abstract(w, p.Abstract)
		if p.Reason != "" {
			fmt.Fprintf(w, "  %s\n\n", printable(p.Reason))
		}
		if len(p.Ignored) > 0 {
			ignored := printable(strings.Join(p.Ignored, ", "))
			fmt.Fprintf(w, "  never taken, though enabled all along the cycle: %s\n\n", ignored)
		}
		if text := pathtext.Fairness(p.Fair); text != "" {
			fmt.Fprintf(w, "%s\n", text)
		}
	}
	replayHint(w, v, s, p.Path, file)
}

// abstract prints where a path breaks a refinement.
func abstract(w io.Writer, a *allways.AbstractStep) {
	if a == nil {
		return
	}
	for line := range strings.Lines(a.String()) {
		fmt.Fprintf(w, "  %s\n", printable(strings.TrimSuffix(line, "\n")))
	}
	fmt.Fprintln(w)
}

// maxCommand is the longest path that still makes a command to copy.
const maxCommand = 4000

// replayHint prints the command that shows a path again, and the file that the path was written to.
func replayHint(w io.Writer, v View, s *Subject, p *erased.Path, file string) {
	if file != "" {
		fmt.Fprintf(w, "%s   %s\n", v.Style.faint("trace"), file)
	}
	encoded := p.Encode()
	switch {
	case len(encoded) <= maxCommand:
		fmt.Fprintf(w, "%s  %s\n", v.Style.faint("replay"), s.Replay("-path", encoded))
	case file != "":
		fmt.Fprintf(w, "%s  %s\n", v.Style.faint("replay"), s.Replay(file))
	default:
		fmt.Fprintf(w, "%s  with -trace FILE: the path is too long for a command\n", v.Style.faint("replay"))
	}
	fmt.Fprintln(w)
}

// Misbehaved reports a model that could not be searched.
func Misbehaved(w io.Writer, v View, s *Subject, o *Outcome) {
	misbehaviour(w, v, s, o)
	exit(w, v, o)
}

// misbehaviour prints what the model did wrong, and how to get there.
func misbehaviour(w io.Writer, v View, s *Subject, o *Outcome) {
	m := o.Misbehaviour
	fmt.Fprintf(w, "%s: %s", v.Style.bad("the model misbehaved"), m.Kind)
	if m.Where != "" {
		fmt.Fprintf(w, " in %s", printable(m.Where))
	}
	if m.Action != "" {
		fmt.Fprintf(w, ", action %s", printable(m.Action))
	}
	fmt.Fprintf(w, "\n\n  %s\n", indent(m.Message, "  "))
	if m.State != "" && o.MisbehaviourPath == nil {
		fmt.Fprintf(w, "\n  %s  %s\n", v.Style.faint("state"), indent(m.State, "         "))
	}
	if m.Stack != "" {
		fmt.Fprintf(w, "\n  %s\n", indent(m.Stack, "  "))
	}
	fmt.Fprintln(w)
	if p := o.MisbehaviourPath; p != nil {
		fmt.Fprintf(w, "this happens after %s\n\n", plural(p.Len(), "step"))
		path(w, v, p)
		replayHint(w, v, s, p, o.Traces[""])
	}
}
