package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
)

// Replayed is a path that was replayed, and what it shows.
type Replayed struct {
	Path  *erased.Path
	Next  []string                // the actions that its last state enables, with their indexes
	Shows []erased.PropertyResult // the verdict of the path alone on each property
	Exit  int
}

// Replay prints a path and what it shows about the properties.
func Replay(w io.Writer, v View, s *Subject, r *Replayed) {
	if !v.Quiet {
		fmt.Fprintf(w, "%s  %s\n\n", v.Style.strong(s.Title()), plural(r.Path.Len(), "step"))
		path(w, v, r.Path)
		next := printable(orElse(strings.Join(r.Next, ", "), "nothing"))
		fmt.Fprintf(w, "%s  %s\n\n", v.Style.faint("enabled next"), next)
	}
	rows := make([][]string, len(r.Shows))
	for i, p := range r.Shows {
		rows[i] = []string{shows(v, p.Verdict), p.Kind.String(), printable(p.Name)}
	}
	if len(rows) > 0 {
		fmt.Fprint(w, Grid([]string{"THE PATH", "KIND", "PROPERTY"}, rows))
	}
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
