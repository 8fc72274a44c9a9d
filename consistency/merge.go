package consistency

import (
	"cmp"
	"slices"
)

// merge makes one order of orders of operations on different parts of an object, which keeps each of them and what
// returned before what was invoked.
//
// Every operation takes effect at a point of its own interval: as soon as it and all before it in its order were invoked.
// That is before it returns, or else one of those before it would have been invoked after it returned.
func merge(orders [][]interval) []interval {
	if len(orders) == 1 {
		return orders[0]
	}
	type effect struct {
		at int32
		op interval
	}
	var effects []effect
	for _, order := range orders {
		at := int32(-1)
		for _, iv := range order {
			at = max(at, iv.call)
			effects = append(effects, effect{at, iv})
		}
	}
	slices.SortStableFunc(effects, func(a, b effect) int { return cmp.Compare(a.at, b.at) })
	merged := make([]interval, len(effects))
	for i, e := range effects {
		merged[i] = e.op
	}
	return merged
}
