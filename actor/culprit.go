package actor

import "fmt"

// maxSuspected is how many states are looked at to find out who changes them.
const maxSuspected = 1000

// culprit names the property or the boundary that changes the states of actors, if it shows in the first states of the system. A search
// notices a change when many may have made it.
func (sys *System[M]) culprit() (who string) {
	const anybody = "a property, a boundary or an observer"
	defer func() {
		if recover() != nil {
			who = anybody
		}
	}()
	seen, next := map[string]bool{}, sys.Init()
	for len(next) > 0 && len(seen) < maxSuspected {
		s := next[0]
		next = next[1:]
		before := sys.stateText(s)
		if seen[before] {
			continue
		}
		seen[before] = true
		for _, p := range sys.props {
			if p.aux < 0 && sys.isChangedBy(p.test, s) {
				return fmt.Sprintf("property %q", p.Name())
			}
		}
		if sys.isChangedBy(sys.within, s) {
			return "the boundary"
		}
		for _, a := range sys.Actions(nil, s) {
			if n, ok := sys.Next(s, a); ok {
				next = append(next, n)
			}
		}
	}
	return anybody
}

// isChangedBy reports whether a predicate changes a state; nil does not.
func (sys *System[M]) isChangedBy(f func(*State[M]) bool, s *State[M]) bool {
	if f == nil {
		return false
	}
	before := sys.stateText(s)
	f(s)
	return sys.stateText(s) != before
}
