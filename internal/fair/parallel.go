package fair

import (
	"sync"
	"sync/atomic"
)

// One worker finds components. Workers that share complete ones were tried: each of them visits all of a large one.
// Forward and backward searches would visit each step two or three times, and were not tried. All workers judge a large
// component, which takes nearly as long as to find it.

// largeComponent is the size from which on several workers judge a component.
const largeComponent = 1 << 13

// atOnce is the number of pairs that a worker looks at before it takes others.
const atOnce = 1 << 10

// observeTogether tallies what happens at the members of a component, as observe does, with several workers.
func (e *emptiness) observeTogether(members []uint32) {
	for len(e.helpers) < e.workers {
		h := &emptiness{constraints: e.constraints, tally: newTally(len(e.constraints))}
		h.components = components{product: e.product, mark: e.mark, clock: clock{ended: e.ended}}
		e.helpers = append(e.helpers, h)
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for _, h := range e.helpers {
		h.tally.reset()
		h.accept = 0
		wg.Go(func() {
			for !h.late {
				hi := int(next.Add(atOnce))
				lo := hi - atOnce
				if lo >= len(members) {
					return
				}
				h.observe(members[lo:min(hi, len(members))])
			}
		})
	}
	wg.Wait()
	for _, h := range e.helpers {
		e.tally.add(&h.tally)
		e.accept |= h.accept
		e.late = e.late || h.late
	}
}
