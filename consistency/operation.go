package consistency

import "math"

// Operation is an operation of a history, from its invocation to its return.
type Operation[Op, Ret any] struct {
	Client   int  // client that invoked the operation
	Op       Op   // operation that was invoked
	Ret      Ret  // result; meaningless if the operation is pending
	Pending  bool // the operation has not returned
	Invoked  int  // index of the invocation in [History.Events]
	Returned int  // index of the return, or the number of events if the operation is pending
}

// never is the time of an event that did not happen.
const never = math.MaxInt32

// interval is an operation as the search sees it. Times are indexes of events.
type interval struct {
	client     int
	call, back int32 // indexes of its events; back is never if its result and return do not count
	inv, ret   int32 // it takes effect after inv, and before everything invoked after ret
	loose      bool  // its client's order does not bind it
	lane       int32
	after      int32 // next operation in its lane, or none
}

// none stands for no interval.
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

// lastOf returns the index of the client's open operation. It searches from the end, since operations
// that never return gather at the front.
func lastOf(opened []open, client int) int {
	k := len(opened) - 1
	for opened[k].client != client {
		k--
	}
	return k
}

// operation returns the operation of an interval.
func (h History[Op, Ret]) operation(iv interval) Operation[Op, Ret] {
	o := Operation[Op, Ret]{Client: iv.client, Op: h.events[iv.call].Op, Invoked: int(iv.call)}
	if iv.back == never {
		o.Pending, o.Returned = true, len(h.events)
	} else {
		o.Ret, o.Returned = h.events[iv.back].Ret, int(iv.back)
	}
	return o
}

// Operations returns the operations in the order of their invocations.
func (h History[Op, Ret]) Operations() []Operation[Op, Ret] {
	ivs, _ := h.intervals(nil, nil)
	return h.operations(ivs)
}

func (h History[Op, Ret]) operations(ivs []interval) []Operation[Op, Ret] {
	ops := make([]Operation[Op, Ret], len(ivs))
	for i, iv := range ivs {
		ops[i] = h.operation(iv)
	}
	return ops
}
