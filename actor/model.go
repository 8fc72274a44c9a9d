package actor

import (
	"fmt"
	"slices"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/plain"
	"github.com/allways-go/allways/actor/internal/search"
	"github.com/allways-go/allways/actor/internal/text"
	"github.com/allways-go/allways/internal/engine"
	kinds "github.com/allways-go/allways/internal/property"
)

// Model is a snapshot of a [System]: it never changes, and is safe for concurrent use. Checks, simulations,
// steppers and nodes take one from the system each time they begin. A program that only checks needs no Model
// itself.
type Model[M any] struct {
	facts
	origin     origin
	properties []allways.Property[*State[M]]
}

var (
	_ allways.Model[*State[int], Action[int]]      = (*Model[int])(nil)
	_ allways.Bounded[*State[int]]                 = (*Model[int])(nil)
	_ allways.ActionNamer[Action[int]]             = (*Model[int])(nil)
	_ allways.ActionFormatter[Action[int]]         = (*Model[int])(nil)
	_ allways.StateFormatter[*State[int]]          = (*Model[int])(nil)
	_ allways.Changer[*State[int]]                 = (*Model[int])(nil)
	_ allways.Diagrammer[*State[int], Action[int]] = (*Model[int])(nil)
	_ allways.Annotator                            = (*Model[int])(nil)
	_ allways.PartLister[*State[int]]              = (*Model[int])(nil)
)

func (m *Model[M]) plain() plain.Model { return plain.Model{System: m.sys} }

func (m *Model[M]) typed(s *core.State) *State[M] { return m.sys.View(s).State().(*State[M]) }

// content returns a state by content. It panics if the state is not one of this model, or of a snapshot that has as
// many actors, histories and observers.
func (m *Model[M]) content(s *State[M]) *core.State {
	if s.origin.known != nil {
		return s.origin.known
	}
	m.check(s)
	return m.sys.State(view[M]{s})
}

func (m *Model[M]) check(s *State[M]) {
	switch {
	case !s.origin.is(system{m.origin.system}):
		panic(fmt.Sprintf("a state of %v is used with %v", s.origin, m.origin))
	case len(s.actors) != len(m.sys.Actors) || len(s.aux) != len(m.sys.Aux):
		panic(fmt.Sprintf("a state of %v is used after an actor, a history or an observer was added to it: "+
			"take the states anew", s.origin))
	}
}

// Init implements [allways.Model]. In the initial state, all actors have started.
func (m *Model[M]) Init() []*State[M] { return []*State[M]{m.typed(m.plain().Init(func(int) {}))} }

// Actions implements [allways.Model]. Actions are ordered by content: for each actor its deliveries by sender
// and message, timeouts by name, choices by key and option, losses, duplications, and its crash or restart;
// then partitions of the network.
func (m *Model[M]) Actions(dst []Action[M], s *State[M]) []Action[M] {
	for _, a := range m.plain().Actions(nil, m.content(s)) {
		dst = append(dst, actionOf[M](m.sys, a))
	}
	return dst
}

// Next implements [allways.Model].
func (m *Model[M]) Next(s *State[M], a Action[M]) (*State[M], bool) {
	before := m.content(s)
	next, ok := m.plain().Next(before, a.content(m.sys))
	if !ok {
		return s, false
	}
	v := m.sys.ViewAfter(view[M]{s}, before, next)
	return v.State().(*State[M]), true
}

// Properties implements [allways.Model].
func (m *Model[M]) Properties() []allways.Property[*State[M]] { return m.properties }

// Within implements [allways.Bounded].
func (m *Model[M]) Within(s *State[M]) bool {
	return m.sys.Within == nil || m.sys.Within(m.Copy(s, nil, nil))
}

// ActionName implements [allways.ActionNamer]: deliveries are counted by type of message, timeouts by name.
func (m *Model[M]) ActionName(a Action[M]) string { return text.ActionName(m.sys, a.content(m.sys)) }

// FormatAction implements [allways.ActionFormatter].
func (m *Model[M]) FormatAction(a Action[M]) string { return text.Action(m.sys, a.content(m.sys)) }

// FormatState implements [allways.StateFormatter]: a line for each actor that is not in its zero state, with
// the fields that are not zero, and one for each history, observer and message in flight.
func (m *Model[M]) FormatState(s *State[M]) string { return text.State(m.sys, m.content(s)) }

// Changes implements [allways.Changer]: what differs for each actor, under its name, and what it has sent; then
// what histories have recorded, and what differs for observers.
func (m *Model[M]) Changes(before, after *State[M]) []allways.Change {
	was, now := m.differing(before, after)
	return text.Changes(m.sys, was, now)
}

// Notes implements [allways.Annotator]: the network, the faults, and the policy for deliveries without effect.
func (m *Model[M]) Notes() []string { return text.Notes(m.sys) }

// Parts implements [allways.PartLister]: every actor as a whole, the fields of its state and of its stored
// value, its inbox and the number of messages in it, the fields of messages, and the values of histories and
// observers.
func (m *Model[M]) Parts(s *State[M], add func(path, value string)) {
	text.Parts(m.sys, m.content(s), add)
}

// Looks returns what explorers show of states, as an unexported type: it is no concern of users.
func (m *Model[M]) Looks() any { return looks[M]{m} }

// maxDiagram bounds the steps that Diagram draws.
const maxDiagram = 200

// Diagram implements [allways.Diagrammer]: a path as a sequence diagram in text, of 100 columns. See
// [Model.Sequence] for other forms. Paths of more than 200 steps are not drawn.
func (m *Model[M]) Diagram(p *allways.Path[*State[M], Action[M]]) string {
	if p.Len() == 0 {
		return ""
	}
	if p.Len() > maxDiagram {
		return fmt.Sprintf("no diagram is drawn here of more than %d steps", maxDiagram)
	}
	return m.Sequence(p).Text(diagram.TextOptions{Brief: true}) + text.Conflicts(m.sys, m.content(p.Last()))
}

// Same reports whether two states have the same content. It is for package allways.
func (m *Model[M]) Same(a, b any) bool {
	before, after := m.differing(a.(*State[M]), b.(*State[M]))
	return before.Equal(after)
}

// Hold returns a state whose content is known and does not change. It is for package allways.
func (m *Model[M]) Hold(s, earlier any) any {
	kept := *s.(*State[M])
	m.check(&kept)
	if earlier == nil {
		kept.origin.known = m.sys.State(view[M]{&kept})
	} else {
		was := earlier.(*State[M])
		kept.origin.known = core.StateAfter(m.sys, view[M]{&kept}, view[M]{was}, was.origin.known)
	}
	return &kept
}

// Copy returns a copy of a state, which shares with an earlier copy what the state shares with the one that was
// copied then. It is for package allways.
func (m *Model[M]) Copy(s, earlier, copied any) any {
	if earlier == nil {
		return m.typed(m.content(s.(*State[M])))
	}
	return core.Copy(m.sys, view[M]{s.(*State[M])}, view[M]{earlier.(*State[M])}, view[M]{copied.(*State[M])}).State()
}

// differing returns two states by content, but for the parts that they share, which are empty in both.
func (m *Model[M]) differing(a, b *State[M]) (before, after *core.State) {
	m.check(a)
	m.check(b)
	return core.Differing(m.sys, view[M]{a}, view[M]{b})
}

// Sequence returns what a sequence diagram of a path of the system shows: messages from the step in which they
// were sent to the one in which they arrived, losses, timeouts, choices, crashes and partitions. It panics if
// the path is one of another system.
func (m *Model[M]) Sequence(p *allways.Path[*State[M], Action[M]]) *diagram.Sequence {
	b := text.NewSequence(m.sys)
	for _, st := range p.Steps() {
		m.check(st.Before)
		a := st.Action.content(m.sys)
		b.Step(m.sys.Local(a.Actor, st.Before.actors[a.Actor]), a)
		if st.Index < 0 {
			b.Suppose()
		}
	}
	cycle := 0
	if start, ok := p.Loop(); ok {
		cycle = p.Len() - start
	}
	return b.Diagram(cycle)
}

// NativeSpace returns the compiled system, which also evaluates atoms: those of its properties, and then others. It
// is for package allways, which searches it instead of the model.
func (m *Model[M]) NativeSpace(symmetry bool, memory int64, atoms []engine.Atom) (engine.Native, error) {
	properties := slices.Clone(m.sys.Properties)
	for i, a := range atoms {
		x := m.atom(a)
		if i >= len(m.properties) {
			properties = append(properties, x)
		} else if p := &properties[i]; p.Aux < 0 && p.Test == nil && p.Step == nil {
			p.Test, p.Step = x.Test, x.Step
		}
	}
	memo := m.sys.MaxMemo
	if memory > 0 {
		memo = min(memo, memory/3) // so that a search beyond memory has room for states
	}
	sp, err := search.NewSpace(m.sys, symmetry, properties, memo)
	if err != nil {
		return nil, err
	}
	return native[M]{sp, m}, nil
}

// atom returns an atom as a property, which sees actions as users do.
func (m *Model[M]) atom(a engine.Atom) core.Property {
	p := core.Property{Where: a.Where, Kind: kinds.Atom, Test: a.State, Aux: -1}
	if f := a.Step; f != nil {
		p.Kind = kinds.StepAtom
		p.Step = func(before any, x core.Action, after any) bool { return f(before, actionOf[M](m.sys, x), after) }
	}
	if f := a.Key; f != nil {
		p.Kind = kinds.KeyAtom
		p.Key = func(before any, x core.Action, after any) (any, bool) { return f(before, actionOf[M](m.sys, x), after) }
		p.ByAction = func(key any) bool { _, ok := key.(fairKey); return ok }
	}
	return p
}

// native is a compiled system with typed states and actions.
type native[M any] struct {
	*search.Space
	model *Model[M]
}

// Encode implements [engine.Native].
func (n native[M]) Encode(s any) ([]uint32, error) {
	return n.Space.Encode(n.model.content(s.(*State[M]))), nil
}

// NewWorker implements [engine.Native].
func (n native[M]) NewWorker(number func(name string) uint16) engine.NativeWorker {
	return nativeWorker[M]{n.Space.NewWorker(number), n.model}
}

// nativeWorker is a worker of a native.
type nativeWorker[M any] struct {
	*search.Worker
	model *Model[M]
}

// Local implements [engine.LocalNative].
func (w nativeWorker[M]) Local() engine.Local { return w.Worker.Local() }

// State implements [engine.NativeWorker].
func (w nativeWorker[M]) State(vec []uint32) any { return w.model.typed(w.Worker.State(vec)) }

// Action implements [engine.NativeWorker].
func (w nativeWorker[M]) Action(i int) any { return actionOf[M](w.model.sys, w.Worker.Action(i)) }
