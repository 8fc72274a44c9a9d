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
	stepsToMinimize = 20_000
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

// untilStuck returns the operations that were invoked before the first return that no order gets past.
func (s *search[S, Op, Ret]) untilStuck(all []interval) []interval {
	n := len(all)
	if s.tester.condition == Linearizability {
		n = sort.Search(n, func(i int) bool { return all[i].call > s.deepest.horizon })
	}
	return slices.Clone(all[:n])
}

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
		s.ops[i].back, s.ops[i].loose = never, true
		s.lay(s.tester.condition)
		ok, err := s.run(ctx)
		complete = complete && err == nil
		if !ok && err == nil {
			bad[i] = s.ops[i]
		}
	}
	return complete
}
