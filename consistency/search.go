package consistency

import (
	"errors"
)

// search looks for an order of the operations in its lanes that the spec explains. It is the search of
// Wing and Gong ("Testing and verifying concurrent objects", 1993) with five additions:
//
//   - It does not enter a configuration, a set of operations and the state after them, that has failed
//     before (Lowe, "Testing for linearizability", 2017).
//   - It describes the set by the first return that is still to come and by the lanes whose operation was
//     invoked before that return. This takes a few words however long the history is. Lowe's just-in-time
//     linearization has the same view.
//   - Among operations that are alike, it tries only the one with the earliest return: in any order that
//     starts with another one, the two can be swapped. For sequential consistency this holds for pending
//     operations only.
//   - It places an operation that only reads as soon as the operation fits, and never takes it back: the
//     operation can come first in every order of the rest.
//   - It places a pending operation only if nothing else leads on, and gives up as soon as the operation
//     proves to be of no use: see shadow and failures.
type search[S, Op, Ret any] struct {
	lanes
	tester    *Tester[S, Op, Ret]
	interrupt func() error // the error of the context; nil if nothing ends it
	limit     int          // maximum number of operations to apply, 0 means no limit
	bounded   bool         // there is an interrupt or a limit
	err       error        // reason why the search ended early
	all       []interval   // operations of the history
	parts     parts
	events    []Event[Op, Ret]
	opened    opened
	frames    []frame[S]
	latest    []int32     // frame that holds the state, by part of the object
	choices   []choice[S] // choices of all frames, those of the top frame last
	shadows   []shadow[S] // shadows of all frames, those of the top frame last
	got       Ret         // result of the last Apply; here so that it is on the heap once
	seen      S           // state of a shadow after the last Apply, as got
	applied   int         // operations that were applied
	setbacks  int         // frames that have failed
	failures  failures[S]
	alike     alike[Op, Ret]
	shaded    int32   // first shadow of the frame to come
	deepest   deepest // maintained if explain is set
	explain   bool
}

// frame is the configuration after the operations of all frames up to it.
type frame[S any] struct {
	state   S // state of the operation's part of the object
	horizon int32
	first   int32 // index of its first choice; its last one is before the next frame's first
	shadow  int32 // index of its first shadow
	op      int32 // operation that led here from the frame before
	before  int32 // frame that held the state of the part before
	offered bool  // pending operations are among the choices, or have been
}

// choice is an operation that may come next, and the state after it.
type choice[S any] struct {
	state S
	op    int32
}

// deepest is the furthest point that the search has reached.
type deepest struct {
	horizon int32   // first return that the search did not get past
	order   []int32 // longest order of operations before it
	kept    int     // length of the prefix of order that the frames still have
}

// errLimit means that the search has reached its limit.
var errLimit = errors.New("limit of applied operations reached")

// failuresToRemember is the number of failures after which a search remembers failed configurations and
// looks for operations that are alike. Most searches end earlier, and then allocate nothing.
const failuresToRemember = 64

// run reports whether there is an order. If so, the frames hold it. The error is that of the
// context, that of a state without content, or errLimit.
func (s *search[S, Op, Ret]) run() (bool, error) {
	s.reset()
	s.frames = append(s.frames, frame[S]{state: s.tester.spec.Init(), op: none})
	for fresh := true; ; {
		if fresh {
			if s.enter(); s.top().horizon == never {
				return true, nil
			}
			s.choose()
		}
		fresh = s.advance()
		if s.err != nil || !fresh && !s.retreat() {
			return false, s.err
		}
	}
}

func (s *search[S, Op, Ret]) reset() {
	s.frames, s.choices, s.shadows = s.frames[:0], s.choices[:0], s.shadows[:0]
	s.applied, s.setbacks, s.err = 0, 0, nil
	s.bounded = s.interrupt != nil || s.limit > 0
	s.failures.forget()
	s.alike.classes = s.alike.classes[:0]
	s.deepest = deepest{horizon: -1, order: s.deepest.order[:0]}
	clear(s.latest)
}

func (s *search[S, Op, Ret]) top() *frame[S] { return &s.frames[len(s.frames)-1] }

// state returns the state of a part of the object.
func (s *search[S, Op, Ret]) state(part int32) *S { return &s.frames[s.latest[part]].state }

// enter completes a new frame.
func (s *search[S, Op, Ret]) enter() {
	f := s.top()
	f.horizon, f.first = s.lanes.horizon(), int32(len(s.choices))
}

// choose appends the operations that may come next, in the reverse order of trying: the operation
// with the earliest return is tried first. Pending operations are left to offer. It appends nothing if the
// configuration has failed before, and a single choice if that one cannot be wrong.
func (s *search[S, Op, Ret]) choose() {
	f := s.top()
	if s.hasFailed() {
		f.offered = true
		return
	}
	for lane, inv := range s.inv {
		if inv >= f.horizon {
			continue
		}
		op := s.head[lane]
		if !s.try(op) {
			continue
		}
		if s.readsOnly(op) {
			s.choices[f.first] = s.choices[len(s.choices)-1]
			s.choices, f.offered = s.choices[:f.first+1], true
			return
		}
		if s.tester.condition == SequentialConsistency || !s.dropAlike(int(f.first)) {
			s.sink(int(f.first))
		}
	}
}

func (s *search[S, Op, Ret]) readsOnly(op int32) bool {
	r := s.tester.reader
	return r != nil && r.ReadOnly(s.events[s.ops[op].call].Op)
}

// try appends an operation that returned to the choices if it fits, and reports whether it does.
func (s *search[S, Op, Ret]) try(number int32) bool {
	iv := &s.ops[number]
	state, fits := s.apply(s.state(iv.part), iv)
	if fits {
		s.choices = append(s.choices, choice[S]{state, number})
	}
	return fits
}

// apply returns the state after an operation, and whether the operation fits: whether it may have its
// result. Nothing fits once the search has an error.
func (s *search[S, Op, Ret]) apply(from *S, iv *interval) (to S, fits bool) {
	if s.applied++; s.bounded && !s.mayGoOn() {
		return to, false
	}
	t, op := s.tester, &s.events[iv.call].Op
	to, got := t.spec.Apply(*from, *op)
	if iv.ret == never {
		return to, true
	}
	ret := &s.events[iv.back].Ret
	if t.allower != nil {
		return to, t.allower.Allows(*from, *op, *ret)
	}
	s.got = got
	return to, t.rets.equal(&s.got, ret)
}

// mayGoOn reports whether the search has no error, and notes it otherwise.
func (s *search[S, Op, Ret]) mayGoOn() bool {
	switch {
	case s.err != nil:
	case s.limit > 0 && s.applied > s.limit:
		s.err = errLimit
	case s.interrupt != nil:
		s.err = s.interrupt()
	}
	return s.err == nil
}

// sink moves the last choice to its place among those from first on, which are sorted by decreasing
// return.
func (s *search[S, Op, Ret]) sink(first int) {
	for i := len(s.choices) - 1; i > first && s.returnOf(i) > s.returnOf(i-1); i-- {
		s.choices[i], s.choices[i-1] = s.choices[i-1], s.choices[i]
	}
}

func (s *search[S, Op, Ret]) returnOf(choice int) int32 { return s.ops[s.choices[choice].op].ret }

// advance takes the last choice of the top frame that is of use. It reports whether there was one.
func (s *search[S, Op, Ret]) advance() bool {
	for s.err == nil {
		last := len(s.choices) - 1
		if f := s.top(); last < int(f.first) {
			if f.offered || len(s.pending) == 0 {
				return false
			}
			s.offer()
			continue
		}
		useful := len(s.pending) == 0 || s.shade(last)
		c := s.choices[last]
		s.choices = s.choices[:last]
		if useful {
			s.place(c)
			return true
		}
	}
	return false
}

// place makes a frame of a choice, whose shadows are there already.
func (s *search[S, Op, Ret]) place(c choice[S]) {
	iv := &s.ops[c.op]
	s.lanes.take(c.op)
	s.frames = append(s.frames, frame[S]{state: c.state, op: c.op, before: s.latest[iv.part], shadow: s.shaded})
	s.latest[iv.part] = int32(len(s.frames) - 1)
}

// retreat drops the top frame, which has failed. It reports whether frames are left.
func (s *search[S, Op, Ret]) retreat() bool {
	if s.explain {
		s.keepDeepest()
	}
	if s.setbacks++; s.setbacks >= s.tester.patience {
		s.classify()
		s.remember()
	}
	last := len(s.frames) - 1
	if last == 0 {
		return false
	}
	f := &s.frames[last]
	s.latest[s.ops[f.op].part] = f.before
	s.untake(f.op)
	s.shadows = s.shadows[:f.shadow]
	s.frames = s.frames[:last]
	s.deepest.kept = min(s.deepest.kept, last-1)
	return true
}

// keepDeepest keeps the order of the frames if it is the furthest so far. It copies only what has
// changed since the last time.
func (s *search[S, Op, Ret]) keepDeepest() {
	d, placed := &s.deepest, len(s.frames)-1
	horizon := s.top().horizon
	if s.tester.condition == SequentialConsistency {
		horizon = 0 // returns have no order
	}
	if horizon < d.horizon || horizon == d.horizon && placed <= len(d.order) {
		return
	}
	d.horizon, d.order = horizon, d.order[:d.kept]
	for _, f := range s.frames[d.kept+1:] {
		d.order = append(d.order, f.op)
	}
	d.kept = placed
}

// placed returns the operations in the order of the frames.
func (s *search[S, Op, Ret]) placed() []interval {
	order := make([]interval, 0, len(s.frames)-1)
	for _, f := range s.frames[1:] {
		order = append(order, s.ops[f.op])
	}
	return order
}
