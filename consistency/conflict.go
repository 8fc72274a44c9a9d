package consistency

import (
	"context"
	"slices"
	"sort"
)

const (
	// opsToMinimize is the maximum number of operations in a history whose conflict is minimized, which
	// takes one search for each of them.
	opsToMinimize = 64
	// stepsToMinimize is the limit of steps of each of these searches.
	stepsToMinimize = 5_000
)

// explainConflict completes the verdict on operations without an order.
func (s *search[S, Op, Ret]) explainConflict(ctx context.Context, v *Verdict[Op, Ret]) {
	v.Outcome = Violated
	all := s.ops
	bad := s.untilStuck(all)
	order := slices.Clone(s.deepest.order)
	for _, i := range order {
		v.Order = append(v.Order, v.history.operation(all[i]))
	}
	if len(bad) <= opsToMinimize {
		v.Minimal = s.minimize(ctx, bad)
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

// minimize loosens one operation after another, as long as there is still no order. Loosening more
// operations can only allow more orders, so one pass is enough. It reports whether all searches
// finished.
func (s *search[S, Op, Ret]) minimize(ctx context.Context, bad []interval) (complete bool) {
	s.explain, s.limit, complete = false, stepsToMinimize, true
	defer func() { s.limit = 0 }()
	for i := range bad {
		if bad[i].back == never {
			continue
		}
		s.ops = slices.Clone(bad)
		s.ops[i].loosen()
		s.lay(s.tester.condition)
		ok, err := s.run(ctx)
		complete = complete && err == nil
		if !ok && err == nil {
			bad[i] = s.ops[i]
		}
	}
	return complete
}
