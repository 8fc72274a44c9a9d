package diagram

import (
	"cmp"
	"fmt"
	"slices"
)

// Sequence describes a run to draw. Time runs from top to bottom, in the order of Steps, which are
// numbered from 1. Lifelines are numbered from 0; a number without a lifeline stands for the last
// one. The methods do not change a Sequence.
type Sequence struct {
	Title     string    // heading, "" means none
	Lifelines []string  // names from left to right; without lifelines nothing is drawn
	Steps     []Step    // steps in the order of time
	Cycle     int       // number of steps at the end that repeat forever, 0 means none
	Pending   []Message // messages in flight at the end
}

// StepKind is the kind of a step.
type StepKind uint8

const (
	// Delivery is the arrival of Message. It is drawn as an arrow.
	Delivery StepKind = iota
	// Loss is the loss of Message.
	Loss
	// Duplication is the duplication of Message in the network.
	Duplication
	// Note is an event of lifeline At, such as a timeout or a choice.
	Note
	// Crash is the crash of At, which is down until a Restart.
	Crash
	// Restart is the restart of At.
	Restart
	// Partition is a partition of the network into the groups of Text. It lasts until a Heal.
	Partition
	// Heal is the end of a Partition.
	Heal
)

// Step is one step of a run.
type Step struct {
	Kind    StepKind // kind, which decides the fields that have a meaning
	Message Message  // message of a Delivery, Loss or Duplication
	At      int      // lifeline of a Note, Crash or Restart
	Text    string   // text of a Note, groups of a Partition
	// Supposed marks a step that the model does not permit: what if it happened? It is drawn dashed, and labelled.
	Supposed bool
}

// Message is a message from one lifeline to another.
type Message struct {
	From, To int    // lifelines
	Sent     int    // number of the step in which it was sent, 0 means before the first step
	Text     string // label of the arrow
	Short    string // label if there is no room for Text, "" means the beginning of Text
}

// normal returns a copy with all numbers in range and all texts visible and on one line.
func (s *Sequence) normal() *Sequence {
	n := &Sequence{Title: s.Title, Lifelines: slices.Clone(s.Lifelines)}
	if len(n.Lifelines) > 0 {
		n.Cycle = min(max(s.Cycle, 0), len(s.Steps))
		for i, st := range s.Steps {
			st.At = n.lifeline(st.At)
			st.Message = n.message(st.Message, i)
			n.Steps = append(n.Steps, st)
		}
		for _, m := range s.Pending {
			n.Pending = append(n.Pending, n.message(m, len(s.Steps)))
		}
	}
	n.mapTexts(visible)
	return n
}

// mapTexts applies f to all texts.
func (s *Sequence) mapTexts(f func(string) string) {
	s.Title = f(s.Title)
	for i, name := range s.Lifelines {
		s.Lifelines[i] = f(name)
	}
	for i := range s.Steps {
		st := &s.Steps[i]
		st.Text, st.Message.Text, st.Message.Short = f(st.Text), f(st.Message.Text), f(st.Message.Short)
	}
	for i := range s.Pending {
		m := &s.Pending[i]
		m.Text, m.Short = f(m.Text), f(m.Short)
	}
}

func (s *Sequence) lifeline(i int) int {
	if last := len(s.Lifelines) - 1; i < 0 || i > last {
		return last
	}
	return i
}

// message returns a message with its numbers in range, given the number of steps before it.
func (s *Sequence) message(m Message, steps int) Message {
	m.From, m.To = s.lifeline(m.From), s.lifeline(m.To)
	m.Sent = min(max(m.Sent, 0), steps)
	return m
}

// caption returns the text of a step, in full and in a short form.
func (s *Sequence) caption(st Step) (text, short string) {
	text, short = st.event()
	if st.Supposed {
		text, short = supposed+text, supposed+cmp.Or(short, text)
	}
	return text, short
}

const supposed = "what if: "

// caveat says from which step on a run is not one of the model; it is empty for a run of the model.
func (s *Sequence) caveat() string {
	i := slices.IndexFunc(s.Steps, func(st Step) bool { return st.Supposed })
	if i < 0 {
		return ""
	}
	return fmt.Sprintf("outside of the model's assumptions from step %d on", i+1)
}

// event returns what happens in a step, in full and in a short form.
func (st Step) event() (text, short string) {
	switch st.Kind {
	case Delivery:
		return st.Message.Text, st.Message.Short
	case Loss:
		return "lost: " + st.Message.Text, cmp.Or(st.Message.Short, st.Message.Text)
	case Duplication:
		return "duplicated: " + st.Message.Text, cmp.Or(st.Message.Short, st.Message.Text)
	case Crash:
		return "crash", ""
	case Restart:
		return "restart", ""
	case Partition:
		return "partition " + st.Text, "partition"
	case Heal:
		return "heal", ""
	}
	return st.Text, ""
}

// span returns the lifelines from which and to which a step is drawn.
func (st Step) span() (from, to int) {
	switch st.Kind {
	case Delivery, Loss, Duplication:
		return st.Message.From, st.Message.To
	}
	return st.At, st.At
}

// hasMessage reports whether the kind of a step uses Message.
func (st Step) hasMessage() bool { return st.Kind <= Duplication }
