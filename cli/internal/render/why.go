package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/pathtext"
)

// The most parts and actions that a profile shows unless all are asked for, and the columns of a
// value.
const (
	maxParts   = 20
	maxActions = 5
	maxLatest  = 48
)

// profile prints where the state space comes from, if that was asked for.
func profile(w io.Writer, v View, o *Outcome) {
	if o.Profile == nil {
		return
	}
	fmt.Fprintf(w, "%s\n\n", v.Style.strong("where the states come from"))
	if text := runaway(o); text != "" {
		fmt.Fprintf(w, "%s\n\n", v.Style.doubt(printable(text)))
	}
	parts(w, v, o.Profile)
	mostFrequent(w, o.Actions)
}

// runaway says what makes a search endless, as far as a profile shows; "" if the search is complete
// or nothing grows.
func runaway(o *Outcome) string {
	if o.Complete || len(o.Profile.Parts) == 0 {
		return ""
	}
	p := o.Profile.Parts[0]
	late, values := count(int64(p.Late)), count(int64(p.Values))
	switch {
	case p.Counter:
		return fmt.Sprintf("%s keeps growing: %s of its %s values appear only in the deepest third of the levels, "+
			"the last one is %s; bound it in the model, or with a boundary: method Within, or System.Boundary for actors",
			p.Path, late, values, oneLine(p.Latest, maxLatest))
	case p.Late > 0:
		return fmt.Sprintf("%s grows fastest: %s of its %s values appear only in the deepest third of the levels",
			p.Path, late, values)
	}
	return ""
}

func parts(w io.Writer, v View, p *Profile) {
	shown := p.Parts
	if !v.Full && len(shown) > maxParts {
		shown = shown[:maxParts]
	}
	rows := make([][]string, len(shown))
	for i, p := range shown {
		latest := printable(oneLine(p.Latest, maxLatest))
		rows[i] = []string{printable(p.Path), count(int64(p.Values)), count(int64(p.Late)), latest}
	}
	if len(rows) > 0 {
		fmt.Fprint(w, pathtext.Grid([]string{"PART", "VALUES", "LATE", "LATEST"}, rows, 2, 3))
	}
	if hidden := len(p.Parts) - len(shown); hidden > 0 {
		fmt.Fprintf(w, "%s more: -full shows them\n", count(int64(hidden)))
	}
	note := "late: values that appear only in the deepest third of the levels"
	if p.Sampled < p.Visited {
		note += fmt.Sprintf("; sampled %s of %s states", count(p.Sampled), count(p.Visited))
	}
	fmt.Fprintf(w, "%s\n\n", v.Style.faint(note))
}

// frequent returns the actions that were taken, the most frequent first.
func frequent(all []allways.ActionStats) []allways.ActionStats {
	sorted := slices.DeleteFunc(slices.Clone(all), func(a allways.ActionStats) bool { return a.Taken == 0 })
	slices.SortStableFunc(sorted, func(a, b allways.ActionStats) int { return cmp.Compare(b.Taken, a.Taken) })
	return sorted[:min(len(sorted), maxActions)]
}

func mostFrequent(w io.Writer, all []allways.ActionStats) {
	total := int64(0)
	for _, a := range all {
		total += a.Taken
	}
	if total == 0 {
		return
	}
	var rows [][]string
	for _, a := range frequent(all) {
		share := fmt.Sprintf("%.1f%%", 100*float64(a.Taken)/float64(total))
		rows = append(rows, []string{printable(a.Name), share, count(a.New)})
	}
	fmt.Fprintf(w, "%s\n", pathtext.Grid([]string{"MOST FREQUENT", "STEPS", "NEW STATES"}, rows, 2, 3))
}
