package pathtext

import (
	"fmt"
	"strconv"
	"strings"
)

// Change is a part that differs between two states. Before or After is empty when an element was added or removed.
type Change struct{ Path, Before, After string }

// Step is one step of a run.
type Step struct {
	Number  int    // 0 for a step that is not counted
	Text    string // the action
	Note    string // the model's account of the step; may be empty
	Changes []Change
}

// Run is what is written.
type Run struct {
	Init string // text of the first state
	Len  int    // number of steps
	Step func(i int) Step
	Loop int // index of the state to which a lasso's last step returns; -1 if the run is no lasso
}

// Options say how a run is written.
type Options struct {
	Width int    // columns in which lines are wrapped; 0 does not wrap
	Full  bool   // all steps of long runs, and long values to their ends
	Rest  string // the way to see the steps that are left out, such as "-full shows them"
	Paint Paint
}

// Paint colours the parts of a text. A nil function leaves a text as it is.
type Paint struct{ Faint, Strong, Doubt, Before, After func(string) string }

// apply colours the lines of a text one by one: what stands beside them in a table is not coloured.
func apply(paint func(string) string, text string) string {
	if paint == nil || text == "" {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = paint(line)
	}
	return strings.Join(lines, "\n")
}

// maxShown is how many steps of a run are shown unless all of them are asked for: half from its start, half from its
// end.
const maxShown = 200

// Text returns a run as text, with a line break at its end.
func (r Run) Text(o Options) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", apply(o.Paint.Faint, "init"), Indent(o.lines(r.Init, 6), "      "))
	r.cycle(&b, o, 0)
	hidden := func(i int) bool {
		return !o.Full && r.Len > maxShown && i >= maxShown/2 && i < r.Len-maxShown/2
	}
	for i := range r.Len {
		switch {
		case !hidden(i):
			o.step(&b, r.Step(i))
		case !hidden(i - 1):
			fmt.Fprintf(&b, " ...  %s steps left out: %s\n", grouped(r.Len-maxShown), o.Rest)
		}
		r.cycle(&b, o, i+1)
	}
	return b.String()
}

// grouped returns a number with commas between thousands.
func grouped(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}

// cycle marks the start and the end of a lasso's cycle, where state i is one of them.
func (r Run) cycle(b *strings.Builder, o Options, i int) {
	if r.Loop >= 0 && i == r.Loop {
		fmt.Fprintf(b, "   %s\n", apply(o.Paint.Doubt, "┌─ the cycle starts here"))
	}
	if r.Loop >= 0 && i == r.Len {
		steps := "1 step"
		if n := i - r.Loop; n != 1 {
			steps = fmt.Sprintf("%d steps", n)
		}
		text := fmt.Sprintf("└─ back to the start of the cycle, after %s; it repeats forever", steps)
		fmt.Fprintf(b, "   %s\n", apply(o.Paint.Doubt, text))
	}
}

// step writes a step: its action, and below it a table of what it changed.
func (o Options) step(b *strings.Builder, st Step) {
	number := "    "
	if st.Number > 0 {
		number = fmt.Sprintf("%4d", st.Number)
	}
	text := o.value(Printable(st.Text), o.room(6))
	fmt.Fprintf(b, "%s  %s", number, Indent(apply(o.Paint.Strong, text), "      "))
	if st.Note != "" {
		fmt.Fprintf(b, "  %s", apply(o.Paint.Faint, Printable(st.Note)))
	}
	b.WriteByte('\n')
	if len(st.Changes) == 0 {
		return
	}
	const margin = "        "
	for line := range strings.Lines(Grid(nil, o.rows(st.Changes, len(margin)))) {
		b.WriteString(margin + line)
	}
}

// rows returns the table of changes: a sign for what was added, removed or changed, where, and what.
func (o Options) rows(all []Change, margin int) [][]string {
	rows, widest := make([][]string, len(all)), 0
	for k, c := range all {
		where := Printable(c.Path)
		if where == "" || where == "." {
			where = "state" // it has no parts with names
		}
		rows[k] = []string{"~", where, ""}
		widest = max(widest, columns(where))
	}
	room := o.room(margin + 3 + widest + 2)
	for k, c := range all {
		before := apply(o.Paint.Before, o.value(Printable(c.Before), room-1))
		after := apply(o.Paint.After, o.value(Printable(c.After), room-3))
		switch {
		case c.Before == "":
			rows[k][0], rows[k][2] = "+", after
		case c.After == "":
			rows[k][0], rows[k][2] = "-", before
		case o.Width > 0 && columns(before)+3+columns(after) > room:
			rows[k][2] = before + "\n→ " + Indent(after, "  ")
		default:
			rows[k][2] = before + " → " + Indent(after, "  ")
		}
	}
	return rows
}
