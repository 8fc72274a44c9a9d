package allways

import (
	"fmt"
	"slices"
	"strings"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/property"
)

// Stop says when a search ends before it is complete. In a breadth-first search a stop takes effect
// at the end of the level. The zero value is [StopDecided].
type Stop string

const (
	// StopDecided stops when further search cannot change any verdict, or when the model
	// misbehaves. A model with Eventually properties is always searched to the end: they are
	// decided after the search.
	StopDecided Stop = ""
	// StopViolation stops at the first violated property or misbehaviour of the model.
	StopViolation Stop = "violation"
	// StopNever searches everything, whatever is found: where a model panics, the search goes on
	// elsewhere.
	StopNever Stop = "never"
)

// The forms of a stop that names properties: the prefix, and the names behind it, a line each.
const (
	stopAllOf = "all:\n"
	stopAnyOf = "any:\n"
)

// StopAllOf stops when all the named properties are decided by a counterexample or a witness.
func StopAllOf(names ...string) Stop { return Stop(stopAllOf + strings.Join(names, "\n")) }

// StopAnyOf stops when any of the named properties is decided by a counterexample or a witness.
func StopAnyOf(names ...string) Stop { return Stop(stopAnyOf + strings.Join(names, "\n")) }

// names returns the properties that a stop names, and whether it asks for all of them; ok is false
// for other stops.
func (s Stop) names() (names []string, all, ok bool) {
	list, all := strings.CutPrefix(string(s), stopAllOf)
	if !all {
		if list, ok = strings.CutPrefix(string(s), stopAnyOf); !ok {
			return nil, false, false
		}
	}
	if list != "" {
		names = strings.Split(list, "\n")
	}
	return names, all, true
}

// String returns the form that [ParseStop] reads.
func (s Stop) String() string {
	names, all, ok := s.names()
	switch {
	case ok && all:
		return "all:" + strings.Join(names, ",")
	case ok:
		return "any:" + strings.Join(names, ",")
	case s == StopDecided:
		return "decided"
	}
	return string(s)
}

// ParseStop reads "decided", "violation", "never", "all:NAME,NAME" or "any:NAME,NAME".
func ParseStop(text string) (Stop, error) {
	kind, list, hasList := strings.Cut(text, ":")
	switch {
	case hasList && list != "" && kind == "all":
		return StopAllOf(strings.Split(list, ",")...), nil
	case hasList && list != "" && kind == "any":
		return StopAnyOf(strings.Split(list, ",")...), nil
	case hasList:
	case kind == "decided", kind == "":
		return StopDecided, nil
	case kind == string(StopViolation), kind == string(StopNever):
		return Stop(kind), nil
	}
	return "", fmt.Errorf("stop %q: want decided, violation, never, all:NAME,NAME or any:NAME,NAME", text)
}

// fits refuses a stop that does not fit the model.
func (s Stop) fits(c *gospace.Model) error {
	names, _, ok := s.names()
	switch {
	case !ok && s != StopDecided && s != StopViolation && s != StopNever:
		return &OptionError{"Stop", fmt.Sprintf(
			"there is no %q; use a constant, StopAllOf, StopAnyOf or ParseStop", string(s))}
	case ok && names == nil:
		return &OptionError{"Stop", "it names no property; the model has " + c.PropertyNames()}
	}
	for _, n := range names {
		if !slices.ContainsFunc(c.Props[:c.Promises], func(p gospace.Property) bool { return p.Name == n }) {
			return &OptionError{"Stop", fmt.Sprintf("the model has no property %q; it has %s", n, c.PropertyNames())}
		}
	}
	return nil
}

// condition returns the function that tells the engine whether a search is over, given the
// properties that are decided and the model's misbehaviour. Counterexamples and witnesses both
// decide.
func (s Stop) condition(c *gospace.Model) func(decided engine.Mask, m *engine.Misbehaviour) bool {
	every := engine.Mask(1)<<c.Promises - 1
	witnesses := c.Kinds(property.Sometimes)
	names, all, _ := s.names()
	var named engine.Mask
	for i := range c.Props[:c.Promises] {
		if slices.Contains(names, c.Props[i].Name) {
			named |= 1 << uint(i)
		}
	}
	return func(decided engine.Mask, m *engine.Misbehaviour) bool {
		switch {
		case s == StopNever:
			return false
		case s == StopViolation:
			return m != nil || decided&^witnesses != 0
		case s == StopDecided:
			return m != nil || every != 0 && decided == every
		case all:
			return decided&named == named
		}
		return decided&named != 0
	}
}
