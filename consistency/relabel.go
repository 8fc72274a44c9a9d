package consistency

import "slices"

// Relabel returns the history in which client c has the number f(c), which must be different for different clients.
func (h History[Op, Ret]) Relabel(f func(client int) int) History[Op, Ret] {
	events := slices.Clone(h.events)
	for i := range events {
		events[i].Client = f(events[i].Client)
	}
	for lo := 0; lo < len(events); {
		hi := lo + 1
		for hi < len(events) && events[hi].Kind == events[lo].Kind {
			hi++
		}
		slices.SortFunc(events[lo:hi], func(a, b Event[Op, Ret]) int { return a.Client - b.Client })
		lo = hi
	}
	return History[Op, Ret]{events}
}
