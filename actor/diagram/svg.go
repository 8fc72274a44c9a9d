package diagram

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Measures of an SVG drawing, in pixels.
const (
	svgMargin = 16
	svgGutter = 44 // column of step numbers
	svgHead   = 64 // row of names
	svgRow    = 44
	svgEnds   = 70  // ends of an arrow beside its label
	svgChar   = 6.7 // width of a character in a label
	svgLine   = 17  // height of a line of text below the drawing
	svgMin    = 130 // minimum distance of lifelines
	svgMax    = 230 // maximum distance of lifelines
	svgLeast  = 520 // minimum width, for the text below
)

// SVG returns the diagram as a self-contained SVG file. It follows the reader's preference for
// light or dark. An arrow leads from the step of sending to the step of arrival. A message in
// flight at the end is a short dash. Shortened labels are repeated in full below the diagram and in
// tooltips.
func (s *Sequence) SVG() string {
	d := svgDrawing{seq: s.normal()}
	d.measure()
	d.open()
	if len(d.seq.Lifelines) > 0 {
		d.bands()
		d.lifelines()
		d.stubs()
		for i := range d.seq.Steps {
			d.step(i)
		}
		d.out.WriteString(d.labels.String())
	}
	d.footer()
	d.out.WriteString("</svg>\n")
	return d.out.String()
}

// svgDrawing is the state of drawing an SVG diagram.
type svgDrawing struct {
	seq           *Sequence
	spacing       float64
	width, bottom float64  // size of the drawing without the text below
	foot          []string // lines below the drawing
	out           strings.Builder
	labels        strings.Builder // texts, which come last to lie above all lines
}

func (d *svgDrawing) measure() {
	d.spacing = svgMin
	for _, name := range d.seq.Lifelines {
		d.spacing = max(d.spacing, float64(width(name))*8+28)
	}
	for _, st := range d.seq.Steps {
		from, to := st.span()
		text, _ := d.seq.caption(st)
		d.spacing = max(d.spacing, (float64(width(text))*svgChar+svgEnds+1)/float64(max(to-from, from-to, 1)))
	}
	d.spacing = min(d.spacing, svgMax)
	d.width = max(svgGutter+float64(len(d.seq.Lifelines))*d.spacing+svgMargin, svgLeast)
	d.bottom = d.y(len(d.seq.Steps)) + svgRow
	d.foot = d.footText()
}

func (d *svgDrawing) x(i int) float64 { return svgGutter + (float64(i)+0.5)*d.spacing }

// y returns the vertical position of a step. Steps are numbered from 1; 0 is before the first one.
func (d *svgDrawing) y(step int) float64 { return svgHead + float64(step)*svgRow }

const svgStyle = `
.bg{fill:#fff}
.life{stroke:#9aa3ad;stroke-width:1.5}
.dead{stroke-dasharray:2 6}
.msg,.open{stroke:#1f5fa8;stroke-width:1.5;fill:none}
.open{stroke-dasharray:3 4;opacity:.65}
.twice{stroke-dasharray:6 4}
.head{fill:#1f5fa8}
.bad{stroke:#c0262d;stroke-width:2;fill:none}
.box{fill:#eef2f7;stroke:#9aa3ad}
.split{fill:#f2a93b;fill-opacity:.16}
.edge{stroke:#b97400;stroke-dasharray:5 3}
.cycle{stroke:#7a4fb5;stroke-width:2;fill:none}
.mark{fill:#7a4fb5}
.dot{fill:#1f5fa8}
text{fill:#1c232b;
font:11px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.name{font-size:13px;font-weight:600}
.num,.foot{fill:#5b6670}
.label{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
.badtext{fill:#c0262d}
@media(prefers-color-scheme:dark){
.bg{fill:#14181d}
.life{stroke:#5f6b77}
.msg,.open{stroke:#6fb1ff}
.head,.dot{fill:#6fb1ff}
.bad{stroke:#ff7b7b}
.box{fill:#222a33;stroke:#5f6b77}
.edge{stroke:#f2a93b}
.cycle{stroke:#b996f0}
.mark{fill:#b996f0}
text{fill:#e4e9ee}
.num,.foot{fill:#9aa6b2}
.label{stroke:#14181d}
.badtext{fill:#ff9a9a}
}
`

func (d *svgDrawing) open() {
	height := d.bottom + svgMargin + float64(len(d.foot))*svgLine
	if len(d.foot) > 0 {
		height += svgLine
	}
	title := d.seq.Title
	if title == "" {
		title = "Sequence diagram"
	}
	d.printf(`<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %[1]s %[2]s" `+
		`role="img" aria-labelledby="t d">`+"\n", px(d.width), px(height))
	d.printf("<title id=\"t\">%s</title>\n", escapeXML(title))
	d.printf("<desc id=\"d\">%s</desc>\n", escapeXML(d.description()))
	d.printf("<style>%s</style>\n<rect class=\"bg\" width=\"100%%\" height=\"100%%\"/>\n", svgStyle)
}

// description returns the diagram in words, for readers who cannot see it.
func (d *svgDrawing) description() string {
	parts := []string{fmt.Sprintf("%d lifelines, %d steps.", len(d.seq.Lifelines), len(d.seq.Steps))}
	if len(d.seq.Lifelines) > 0 {
		for i := range d.seq.Steps {
			parts = append(parts, fmt.Sprintf("%d. %s.", i+1, d.seq.fullText(i)))
		}
	}
	return strings.Join(parts, " ")
}

func (d *svgDrawing) printf(format string, args ...any) { fmt.Fprintf(&d.out, format, args...) }

// px returns the text of a measure.
func px(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// round rounds to a tenth of a pixel.
func round(v float64) float64 { return math.Round(v*10) / 10 }

func (d *svgDrawing) line(class string, x1, y1, x2, y2 float64) {
	d.printf(`<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`+"\n", class, px(round(x1)), px(round(y1)),
		px(round(x2)), px(round(y2)))
}

// text adds a label.
func (d *svgDrawing) text(class, anchor string, x, y float64, text string) {
	fmt.Fprintf(&d.labels, `<text class="%s" text-anchor="%s" x="%s" y="%s">%s</text>`+"\n", class, anchor,
		px(round(x)), px(round(y)), escapeXML(text))
}

// bands draws what spans several steps: partitions and the cycle.
func (d *svgDrawing) bands() {
	split := 0
	draw := func(end float64) {
		if split > 0 {
			top := d.y(split)
			d.printf(`<rect class="split" x="%s" y="%s" width="%s" height="%s"/>`+"\n", px(svgGutter), px(top),
				px(d.width-svgGutter-svgMargin), px(end-top))
		}
	}
	for i, st := range d.seq.Steps {
		switch st.Kind {
		case Partition:
			split = i + 1
		case Heal:
			draw(d.y(i + 1))
			split = 0
		}
	}
	draw(d.bottom)
	if c := d.seq.Cycle; c > 0 {
		top, end := d.y(len(d.seq.Steps)-c)+svgRow/2, d.bottom-svgRow/2
		d.printf(`<path class="cycle" d="M%s %sH8V%sH%[1]s"/>`+"\n", px(svgGutter-6), px(end), px(top))
		d.printf(`<path class="mark" d="M%s %sl-7 -4v8z"/>`+"\n", px(svgGutter), px(top))
		d.text("num label", "start", 14, end+14, "repeats forever")
	}
}

func (d *svgDrawing) lifelines() {
	for i, name := range d.seq.Lifelines {
		class, from := "life", d.y(0)-16
		for k, st := range d.seq.Steps {
			if st.At == i && (st.Kind == Crash || st.Kind == Restart) {
				d.line(class, d.x(i), from, d.x(i), d.y(k+1))
				if class, from = "life", d.y(k+1); st.Kind == Crash {
					class = "life dead"
				}
			}
		}
		d.line(class, d.x(i), from, d.x(i), d.bottom)
		short := squeeze(name, "…", int((d.spacing-20)/8))
		w := float64(width(short))*8 + 18
		d.printf(`<rect class="box" x="%s" y="14" width="%s" height="28" rx="5"/>`+"\n", px(round(d.x(i)-w/2)),
			px(w))
		d.text("name", "middle", d.x(i), 33, short)
	}
}

// stubs draws the messages in flight at the end.
func (d *svgDrawing) stubs() {
	seen := map[[3]int]float64{} // number of messages by sender, step and direction
	for _, m := range d.seq.Pending {
		key := [3]int{m.From, m.Sent, direction(m)}
		x, y, n := d.x(m.From), d.y(m.Sent), seen[key]
		seen[key]++
		d.printf("<g><title>%s</title>\n", escapeXML(fmt.Sprintf("not delivered: %s -> %s: %s",
			d.seq.Lifelines[m.From], d.seq.Lifelines[m.To], m.Text)))
		end := x + float64(key[2])*26
		d.line("open", x, y, end, y+8+min(4*n, 24))
		d.printf(`<circle class="msg" cx="%s" cy="%s" r="2.5"/></g>`+"\n", px(round(end)),
			px(round(y+8+min(4*n, 24))))
	}
}

func direction(m Message) int {
	if m.To < m.From {
		return -1
	}
	return 1
}

func (d *svgDrawing) step(i int) {
	st, y := d.seq.Steps[i], d.y(i+1)
	d.text("num", "end", svgGutter-14, y+4, strconv.Itoa(i+1))
	dashes := ""
	if st.Supposed {
		dashes = ` stroke-dasharray="6 4"`
	}
	d.printf("<g%s><title>%s</title>\n", dashes, escapeXML(fmt.Sprintf("%d. %s", i+1, d.seq.fullText(i))))
	switch st.Kind {
	case Delivery, Loss, Duplication:
		d.message(st, y)
	case Partition, Heal:
		d.line("edge", svgGutter, y, d.width-svgMargin, y)
		text, _ := d.seq.caption(st)
		d.text("label", "start", svgGutter+6, y-5, cut(text, "…", int((d.width-svgGutter-svgMargin)/svgChar)))
	default:
		d.mark(st, y)
	}
	d.printf("</g>\n")
}

// mark draws an event on a lifeline.
func (d *svgDrawing) mark(st Step, y float64) {
	x := d.x(st.At)
	class := "label"
	switch st.Kind {
	case Crash:
		d.cross(x, y)
		class = "label badtext"
	case Restart:
		d.printf(`<circle class="dot" cx="%s" cy="%s" r="5"/>`+"\n", px(round(x)), px(y))
	default:
		d.printf(`<path class="mark" d="M%s %sl6 6-6 6-6-6z"/>`+"\n", px(round(x)), px(y-6))
	}
	d.beside(class, st, y+4)
}

// beside writes the caption of a step next to its lifeline.
func (d *svgDrawing) beside(class string, st Step, y float64) {
	_, at := st.span()
	if d.onLeft(st) {
		d.text(class, "end", d.x(at)-11, y, d.shown(st))
		return
	}
	d.text(class, "start", d.x(at)+11, y, d.shown(st))
}

// onLeft reports whether the caption of a step is left of its lifeline: it does not fit on the
// right, and the left has more room.
func (d *svgDrawing) onLeft(st Step) bool {
	_, at := st.span()
	text, _ := d.seq.caption(st)
	right := d.width - d.x(at)
	return float64(width(text))*svgChar > right-svgMargin-11 && d.x(at) > right
}

// along writes the caption of a step above a line between two points: in the middle, or near the
// end of a steep line, whose middle is likely to cross others.
func (d *svgDrawing) along(class string, st Step, x1, y1, x2, y2 float64) {
	text := d.shown(st)
	if y2-y1 > svgRow {
		part := 2 * (float64(width(text))*svgChar/2 + svgEnds/2) / math.Hypot(x2-x1, y2-y1)
		x1, y1 = x1+(x2-x1)*(1-part), y1+(y2-y1)*(1-part)
	}
	if x2 < x1 {
		x1, y1, x2, y2 = x2, y2, x1, y1
	}
	angle := math.Atan2(y2-y1, x2-x1) * 180 / math.Pi
	fmt.Fprintf(&d.labels, `<text class="%s" text-anchor="middle" `+
		`transform="translate(%s %s)rotate(%s)" y="-5">%s</text>`+"\n",
		class, px(round((x1+x2)/2)), px(round((y1+y2)/2)), px(round(angle)), escapeXML(text))
}

// shown returns the caption of a step, shortened to the room.
func (d *svgDrawing) shown(st Step) string {
	text, short := d.seq.caption(st)
	return fit(text, short, "…", int(d.room(st)/svgChar))
}

// room returns the length of the line on which the caption of a step is written.
func (d *svgDrawing) room(st Step) float64 {
	from, to := st.span()
	if from == to {
		if d.onLeft(st) {
			return d.x(to) - svgGutter - 11
		}
		return d.width - d.x(to) - svgMargin - 11
	}
	return float64(max(to-from, from-to))*d.spacing - svgEnds
}

func (d *svgDrawing) cross(x, y float64) {
	d.printf(`<path class="bad" d="M%s %sl10 10m0 -10l-10 10"/>`+"\n", px(round(x-5)), px(round(y-5)))
}

// message draws the arrow of a message.
func (d *svgDrawing) message(st Step, y float64) {
	m := st.Message
	x1, y1, x2 := d.x(m.From), d.y(m.Sent), d.x(m.To)
	d.printf(`<circle class="dot" cx="%s" cy="%s" r="3"/>`+"\n", px(round(x1)), px(y1))
	if m.From == m.To {
		d.self(st, x1, y1, y)
		return
	}
	class, label, end := "msg", "label", 1.0
	switch st.Kind {
	case Loss:
		label, end = "label badtext", 0.8
	case Duplication:
		class, end = "msg twice", 0.9
	}
	x2, y = x1+(x2-x1)*end, y1+(y-y1)*end
	d.line(class, x1, y1, x2, y)
	switch st.Kind {
	case Delivery:
		d.head(x1, y1, x2, y)
	case Loss:
		d.cross(x2, y)
	}
	d.along(label, st, x1, y1, x2, y)
}

// head draws the head of an arrow.
func (d *svgDrawing) head(x1, y1, x2, y2 float64) {
	dx, dy := x2-x1, y2-y1
	n := math.Hypot(dx, dy)
	ux, uy := dx/n, dy/n
	bx, by := x2-9*ux, y2-9*uy
	d.printf(`<path class="head" d="M%s %sL%s %sL%s %sz"/>`+"\n", px(round(x2)), px(round(y2)),
		px(round(bx-4*uy)), px(round(by+4*ux)), px(round(bx+4*uy)), px(round(by-4*ux)))
}

// self draws a message from an actor to itself, as an arc on the right.
func (d *svgDrawing) self(st Step, x, y1, y2 float64) {
	class := "msg"
	if st.Kind == Duplication {
		class = "msg twice"
	}
	d.printf(`<path class="%s" d="M%s %sC%s %s %s %s %s %s"/>`+"\n", class, px(round(x)), px(y1),
		px(round(x+34)), px(y1), px(round(x+34)), px(y2), px(round(x+3)), px(y2))
	switch st.Kind {
	case Delivery:
		d.head(x+12, y2, x, y2)
	case Loss:
		d.cross(x+8, y2)
	}
	d.beside("label", st, y2+13)
}

// footText returns the lines below the drawing: shortened labels in full, and the messages in flight.
func (d *svgDrawing) footText() (lines []string) {
	columns := int((d.width - 2*svgMargin) / svgChar)
	add := func(text string) {
		for i, part := range wrap(text, columns-6) {
			if i > 0 {
				part = "      " + part
			}
			lines = append(lines, part)
		}
	}
	if caveat := d.seq.caveat(); caveat != "" {
		add(caveat)
	}
	for i, st := range d.seq.Steps {
		if text, _ := d.seq.caption(st); d.shown(st) != text && st.Kind != Partition {
			add(fmt.Sprintf("%d. %s", i+1, d.seq.fullText(i)))
		}
	}
	var pending []string
	for _, m := range d.seq.Pending {
		pending = append(pending, fmt.Sprintf("%s -> %s: %s", d.seq.Lifelines[m.From], d.seq.Lifelines[m.To],
			m.Text))
	}
	slices.Sort(pending)
	for _, text := range times(pending) {
		add("not delivered: " + text)
	}
	return lines
}

func (d *svgDrawing) footer() {
	for i, text := range d.foot {
		d.printf(`<text class="foot" xml:space="preserve" x="%d" y="%s">%s</text>`+"\n", svgMargin,
			px(d.bottom+svgLine+float64(i+1)*svgLine), escapeXML(text))
	}
}
