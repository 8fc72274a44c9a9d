package diagram

import (
	"cmp"
	"slices"
)

// Sequence is a run to be drawn. It is only read. Time runs from top to bottom, in the order of Steps, which are numbered
// from 1. Numbers of lifelines that do not exist stand for the last one.
type Sequence struct {
	Title     string
	Lifelines []string // names, from left to right; without any nothing is drawn
	Steps     []Step
	Cycle     int       // number of steps at the end that repeat for ever; 0 for none
	Pending   []Message // that were sent and not delivered at the end
}

// Kind says what a step is.
type Kind uint8

const (
	// Delivery is an arrow from the step in which Message was sent to this one.
	Delivery Kind = iota
	// Loss is the end of Message, which never arrives.
	Loss
	// Duplication doubles Message on its way.
	Duplication
	// Note is a mark on lifeline At: a timer that runs out, a choice.
	Note
	// Crash ends the life of At until a Recovery.
	Crash
	// Recovery brings At back.
	Recovery
	// Split divides the network as Text says, until a Heal.
	Split
	// Heal ends a Split.
	Heal
)

// Step is one step of a run.
type Step struct {
	Kind    Kind
	Message Message // of a Delivery, Loss or Duplication
	At      int     // lifeline of a Note, Crash or Recovery
	Text    string  // of a Note or a Split
}

// Message is a message from one lifeline to another.
type Message struct {
	From, To int
	Sent     int    // number of the step in which it was sent; 0 for before the first one
	Text     string // the label of the arrow
	Short    string // stands for Text where that has no room; "" for a part of Text
}

// normal returns a copy that can be drawn without further care: numbers in range, texts visible and on one line.
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

// mapTexts changes all texts.
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

// message makes a message normal that was sent in one of the first so many steps.
func (s *Sequence) message(m Message, steps int) Message {
	m.From, m.To = s.lifeline(m.From), s.lifeline(m.To)
	m.Sent = min(max(m.Sent, 0), steps)
	return m
}

// caption is what is written at a step, in full and for little room.
func (s *Sequence) caption(st Step) (text, short string) {
	switch st.Kind {
	case Delivery:
		return st.Message.Text, st.Message.Short
	case Loss:
		return "lost: " + st.Message.Text, cmp.Or(st.Message.Short, st.Message.Text)
	case Duplication:
		return "doubled: " + st.Message.Text, cmp.Or(st.Message.Short, st.Message.Text)
	case Crash:
		return "crash", ""
	case Recovery:
		return "restart", ""
	case Split:
		return "partition " + st.Text, "partition"
	case Heal:
		return "heal", ""
	}
	return st.Text, ""
}

// span returns the lifelines between which a step is drawn.
func (st Step) span() (from, to int) {
	switch st.Kind {
	case Delivery, Loss, Duplication:
		return st.Message.From, st.Message.To
	}
	return st.At, st.At
}

// hasMessage reports whether a step is about its Message.
func (st Step) hasMessage() bool { return st.Kind <= Duplication }
