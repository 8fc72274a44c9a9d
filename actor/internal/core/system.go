package core

import (
	"reflect"
	"slices"
	"sync"

	"github.com/allways-go/allways/internal/property"
)

// System is a system of actors as the packages below actor see it. It is immutable, and safe for concurrent use.
type System struct {
	Config     Config
	Links      map[[2]int]Link // links set apart, by sender and receiver
	Splits     [][][]int       // partitions: each is a list of groups
	Groups     [][]int         // groups of interchangeable actors
	Initial    []Message       // messages in flight before the start
	Actors     []*Actor
	Aux        []Auxiliary
	Properties []Property
	Within     func(state any) bool // the boundary; nil means none

	// Bounds are what the boundary says of the states of actors, by actor; nil if it looks at several at once.
	Bounds map[int][]func(state any) bool

	Messages     Codec
	MessageTypes []reflect.Type // registered types of messages
	ValueTypes   []reflect.Type // registered types of values
	ClientTypes  []reflect.Type // those that clients may send
	Values       Codec          // codec of stored values and options, whose type is any
	IDType       reflect.Type   // the type of ids in users' values
	IDOf         func(x reflect.Value) (id int, ok bool)
	Views        Views

	KeepIgnored bool   // whether deliveries without effect are no steps, on links that are not ordered
	Reason      string // the reason for KeepIgnored, for people
	Forgets     bool   // whether searches forget dead messages
	Hides       bool   // whether predicates may not read inboxes, as messages need not be there, or are missing
	Credulous   bool   // for tests: searches do not learn which messages are dead, and are wrong
	MaxMemo     int64  // bytes that a search may remember; it starts anew beyond

	configs []string // contents of the actors' configurations
	inside  sync.Map // systems as actors inside other actors see them
}

// Actor is an actor of any type of state. The handlers take a *S and a *M; optional ones are nil if the actor
// has none.
type Actor struct {
	Name         string
	Type         reflect.Type // type of the user's value
	NeverCrashes bool
	Config       *Configuration
	State        Codec

	Start   func(f *Frame, s any)
	Receive func(f *Frame, s any, from int, m any)
	Timeout func(f *Frame, s any, timer string)
	Choose  func(f *Frame, s any, key string, option any)
	Restart func(f *Frame, s any)
}

// Property is a property of a system.
type Property struct {
	Name  string
	Where string // the name in reports of panics
	Kind  property.Kind
	Test  func(state any) bool                       // predicate of states; nil for others
	Step  func(before any, a Action, after any) bool // predicate of steps; nil for others
	Aux   int                                        // index of the history that it judges; -1 for a property of states

	// Key gives steps the keys of a fairness constraint; nil for others.
	Key func(before any, a Action, after any) (key any, ok bool)
	// ByAction reports, of what Key has returned, whether it depends on the action alone, and not on states; nil: never.
	ByAction func(key any) bool
}

// Everywhere reports whether every state, or every step, must satisfy the predicate, and a single one can be judged.
func (p *Property) Everywhere() bool {
	return p.Kind.Everywhere() && (p.Aux >= 0 || p.Test != nil || p.Step != nil)
}

// Has reports whether an actor has an id.
func (sys *System) Has(id int) bool { return id >= 0 && id < len(sys.Actors) }

// Known returns the id of an actor as it is, and NoActor for all others.
func (sys *System) Known(id int) int {
	if !sys.Has(id) {
		return NoActor
	}
	return id
}

// Name returns the name of an actor, or "outside".
func (sys *System) Name(id int) string {
	if !sys.Has(id) {
		return "outside"
	}
	return sys.Actors[id].Name
}

// Link returns how messages travel between two ids.
func (sys *System) Link(from, to int) Link {
	if len(sys.Links) > 0 {
		if l, ok := sys.Links[[2]int{sys.Known(from), sys.Known(to)}]; ok {
			return l
		}
	}
	return sys.Config.Link
}

// AnyLink reports whether f holds of a link.
func (sys *System) AnyLink(f func(Link) bool) bool {
	for _, l := range sys.Links {
		if f(l) {
			return true
		}
	}
	return f(sys.Config.Link)
}

// History returns an auxiliary value that is a history.
func (sys *System) History(k int) (h History, ok bool) {
	h, ok = sys.Aux[k].(History)
	return h, ok
}

// MayCrash reports whether an actor is one that may crash.
func (sys *System) MayCrash(id int) bool { return sys.Config.Crashes && !sys.Actors[id].NeverCrashes }

// Ignores reports whether a delivery without effect is no step on a link.
func (sys *System) Ignores(l Link) bool {
	return l.Network.Keeps() || sys.KeepIgnored && !l.Network.Queues()
}

// Unstarted returns what belongs to an actor before it starts.
func (sys *System) Unstarted(id int) *Local {
	k := &sys.Actors[id].State
	return &Local{State: k.Encode(k.New())}
}

// Crashed returns what is left to an actor after a crash.
func (sys *System) Crashed(id int, l *Local) *Local {
	down := sys.Unstarted(id)
	down.Down, down.Saved, down.Stored = true, l.Saved, l.Stored
	return down
}

// ActorView decodes what belongs to an actor, and Local is its inverse.
func (sys *System) ActorView(id int, l *Local) *ActorView {
	a := &ActorView{
		State: sys.Actors[id].State.Decode(l.State), Down: l.Down, Timers: slices.Clone(l.Timers), Saved: l.Saved,
	}
	for _, c := range l.Choices {
		o := Offer{Key: c.Key}
		for _, content := range c.Options {
			o.Options = append(o.Options, sys.Values.Value(content))
		}
		a.Choices = append(a.Choices, o)
	}
	if l.Saved {
		a.Stored = sys.Values.Value(l.Stored)
	}
	return a
}

// Local is the inverse of ActorView.
func (sys *System) Local(id int, a *ActorView) *Local {
	l := &Local{
		State: sys.Actors[id].State.Encode(a.State), Down: a.Down, Timers: slices.Clone(a.Timers), Saved: a.Saved,
	}
	for _, o := range a.Choices {
		c := Choice{Key: o.Key}
		for _, v := range o.Options {
			c.Options = append(c.Options, sys.Values.Encode(&v))
		}
		l.Choices = append(l.Choices, c)
	}
	if a.Saved {
		l.Stored = sys.Values.Encode(&a.Stored)
	}
	return l
}

// View decodes a state, into memory that no other view shares.
func (sys *System) View(s *State) View {
	v := sys.Views.NewView(len(sys.Actors), len(sys.Aux), sys.Hides)
	for id, l := range s.Actors {
		v.Actors()[id] = sys.ActorView(id, l)
	}
	for i, box := range s.Inboxes {
		v.SetInbox(i, sys.Views.Inbox(box))
	}
	for k, value := range s.Aux {
		v.Aux()[k] = sys.Aux[k].Decode(value)
	}
	*v.Faults() = s.Faults
	return v
}

// ViewAfter is View for a state that follows another one. What both have in common is shared.
func (sys *System) ViewAfter(was View, before, s *State) View {
	v := sys.Views.NewView(len(sys.Actors), len(sys.Aux), sys.Hides)
	for id, l := range s.Actors {
		if v.Actors()[id] = was.Actors()[id]; l != before.Actors[id] {
			v.Actors()[id] = sys.ActorView(id, l)
		}
	}
	for i, box := range s.Inboxes {
		if old := was.Inbox(i); box.same(before.Inboxes[i]) {
			v.SetInbox(i, old)
		} else {
			v.SetInbox(i, sys.Views.Inbox(box))
		}
	}
	for k, value := range s.Aux {
		if v.Aux()[k] = was.Aux()[k]; value != before.Aux[k] {
			v.Aux()[k] = sys.Aux[k].Decode(value)
		}
	}
	*v.Faults() = s.Faults
	return v
}

// Glimpse is ViewAfter without inboxes and histories, and with only the actors that are known: a property that
// reads anything else panics. was is nil for the first one.
func Glimpse(sys *System, was View, before, s *State, known func(id int) bool) View {
	v := sys.Views.NewView(len(sys.Actors), len(sys.Aux), true)
	for id, l := range s.Actors {
		switch {
		case !known(id):
		case was != nil && l == before.Actors[id]:
			v.Actors()[id] = was.Actors()[id]
		default:
			v.Actors()[id] = sys.ActorView(id, l)
		}
	}
	for k, value := range s.Aux {
		switch _, history := sys.History(k); {
		case history:
		case was != nil && value == before.Aux[k]:
			v.Aux()[k] = was.Aux()[k]
		default:
			v.Aux()[k] = sys.Aux[k].Decode(value)
		}
	}
	*v.Faults() = s.Faults
	return v
}

// State is the inverse of View.
func (sys *System) State(v View) *State {
	s := &State{Faults: *v.Faults()}
	for id, a := range v.Actors() {
		s.Actors = append(s.Actors, sys.Local(id, a))
	}
	for i := range len(sys.Actors) + 1 {
		s.Inboxes = append(s.Inboxes, sys.Views.Content(v.Inbox(i)))
	}
	for k, value := range v.Aux() {
		s.Aux = append(s.Aux, sys.Aux[k].Encode(value))
	}
	return s
}

// Watch remembers the configurations of the actors as they are. It is called once, when the system is made.
func (sys *System) Watch() {
	for _, a := range sys.Actors {
		sys.configs = append(sys.configs, a.Config.Content())
	}
}

// Unchanged returns an error if the configuration of an actor has changed since Watch was called.
func (sys *System) Unchanged() error {
	for i, a := range sys.Actors {
		if a.Config.Content() != sys.configs[i] {
			return &configChange{a.Name}
		}
	}
	return nil
}
