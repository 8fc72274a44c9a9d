package diagram

import (
	"fmt"
	"strings"
)

// mermaidLabel is the maximum number of characters on a line of a label.
const mermaidLabel = 48

// Mermaid returns the diagram in the Mermaid language. Its arrows have no slope. As in
// [Sequence.Text], an arrow is drawn where its message arrives, and its label tells the step of
// sending if that is not the step before.
func (s *Sequence) Mermaid() string {
	m := mermaid{seq: s.normal()}
	m.line("sequenceDiagram")
	if len(m.seq.Lifelines) == 0 {
		return m.String()
	}
	if strings.TrimSpace(m.seq.Title) != "" {
		m.line("accTitle: " + escapeMermaid(m.seq.Title))
	}
	for i, name := range m.seq.Lifelines {
		if strings.TrimSpace(name) == "" {
			name = "\u00a0" // Mermaid requires a name
		}
		m.line(fmt.Sprintf("participant p%d as %s", i, escapeMermaid(name)))
	}
	if caveat := m.seq.caveat(); caveat != "" {
		m.note(0, len(m.seq.Lifelines)-1, caveat)
	}
	for i := range m.seq.Steps {
		if m.seq.Cycle > 0 && i == len(m.seq.Steps)-m.seq.Cycle {
			m.line("loop forever")
		}
		m.step(i)
	}
	if m.seq.Cycle > 0 {
		m.line("end")
	}
	for _, p := range m.seq.Pending {
		m.arrow("--)", p, "not delivered: "+p.Text)
	}
	return m.String()
}

type mermaid struct {
	strings.Builder
	seq *Sequence
}

func (m *mermaid) line(text string) {
	if m.Len() > 0 {
		m.WriteString("    ")
	}
	m.WriteString(strings.TrimRight(text, " ") + "\n")
}

func (m *mermaid) step(i int) {
	st := m.seq.Steps[i]
	text, _ := m.seq.caption(st)
	text = fmt.Sprintf("%d. %s", i+1, text)
	if st.hasMessage() && st.Message.Sent < i {
		text += fmt.Sprintf(" (%s)", sentText(st.Message.Sent))
	}
	switch st.Kind {
	case Delivery:
		m.arrow("->>", st.Message, text)
	case Loss:
		m.arrow("-x", st.Message, text)
	case Duplication:
		m.arrow("-->", st.Message, text)
	case Partition, Heal:
		m.note(0, len(m.seq.Lifelines)-1, text)
	default:
		m.note(st.At, st.At, text)
	}
}

func (m *mermaid) arrow(kind string, msg Message, text string) {
	m.line(fmt.Sprintf("p%d%sp%d: %s", msg.From, kind, msg.To, mermaidText(text)))
}

func (m *mermaid) note(first, last int, text string) {
	over := fmt.Sprintf("p%d", first)
	if first != last {
		over += fmt.Sprintf(",p%d", last)
	}
	m.line(fmt.Sprintf("Note over %s: %s", over, mermaidText(text)))
}

// mermaidText breaks a label into lines.
func mermaidText(text string) string {
	lines := wrap(text, mermaidLabel)
	for i := range lines {
		lines[i] = escapeMermaid(lines[i])
	}
	return strings.Join(lines, "<br/>")
}
