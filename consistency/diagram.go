package consistency

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	opsToDraw  = 24 // maximum number of operations in a diagram
	opsToList  = 24 // maximum number of operations in a listed order
	textToDraw = 40 // maximum number of characters in the text of an operation
)

// String returns the outcome, a diagram and the order.
//
// A row of the diagram is a client. A bar is an operation from its invocation to its return; it is
// open to the right if the operation is pending, and drawn with = if it is in conflict. For
// sequential consistency only the order within a row has a meaning. The diagram of a long history
// shows the part near the conflict, or the beginning.
//
// If the outcome is [Unknown], the text says so and shows nothing else.
func (v Verdict[Op, Ret]) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", v.headline())
	if v.Outcome == Unknown {
		return b.String()
	}
	b.WriteByte('\n')
	drawn, omitted := v.toDraw()
	v.draw(&b, drawn)
	writeOmitted(&b, omitted)
	v.list(&b)
	return b.String()
}

func (v Verdict[Op, Ret]) headline() string {
	switch {
	case v.Outcome == Unknown:
		return fmt.Sprintf("unknown: the check did not finish, the history may be %v or not", v.Condition)
	case v.Outcome == Satisfied:
		return v.Condition.String()
	case v.Minimal:
		return fmt.Sprintf("not %v: no order explains the operations drawn with =, whatever the others did",
			v.Condition)
	}
	return fmt.Sprintf("not %v: no order explains the operations drawn with = after those before them", v.Condition)
}

func writeOmitted(b *strings.Builder, omitted int) {
	if omitted > 0 {
		fmt.Fprintf(b, "(and %d more)\n", omitted)
	}
}

// list writes the beginning of an order that explains the history, or the end of the longest order
// found.
func (v Verdict[Op, Ret]) list(b *strings.Builder) {
	first, last := 0, min(len(v.Order), opsToList)
	title := "in this order:"
	if v.Outcome == Violated {
		first, last = len(v.Order)-last, len(v.Order)
		title = "longest order found:"
	}
	if first == last {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	for i, o := range v.Order[first:last] {
		fmt.Fprintf(b, "%4d. %s: %s\n", first+i+1, v.client(o.Client), v.text(o))
	}
	writeOmitted(b, len(v.Order)-(last-first))
}

func (v Verdict[Op, Ret]) client(c int) string {
	if v.names != nil {
		return v.names(c)
	}
	return fmt.Sprintf("client %d", c)
}

// text returns the text of an operation, on one line.
func (v Verdict[Op, Ret]) text(o Operation[Op, Ret]) string {
	var line string
	switch {
	case o.Pending:
		line = v.values.text(o.Op)
	case v.describer != nil:
		line = v.describer.Describe(o.Op, o.Ret)
		s, ok := v.describer.(sentencer[Op, Ret])
		if ok && s.sentence(o.Op, o.Ret).with(nil) == line { // or else a spec that embeds s says it in its own words
			line = s.sentence(o.Op, o.Ret).with(v.values)
		}
	default:
		line = v.values.text(o.Op) + " → " + v.values.text(o.Ret)
	}
	line = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, line)
	if runes := []rune(line); len(runes) > textToDraw {
		line = string(runes[:textToDraw-1]) + "…"
	}
	return line
}

// toDraw returns the operations of the diagram and the number of omitted ones.
func (v Verdict[Op, Ret]) toDraw() (ops []Operation[Op, Ret], omitted int) {
	all := v.history.Operations()
	if len(all) <= opsToDraw {
		return all, 0
	}
	if v.Outcome == Satisfied {
		return all[:opsToDraw], len(all) - opsToDraw
	}
	ops = v.near(all)
	return ops, len(all) - len(ops)
}

// near returns operations in conflict, as many as there is room for, and the last operations invoked before the end
// of the conflict.
func (v Verdict[Op, Ret]) near(all []Operation[Op, Ret]) []Operation[Op, Ret] {
	end := 0
	for _, o := range v.Conflict {
		end = max(end, o.Returned)
	}
	conflict := v.conflict()
	first := min(len(v.Conflict), opsToDraw)
	room, others := first, opsToDraw-first
	var ops []Operation[Op, Ret]
	for _, o := range slices.Backward(all) {
		left := &others
		if conflict[o.Invoked] {
			left = &room
		}
		if o.Invoked < end && *left > 0 {
			ops, *left = append(ops, o), *left-1
		}
	}
	slices.Reverse(ops)
	return ops
}

// conflict returns when the operations in conflict were invoked.
func (v Verdict[Op, Ret]) conflict() map[int]bool {
	invoked := map[int]bool{}
	for _, o := range v.Conflict {
		invoked[o.Invoked] = true
	}
	return invoked
}

// bar is an operation in a row of the diagram.
type bar struct {
	text       string
	fill       string
	start, end int // columns of its ends; end is 0 if the bar is open
}

func (v Verdict[Op, Ret]) draw(b *strings.Builder, ops []Operation[Op, Ret]) {
	rows := map[int][]*bar{}
	var bars []*bar
	conflict := v.conflict()
	for _, o := range ops {
		r := &bar{text: v.text(o), fill: "-"}
		if conflict[o.Invoked] {
			r.fill = "="
		}
		rows[o.Client] = append(rows[o.Client], r)
		bars = append(bars, r)
	}
	spread := spreadByTime[Op, Ret]
	if v.Condition == SequentialConsistency {
		spread = spreadByClient
	}
	width, label := spread(ops, bars), len("client 123")
	for c := range rows {
		label = max(label, utf8.RuneCountInString(v.client(c)))
	}
	for _, c := range slices.Sorted(maps.Keys(rows)) {
		fmt.Fprintf(b, "%-*s %s\n", label, v.client(c), line(rows[c], width))
	}
}

// width returns the minimum number of columns of the bar, without its end.
func (r *bar) width() int { return utf8.RuneCountInString(r.text) + 5 }

// spreadByTime assigns columns to events in real-time order, far enough apart for the texts. It
// returns the width of the diagram.
func spreadByTime[Op, Ret any](ops []Operation[Op, Ret], bars []*bar) (width int) {
	type edge struct {
		time int
		bar  *bar
		end  bool
	}
	var edges []edge
	for i, o := range ops {
		edges = append(edges, edge{o.Invoked, bars[i], false})
		if !o.Pending {
			edges = append(edges, edge{o.Returned, bars[i], true})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.time, b.time) })
	column := -2
	for _, e := range edges {
		column += 2
		if e.end {
			column = max(column, e.bar.start+e.bar.width())
			e.bar.end = column
		} else {
			e.bar.start = column
		}
		width = max(width, column, e.bar.start+e.bar.width())
	}
	return width
}

// spreadByClient puts the operations of each client one after another. It returns the width of the
// diagram.
func spreadByClient[Op, Ret any](ops []Operation[Op, Ret], bars []*bar) (width int) {
	next := map[int]int{}
	for i, o := range ops {
		bars[i].start = next[o.Client]
		end := bars[i].start + bars[i].width()
		next[o.Client] = end + 2
		width = max(width, end)
		if !o.Pending {
			bars[i].end = end
		}
	}
	return width
}

// line draws the row of a client.
func line(bars []*bar, width int) string {
	var b strings.Builder
	column := 0
	for _, r := range bars {
		edge, end := "|", r.end
		if end == 0 {
			edge, end = "...", width
		}
		b.WriteString(strings.Repeat(" ", r.start-column))
		fmt.Fprintf(&b, "|%s %s %s%s", r.fill, r.text, strings.Repeat(r.fill, end-r.start-r.width()+1), edge)
		column = end + 1
	}
	return b.String()
}
