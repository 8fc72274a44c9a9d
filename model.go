package allways

// Model is a nondeterministic state machine: where it starts, what may happen in a state, and what
// that leads to.
//
// S and A are plain Go values. Structs, arrays, slices, maps, strings, numbers, pointers and
// interfaces are all welcome, with unexported fields too; no code for hashing, copying or comparing
// is needed. Two states are the same when their content is: nil and empty slices or maps are equal,
// pointers are followed, and -0 equals +0. The model only ever sees the canonical form: nil for an
// empty slice, a non-nil empty map, +0.
//
// Aliasing is not part of a state: fields that share memory are copied separately, which makes no
// difference to a model that changes no state. A change is an error.
//
// All methods must be pure functions of their arguments and must not change them. They are called
// from several goroutines at once. A state that a method is given may share memory with other
// states: copy before you change. What the methods answer about the first 10,000 states of a run is
// asked again, at once and at the end of the run, and must be the same; later states are sampled.
//
// A model may have any of the optional methods below. A method that has one of these names and
// another signature is an error, so that a typing mistake never switches a feature off silently.
//
//	Within          [Bounded]          limits the states that are checked
//	Representative  [Symmetric]        allows symmetry reduction
//	ActionName      [ActionNamer]      names actions for statistics
//	ActionNames     [ActionLister]     declares the names, to find actions that are never taken
//	FormatAction    [ActionFormatter]  text of an action
//	FormatState     [StateFormatter]   text of a state
//	FormatStep      [StepFormatter]    what a step did, in words
//	Changes         [Changer]          what differs between two states
//	Diagram         [Diagrammer]       drawing of a path
//	Notes           [Annotator]        what reports should say of the model
//	Parts           [PartLister]       parts of a state for a Profile
//	NextInPlace     [InPlace]          what Next does, faster
//	Snapshot        [Snapshotter]      fixes a model that can still be extended
type Model[S, A any] interface {
	// Init returns the initial states, at least one.
	Init() []S
	// Actions appends the actions enabled in s to dst, always in the same order, and returns the
	// extended slice.
	Actions(dst []A, s S) []A
	// Next applies an enabled action. It reports false when the action has no effect: such an
	// action is no step. If it reports true for a state that equals s, that is a step which may be
	// taken again and again: it keeps s from being a deadlock, and refutes what [Eventually] promises
	// from there on.
	Next(s S, a A) (next S, ok bool)
	// Properties returns what the model promises. Names must be unique and not empty.
	Properties() []Property[S]
}

// InPlace is an optional interface of a [Model]: a second form of Next, which changes a state instead of
// returning another one. Searches use it, since a successor is then made in the memory from which it is
// encoded; walks, paths and everything else use Next. Both must do the same, which is checked wherever
// answers are asked again. The easy way is to write Next with it:
//
//	func (m Model) Next(s State, a Action) (State, bool) {
//		ok := m.NextInPlace(&s, a)
//		return s, ok
//	}
//
// A model that embeds one with NextInPlace may have another Next, so searches of it use Next.
type InPlace[S, A any] interface {
	// NextInPlace changes s to the state after an enabled action, or reports false when the action has no
	// effect, whatever it has done to s. Only the value at s is its own, which it must not keep: what slices,
	// maps and pointers lead to is shared with other states. Copy it before you change it, as in Next.
	NextInPlace(s *S, a A) (ok bool)
}

// Bounded is an optional interface of a [Model]. States outside the boundary are neither counted
// nor checked, and verdicts say that they hold within it.
type Bounded[S any] interface {
	// Within reports whether s is inside the part of the state space that is to be checked.
	Within(s S) bool
}

// Symmetric is an optional interface of a [Model] for symmetry reduction, in force when
// [Options.Symmetry] is set. [Interchangeable] derives such a function.
type Symmetric[S any] interface {
	// Representative returns the one state that stands for s and all states that differ from s only
	// by a permutation of interchangeable parts. It must be idempotent, and properties and steps
	// must not tell s from its representative. Both are checked: see [Interchangeable].
	Representative(s S) S
}

// Fair is an optional interface of a [Model]: what all its promises about runs assume, those of
// [Eventually] included, beside what each assumes by [Property.Assuming].
type Fair[S any] interface {
	Fairness() []Fairness[S]
}

// ActionNamer is an optional interface of a [Model]: the name under which an action is counted,
// such as "Commit" for all commits whatever their arguments.
//
// Without it a string is its own name. So is an enumeration, which is a named type of strings, or of
// numbers with a String method. A struct is named by its field Kind, Type, Op, Action or Name if it is
// a string or an enumeration, else by its first field if that is one, else by its first field that is
// an enumeration. Numbers from 0 to 99 are named one by one, such as "action 3", or "Move 3" for a type
// Move. Anything else is named by its type, which for an interface is that of its value.
type ActionNamer[A any] interface {
	ActionName(a A) string
}

// ActionLister is an optional interface of a [Model] that declares all action names. Reports flag
// those that a complete search never took.
type ActionLister interface {
	ActionNames() []string
}

// ActionFormatter is an optional interface of a [Model]: the text of an action in traces, on one
// line. Without it the text is built from the action's content.
type ActionFormatter[A any] interface {
	FormatAction(a A) string
}

// StateFormatter is an optional interface of a [Model]: the text of a state for people. Without it
// the text is built from the state's content.
type StateFormatter[S any] interface {
	FormatState(s S) string
}

// StepFormatter is an optional interface of a [Model]: what a step did, in words, shown beside the
// action.
type StepFormatter[S, A any] interface {
	FormatStep(before S, a A, after S) string
}

// Changer is an optional interface of a [Model]: what differs between two states, in the words in
// which people want to read it below a step of a path, instead of a comparison field by field. It
// decides only what is shown.
type Changer[S any] interface {
	// Changes returns the differences in the order in which they are shown.
	Changes(before, after S) []Change
}

// Diagrammer is an optional interface of a [Model]: a drawing of a whole path in text, shown below
// counterexamples.
type Diagrammer[S, A any] interface {
	Diagram(p *Path[S, A]) string
}

// Annotator is an optional interface of a [Model]: what the report of a search should say of the
// model itself, such as the faults that it considers, a line each.
type Annotator interface {
	Notes() []string
}

// PartLister is an optional interface of a [Model] whose states have parts that their fields do not
// show, as systems of actors have. A [Profile] lists them.
type PartLister[S any] interface {
	// Parts calls add with the path and the value of every part of a state.
	Parts(s S, add func(path, value string))
}

// Snapshotter is an optional interface of a [Model] that may be extended after it was made, as
// systems of actors are. [Check], [Simulate], [NewStepper], [NewExplorer] and [NewProfile] ask for
// one snapshot and use nothing but that: what is added to the model later shows in later uses only.
type Snapshotter[S, A any] interface {
	// Snapshot returns the model as it stands now; it must never change. The error says what is
	// wrong with the model.
	Snapshot() (Model[S, A], error)
}

// Funcs makes a [Model] from functions, for models too small to deserve a type. InitFunc,
// ActionsFunc and NextFunc or NextInPlaceFunc are required, and a missing one is a [*ModelError], unless a
// model that embeds a Funcs has the method; everything else may be left out.
type Funcs[S, A any] struct {
	InitFunc    func() []S
	ActionsFunc func(dst []A, s S) []A
	NextFunc    func(s S, a A) (S, bool)
	Props       []Property[S] // promises of the model; may be empty

	NextInPlaceFunc    func(s *S, a A) bool                // see [InPlace]; if NextFunc is not set, Next calls it
	WithinFunc         func(s S) bool                      // see [Bounded]
	RepresentativeFunc func(s S) S                         // see [Symmetric]
	ActionNameFunc     func(a A) string                    // see [ActionNamer]
	FormatActionFunc   func(a A) string                    // see [ActionFormatter]
	FormatStateFunc    func(s S) string                    // see [StateFormatter]
	FormatStepFunc     func(before S, a A, after S) string // see [StepFormatter]
	ChangesFunc        func(before, after S) []Change      // see [Changer]
	DiagramFunc        func(p *Path[S, A]) string          // see [Diagrammer]
	FairnessFunc       func() []Fairness[S]                // see [Fair]
	Names              []string                            // see [ActionLister]
}

// Init implements [Model].
func (f Funcs[S, A]) Init() []S {
	if f.InitFunc == nil {
		panic(withoutFunc("InitFunc"))
	}
	return f.InitFunc()
}

// Actions implements [Model].
func (f Funcs[S, A]) Actions(dst []A, s S) []A {
	if f.ActionsFunc == nil {
		panic(withoutFunc("ActionsFunc"))
	}
	return f.ActionsFunc(dst, s)
}

// Next implements [Model].
func (f Funcs[S, A]) Next(s S, a A) (S, bool) {
	switch {
	case f.NextFunc != nil:
		return f.NextFunc(s, a)
	case f.NextInPlaceFunc != nil:
		ok := f.NextInPlaceFunc(&s, a)
		return s, ok
	}
	panic(withoutFunc("NextFunc"))
}

// Properties implements [Model].
func (f Funcs[S, A]) Properties() []Property[S] { return f.Props }

// withoutFunc is what a method panics with whose function is missing. Without the panic a model that
// embeds a Funcs and forgets one would have one state, in which everything holds.
func withoutFunc(field string) string {
	return "Funcs." + field + " is not set, and the model that embeds the Funcs has no such method: set it"
}

// missing returns the required fields that are not set. A model that embeds a Funcs needs none of
// them, since it may have methods instead.
func (f Funcs[S, A]) missing(model any) (fields []string) {
	if _, ok := model.(Funcs[S, A]); !ok {
		return nil
	}
	if f.InitFunc == nil {
		fields = append(fields, "InitFunc")
	}
	if f.ActionsFunc == nil {
		fields = append(fields, "ActionsFunc")
	}
	if f.NextFunc == nil && f.NextInPlaceFunc == nil {
		fields = append(fields, "NextFunc")
	}
	return fields
}

// hooks hands out the optional functions; see hooksOf.
func (f Funcs[S, A]) hooks() hooks[S, A] {
	h := hooks[S, A]{
		within: f.WithinFunc, representative: f.RepresentativeFunc, actionName: f.ActionNameFunc,
		formatAction: f.FormatActionFunc, formatState: f.FormatStateFunc, formatStep: f.FormatStepFunc,
		changes: f.ChangesFunc, diagram: f.DiagramFunc, fairness: f.FairnessFunc, nextInPlace: f.NextInPlaceFunc,
	}
	if f.Names != nil {
		h.actionNames = func() []string { return f.Names }
	}
	return h
}
