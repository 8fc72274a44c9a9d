package allways

import (
	"fmt"
	"strings"
)

// Stop says when a search ends before it is complete. In a breadth-first search a stop takes effect at the end of the
// level. The zero value is [StopDecided].
type Stop struct {
	mode  stopMode
	names []string
}

type stopMode uint8

const (
	stopDecided stopMode = iota
	stopViolation
	stopFailure
	stopAllOf
	stopAnyOf
	stopNever
)

var (
	// StopDecided stops when further search cannot change any verdict, or when the model misbehaves. With an Eventually that
	// is never before the end: it is decided after the search.
	StopDecided = Stop{}
	// StopViolation stops at the first violated property; a model that panics is searched on where it does not.
	StopViolation = Stop{mode: stopViolation}
	// StopFailure stops at the first violated property or misbehaviour of the model.
	StopFailure = Stop{mode: stopFailure}
	// StopNever searches everything, whatever is found.
	StopNever = Stop{mode: stopNever}
)

// StopAllOf stops when all the named properties are decided by a counterexample or a witness.
func StopAllOf(names ...string) Stop { return Stop{mode: stopAllOf, names: names} }

// StopAnyOf stops when any of the named properties is decided by a counterexample or a witness.
func StopAnyOf(names ...string) Stop { return Stop{mode: stopAnyOf, names: names} }

// String returns the form that [ParseStop] reads.
func (s Stop) String() string {
	switch s.mode {
	case stopViolation:
		return "violation"
	case stopFailure:
		return "failure"
	case stopNever:
		return "never"
	case stopAllOf:
		return "all:" + strings.Join(s.names, ",")
	case stopAnyOf:
		return "any:" + strings.Join(s.names, ",")
	}
	return "decided"
}

// ParseStop reads "decided", "violation", "failure", "never", "all:NAME,NAME" or "any:NAME,NAME".
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
	case kind == "violation":
		return StopViolation, nil
	case kind == "failure":
		return StopFailure, nil
	case kind == "never":
		return StopNever, nil
	}
	return Stop{}, fmt.Errorf("stop %q: want decided, violation, failure, never, all:NAME,NAME or any:NAME,NAME", text)
}
