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
	part       int32 // part of the object that it uses
	loose      bool  // its client's order does not bind it
	lane       int32 // its lane, or its index among the pending operations
	after      int32 // next operation in its lane, or none
}

// none stands for no interval.
const none = -1

// opened holds the operations that have not returned, while intervals are made.
type opened struct {
	few  []open
	many map[int]int32 // number by client; nil if the history is short
}

// open is an operation that has not returned.
type open struct {
	client int
	number int32
}

// eventsToScan is the length up to which searching a few operations under way is faster than a map.
const eventsToScan = 128

// intervals appends the operations of a history in the order of their invocations.
func (h History[Op, Ret]) intervals(dst []interval, o *opened) []interval {
	o.few, o.many = o.few[:0], nil
	if len(h.events) > eventsToScan {
		o.many = map[int]int32{}
	}
	for i := range h.events {
		client, at := h.events[i].Client, int32(i)
		if h.events[i].Kind == Invoke {
			o.invoke(client, int32(len(dst)))
			dst = append(dst, interval{client: client, call: at, back: never})
			continue
		}
		dst[o.comeBack(client)].back = at
	}
	return dst
}

func (o *opened) invoke(client int, number int32) {
	if o.many != nil {
		o.many[client] = number
	} else {
		o.few = append(o.few, open{client, number})
	}
}

// comeBack removes the client's operation.
func (o *opened) comeBack(client int) (number int32) {
	if o.many != nil {
		return o.many[client]
	}
	k := len(o.few) - 1
	for o.few[k].client != client {
		k--
	}
	number = o.few[k].number
	o.few = append(o.few[:k], o.few[k+1:]...)
	return number
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
	ivs := h.intervals(nil, &opened{})
	return h.operations(ivs)
}

func (h History[Op, Ret]) operations(ivs []interval) []Operation[Op, Ret] {
	ops := make([]Operation[Op, Ret], len(ivs))
	for i, iv := range ivs {
		ops[i] = h.operation(iv)
	}
	return ops
}
