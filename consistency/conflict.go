package consistency

import (
	"context"
	"slices"
	"sort"
)

const (
	// opsToMinimize bounds the histories whose conflicts are made minimal, which takes as many searches.
	opsToMinimize = 64
	// stepsToMinimize bounds each of these searches.
	stepsToMinimize = 5_000
)

// explainConflict completes the verdict on operations that the search found no order for.
func (s *search[S, Op, Ret]) explainConflict(ctx context.Context, v *Verdict[Op, Ret]) {
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
			bad[i].back = never // it has its place
		}
	}
	for i, iv := range bad {
		if iv.back != never {
			v.Conflict = append(v.Conflict, v.history.operation(all[i]))
		}
	}
}

// untilStuck returns operations that have no order: those that were invoked before the first return that no order gets
// past, and, loosened, those that may yet come before one of them.
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

// invokedBefore returns how many operations were invoked before the time.
func invokedBefore(all []interval, time int32) int {
	return sort.Search(len(all), func(i int) bool { return all[i].call > time })
}

// loosen makes an operation one that may or may not have taken effect, whatever the order of its client and its result.
func (iv *interval) loosen() { iv.back, iv.loose = never, true }

// minimize loosens one operation after the other, so that its result and return do not count any more, as long as there is
// still no order. Loosening more operations can only allow more orders, so that one pass is enough. It reports whether
// every search came to its end.
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
