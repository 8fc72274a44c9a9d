package engine

// NativeModel is a model that brings its state space, as systems of actors do.
type NativeModel interface {
	// NativeSpace makes the space, reduced by symmetry on request. It should not remember what it can compute again beyond
	// some part of the memory that there is, in bytes; 0 means no limit. The first atoms are the predicates of the
	// model's properties; the others it evaluates as properties that follow them. The error says what is wrong
	// with the model.
	NativeSpace(symmetry bool, memory int64, atoms []Atom) (Native, error)
	// Symmetric reports whether the space can be reduced by symmetry.
	Symmetric() bool
	// Same reports whether two states have the same content. It is fast if one of them was made by a step
	// from the other: the methods of a native model leave the states that they are given as they are, and
	// return states that share what a step has not changed.
	Same(a, b any) bool
	// Hold returns a state to hand to the model's methods and to Encode, several times, while what
	// it shares with s does not change. It is made fast of one that is held, which may be nil, if s was made
	// by a step from that.
	Hold(s, held any) any
	// Copy returns a copy of a state, for user code that might change it. It shares with an earlier copy
	// what the state shares with the state that was copied then; both may be nil.
	Copy(s, earlier, copied any) any
}

// Atom is a predicate of states or of steps, or a function that gives steps keys; the others are nil.
type Atom struct {
	Where string // its name in reports
	State func(s any) bool
	Step  func(before, action, after any) bool
	Key   func(before, action, after any) (key any, ok bool)
}

// Native is a state space that a model brings itself, in the place of the one that its Go values
// would be compiled into. States and actions pass through it as values of the model's types. The
// model's methods and the space must describe the same behaviours: paths found in the space are
// replayed with the methods.
type Native interface {
	// Words is the width of a state, at least 1.
	Words() int
	// Memory returns the bytes that the space holds.
	Memory() int64
	// NewWorker returns a worker for one goroutine. number gives names of actions their numbers.
	NewWorker(number func(name string) uint16) NativeWorker
	// Encode returns the vector of a state.
	Encode(s any) ([]uint32, error)
	// Finish is called at the end of a run; its error says that the model has misbehaved. It asks
	// user code again for what it has answered, unless misbehaviour was found; stop ends that early.
	Finish(stop func() bool, found bool) error
	// Calls returns a number that changes with the user code that Finish runs, and Asked says which code
	// that is, as NativeWorker.Where does. They are called from other goroutines.
	Calls() uint64
	Asked() (where, action string, act int)
	// Warnings returns what never happened in a search that was complete, sorted. name returns names
	// by number.
	Warnings(name func(number int) string) []Warning
}

// Forgetful is what a native space implements that can leave out of states what will never matter again. What that
// is it learns from searches, which are repeated until one was right.
type Forgetful interface {
	// Forgets reports whether there is anything to forget.
	Forgets() bool
	// Begin begins a search that forgets or not, with workers that are made from now on. It must not run beside
	// other methods of the space or its workers, but for Memory.
	Begin(forget bool)
	// Honest reports whether the trails of searches that were wrong, too, are those of runs.
	Honest() bool
}

// ForgetfulWorker is a worker of a Forgetful space.
type ForgetfulWorker interface {
	// Learn learns from the search, and reports whether that was wrong. All other workers must rest.
	Learn() (wrong bool)
	// Review learns anew from a search that was complete and right, if those before it may have taught what is not true
	// of the space, and reports whether another one would forget more. All other workers must rest.
	Review() (wasteful bool)
	// Whole returns what knows the states that those of the search stand for. The worker is for nothing else.
	Whole() Whole
}

// Whole knows the states of a Forgetful space with all that a search has forgotten.
type Whole interface {
	// Initial returns the initial state.
	Initial() ([]uint32, error)
	// After returns the state after an action, for the search that forgets; nil if it has none.
	After(state []uint32, act int) []uint32
	// Successors calls f for each successor of a state, as long as it asks for more. drops says that the step
	// changes only what a search may forget, and counts of that. f must not keep the state.
	Successors(state []uint32, f func(next []uint32, drops bool) bool)
	// StandsFor reports whether a state of the search, which lacks what was forgotten, stands for a state.
	StandsFor(lacks, state []uint32) bool
}

// NativeWorker is a worker of a Native space. Its methods are those of [Worker], and may let panics
// of user code pass.
type NativeWorker interface {
	Init(out *Batch) error
	Expand(state []uint32, o ExpandOptions, out *Batch) (Expansion, error)
	Eval(state []uint32, want Mask, terminal bool) (Mask, error)
	Satisfies(state []uint32, property int) (bool, error)
	Actions(state []uint32) (int, error)
	Names() ([]uint16, error)
	Apply(i int, want Mask, dst []uint32) (e Effect, steps Mask, err error)
	// State returns the state of a vector, in new memory.
	State(vec []uint32) any
	// Action returns the i-th prepared action.
	Action(i int) any
	// Counts returns how often actions were enabled and taken, by number of name.
	Counts() (enabled, taken []int64)
	// Where says which user code runs, for which action, with its index among those of the state or
	// -1. Other goroutines may call it, and Call, too.
	Where() (where, action string, act int)
	// Call returns a number that changes with the user code that runs.
	Call() uint64
}
