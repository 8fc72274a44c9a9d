package actor

import (
	"fmt"
	"reflect"
	"strings"
	"unsafe"

	"github.com/allways-go/allways/consistency"
	"github.com/allways-go/allways/internal/plan"
)

// FormatState implements [allways.StateFormatter]: a line for each actor that is not in its zero state, with the fields of
// the state that are not zero, and one for each history, observer and message on its way.
func (sys *System[M]) FormatState(s *State[M]) string {
	var d description
	for id, a := range s.actors {
		d.add(sys.Name(ID(id)), sys.actorText(a))
	}
	if s.faults.Split != 0 {
		d.add("partition", sys.splitText(s.faults.Split))
	}
	for i, v := range s.aux {
		d.add(sys.aux[i].name, sys.auxText(v))
	}
	label := "in flight"
	for to := range s.inboxes {
		for _, e := range s.envelopes(ID(to)) {
			text := fmt.Sprintf("%s -> %s: %s", sys.Name(e.From), sys.Name(ID(to)), sys.messageText(e.Msg))
			if e.Copies > 1 {
				text += fmt.Sprintf(" (%d copies)", e.Copies)
			}
			d.add(label, text)
			label = " "
		}
	}
	if len(d) == 0 {
		return "all actors are in their zero states, and nothing is in flight"
	}
	return d.String()
}

// description is text in two columns.
type description [][2]string

func (d *description) add(label, text string) {
	if text != "" {
		*d = append(*d, [2]string{label, text})
	}
}

func (d description) String() string {
	columns := 0
	for _, row := range d {
		columns = max(columns, len(row[0]))
	}
	lines := make([]string, len(d))
	for i, row := range d {
		lines[i] = fmt.Sprintf("%-*s  %s", columns, row[0], row[1])
	}
	return strings.Join(lines, "\n")
}

// envelopes returns what is on its way to an actor, whether properties may read it or not.
func (s *State[M]) envelopes(to ID) []Envelope[M] {
	all := append([]Envelope[M](nil), s.inboxes[to].Bag...)
	for _, q := range s.inboxes[to].Queues {
		for _, m := range q.Msgs {
			all = append(all, Envelope[M]{From: q.From, Msg: m, Copies: 1})
		}
	}
	return all
}

// actorText says what an actor has that it has not from the outset, or "".
func (sys *System[M]) actorText(a *actorState) string {
	var parts []string
	if a.Down {
		parts = append(parts, "down")
	}
	if text := fieldsText(a.State); text != "" {
		parts = append(parts, text)
	}
	if len(a.Timers) > 0 {
		parts = append(parts, "timers "+strings.Join(a.Timers, ", "))
	}
	for _, o := range a.Choices {
		parts = append(parts, fmt.Sprintf("chooses %s: %s", o.Key, sys.optionsText(o)))
	}
	if a.Saved {
		parts = append(parts, "saved "+sys.valueText(a.Stored))
	}
	return strings.Join(parts, "  ")
}

// valueText returns the text of a value that is stored or chosen. Actors go by their names; ids inside of other values are
// numbers.
func (sys *System[M]) valueText(v any) string {
	switch v := v.(type) {
	case ID:
		if sys.has(v) {
			return sys.Name(v)
		}
	case []ID:
		texts := make([]string, len(v))
		for i, id := range v {
			texts[i] = sys.valueText(id)
		}
		return "[" + strings.Join(texts, " ") + "]"
	}
	return sys.values.text(sys.values.encode(&v))
}

func (sys *System[M]) optionsText(o offer) string {
	texts := make([]string, len(o.Options))
	for i, v := range o.Options {
		texts[i] = sys.valueText(v)
	}
	return strings.Join(texts, " or ")
}

// auxText returns the text of the value of a history or an observer.
func (sys *System[M]) auxText(v any) string {
	h, ok := v.(interface{ texts() []eventText })
	if !ok {
		return fieldsText(v)
	}
	var parts []string
	for _, e := range h.texts() {
		parts = append(parts, fmt.Sprintf("%s %s %s", sys.clientName(e.client), e.verb, e.text))
	}
	return strings.Join(parts, ", ")
}

// clientName returns the name of the actor that is a client of a history; see [recorded.client].
func (sys *System[M]) clientName(client int) string { return sys.Name(ID(client % len(sys.actors))) }

// eventText is an event of a history, in words.
type eventText struct {
	client     int
	verb, text string
}

func (r *recorded[Op, Ret]) texts() (all []eventText) {
	for e := range r.History.Events() {
		if e.Kind == consistency.Invoke {
			all = append(all, eventText{e.Client, "invokes", textOf(&e.Op)})
		} else {
			all = append(all, eventText{e.Client, "returns", textOf(&e.Ret)})
		}
	}
	return all
}

// textOf returns the text of a value that has content, by its own method if it has one.
func textOf[T any](v *T) string {
	if s, ok := any(*v).(fmt.Stringer); ok {
		return s.String()
	}
	p, err := plan.For[T]()
	if err != nil {
		return fmt.Sprint(*v)
	}
	return string(p.AppendText(nil, unsafe.Pointer(v)))
}

// fieldsText returns the text of what a pointer leads to, without the fields that are zero; "" if nothing is left.
func fieldsText(pointer any) string {
	v := reflect.ValueOf(pointer).Elem()
	if v.Kind() != reflect.Struct {
		return nonzeroText(v.Type(), pointerOf(pointer))
	}
	var parts []string
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if text := nonzeroText(f.Type, unsafe.Add(pointerOf(pointer), f.Offset)); text != "" && f.Name != "_" {
			parts = append(parts, f.Name+":"+text)
		}
	}
	if parts == nil {
		return ""
	}
	return "{" + strings.Join(parts, " ") + "}"
}

func nonzeroText(t reflect.Type, v unsafe.Pointer) string {
	p, err := plan.Of(t)
	if err != nil || p.Equal(v, reflect.New(t).UnsafePointer()) {
		return ""
	}
	return string(p.AppendText(nil, v))
}
