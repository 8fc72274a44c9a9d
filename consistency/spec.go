package consistency

// Spec says what a sequential object of state S does: operations Op, one after the other, with results Ret. Methods must
// be pure and safe for concurrent use, and Apply must leave the state that it is given as it was: copy what changes.
//
// States and results are compared by content: pointers are followed, and nil and empty slices or maps are the same.
//
// A Spec may have more methods:
//
//   - Allows(s S, op Op, ret Ret) bool reports whether op in the state s may return ret, for specifications that leave
//     the result open. Without it, only the result that Apply gives is allowed.
//   - Partition(op Op) any returns a key, comparable with ==, of the part of the object that op concerns. Operations with
//     different keys must neither see nor change anything of each other. Long histories are then tested for
//     linearizability key by key, since linearizability is local (Herlihy and Wing, 1990); sequential consistency is not.
//   - ReadOnly(op Op) bool reports whether op leaves every state as it is. Saying so saves much of the search.
//   - Describe(op Op, ret Ret) string returns the text of an operation that returned. Without it, the text is `op → ret`.
type Spec[S, Op, Ret any] interface {
	// Init returns the state of a new object.
	Init() S
	// Apply returns the state after op in the state s, and what op returns.
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
