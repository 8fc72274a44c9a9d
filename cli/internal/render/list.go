package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/allways-go/allways/internal/pathtext"
)

// Entry is a line of a list: a variant, a parameter or a flag of a model.
type Entry struct {
	Name    string // name alone, with a dash for a flag
	Label   string // the name as help shows it, such as "-servers N"
	Kind    string // kind of a property
	Default string
	Help    string // purpose, with the range
	Note    string // the default in words; may be empty
}

// Text is the help with the note.
func (e Entry) Text() string { return strings.TrimSpace(e.Help + " " + e.Note) }

// List prints what there is to choose and to check.
func List(w io.Writer, v View, s *Subject, variants, params []Entry) {
	fmt.Fprintf(w, "%s: %s\n\n", v.Style.strong(s.Title()), orElse(s.Summary, "a model"))
	table := func(header []string, rows [][]string) {
		if len(rows) > 0 {
			fmt.Fprintf(w, "%s\n", pathtext.Grid(header, rows))
		}
	}
	table([]string{"VARIANT", ""}, labels(variants))
	table([]string{"PARAMETER", ""}, labels(params))
	var rows [][]string
	for _, p := range s.Properties {
		rows = append(rows, []string{p.Kind.String(), printable(p.Name)})
	}
	table([]string{"KIND", "PROPERTY"}, rows)
	fmt.Fprint(w, pathtext.Grid(nil, [][]string{
		{v.Style.faint("optional methods"), orElse(strings.Join(s.Optional, ", "), "none")},
		{v.Style.faint("types"), s.Types + ", a hash that trace files name"},
	}))
	if len(s.Notes) > 0 {
		fmt.Fprintln(w)
		notes(w, v, s)
	}
}

func labels(all []Entry) [][]string {
	rows := make([][]string, len(all))
	for i, e := range all {
		rows[i] = []string{e.Label, e.Text()}
	}
	return rows
}
