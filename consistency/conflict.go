package consistency

import (
	"slices"
	"sort"
)

const (
	// opsToMinimize is the maximum number of operations in a history whose conflict is minimized.
	opsToMinimize = 64
	// The searches for a minimal conflict may apply as many operations in all: leastBudget, and budgetFactor times
	// those that the verdict took. One of the searches gets a part of that.
	leastBudget  = 1 << 13
	budgetFactor = 16
	budgetParts  = 4
)

// explainConflict completes the verdict on operations without an order.
func (s *search[S, Op, Ret]) explainConflict(v *Verdict[Op, Ret]) {
	v.Outcome = Violated
	all := s.ops
	bad := s.untilStuck(all)
	order := slices.Clone(s.deepest.order)
	for _, i := range order {
		v.Order = append(v.Order, v.history.operation(all[i]))
	}
	if len(bad) <= opsToMinimize {
		v.Minimal = s.minimize(bad)
	} else {
		for _, i := range order {
			bad[i].back = never // it has its place in the order
		}
	}
	for i, iv := range bad {
		if iv.back != never {
			v.Conflict = append(v.Conflict, v.history.operation(all[i]))
		}
	}
}

// untilStuck returns a part of the operations that still has no order: the operations invoked
// before the first return that no order gets past, and, loosened, those that may come before one of
// them.
func (s *search[S, Op, Ret]) untilStuck(all []interval) []interval {
	if s.tester.condition == SequentialConsistency {
		return slices.Clone(all)
	}
	stuck := invokedBefore(all, s.deepest.horizon)
	last := s.deepest.horizon
	for _, iv := range all[:stuck] {
		if iv.back != never {
			last = max(last, iv.back)
		}
	}
	bad := slices.Clone(all[:invokedBefore(all, last)])
	for i := stuck; i < len(bad); i++ {
		bad[i].loosen()
	}
	return bad
}

// invokedBefore returns the number of operations invoked before the time.
func invokedBefore(all []interval, time int32) int {
	return sort.Search(len(all), func(i int) bool { return all[i].call > time })
}

// loosen turns an operation into one that may take effect at any time or never, whatever its result
// was, and whatever comes before and after it in its client's order.
func (iv *interval) loosen() { iv.back, iv.loose = never, true }

// minimize loosens operations as long as there is still no order. Loosening more operations can only allow more
// orders, so an operation that cannot be loosened once never can. It reports whether the conflict is minimal:
// whether all searches finished within their budget, before the context was done.
func (s *search[S, Op, Ret]) minimize(bad []interval) (complete bool) {
	m := minimizer[S, Op, Ret]{search: s, bad: bad, budget: leastBudget + budgetFactor*s.applied, complete: true}
	m.share = m.budget / budgetParts
	s.explain = false
	defer func() { s.limit = 0 }()
	var tight []int
	for i := range bad {
		if bad[i].back != never {
			tight = append(tight, i)
		}
	}
	m.loosen(tight, false)
	return m.complete
}

type minimizer[S, Op, Ret any] struct {
	search        *search[S, Op, Ret]
	bad           []interval
	trial         []interval
	budget, share int
	complete      bool
}

// loosen loosens those of the given operations that the conflict does not need, all of them at once if possible,
// and reports whether it did. The caller may know already that the conflict needs one of them.
func (m *minimizer[S, Op, Ret]) loosen(tight []int, needed bool) (all bool) {
	if len(tight) == 0 {
		return true
	}
	if !needed {
		if all, needed = m.loosenAll(tight); all {
			return true
		}
	}
	if len(tight) == 1 {
		m.complete = m.complete && needed
		return false
	}
	half := len(tight) / 2
	first := m.loosen(tight[:half], false)
	second := m.loosen(tight[half:], first && needed)
	return first && second
}

// loosenAll loosens the operations if there is no order then either. If there is, the conflict needs one of them.
// If the budget does not suffice, neither is known.
func (m *minimizer[S, Op, Ret]) loosenAll(tight []int) (done, needed bool) {
	s := m.search
	m.trial = append(m.trial[:0], m.bad...)
	for _, i := range tight {
		m.trial[i].loosen()
	}
	if s.limit = min(m.share, m.budget); s.limit <= 0 {
		return false, false
	}
	s.ops = m.trial
	s.lay(s.tester.condition)
	ok, err := s.run()
	m.budget -= s.applied
	if ok || err != nil {
		return false, ok
	}
	copy(m.bad, m.trial)
	return true, false
}
