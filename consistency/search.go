package consistency

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
)

// search looks for an order of the operations in its lanes that the spec explains. It is the search of
// Wing and Gong ("Testing and verifying concurrent objects", 1993) with four additions:
//
//   - It does not enter a configuration, a set of operations and the state after them, that has failed
//     before (Lowe, "Testing for linearizability", 2017).
//   - It describes the set by the first return that is still to come and by the lanes whose operation was
//     invoked before that return. This takes a few words however long the history is. Lowe's just-in-time
//     linearization has the same view.
//   - Among operations that are alike, it tries only the one with the earliest return: in any order that
//     starts with another one, the two can be swapped. This holds for linearizability only.
//   - It places an operation that only reads as soon as the operation fits, and never takes it back: the
//     operation can come first in every order of the rest.
type search[S, Op, Ret any] struct {
	lanes
	tester   *Tester[S, Op, Ret]
	events   []Event[Op, Ret]
	opened   []open
	frames   []frame[S]
	choices  []choice[S] // choices of all frames, those of the top frame last
	got      Ret         // result of the last Apply; here so that it is on the heap once
	steps    int
	failures int
	failed   map[configuration]struct{}
	alike    alike[Op, Ret]
	states   numbers[S]
	sets     map[string]uint32 // numbers of sets that do not fit in a word
	buf      []byte
	deepest  deepest // maintained if explain is set
	explain  bool
	limit    int // maximum number of steps, 0 means no limit
}

// frame is the configuration after the operations of all frames up to it.
type frame[S any] struct {
	state   S
	horizon int32
	first   int32 // index of its first choice; its last one is before the next frame's first
	op      int32 // operation that led here from the frame before
}

// choice is an operation that may come next, and the state after it.
type choice[S any] struct {
	state S
	op    int32
}

// configuration is a set of operations that have taken effect, and the state after them.
type configuration struct {
	set     uint64
	horizon int32
	state   uint32
}

// deepest is the furthest point that the search has reached.
type deepest struct {
	horizon int32   // first return that the search did not get past
	order   []int32 // longest order of operations before it
	kept    int     // length of the prefix of order that the frames still have
}

// errLimit means that the search has reached its limit of steps.
var errLimit = errors.New("limit of steps reached")

// failuresToRemember is the number of failures after which a search remembers failed configurations and
// looks for operations that are alike. Most searches end earlier, and then allocate nothing.
const failuresToRemember = 64

// stepsBetweenChecks is the number of steps between two looks at the context. It is a power of two.
const stepsBetweenChecks = 1 << 10

// run reports whether there is an order. If so, the frames hold it. The error is that of the
// context, that of a state without content, or errLimit.
func (s *search[S, Op, Ret]) run(ctx context.Context) (bool, error) {
	s.reset()
	s.frames = append(s.frames, frame[S]{state: s.tester.spec.Init(), op: none})
	fresh := true
	for {
		if s.steps++; s.steps%stepsBetweenChecks == 0 && ctx.Err() != nil {
			return false, ctx.Err()
		}
		if s.limit > 0 && s.steps > s.limit {
			return false, errLimit
		}
		if fresh {
			if s.enter(); s.top().horizon == never {
				return true, nil
			}
			if err := s.choose(); err != nil {
				return false, err
			}
		}
		if fresh = s.advance(); fresh {
			continue
		}
		if more, err := s.retreat(); !more || err != nil {
			return false, err
		}
	}
}

// Limits of steps for the parts of a history: the first one, and the factor from round to round.
const (
	firstLimit  = 1 << 16
	limitGrowth = 16
)

// runParts reports whether each part has an order, and calls found after a part has got one. If it reports
// false, the search holds the part without an order.
//
// A single part can take very long. So that it does not hide a plain conflict in another one, all parts are
// searched with a limit of steps, those that reach it again with a higher one, and the last one without.
func (s *search[S, Op, Ret]) runParts(ctx context.Context, parts [][]interval, found func(part int)) (bool, error) {
	defer func() { s.limit = 0 }()
	todo := make([]int, len(parts))
	for i := range todo {
		todo[i] = i
	}
	for limit := firstLimit; len(todo) > 0; limit *= limitGrowth {
		if s.limit = limit; len(todo) == 1 {
			s.limit = 0
		}
		hard := todo[:0]
		for _, part := range todo {
			s.ops = parts[part]
			s.lay(s.tester.condition)
			ok, err := s.run(ctx)
			switch {
			case errors.Is(err, errLimit):
				hard = append(hard, part)
			case err != nil || !ok:
				return false, err
			default:
				found(part)
			}
		}
		todo = hard
	}
	return true, nil
}

func (s *search[S, Op, Ret]) reset() {
	s.frames, s.choices, s.steps, s.failures = s.frames[:0], s.choices[:0], 0, 0
	s.failed, s.sets = nil, nil
	s.states.forget()
	s.alike.classes = s.alike.classes[:0]
	s.deepest = deepest{horizon: -1, order: s.deepest.order[:0]}
}

func (s *search[S, Op, Ret]) top() *frame[S] { return &s.frames[len(s.frames)-1] }

// enter completes a new frame.
func (s *search[S, Op, Ret]) enter() {
	f := s.top()
	f.horizon, f.first = s.lanes.horizon(), int32(len(s.choices))
}

// choose appends the operations that may come next, in the reverse order of trying: the operation
// with the earliest return is tried first, and pending operations last. It appends nothing if the
// configuration has failed before, and a single choice if that one cannot be wrong.
func (s *search[S, Op, Ret]) choose() error {
	if known, err := s.hasFailed(); known || err != nil {
		return err
	}
	f := s.top()
	for lane, inv := range s.inv {
		if inv >= f.horizon {
			continue
		}
		op := s.head[lane]
		if !s.try(op, f) {
			continue
		}
		if s.readsOnly(op) {
			s.choices[f.first] = s.choices[len(s.choices)-1]
			s.choices = s.choices[:f.first+1]
			return nil
		}
		if !s.dropAlike(int(f.first)) {
			s.sink(int(f.first))
		}
	}
	return nil
}

func (s *search[S, Op, Ret]) readsOnly(op int32) bool {
	r := s.tester.reader
	return r != nil && r.ReadOnly(s.events[s.ops[op].call].Op)
}

// try appends the operation to the choices if it fits, and reports whether it does. A pending operation
// that would change nothing does not fit: it need not take effect.
func (s *search[S, Op, Ret]) try(number int32, f *frame[S]) bool {
	iv, t := &s.ops[number], s.tester
	op := &s.events[iv.call].Op
	state, got := t.spec.Apply(f.state, *op)
	if iv.ret == never {
		s.choices = append(s.choices, choice[S]{state, number})
		last := len(s.choices) - 1
		if t.states.equal(&s.choices[last].state, &f.state) {
			s.choices = s.choices[:last]
			return false
		}
		return true
	}
	ret := &s.events[iv.back].Ret
	if t.allower != nil {
		if !t.allower.Allows(f.state, *op, *ret) {
			return false
		}
	} else if s.got = got; !t.rets.equal(&s.got, ret) {
		return false
	}
	s.choices = append(s.choices, choice[S]{state, number})
	return true
}

// sink moves the last choice to its place among those from first on, which are sorted by decreasing
// return.
func (s *search[S, Op, Ret]) sink(first int) {
	for i := len(s.choices) - 1; i > first && s.returnOf(i) > s.returnOf(i-1); i-- {
		s.choices[i], s.choices[i-1] = s.choices[i-1], s.choices[i]
	}
}

func (s *search[S, Op, Ret]) returnOf(choice int) int32 { return s.ops[s.choices[choice].op].ret }

// advance takes the last choice of the top frame. It reports whether there was one.
func (s *search[S, Op, Ret]) advance() bool {
	last := len(s.choices) - 1
	if last < int(s.top().first) {
		return false
	}
	c := s.choices[last]
	s.choices = s.choices[:last]
	s.take(s.ops[c.op].lane)
	s.frames = append(s.frames, frame[S]{state: c.state, op: c.op})
	return true
}

// retreat drops the top frame, which has failed. It reports whether frames are left.
func (s *search[S, Op, Ret]) retreat() (more bool, err error) {
	if s.explain {
		s.keepDeepest()
	}
	if s.failures++; s.failures >= s.tester.patience {
		if err := s.classify(); err != nil {
			return false, err
		}
		if err := s.remember(); err != nil {
			return false, err
		}
	}
	last := len(s.frames) - 1
	if last == 0 {
		return false, nil
	}
	s.untake(s.frames[last].op)
	s.frames = s.frames[:last]
	s.deepest.kept = min(s.deepest.kept, last-1)
	return true, nil
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

func (s *search[S, Op, Ret]) hasFailed() (bool, error) {
	if len(s.failed) == 0 {
		return false, nil
	}
	c, err := s.configuration()
	_, known := s.failed[c]
	return known, err
}

func (s *search[S, Op, Ret]) remember() error {
	c, err := s.configuration()
	if s.failed == nil {
		s.failed = map[configuration]struct{}{}
	}
	s.failed[c] = struct{}{}
	return err
}

// configuration returns the configuration of the top frame.
func (s *search[S, Op, Ret]) configuration() (configuration, error) {
	f := s.top()
	state, err := s.states.of(&f.state)
	return configuration{s.set(f.horizon), f.horizon, state}, err
}

// set returns a word for the set of operations that have taken effect. For linearizability, these
// are all operations that returned before the horizon, and those of the overlapping ones that are
// no longer candidates. For sequential consistency, they are the operations before the heads of the
// lanes.
func (s *search[S, Op, Ret]) set(horizon int32) uint64 {
	if s.tester.condition == SequentialConsistency {
		return s.heads()
	}
	if len(s.inv) <= 64 {
		return candidates(s.inv, horizon)
	}
	s.buf = s.buf[:0]
	for inv := range slices.Chunk(s.inv, 64) {
		s.buf = binary.NativeEndian.AppendUint64(s.buf, candidates(inv, horizon))
	}
	return uint64(numberOfBytes(&s.sets, s.buf))
}

// heads returns a word for the heads of all lanes.
func (s *search[S, Op, Ret]) heads() uint64 {
	if len(s.head) <= 8 && len(s.ops) < 1<<8-1 {
		word := uint64(0)
		for _, op := range s.head {
			word = word<<8 | uint64(op+1)
		}
		return word
	}
	s.buf = s.buf[:0]
	for _, op := range s.head {
		s.buf = binary.NativeEndian.AppendUint32(s.buf, uint32(op))
	}
	return uint64(numberOfBytes(&s.sets, s.buf))
}

// candidates returns the set of lanes, of up to 64, whose head may come next.
func candidates(inv []int32, horizon int32) uint64 {
	set := uint64(0)
	for lane, at := range inv {
		if at < horizon {
			set |= 1 << lane
		}
	}
	return set
}

// placed returns the operations in the order of the frames.
func (s *search[S, Op, Ret]) placed() []interval {
	order := make([]interval, 0, len(s.frames)-1)
	for _, f := range s.frames[1:] {
		order = append(order, s.ops[f.op])
	}
	return order
}
