package diagram_test

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/actor/diagram"
)

// texts draws texts with characters that have a meaning in one of the formats, or no single column.
var texts = rapid.StringOf(rapid.RuneFrom([]rune("ab Z9 <>&\"'#;%{}|/\\\n\t\x1b\u202e日é\u0301😀")))

// drawSequence draws a sequence with numbers in range and arbitrary texts.
func drawSequence(t *rapid.T) *diagram.Sequence {
	s := &diagram.Sequence{
		Title:     texts.Draw(t, "title"),
		Lifelines: rapid.SliceOfN(texts, 1, 6).Draw(t, "lifelines"),
	}
	lifeline := rapid.IntRange(0, len(s.Lifelines)-1)
	message := func(steps int) diagram.Message {
		return diagram.Message{
			From: lifeline.Draw(t, "from"), To: lifeline.Draw(t, "to"), Sent: rapid.IntRange(0, steps).Draw(t, "sent"),
			Text: texts.Draw(t, "text"), Short: texts.Draw(t, "short"),
		}
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "steps") {
		s.Steps = append(s.Steps, diagram.Step{
			Kind:    diagram.StepKind(rapid.IntRange(0, int(diagram.Heal)).Draw(t, "kind")),
			Message: message(i), At: lifeline.Draw(t, "at"), Text: texts.Draw(t, "note"),
		})
	}
	s.Cycle = rapid.IntRange(0, len(s.Steps)).Draw(t, "cycle")
	for range rapid.IntRange(0, 3).Draw(t, "pending") {
		s.Pending = append(s.Pending, message(len(s.Steps)))
	}
	return s
}

// Texts of a sequence never act in a format, whatever they are.
func TestTextsAreEscaped(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSequence(rt)
		checkSVG(t, s.SVG())
		checkMermaid(t, s.Mermaid())
		for _, ascii := range []bool{false, true} {
			checkTerminal(t, s.Text(diagram.TextOptions{Width: rapid.IntRange(0, 200).Draw(rt, "width"), ASCII: ascii}))
		}
	})
}

// cells splits a line into its terminal columns. The second column of a wide character is empty.
func cells(line string) (columns []string) {
	for _, r := range line {
		switch w := diagram.Width(string(r)); {
		case w == 0 && len(columns) > 0:
			columns[len(columns)-1] += string(r)
		default:
			columns = append(columns, string(r))
			columns = append(columns, slices.Repeat([]string{""}, max(w, 1)-1)...)
		}
	}
	return columns
}

// picture is a text diagram cut into its parts.
type picture struct {
	lifelines []int      // columns
	steps     [][]string // cells by step
	last      []string   // cells of the line below the last step
}

// parsePicture finds the parts of a text diagram of s without a title.
func parsePicture(t *rapid.T, s *diagram.Sequence, text string) (p picture) {
	lines := strings.Split(text, "\n")
	for x, cell := range cells(lines[1]) {
		if cell == "│" {
			p.lifelines = append(p.lifelines, x)
		}
	}
	if len(p.lifelines) != len(s.Lifelines) {
		t.Fatalf("%d lifelines, want %d, in\n%s", len(p.lifelines), len(s.Lifelines), text)
	}
	for _, line := range lines[2:] {
		if strings.HasPrefix(line, "  ┌ ") || strings.HasPrefix(line, "  └ ") {
			continue // the remarks about the cycle
		}
		if len(p.steps) == len(s.Steps) {
			p.last = cells(line)
			return p
		}
		if !strings.HasPrefix(line, fmt.Sprintf("%2d ", len(p.steps)+1)) {
			t.Fatalf("line %q is not step %d, in\n%s", line, len(p.steps)+1, text)
		}
		p.steps = append(p.steps, cells(line))
	}
	t.Fatalf("no line below the last step, in\n%s", text)
	return p
}

// Each step has a line with its number. Arrows begin and end at their lifelines, marks lie on them, and lifelines
// are dotted from a crash to a restart.
func TestRowsAlign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSequence(t)
		s.Title = ""
		text := s.Text(diagram.TextOptions{Width: rapid.IntRange(40, 160).Draw(t, "width")})
		p := parsePicture(t, s, text)
		down := make([]bool, len(s.Lifelines))
		at := func(row []string, x int, want string) {
			if x >= len(row) || !strings.Contains(want, row[x]) || row[x] == "" {
				t.Fatalf("column %d of %q is not one of %s, in\n%s", x, strings.Join(row, ""), want, text)
			}
		}
		for i, st := range s.Steps {
			row, x := p.steps[i], p.lifelines[st.At]
			switch from, to := p.lifelines[st.Message.From], p.lifelines[st.Message.To]; st.Kind {
			case diagram.Delivery, diagram.Loss, diagram.Duplication:
				alignArrow(at, st.Kind, row, from, to)
			case diagram.Crash:
				down[st.At] = true
				at(row, x, "×")
			case diagram.Restart:
				down[st.At] = false
				at(row, x, "○")
			case diagram.Note:
				at(row, x, "◆")
			}
		}
		for i, x := range p.lifelines {
			at(p.last, x, map[bool]string{true: "┊", false: "│"}[down[i]])
		}
	})
}

// alignArrow checks the ends of the arrow of a message.
func alignArrow(at func(row []string, x int, want string), kind diagram.StepKind, row []string, from, to int) {
	tail, head, toward := "├", "►", -1
	if to < from {
		tail, head, toward = "┤", "◄", 1
	}
	switch {
	case from == to && kind == diagram.Loss:
		at(row, from, "×")
	case from == to:
		at(row, from, "↻")
	default:
		at(row, from, tail)
		at(row, to, "│┊")
		if kind == diagram.Delivery {
			at(row, to+toward, head)
		}
		if kind == diagram.Loss {
			at(row, to+2*toward, "×")
		}
	}
}

// squash removes the white space that wrapping may add or drop.
func squash(text string) string { return strings.Join(strings.Fields(text), "") }

// No label is lost: what a row shortens is listed in full below the diagram, and an SVG has all labels as titles.
func TestNoLabelIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSequence(t)
		text, titles := squash(s.Text(diagram.TextOptions{})), squash(strings.Join(svgTitles(t, s.SVG()), " "))
		for i, st := range s.Steps {
			label := ""
			switch st.Kind {
			case diagram.Delivery, diagram.Loss, diagram.Duplication:
				label = st.Message.Text
			case diagram.Note, diagram.Partition:
				label = st.Text
			}
			if label = squash(diagram.Visible(label)); !strings.Contains(text, label) {
				t.Fatalf("step %d: %q is not in\n%s", i+1, label, s.Text(diagram.TextOptions{}))
			}
			if !strings.Contains(titles, label) {
				t.Fatalf("step %d: %q is not among the titles %q", i+1, label, titles)
			}
		}
	})
}

// svgTitles returns the texts of the title elements.
func svgTitles(t *rapid.T, svg string) (titles []string) {
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if err != nil {
			return titles
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "title" {
			var title string
			if err := d.DecodeElement(&title, &start); err != nil {
				t.Fatal(err)
			}
			titles = append(titles, title)
		}
	}
}
