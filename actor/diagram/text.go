package diagram

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// TextOptions is the layout of a text diagram. The zero value is for a terminal of 100 columns.
type TextOptions struct {
	// Width is the maximum number of columns, 0 means 100. At least 40 columns are used, and more if a
	// lifeline would have less than 6.
	Width int
	ASCII bool // draw in ASCII; other characters in labels become question marks
	Brief bool // leave out the list of shortened texts below the diagram
}

const (
	defaultWidth = 100
	leastWidth   = 40
	leastSpacing = 6
	sentWidth    = 16 // width of the column with the steps in which late messages were sent
)

// Text returns the diagram as text. Each step is a line with its number. An arrow is drawn where
// its message arrives. If the message was not sent in the step before, the step of sending is
// beside the arrow.
func (s *Sequence) Text(o TextOptions) string {
	if len(s.Lifelines) == 0 {
		return ""
	}
	t := newText(s.normal(), o)
	if t.seq.Title != "" {
		t.out.WriteString(t.seq.Title + "\n\n")
	}
	if caveat := t.seq.caveat(); caveat != "" {
		t.out.WriteString(caveat + "\n\n")
	}
	t.header()
	for i := range t.seq.Steps {
		if t.seq.Cycle > 0 && i == len(t.seq.Steps)-t.seq.Cycle {
			t.remark(string(t.top) + " the cycle starts here")
		}
		t.step(i)
	}
	if t.seq.Cycle > 0 {
		t.remark(string(t.bottom) + " back to the start of the cycle, repeats forever")
	}
	t.pending()
	t.legend()
	return t.out.String()
}

// textDrawing is the state of drawing a text diagram.
type textDrawing struct {
	glyphs
	seq     *Sequence
	brief   bool
	width   int
	gutter  int    // columns before the lifelines
	spacing int    // columns per lifeline
	late    bool   // some message was sent earlier than in the step before its arrival
	down    []bool // crashed lifelines
	split   bool   // the network is partitioned
	short   []int  // steps with a shortened text
	out     strings.Builder
}

func newText(s *Sequence, o TextOptions) *textDrawing {
	t := &textDrawing{glyphs: unicodeGlyphs, seq: s, brief: o.Brief, width: o.Width,
		down: make([]bool, len(s.Lifelines))}
	if o.ASCII {
		t.glyphs = asciiGlyphs
		s.mapTexts(ascii)
	}
	if t.width == 0 {
		t.width = defaultWidth
	}
	t.width = max(t.width, leastWidth)
	t.gutter = max(len(strconv.Itoa(len(s.Steps))), 2) + 3
	for i := range s.Steps {
		t.late = t.late || t.isLate(i)
	}
	t.space()
	return t
}

// isLate reports whether the message of a step was sent earlier than in the step before.
func (t *textDrawing) isLate(i int) bool {
	st := t.seq.Steps[i]
	return st.hasMessage() && st.Message.Sent < i
}

// space computes the columns per lifeline: as many as the labels need in full, if there is room.
func (t *textDrawing) space() {
	n := len(t.seq.Lifelines)
	for _, name := range t.seq.Lifelines {
		t.spacing = max(t.spacing, width(name)+2)
	}
	for _, st := range t.seq.Steps {
		from, to := st.span()
		if k := max(to-from, from-to); k > 0 {
			text, _ := t.seq.caption(st)
			t.spacing = max(t.spacing, (width(text)+arrowEnds(st.Kind)+k-1)/k)
		}
	}
	room := t.width - t.gutter
	if t.late {
		room -= sentWidth
	}
	t.spacing = max(min(t.spacing, room/n), leastSpacing)
	t.width = max(t.width, t.gutter+n*t.spacing)
}

// x returns the column of a lifeline.
func (t *textDrawing) x(i int) int { return t.gutter + i*t.spacing + t.spacing/2 }

func (t *textDrawing) header() {
	l := newLine(t.width)
	for i, name := range t.seq.Lifelines {
		name = squeeze(name, t.more, t.spacing-1)
		l.put(t.x(i)-width(name)/2, name)
	}
	t.out.WriteString(l.String())
	t.out.WriteString(t.lives().String())
}

// lives returns a line that has lifelines only.
func (t *textDrawing) lives() line {
	l := newLine(t.width)
	for i, down := range t.down {
		glyph := t.life
		if down {
			glyph = t.dead
		}
		l.put(t.x(i), string(glyph))
	}
	if t.split {
		l.put(t.gutter-2, string(t.bar))
	}
	return l
}

func (t *textDrawing) remark(text string) { t.out.WriteString("  " + text + "\n") }

func (t *textDrawing) step(i int) {
	st := t.seq.Steps[i]
	l := t.lives()
	switch st.Kind {
	case Delivery, Loss, Duplication:
		t.message(l, i)
	case Partition, Heal:
		t.split = st.Kind == Partition
		t.across(l, i)
	case Crash:
		t.down[st.At] = true
		t.mark(l, i, t.crash)
	case Restart:
		t.down[st.At] = false
		t.mark(l, i, t.recovery)
	default:
		t.mark(l, i, t.note)
	}
	l.put(0, fmt.Sprintf("%*d", t.gutter-3, i+1))
	t.out.WriteString(l.String())
}

// caption returns the text of a step, shortened to that many columns.
func (t *textDrawing) caption(i, room int) string {
	text, short := t.seq.caption(t.seq.Steps[i])
	got := fit(text, short, t.more, room)
	if got != text {
		t.short = append(t.short, i)
	}
	return got
}

func (t *textDrawing) message(l line, i int) {
	st := t.seq.Steps[i]
	from, to := t.x(st.Message.From), t.x(st.Message.To)
	if from == to {
		t.mark(l, i, t.selfGlyph(st.Kind))
		return
	}
	dash := t.dash
	if st.Kind == Duplication {
		dash = t.dots
	}
	first, last := min(from, to), max(from, to)
	for x := first + 1; x < last; x++ {
		glyph := dash
		if l[x] != " " {
			glyph = t.cross
		}
		l.put(x, string(glyph))
	}
	t.ends(l, st.Kind, from, to)
	if st.Kind == Loss {
		first, last = min(from, to+2*sign(from-to)), max(from, to+2*sign(from-to))
	}
	if text := t.caption(i, last-first-arrowEnds(Delivery)); text != "" {
		l.put(first+(last-first-width(text)-2+1)/2, " "+text+" ")
	}
	if t.isLate(i) {
		l.put(t.gutter+len(t.down)*t.spacing, sentText(st.Message.Sent))
	}
}

// arrowEnds returns the columns of an arrow beside its label.
func arrowEnds(k StepKind) int {
	if k == Loss { // it ends before the lifeline
		return 8
	}
	return 6
}

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}

func (t *textDrawing) selfGlyph(k StepKind) rune {
	if k == Loss {
		return t.lost
	}
	return t.self
}

// ends draws the ends of an arrow.
func (t *textDrawing) ends(l line, k StepKind, from, to int) {
	tail, head, step := t.fromLeft, t.toEnd, 1
	if to < from {
		tail, head, step = t.fromRight, t.toLeft, -1
	}
	l.put(from, string(tail))
	switch k {
	case Delivery:
		l.put(to-step, string(head))
	case Loss:
		l.put(to-step, " ")
		l.put(to-2*step, string(t.lost))
	}
}

func sentText(step int) string {
	if step == 0 {
		return "sent at start"
	}
	return fmt.Sprintf("sent in %d", step)
}

// mark draws a mark on a lifeline and its text on the side with more room.
func (t *textDrawing) mark(l line, i int, glyph rune) {
	_, at := t.seq.Steps[i].span()
	x := t.x(at)
	l.put(x, string(glyph))
	right, left := t.width-x-2, x-t.gutter-1
	if t.isLate(i) { // a message of the actor to itself
		sent := sentText(t.seq.Steps[i].Message.Sent)
		text := t.caption(i, right-width(sent)-3)
		l.put(x+2, fmt.Sprintf("%s (%s) ", text, sent))
		return
	}
	text, _ := t.seq.caption(t.seq.Steps[i])
	if width(text) <= right || right >= left {
		l.put(x+2, t.caption(i, right)+" ")
		return
	}
	text = t.caption(i, left)
	l.put(x-1-width(text), text)
}

// across draws a band over all lifelines.
func (t *textDrawing) across(l line, i int) {
	end := t.gutter + len(t.down)*t.spacing
	for x := t.gutter - 2; x < end; x++ {
		l.put(x, string(t.band))
	}
	l.put(t.gutter, " "+t.caption(i, t.width-t.gutter-4)+" ")
}

// pending lists the messages in flight by sender and receiver.
func (t *textDrawing) pending() {
	t.out.WriteString(t.lives().String())
	if len(t.seq.Pending) == 0 {
		return
	}
	if !t.brief {
		t.out.WriteString("\n")
	}
	t.out.WriteString(pendingTitle(len(t.seq.Pending)) + "\n")
	var ends []string
	messages := map[string][]string{}
	for _, m := range t.seq.Pending {
		end := fmt.Sprintf("  %s %s %s: ", t.seq.Lifelines[m.From], t.arrow, t.seq.Lifelines[m.To])
		if messages[end] == nil {
			ends = append(ends, end)
		}
		text := m.Text
		if m.Short != "" {
			text = m.Short
		}
		messages[end] = append(messages[end], text)
	}
	slices.Sort(ends)
	for _, end := range ends {
		t.hang(end, strings.Join(times(messages[end]), ", "))
	}
}

func pendingTitle(n int) string {
	if n == 1 {
		return "1 message in flight:"
	}
	return fmt.Sprintf("%d messages in flight:", n)
}

// times replaces equal texts by one with their number.
func times(texts []string) (joined []string) {
	slices.Sort(texts)
	for i := 0; i < len(texts); {
		n := 1
		for i+n < len(texts) && texts[i+n] == texts[i] {
			n++
		}
		text := texts[i]
		if n > 1 {
			text = fmt.Sprintf("%s (%d)", text, n)
		}
		joined = append(joined, text)
		i += n
	}
	return joined
}

// hang writes a text after a head, with a hanging indent. A head that is too long is on separate lines.
func (t *textDrawing) hang(head, text string) {
	if width(head) > t.width/2 {
		for _, part := range wrap(head, t.width) {
			t.out.WriteString(strings.TrimRight(part, " ") + "\n")
		}
		head = "    "
	}
	indent := strings.Repeat(" ", width(head))
	for _, part := range wrap(text, t.width-len(indent)) {
		t.out.WriteString(strings.TrimRight(head+part, " ") + "\n")
		head = indent
	}
}

// legend lists the shortened texts in full.
func (t *textDrawing) legend() {
	if t.brief || len(t.short) == 0 {
		return
	}
	t.out.WriteString("\nin full:\n")
	for _, i := range t.short {
		t.hang(fmt.Sprintf("%*d  ", t.gutter-3, i+1), t.seq.fullText(i))
	}
}

// fullText returns the full description of a step.
func (s *Sequence) fullText(i int) string {
	st := s.Steps[i]
	text, _ := s.caption(st)
	if st.hasMessage() {
		return fmt.Sprintf("%s -> %s: %s", s.Lifelines[st.Message.From], s.Lifelines[st.Message.To], text)
	}
	if st.Kind == Partition || st.Kind == Heal {
		return text
	}
	return s.Lifelines[st.At] + ": " + text
}
