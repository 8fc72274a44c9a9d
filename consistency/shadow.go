package consistency

// shadow is the state that a part of the object would have without one of the pending operations placed.
//
// A pending operation need not take effect. If the operations after it lead to the same state without it, and
// had the same results, then it is of no use: another order leads to the same configuration, with that
// operation left for later. If an operation after it does not fit without it, it was needed, and its shadow ends.
//
// The search may drop what is of no use. Take an order that explains the history with as few pending
// operations as possible. No part of it is of no use, since a shorter order would be left; and if a
// configuration on its way has failed before with fewer of them, then so has one on the way of another such order.
// The first of these to fail therefore has no reason to.
type shadow[S any] struct {
	state S
	part  int32
}

// shadowsToKeep is the number of pending operations, the last ones placed, that a frame has shadows of. Each costs
// an Apply a step.
const shadowsToKeep = 4

// offer appends the pending operations to the choices of the top frame. The one invoked last is tried first:
// most operations take effect soon.
func (s *search[S, Op, Ret]) offer() {
	s.top().offered = true
	first, horizon := len(s.choices), s.top().horizon
	for i, p := range s.pending {
		iv := &s.ops[p.op]
		if iv.inv >= horizon {
			break
		}
		if s.used[i/64]>>(i%64)&1 != 0 || p.gate != none && s.head[p.gate] != none || s.readsOnly(p.op) {
			continue
		}
		state, fits := s.apply(s.state(iv.part), iv)
		if !fits {
			return
		}
		s.choices = append(s.choices, choice[S]{state, p.op})
		last := len(s.choices) - 1
		if s.tester.states.equal(&s.choices[last].state, s.state(iv.part)) {
			s.choices = s.choices[:last] // it would change nothing
			continue
		}
		s.dropAlike(first)
	}
}

// shade appends the shadows of the frame that a choice leads to. It reports false if a pending operation of
// an earlier frame proves to be of no use.
func (s *search[S, Op, Ret]) shade(number int) (useful bool) {
	c := &s.choices[number]
	iv := &s.ops[c.op]
	first, end := int(s.top().shadow), len(s.shadows)
	s.shaded = int32(end)
	if iv.ret == never {
		first = max(first, end-shadowsToKeep+1)
	}
	for i := first; i < end; i++ {
		if s.shadows[i].part != iv.part {
			s.shadows = append(s.shadows, s.shadows[i])
			continue
		}
		state, fits := s.apply(&s.shadows[i].state, iv)
		if !fits {
			continue
		}
		if s.seen = state; s.tester.states.equal(&s.seen, &c.state) {
			s.shadows = s.shadows[:end]
			return false
		}
		s.shadows = append(s.shadows, shadow[S]{state, iv.part})
	}
	if iv.ret == never {
		s.shadows = append(s.shadows, shadow[S]{*s.state(iv.part), iv.part})
	}
	return true
}
