package actor

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync/atomic"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor/internal/core"
)

// System builds a system of actors that exchange messages of type M, usually a sealed interface. It is an
// [allways.Model]: pass it to [allways.Check], [allways.Simulate], a stepper or a node. Each of these uses takes a
// snapshot of the system as it stands then, so that what is added later is seen by later uses only.
//
// Mistakes in its making, such as a handler with a wrong signature or a setting without effect, are errors of
// its uses. A system must not be changed by several goroutines at once.
type System[M any] struct {
	_           ofProgram
	config      Config
	id          *systemID
	messages    core.Codec
	values      core.Codec
	actors      []*core.Actor
	links       map[[2]int]core.Link
	splits      [][][]int
	groups      [][]int // groups of interchangeable actors
	initial     []core.Message
	aux         []core.Auxiliary
	properties  []property[M]
	within      func(*State[M]) bool
	bounds      []bound[M]
	errs        []error
	types       []reflect.Type // registered types of messages
	clientTypes []reflect.Type // those that clients may send
	valueTypes  []reflect.Type // registered types of values

	maxMemo int64
	// credulous is for tests; see core.System.
	credulous bool
	snapshot  atomic.Pointer[snapshot[M]] // the last one; nil after a change
}

// snapshot is a model, or what is wrong with it.
type snapshot[M any] struct {
	model *Model[M]
	err   error
}

// bound is a boundary of one actor.
type bound[M any] struct {
	id    ID
	state func(*State[M]) bool // boundary as a predicate of states
	actor func(state any) bool // the same of a *S of the actor
}

// property is a property of a system.
type property[M any] struct {
	allways.Property[*State[M]]
	// test is the predicate of states, and step that of steps; the other one is nil.
	test func(*State[M]) bool
	step func(before *State[M], a Action[M], after *State[M]) bool
	aux  int // index of the history that is judged; -1 for other properties
}

// maxMemo is how many bytes a search may remember of what it has computed.
const maxMemo = 256 << 20

// NewSystem returns a system without actors. The type of its messages must be given, as in NewSystem[Msg](Config{}),
// since nothing else says it.
func NewSystem[M any](c Config) *System[M] {
	sys := &System[M]{config: c, id: &systemID{}, links: map[[2]int]core.Link{}, maxMemo: maxMemo}
	var err error
	if sys.messages, err = contentOf[M](); err != nil {
		sys.fail(fmt.Errorf("the message type: %w", err))
	}
	sys.values, _ = core.CodecOf[any]()
	return sys
}

// changed is called by all methods that change the system: the next use takes a new snapshot.
func (sys *System[M]) changed() { sys.snapshot.Store(nil) }

// fail notes a mistake in the making of the system.
func (sys *System[M]) fail(err error) {
	sys.changed()
	sys.errs = append(sys.errs, err)
}

func (sys *System[M]) mistakes() error { return errors.Join(sys.errs...) }

func (sys *System[M]) has(id ID) bool { return id >= 0 && int(id) < len(sys.actors) }

// Spawn adds an actor to a system, and returns a typed reference to it. The actor must not be changed afterwards,
// even if it is a pointer: a use of the system may have read it already, and a change is then an error.
//
// Where the compiler says that the type of impl "does not match inferred type", it is no [Actor] of the messages of
// the system. A declaration says which method is missing or has another signature:
//
//	var _ actor.Actor[State, Msg] = Server{}
func Spawn[S, M any](sys *System[M], name string, impl Actor[S, M]) Ref[S] {
	id := ID(len(sys.actors))
	h := &core.Actor{Name: name}
	var err error
	if impl == nil {
		err = fmt.Errorf("actor %q is nil", name)
	} else if made, e := hostOf(name, impl); made != nil {
		h, err = made, e
	} else {
		err = e
	}
	switch {
	case name == "":
		err = errors.Join(err, fmt.Errorf("actor %d has no name", id))
	case slices.ContainsFunc(sys.actors, func(o *core.Actor) bool { return o.Name == name }):
		err = errors.Join(err, fmt.Errorf("two actors are called %q", name))
	}
	if err != nil {
		sys.fail(err)
	}
	sys.changed()
	sys.actors = append(sys.actors, h)
	if name == "" {
		name = fmt.Sprintf("actor %d", id)
	}
	return Ref[S]{reference{id, name, system{sys.id}}}
}

// NeverCrashes exempts actors from crashes, such as clients. It is accepted, and changes nothing, in a system
// without Crashes.
func (sys *System[M]) NeverCrashes(ids ...ID) {
	sys.changed()
	for _, id := range ids {
		if !sys.has(id) {
			sys.fail(fmt.Errorf("NeverCrashes: there is no actor %d yet", id))
			continue
		}
		sys.actors[id].NeverCrashes = true
	}
}

// Link sets how messages travel from one actor to another, instead of what the configuration says. [NoActor]
// stands for all ids that no actor has.
func (sys *System[M]) Link(from, to ID, l Link) {
	sys.changed()
	ends := [2]int{int(from), int(to)}
	if _, ok := sys.links[ends]; ok {
		sys.fail(fmt.Errorf("Link(%d, %d) is called twice: call it once", from, to))
	}
	sys.links[ends] = l.core()
}

// InFlight puts a message in flight before the system starts. The sender may be an id that no actor has, such as
// [NoActor].
func (sys *System[M]) InFlight(from, to ID, m M) {
	sys.changed()
	sys.initial = append(sys.initial, core.Message{From: int(from), To: int(to), Msg: sys.messages.Encode(&m)})
}

// Partition permits the network to split into groups: while it is split, messages between the groups are not
// delivered. Actors in no group reach all others.
func (sys *System[M]) Partition(groups ...[]ID) {
	sys.changed()
	if len(groups) < 2 {
		sys.fail(errors.New("Partition needs at least two groups"))
		return
	}
	seen := map[ID]bool{}
	var split [][]int
	for _, g := range groups {
		for _, id := range g {
			switch {
			case !sys.has(id):
				sys.fail(fmt.Errorf("Partition: there is no actor %d yet", id))
			case seen[id]:
				sys.fail(fmt.Errorf("Partition: actor %d is named twice: put it into one group", id))
			}
			seen[id] = true
		}
		split = append(split, numbers(g))
	}
	sys.splits = append(sys.splits, split)
}

// PartitionAll permits the network to split the given actors into two groups in every way.
func (sys *System[M]) PartitionAll(ids ...ID) {
	switch {
	case len(ids) < 2:
		sys.fail(fmt.Errorf("PartitionAll of %d actors has no effect: give it at least two", len(ids)))
		return
	case len(ids) > 16:
		sys.fail(fmt.Errorf("PartitionAll of %d actors has too many ways: name some with Partition", len(ids)))
		return
	}
	for set := 1; set < 1<<(len(ids)-1); set++ { // the last actor is in the second group
		var groups [2][]ID
		for i, id := range ids {
			side := 1 - set>>i&1
			groups[side] = append(groups[side], id)
		}
		sys.Partition(groups[0], groups[1])
	}
}

// Interchangeable declares that actors of one state type may be exchanged without effect on the system.
// Searches with [allways.Options.Symmetry] then keep one state of all those that differ by the actors' names
// alone. Ids in states, messages, stored values and choices are found by their type [ID]; an integer computed
// from an id is no longer one.
//
// Whether the actors are interchangeable is checked: every first evaluation of a handler or an observer is repeated
// under all renamings, and so are properties, under some renamings once they were evaluated on 200,000 renamed states
// of a system with more than four such actors. A difference is an error that shows both steps.
//
// A zero ID is the name of the first actor, also in a field that has no meaning for the value of another one: set such
// a field to [NoActor], or let the struct have a method UnusedFields() []string that names it, as operations of package
// consistency do. A result [consistency.OK] of an ID is refused, since it has a zero value in use.
//
// Actors may differ in how they start, since only the state that they start in matters. Protocols are
// often less symmetric than they look, because ids are compared, or because actors are configured differently.
func (sys *System[M]) Interchangeable(ids ...ID) {
	sys.changed()
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			sys.fail(fmt.Errorf("Interchangeable: actor %d is named twice", id))
			return
		}
		if !sys.has(id) {
			sys.fail(fmt.Errorf("Interchangeable: there is no actor %d yet", id))
			return
		}
		if slices.ContainsFunc(sys.groups, func(g []int) bool { return slices.Contains(g, int(id)) }) {
			sys.fail(fmt.Errorf("Interchangeable: %s is in two groups", sys.actors[id].Name))
			return
		}
		if a, b := sys.actors[ids[0]], sys.actors[id]; a.State.Plan != b.State.Plan {
			sys.fail(fmt.Errorf("Interchangeable: %s and %s have states of different types", a.Name, b.Name))
			return
		}
	}
	sys.groups = append(sys.groups, numbers(ids))
}

// Always states that f holds in every reachable state.
func (sys *System[M]) Always(name string, f func(*State[M]) bool) {
	sys.state(allways.Always(name, f), f, -1)
}

// Sometimes states that f holds in a reachable state.
func (sys *System[M]) Sometimes(name string, f func(*State[M]) bool) {
	sys.state(allways.Sometimes(name, f), f, -1)
}

// Eventually states that every behaviour reaches a state in which f holds.
func (sys *System[M]) Eventually(name string, f func(*State[M]) bool) {
	sys.state(allways.Eventually(name, f), f, -1)
}

// NoDeadlock states that final holds in every state without steps. nil permits no such state.
func (sys *System[M]) NoDeadlock(name string, final func(*State[M]) bool) {
	if final == nil {
		final = func(*State[M]) bool { return false }
	}
	sys.state(allways.NoDeadlock(name, final), final, -1)
}

// AlwaysStep states that f holds for every step.
func (sys *System[M]) AlwaysStep(name string, f func(before *State[M], a Action[M], after *State[M]) bool) {
	sys.changed()
	sys.properties = append(sys.properties, property[M]{Property: allways.AlwaysStep(name, f), step: f, aux: -1})
}

func (sys *System[M]) state(p allways.Property[*State[M]], f func(*State[M]) bool, aux int) {
	sys.changed()
	sys.properties = append(sys.properties, property[M]{Property: p, test: f, aux: aux})
}

// addAux adds a history or an observer.
func (sys *System[M]) addAux(a core.Auxiliary) {
	sys.changed()
	sys.aux = append(sys.aux, a)
}

// Boundary leaves out the states in which f does not hold; see [allways.Bounded].
func (sys *System[M]) Boundary(f func(*State[M]) bool) {
	sys.changed()
	if sys.within != nil {
		sys.fail(errors.New("Boundary is called twice: state one boundary that says both"))
	}
	if f == nil {
		sys.fail(errors.New("Boundary: there is no function: pass one, or do not call Boundary"))
	}
	sys.within = f
}

// Within leaves out the states in which f does not hold of the state of an actor; see [allways.Bounded]. It may be
// called for several actors, and beside [System.Boundary]: a state is inside if all that is said holds. Where no
// boundary looks at more than one actor, a search with [allways.Symbolic] can be made.
func Within[S, M any](sys *System[M], ref Ref[S], f func(*S) bool) {
	sys.changed()
	if f == nil {
		sys.fail(fmt.Errorf("Within: there is no function for %q: pass one, or do not call Within", ref.Name()))
		return
	}
	sys.bounds = append(sys.bounds, bound[M]{
		ref.ID(), func(s *State[M]) bool { return f(ref.In(s)) }, func(state any) bool { return f(state.(*S)) },
	})
}

// inside returns the boundary of the system, or nil.
func (sys *System[M]) inside() func(state any) bool {
	within, bounds := sys.within, slices.Clone(sys.bounds)
	if within == nil && len(bounds) == 0 {
		return nil
	}
	return func(state any) bool {
		s := state.(*State[M])
		return (within == nil || within(s)) &&
			!slices.ContainsFunc(bounds, func(b bound[M]) bool { return !b.state(s) })
	}
}

// RegisterMessages names the types of messages by an example of each. It is needed only to run the system on a
// network, where a type must be known before a message of it arrives, and only if M is an interface.
func (sys *System[M]) RegisterMessages(examples ...M) {
	sys.types = sys.register("RegisterMessages", sys.types, examples)
}

// RegisterClientMessages names the types of messages that programs outside of the system may send to its actors, by an
// example of each, and registers them as [System.RegisterMessages] does. A process that runs actors takes messages of
// other types only from other actors: without this declaration, from no client at all.
func RegisterClientMessages[M any](sys *System[M], examples ...any) {
	const where = "RegisterClientMessages"
	var all []M
	for _, x := range examples {
		m, ok := x.(M)
		if !ok {
			sys.fail(fmt.Errorf("%s: a message of type %T is no %v", where, x, reflect.TypeFor[M]()))
			continue
		}
		all = append(all, m)
	}
	sys.types = sys.register(where, sys.types, all)
	sys.clientTypes = sys.register(where, sys.clientTypes, all)
}

// register adds the types of examples to a list.
func (sys *System[M]) register(where string, types []reflect.Type, examples []M) []reflect.Type {
	sys.changed()
	for _, m := range examples {
		t := reflect.TypeOf(m)
		if t == nil {
			sys.fail(fmt.Errorf("%s: an example is nil", where))
			continue
		}
		if err := recovered(func() { sys.messages.Encode(&m) }); err != nil {
			sys.fail(fmt.Errorf("%s: %w", where, err))
		}
		if !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	return types
}

// RegisterValues names the types of values that actors save inside other values, behind an interface, by an
// example of each. It is needed only to run the system: a process must know a type before it reads a value of
// it that an earlier process has saved. The type given to [Load] is known.
func (sys *System[M]) RegisterValues(examples ...any) {
	sys.changed()
	for _, v := range examples {
		if t := reflect.TypeOf(v); t != nil && !slices.Contains(sys.valueTypes, t) {
			sys.valueTypes = append(sys.valueTypes, t)
		}
		if err := recovered(func() { sys.values.Encode(&v) }); err != nil {
			sys.fail(fmt.Errorf("RegisterValues: %w", err))
		}
	}
}

// recovered returns a panic of f as an error.
func recovered(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	f()
	return nil
}
