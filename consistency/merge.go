package consistency

import (
	"cmp"
	"slices"
)

// merge merges the orders of operations with different keys into one. The result keeps each order,
// and an operation that returned before another was invoked comes first.
//
// Each operation gets a point at which it takes effect: as soon as it and all operations before it
// in its order are invoked. The point lies before the operation's return. Otherwise an operation
// before it would have been invoked after that return, against the order.
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
