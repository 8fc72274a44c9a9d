package allways

// Model is a nondeterministic state machine: where it starts, what may happen in a state, and what that leads to.
//
// S and A are plain Go values. Structs, arrays, slices, maps, strings, numbers, pointers and interfaces are all welcome,
// unexported fields included; no hashing, cloning or equality code is asked for. Two states are the same when their
// content is: nil and empty slices or maps are equal, pointers are followed, and -0 equals +0. User code always sees the
// canonical form: nil for an empty slice, a non-nil empty map, +0.
//
// Memory has no identity: what two fields, or two elements, of a state reach in common is content of both, and the copies
// of the state that the model is given later share it no more. Such a state is refused where it is noticed, which is
// always within one field, in an initial state, and in a small model, and in a sample of the steps of a large one.
//
// All methods must be pure functions of their arguments, must not change them, and are called from several goroutines
// at once. A state handed to a method may share memory with other states: copy before you change.
//
// A model may add any of the optional methods [Bounded], [Symmetric], [ActionNamer], [ActionFormatter],
// [StateFormatter], [StepFormatter], [Changer], [ActionLister] and [Diagrammer]; a method with one of their names and another
// signature is an error, so that a typing mistake never switches a feature off silently.
type Model[S, A any] interface {
	// Init returns the initial states, at least one.
	Init() []S
	// Actions appends the actions enabled in s to dst, always in the same order, and returns the extended slice.
	Actions(dst []A, s S) []A
	// Next applies an enabled action. It reports false when the action has no effect: such an action is no step.
	Next(s S, a A) (next S, ok bool)
	// Properties returns what the model promises; the names must be unique and not empty.
	Properties() []Property[S]
}

// Bounded is an optional interface of a [Model]. States outside the boundary are neither counted nor checked, and
// verdicts say that they hold within it.
type Bounded[S any] interface {
	// Within reports whether s is inside the part of the state space that is to be checked.
	Within(s S) bool
}

// Symmetric is an optional interface of a [Model] for symmetry reduction, in force when [Options.Symmetry] is set.
// [Interchangeable] derives such a function.
type Symmetric[S any] interface {
	// Representative returns the one state that stands for s and all states that differ from s only by a permutation of
	// interchangeable parts. It must be idempotent, and properties and steps must not tell s from its representative;
	// a sample of states is checked for both.
	Representative(s S) S
}

// ActionNamer is an optional interface of a [Model]: the name under which an action is counted, such as "Commit" for
// all commits whatever their arguments. Without it the name is the string of the action's leading enumeration field,
// its own string for strings, or the name of its (dynamic) type.
type ActionNamer[A any] interface {
	ActionName(a A) string
}

// ActionLister is an optional interface of a [Model] that declares all action names; those that a complete search never
// took are flagged in the report.
type ActionLister interface {
	ActionNames() []string
}

// ActionFormatter is an optional interface of a [Model]: the text of an action in traces, on one line. Without it the
// text is built from the action's content.
type ActionFormatter[A any] interface {
	FormatAction(a A) string
}

// StateFormatter is an optional interface of a [Model]: the text of a state for people. Without it the text is built
// from the state's content.
type StateFormatter[S any] interface {
	FormatState(s S) string
}

// StepFormatter is an optional interface of a [Model]: what a step did, in words, shown beside the action.
type StepFormatter[S, A any] interface {
	FormatStep(before S, a A, after S) string
}

// Diagrammer is an optional interface of a [Model]: a drawing of a whole path in text, shown below counterexamples.
type Diagrammer[S, A any] interface {
	Diagram(p *Path[S, A]) string
}

// Annotator is an optional interface of a [Model]: what a report of a search should say of the model itself, such as the faults
// that it considers, a line each.
type Annotator interface {
	Notes() []string
}

// Funcs makes a [Model] from functions, for models too small to deserve a type. InitFunc, ActionsFunc and NextFunc are
// required, everything else may be left out.
type Funcs[S, A any] struct {
	InitFunc    func() []S
	ActionsFunc func(dst []A, s S) []A
	NextFunc    func(s S, a A) (S, bool)
	Props       []Property[S]

	WithinFunc         func(s S) bool                      // see [Bounded]
	RepresentativeFunc func(s S) S                         // see [Symmetric]
	ActionNameFunc     func(a A) string                    // see [ActionNamer]
	FormatActionFunc   func(a A) string                    // see [ActionFormatter]
	FormatStateFunc    func(s S) string                    // see [StateFormatter]
	FormatStepFunc     func(before S, a A, after S) string // see [StepFormatter]
	ChangesFunc        func(before, after S) []Change      // see [Changer]
	DiagramFunc        func(p *Path[S, A]) string          // see [Diagrammer]
	Names              []string                            // see [ActionLister]
}

// Init implements [Model].
func (f Funcs[S, A]) Init() []S {
	if f.InitFunc == nil {
		return nil
	}
	return f.InitFunc()
}

// Actions implements [Model].
func (f Funcs[S, A]) Actions(dst []A, s S) []A {
	if f.ActionsFunc == nil {
		return dst
	}
	return f.ActionsFunc(dst, s)
}

// Next implements [Model].
func (f Funcs[S, A]) Next(s S, a A) (S, bool) {
	if f.NextFunc == nil {
		return s, false
	}
	return f.NextFunc(s, a)
}

// Properties implements [Model].
func (f Funcs[S, A]) Properties() []Property[S] { return f.Props }

// hooks hands out the optional functions; see hooksOf.
func (f Funcs[S, A]) hooks() hooks[S, A] {
	return hooks[S, A]{
		within: f.WithinFunc, representative: f.RepresentativeFunc, actionName: f.ActionNameFunc,
		formatAction: f.FormatActionFunc, formatState: f.FormatStateFunc, formatStep: f.FormatStepFunc,
		changes: f.ChangesFunc, diagram: f.DiagramFunc, actionNames: f.Names,
	}
}
