package refine

import (
	"encoding/binary"
	"slices"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
)

// Predicate is a predicate of steps of the abstract model.
type Predicate func(before, action, after unsafe.Pointer) bool

// Question asks whether abstract steps satisfy a predicate. Answers are kept, as far as there is room: many states map
// to one abstract state. Make one with [Abstraction.Ask]. It is safe for concurrent use, and panics as the methods of
// an [Abstraction] do.
type Question struct {
	*Abstraction
	f      Predicate
	number int64
}

// Ask returns the question about a predicate, which may be nil for one that is only asked [Question.MayStay].
func (x *Abstraction) Ask(f Predicate) *Question { return &Question{x, f, x.asked.Add(1)} }

// answer returns the answer for a key, which is computed twice the first times.
func (q *Question) answer(key []byte, compute func() bool) bool {
	yes, known := q.memo.get(key)
	if known {
		return yes
	}
	yes = compute()
	if first(&q.probed) && compute() != yes {
		panic(fault{engine.ErrorNondeterminism, "a predicate of the abstract model once gave another answer; it must " +
			"depend on its arguments alone, and not on time, random numbers, map order or shared variables"})
	}
	q.memo.put(key, yes)
	return yes
}

// Takes reports whether a step changes the abstract state, and maps to an abstract step that satisfies the predicate.
func (q *Question) Takes(before, after unsafe.Pointer) bool {
	return q.between(before, after, q.f, true)
}

// Only reports whether all abstract steps to which a step maps satisfy the predicate. There is no such step where the
// abstract state does not change.
func (q *Question) Only(before, after unsafe.Pointer) bool {
	broken := func(before, action, after unsafe.Pointer) bool { return !q.f(before, action, after) }
	return !q.between(before, after, broken, false)
}

// between reports whether one of the abstract steps that change the state and to which a step maps satisfies f, which
// is the predicate itself, or not.
func (q *Question) between(before, after unsafe.Pointer, f Predicate, itself bool) bool {
	r := q.rooms.Get().(*room)
	defer q.rooms.Put(r)
	number := -q.number
	if itself {
		number = q.number
	}
	pair, from, to := q.images(r, number, before, after)
	if string(from) == string(to) {
		return false
	}
	return q.answer(pair, func() bool {
		wanted := string(to)
		return q.changing(string(from), func(c string) bool { return c == wanted }, f)
	})
}

// changing reports whether a step of the abstract state with a content that changes it, and leads to a content that is
// wanted, satisfies f.
func (x *Abstraction) changing(from string, wanted func(to string) bool, f Predicate) bool {
	return slices.ContainsFunc(x.steps(from), func(s step) bool {
		return s.content != from && wanted(s.content) && f(x.decoded(from), s.action, x.decoded(s.content))
	})
}

// Offers reports whether in the abstract state to which s maps a step is possible that changes it and satisfies the
// predicate.
func (q *Question) Offers(s unsafe.Pointer) bool {
	return q.about(s, func(from string) bool {
		return q.changing(from, func(string) bool { return true }, q.f)
	})
}

// MayStay reports whether the abstract model may stay forever in the state to which s maps: it has no step there, or
// one that changes nothing.
func (q *Question) MayStay(s unsafe.Pointer) bool {
	return q.about(s, func(from string) bool {
		all := q.steps(from)
		return len(all) == 0 || slices.ContainsFunc(all, func(s step) bool { return s.content == from })
	})
}

// about answers a question about the abstract state to which s maps.
func (q *Question) about(s unsafe.Pointer, compute func(from string) bool) bool {
	r := q.rooms.Get().(*room)
	defer q.rooms.Put(r)
	head := binary.AppendVarint(r.key[:0], q.number)
	begin := len(head)
	r.key = q.image(r, head, s)
	return q.answer(r.key, func() bool { return compute(string(r.key[begin:])) })
}
