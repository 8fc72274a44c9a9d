package consistency

import "math"

// Operation is an operation of a history, from its invocation to its return.
type Operation[Op, Ret any] struct {
	Client  int
	Op      Op
	Ret     Ret  // meaningless if the operation is pending
	Pending bool // it never returned

	call, back int // indexes of its events; back is never for a pending operation
}

// never is the time of what did not happen.
const never = math.MaxInt32

// interval is what the search knows of an operation. Times are indexes of events.
type interval struct {
	client     int
	call, back int32 // indexes of its events; back is never for one whose result and return do not count
	inv, ret   int32 // it may take effect from inv on, and must before anything that is invoked after ret
	lane       int32
	after      int32 // the next one in its lane, or none
}

// none is the number of no interval.
const none = -1

// open is an operation that has not returned.
type open struct {
	client int
	number int32
}

// intervals appends the operations of a history in the order of their invocations.
func (h History[Op, Ret]) intervals(dst []interval, opened []open) ([]interval, []open) {
	opened = opened[:0]
	for i := range h.events {
		client, at := h.events[i].Client, int32(i)
		if h.events[i].Kind == Invoke {
			opened = append(opened, open{client, int32(len(dst))})
			dst = append(dst, interval{client: client, call: at, back: never})
			continue
		}
		k := lastOf(opened, client)
		dst[opened[k].number].back = at
		opened = append(opened[:k], opened[k+1:]...)
	}
	return dst, opened
}

// lastOf returns the place of the client's open operation. Those that never return gather at the front, out of the way.
func lastOf(opened []open, client int) int {
	k := len(opened) - 1
	for opened[k].client != client {
		k--
	}
	return k
}

// operation returns the operation of an interval.
func (h History[Op, Ret]) operation(iv interval) Operation[Op, Ret] {
	o := Operation[Op, Ret]{Client: iv.client, Op: h.events[iv.call].Op, call: int(iv.call), back: int(iv.back), Pending: iv.back == never}
	if !o.Pending {
		o.Ret = h.events[iv.back].Ret
	}
	return o
}
