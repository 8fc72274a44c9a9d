package text

import (
	"fmt"
	"reflect"
	"strings"
	"unsafe"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/plan"
)

// State returns a line for each actor that is not in its zero state, with the fields that are not zero, and one
// for each history, observer and message in flight.
func State(sys *core.System, s *core.State) string {
	var d description
	for id, l := range s.Actors {
		d.add(sys.Name(id), actorText(sys, sys.ActorView(id, l)))
	}
	if s.Faults.Split != 0 {
		d.add("partition", Split(sys, s.Faults.Split))
	}
	for k, v := range s.Aux {
		d.add(sys.Aux[k].Name(), auxText(sys, k, v))
	}
	label := "in flight"
	for to, box := range s.Inboxes {
		for _, e := range box.All() {
			text := fmt.Sprintf("%s -> %s: %s", sys.Name(e.From), sys.Name(to), Message(sys, e.Msg))
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

// String returns the lines.
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

// Actor returns all that belongs to an actor: its state, timers, choices and what it has saved.
func Actor(sys *core.System, id int, l *core.Local) string {
	if s := actorText(sys, sys.ActorView(id, l)); s != "" {
		return s
	}
	return "the zero state, no timers, no choices and nothing saved"
}

// actorText returns what an actor has beyond its zero state, or "".
func actorText(sys *core.System, a *core.ActorView) string {
	var parts []string
	if a.Down {
		parts = append(parts, "down")
	}
	if text := fieldsText(sys, a.State); text != "" {
		parts = append(parts, text)
	}
	if len(a.Timers) > 0 {
		parts = append(parts, "timers "+strings.Join(a.Timers, ", "))
	}
	for _, o := range a.Choices {
		parts = append(parts, fmt.Sprintf("chooses %s: %s", o.Key, optionsText(sys, o)))
	}
	if a.Saved {
		parts = append(parts, "saved "+value(sys, a.Stored))
	}
	return strings.Join(parts, "  ")
}

func optionsText(sys *core.System, o core.Offer) string {
	texts := make([]string, len(o.Options))
	for i, v := range o.Options {
		texts[i] = value(sys, v)
	}
	return strings.Join(texts, " or ")
}

// auxText returns the value of a history or an observer.
func auxText(sys *core.System, k int, content string) string {
	v := sys.Aux[k].Decode(content)
	h, ok := sys.History(k)
	if !ok {
		return fieldsText(sys, v)
	}
	var parts []string
	for _, e := range h.Texts(v) {
		parts = append(parts, fmt.Sprintf("%s %s %s", clientName(sys, e.Client), e.Verb, e.Text))
	}
	return strings.Join(parts, ", ")
}

// clientName returns the name of the actor that is a client of a history; see [core.History].
func clientName(sys *core.System, client int) string { return sys.Name(client % len(sys.Actors)) }

// fieldsText returns what a pointer points to, without the fields that are zero; "" if none is left.
func fieldsText(sys *core.System, pointer any) string {
	v := reflect.ValueOf(pointer).Elem()
	if v.Kind() != reflect.Struct {
		return nonzeroText(sys, v.Type(), core.PointerOf(pointer))
	}
	var parts []string
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if text := nonzeroText(sys, f.Type, unsafe.Add(core.PointerOf(pointer), f.Offset)); text != "" && f.Name != "_" {
			parts = append(parts, f.Name+":"+text)
		}
	}
	if parts == nil {
		return ""
	}
	return "{" + strings.Join(parts, " ") + "}"
}

func nonzeroText(sys *core.System, t reflect.Type, v unsafe.Pointer) string {
	p, err := plan.Of(t)
	if err != nil || p.Zero(v) {
		return ""
	}
	return string(core.Naming(sys).AppendText(nil, p, v))
}
