package render

import (
	"fmt"
	"io"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/pathtext"
)

// Replayed is a path that was replayed, and what it shows.
type Replayed struct {
	Path  *erased.Path
	Next  []Enabled               // the actions that its last state enables
	Shows []erased.PropertyResult // the verdict of the path alone on each property
	Exit  int
}

// Enabled is an action that is enabled.
type Enabled struct {
	Index int
	Text  string
}

// Replay prints a path and what it shows about the properties.
func Replay(w io.Writer, v View, s *Subject, r *Replayed) {
	if !v.Quiet {
		fmt.Fprintf(w, "%s  %s\n\n", v.Style.strong(s.Title()), plural(r.Path.Len(), "step"))
		path(w, v, r.Path)
		next(w, v, r.Next)
	}
	rows := make([][]string, len(r.Shows))
	for i, p := range r.Shows {
		rows[i] = []string{shows(v, p.Verdict), p.Kind.String(), printable(p.Name)}
	}
	if len(rows) > 0 {
		fmt.Fprint(w, pathtext.Grid([]string{"THE PATH", "KIND", "PROPERTY"}, rows))
	}
	for _, p := range r.Shows {
		if p.Abstract != nil && !v.Quiet {
			fmt.Fprintf(w, "\n%s\n", v.Style.strong(printable(p.Name)))
			abstract(w, p.Abstract)
		}
	}
}

// maxNext is how many enabled actions are shown unless all are asked for.
const maxNext = 20

// next prints the actions that are enabled after a path, with the indexes that -path takes.
func next(w io.Writer, v View, all []Enabled) {
	if len(all) == 0 {
		fmt.Fprintf(w, "%s  nothing\n\n", v.Style.faint("enabled next"))
		return
	}
	fmt.Fprintf(w, "%s\n", v.Style.faint("enabled next"))
	for i, e := range all {
		if i == maxNext && len(all) > maxNext+1 && !v.Full {
			fmt.Fprintf(w, "   ...  %s: -full shows them\n", plural(len(all)-i, "more action"))
			break
		}
		fmt.Fprintf(w, "  %4d  %s\n", e.Index, printable(e.Text))
	}
	fmt.Fprintln(w)
}

// shows says what a path shows about a property.
func shows(v View, of allways.Verdict) string {
	switch of {
	case allways.Violated:
		return v.Style.bad("VIOLATES it")
	case allways.Holds:
		return v.Style.good("is a witness")
	}
	return "shows nothing"
}
