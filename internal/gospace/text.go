package gospace

import (
	"fmt"
	"reflect"
	"strings"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/plan"
)

// The methods of this file make texts for people. They are the only user code whose failure changes
// nothing: the search is over, or does not look at texts, and what it found is true whether or not
// it can be described. So a panic becomes a text that says so, in the place of the one that is
// missing. Action names are the exception: they are counted while the search runs, and there a
// panic is reported as one.

// nameable is a model that has names for values of some types, such as the ids of actors.
type nameable interface{ Naming() plan.Naming }

// ActionText returns the text of an action on one line.
func (c *Model) ActionText(a unsafe.Pointer) string {
	return textOf("FormatAction", func() string {
		switch {
		case c.FormatAction != nil:
			return oneLine(c.FormatAction(a))
		case c.aplan == nil:
			return oneLine(fmt.Sprintf("%+v", Box(c.Action, a)))
		}
		return oneLine(c.actionText(a))
	})
}

// actionText is the text of an action without a FormatAction method: its own string for a type with
// a String method, else a name and the content, such as "Commit" for a struct without fields or
// "Commit {RM:2}".
func (c *Model) actionText(a unsafe.Pointer) string {
	switch x := Box(c.Action, a).(type) {
	case string:
		return x
	case fmt.Stringer:
		return x.String()
	}
	text := string(c.aplan.AppendText(nil, a))
	if c.Action.Kind() == reflect.String {
		return strings.Trim(text, `"`)
	}
	return text
}

// NameOf returns the name under which an action is counted.
func (c *Model) NameOf(a unsafe.Pointer) string {
	return textOf("ActionName", func() string { return c.actionName(a) })
}

// StateText returns the text of a state.
func (c *Model) StateText(s unsafe.Pointer) string {
	return textOf("FormatState", func() string {
		if c.FormatState != nil {
			return c.FormatState(s)
		}
		return string(c.naming.AppendWhole(nil, c.splan, s))
	})
}

// StateJSON returns a state as JSON.
func (c *Model) StateJSON(s unsafe.Pointer) []byte { return c.naming.AppendJSON(nil, c.splan, s) }

// stepNote returns what the model says of a step; may be empty.
func (c *Model) stepNote(before, a, after unsafe.Pointer) string {
	if c.FormatStep == nil {
		return ""
	}
	return textOf("FormatStep", func() string { return oneLine(c.FormatStep(before, a, after)) })
}

// stepChanges returns what is shown of the difference between the states of a step.
func (c *Model) stepChanges(before, after unsafe.Pointer) (shown []Change) {
	if c.Changes == nil {
		return c.splan.Diff(before, after)
	}
	panicked := textOf("Changes", func() string { shown = c.Changes(before, after); return "" })
	if panicked != "" {
		return append([]Change{{Path: "Changes", After: panicked}}, c.splan.Diff(before, after)...)
	}
	return shown
}

// StateParts calls add with the path and the value of every part of a state.
func (c *Model) StateParts(s unsafe.Pointer, add func(path, value string)) {
	if c.Parts != nil {
		c.Parts(s, add)
		return
	}
	c.splan.Parts("", s, add)
}

// diagram returns the drawing that the model makes of a path; empty if it makes none.
func (c *Model) diagram(p *Path) string {
	if c.Diagram == nil {
		return ""
	}
	return textOf("Diagram", func() string { return c.Diagram(p) })
}

// textOf lets a panic of a method that only makes texts cost no more than the text.
func textOf(method string, f func() string) (text string) {
	if err := guard(method, func() { text = f() }); err != nil {
		return oneLine(fmt.Sprintf("(%s panics: %s)", method, err.(*engine.Misbehaviour).Message))
	}
	return text
}

func oneLine(s string) string { return lines.Replace(s) }

var lines = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")
