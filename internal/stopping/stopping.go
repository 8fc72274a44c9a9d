// Package stopping says when a search ends before it is complete: how such a condition is written, and when it is met.
// A condition is a string. One that names properties is a prefix, and the names behind it, a line each.
package stopping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/property"
)

// The conditions that name no properties.
const (
	Decided   = ""          // every property is decided, or the model misbehaves
	Violation = "violation" // a property is violated, or the model misbehaves
	Never     = "never"
)

const (
	allOf = "all:\n"
	anyOf = "any:\n"
)

// AllOf is met when all the named properties are decided.
func AllOf(names []string) string { return allOf + strings.Join(names, "\n") }

// AnyOf is met when any of the named properties is decided.
func AnyOf(names []string) string { return anyOf + strings.Join(names, "\n") }

// names returns the properties that a condition names, and whether it asks for all of them; ok is false
// for other conditions.
func names(condition string) (names []string, all, ok bool) {
	list, all := strings.CutPrefix(condition, allOf)
	if !all {
		if list, ok = strings.CutPrefix(condition, anyOf); !ok {
			return nil, false, false
		}
	}
	if list != "" {
		names = strings.Split(list, "\n")
	}
	return names, all, true
}

// Text returns the form of a condition that Parse reads.
func Text(condition string) string {
	names, all, ok := names(condition)
	switch {
	case ok && all:
		return "all:" + strings.Join(names, ",")
	case ok:
		return "any:" + strings.Join(names, ",")
	case condition == Decided:
		return "decided"
	}
	return condition
}

// Parse reads "decided", "violation", "never", "all:NAME,NAME" or "any:NAME,NAME".
func Parse(text string) (condition string, err error) {
	kind, list, hasList := strings.Cut(text, ":")
	switch {
	case hasList && list != "" && kind == "all":
		return AllOf(strings.Split(list, ",")), nil
	case hasList && list != "" && kind == "any":
		return AnyOf(strings.Split(list, ",")), nil
	case hasList:
	case kind == "decided", kind == "":
		return Decided, nil
	case kind == Violation, kind == Never:
		return kind, nil
	}
	return "", fmt.Errorf("stop %q: want decided, violation, never, all:NAME,NAME or any:NAME,NAME", text)
}

// Misfit says why a condition does not fit a model; "" if it does.
func Misfit(condition string, c *gospace.Model) string {
	names, _, ok := names(condition)
	switch {
	case !ok && condition != Decided && condition != Violation && condition != Never:
		return fmt.Sprintf("there is no %q; use a constant, StopAllOf, StopAnyOf or ParseStop", condition)
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

// Met returns the function that tells the engine whether a search is over, given the properties that are decided and
// the model's misbehaviour. Counterexamples and witnesses both decide.
func Met(condition string, c *gospace.Model) func(decided engine.Mask, m *engine.Misbehaviour) bool {
	every := engine.Mask(1)<<c.Promises - 1
	witnesses := c.Kinds(property.Sometimes)
	names, all, _ := names(condition)
	var named engine.Mask
	for i := range c.Props[:c.Promises] {
		if slices.Contains(names, c.Props[i].Name) {
			named |= 1 << uint(i)
		}
	}
	return func(decided engine.Mask, m *engine.Misbehaviour) bool {
		switch {
		case condition == Never:
			return false
		case condition == Violation:
			return m != nil || decided&^witnesses != 0
		case condition == Decided:
			return m != nil || every != 0 && decided == every
		case all:
			return decided&named == named
		}
		return decided&named != 0
	}
}
