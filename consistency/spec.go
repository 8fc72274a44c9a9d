package consistency

// Spec specifies a sequential object with states S, operations Op and results Ret. Its methods must be
// pure and safe for concurrent use. Apply must not modify the state that it gets: it copies what it
// changes.
//
// States and results are compared by content: pointers are followed, and nil and empty slices or
// maps are equal. Operations, states and results must have content; functions and channels have
// none.
//
// A Spec may have more methods:
//
//   - Allows(s S, op Op, ret Ret) bool reports whether op may return ret in the state s. It is for specs
//     that leave the result open. Without it, only the result of Apply is allowed.
//   - Partition(op Op) any returns a key, comparable with ==, of the part of the object that op uses.
//     Each part then has a state that begins with Init, and Apply never sees operations with different keys on
//     one state, however short or long the history is. S may therefore be the state of one part, or of the
//     whole object. Operations with different keys must not see or change anything of each other in the real
//     object: what they see of each other is not explained, and a wrong key gives a wrong verdict, which
//     nothing can notice. Histories are checked for linearizability part by part, which is sound because
//     linearizability is a local property (Herlihy and Wing, 1990). Sequential consistency is not local: one
//     order has to explain all parts.
//   - ReadOnly(op Op) bool reports whether op leaves every state unchanged. It prunes much of the search.
//   - Describe(op Op, ret Ret) string returns the text of an operation that returned. Without it, the
//     text is `op → ret`.
//
// A method with one of these names and another signature is an error.
type Spec[S, Op, Ret any] interface {
	// Init returns the state of a new object.
	Init() S
	// Apply returns the state after op in the state s, and the result of op.
	Apply(s S, op Op) (S, Ret)
}

type allower[S, Op, Ret any] interface {
	Allows(s S, op Op, ret Ret) bool
}

type partitioner[Op any] interface{ Partition(op Op) any }

type reader[Op any] interface{ ReadOnly(op Op) bool }

type describer[Op, Ret any] interface {
	Describe(op Op, ret Ret) string
}

// sentencer is a describer whose values may get other texts.
type sentencer[Op, Ret any] interface {
	sentence(op Op, ret Ret) sentence
}
