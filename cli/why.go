package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/allways-go/allways"
)

// growth is what -why tells of the states.
type growth struct {
	Parts           []allways.Part
	Looked, Visited int64
}

// whyJSON is the growth report of -json. The parts come in the order of interest: what runs away first.
type whyJSON struct {
	Looked  int64        `json:"looked"` // states
	Visited int64        `json:"visited"`
	RunsOn  []string     `json:"runs_on"` // counters that still grew when the search was cut
	Parts   []partJSON   `json:"parts"`
	Actions []actionJSON `json:"actions"` // most frequent first
}

type partJSON struct {
	Path    string `json:"path"`
	Values  int    `json:"values"`
	Late    int    `json:"late"` // met first in the deepest third of the levels
	Latest  string `json:"latest"`
	Counter bool   `json:"counter,omitempty"`
}

// At most so many parts and actions are shown without -full, and so much of a value.
const (
	maxParts   = 20
	maxActions = 5
	maxLatest  = 48
)

// why prints where the state space comes from.
func (c *command) why(r *report) {
	if r.Growth == nil {
		return
	}
	fmt.Fprintf(c.out, "%s\n\n", c.paint.strong("where the states come from"))
	if text := r.runaway(); text != "" {
		fmt.Fprintf(c.out, "%s\n\n", c.paint.doubt(printable(text)))
	}
	c.whyParts(r.Growth)
	c.whyActions(r)
}

// runaway says what makes a search endless, as far as can be told; "" if it is complete or nothing grows.
func (r *report) runaway() string {
	if r.Complete || len(r.Growth.Parts) == 0 {
		return ""
	}
	p := r.Growth.Parts[0]
	switch {
	case p.Counter:
		return fmt.Sprintf("%s runs on: %s of its %s values came in the deepest third of the levels, the last of them %s; bound it in the model, or with a boundary (Within)",
			p.Path, count(int64(p.Late)), count(int64(p.Values)), oneLine(p.Latest))
	case p.Late > 0:
		return fmt.Sprintf("%s grows fastest: %s of its %s values came in the deepest third of the levels", p.Path, count(int64(p.Late)), count(int64(p.Values)))
	}
	return ""
}

func (c *command) whyParts(g *growth) {
	shown := g.Parts
	if !c.settings.full && len(shown) > maxParts {
		shown = shown[:maxParts]
	}
	rows := make([][]string, len(shown))
	for i, p := range shown {
		rows[i] = []string{printable(p.Path), count(int64(p.Values)), count(int64(p.Late)), printable(oneLine(p.Latest))}
	}
	if len(rows) > 0 {
		fmt.Fprint(c.out, grid([]string{"PART", "VALUES", "LATE", "LATEST"}, rows, 2, 3))
	}
	if hidden := len(g.Parts) - len(shown); hidden > 0 {
		fmt.Fprintf(c.out, "%s more: -full shows them\n", count(int64(hidden)))
	}
	note := "late: met first in the deepest third of the levels"
	if g.Looked < g.Visited {
		note += fmt.Sprintf("; %s of %s states were looked at", count(g.Looked), count(g.Visited))
	}
	fmt.Fprintf(c.out, "%s\n\n", c.paint.faint(note))
}

// oneLine makes a value fit a column.
func oneLine(value string) string {
	runes := []rune(strings.Join(strings.Fields(value), " "))
	if len(runes) > maxLatest {
		return string(runes[:maxLatest-1]) + "…"
	}
	return string(runes)
}

// frequent returns the actions that were taken, the most frequent first.
func (r *report) frequent() []allways.ActionStats {
	sorted := slices.DeleteFunc(slices.Clone(r.Actions), func(a allways.ActionStats) bool { return a.Taken == 0 })
	slices.SortStableFunc(sorted, func(a, b allways.ActionStats) int { return cmp.Compare(b.Taken, a.Taken) })
	return sorted[:min(len(sorted), maxActions)]
}

func (c *command) whyActions(r *report) {
	total := int64(0)
	for _, a := range r.Actions {
		total += a.Taken
	}
	if total == 0 {
		return
	}
	var rows [][]string
	for _, a := range r.frequent() {
		rows = append(rows, []string{printable(a.Name), fmt.Sprintf("%.1f%%", 100*float64(a.Taken)/float64(total)), count(a.New)})
	}
	fmt.Fprintf(c.out, "%s\n", grid([]string{"MOST FREQUENT", "STEPS", "NEW STATES"}, rows, 2, 3))
}

// why returns the growth report of -json; nil if it was not asked for.
func (r *report) why() *whyJSON {
	if r.Growth == nil {
		return nil
	}
	w := &whyJSON{Looked: r.Growth.Looked, Visited: r.Growth.Visited, RunsOn: []string{}, Parts: []partJSON{}, Actions: []actionJSON{}}
	for _, p := range r.Growth.Parts {
		w.Parts = append(w.Parts, partJSON(p))
		if p.Counter && !r.Complete {
			w.RunsOn = append(w.RunsOn, p.Path)
		}
	}
	for _, a := range r.frequent() {
		w.Actions = append(w.Actions, actionJSON(a))
	}
	return w
}
