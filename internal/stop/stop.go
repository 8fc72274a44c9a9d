// Package stop says when a search ends before it is complete: the texts that ask for it, and what they
// mean for a model.
package stop

import (
	"fmt"
	"slices"
	"strings"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/property"
)

// When says when a search ends. Package allways documents the values.
type When string

// The values that name no properties.
const (
	Decided   When = ""
	Violation When = "violation"
	Never     When = "never"
)

// The forms of a value that names properties: the prefix, and the names behind it, a line each.
const (
	allOf = "all:\n"
	anyOf = "any:\n"
)

// AllOf ends a search when all the named properties are decided.
func AllOf(names ...string) When { return When(allOf + strings.Join(names, "\n")) }

// AnyOf ends a search when any of the named properties is decided.
func AnyOf(names ...string) When { return When(anyOf + strings.Join(names, "\n")) }

// names returns the properties that a value names, and whether it asks for all of them; ok is false
// for other values.
func (w When) names() (names []string, all, ok bool) {
	list, all := strings.CutPrefix(string(w), allOf)
	if !all {
		if list, ok = strings.CutPrefix(string(w), anyOf); !ok {
			return nil, false, false
		}
	}
	if list != "" {
		names = strings.Split(list, "\n")
	}
	return names, all, true
}

// String returns the form that [Parse] reads.
func (w When) String() string {
	names, all, ok := w.names()
	switch {
	case ok && all:
		return "all:" + strings.Join(names, ",")
	case ok:
		return "any:" + strings.Join(names, ",")
	case w == Decided:
		return "decided"
	}
	return string(w)
}

// Parse reads "decided", "violation", "never", "all:NAME,NAME" or "any:NAME,NAME".
func Parse(text string) (When, error) {
	kind, list, hasList := strings.Cut(text, ":")
	switch {
	case hasList && list != "" && kind == "all":
		return AllOf(strings.Split(list, ",")...), nil
	case hasList && list != "" && kind == "any":
		return AnyOf(strings.Split(list, ",")...), nil
	case hasList:
	case kind == "decided", kind == "":
		return Decided, nil
	case kind == string(Violation), kind == string(Never):
		return When(kind), nil
	}
	return "", fmt.Errorf("stop %q: want decided, violation, never, all:NAME,NAME or any:NAME,NAME", text)
}

// Misfit says why a value does not fit a model; empty if it does.
func (w When) Misfit(c *gospace.Model) string {
	names, _, ok := w.names()
	switch {
	case !ok && w != Decided && w != Violation && w != Never:
		return fmt.Sprintf("there is no %q; use a constant, StopAllOf, StopAnyOf or ParseStop", string(w))
	case ok && names == nil:
		return "it names no property; the model has " + c.PropertyNames()
	}
	for _, n := range names {
		if !slices.ContainsFunc(c.Props[:c.Promises], func(p gospace.Property) bool { return p.Name == n }) {
			return fmt.Sprintf("the model has no property %q; it has %s", n, c.PropertyNames())
		}
	}
	return ""
}

// Condition returns the function that tells the engine whether a search is over, given the
// properties that are decided and the model's misbehaviour. Counterexamples and witnesses both
// decide.
func (w When) Condition(c *gospace.Model) func(decided engine.Mask, m *engine.Misbehaviour) bool {
	every := engine.Mask(1)<<c.Promises - 1
	witnesses := c.Kinds(property.Sometimes)
	names, all, _ := w.names()
	var named engine.Mask
	for i := range c.Props[:c.Promises] {
		if slices.Contains(names, c.Props[i].Name) {
			named |= 1 << uint(i)
		}
	}
	return func(decided engine.Mask, m *engine.Misbehaviour) bool {
		switch {
		case w == Never:
			return false
		case w == Violation:
			return m != nil || decided&^witnesses != 0
		case w == Decided:
			return m != nil || every != 0 && decided == every
		case all:
			return decided&named == named
		}
		return decided&named != 0
	}
}
