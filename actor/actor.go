package actor

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/allways-go/allways/actor/internal/core"
)

// Actor is a part of a distributed system. S is the type of its state, M that of the messages of the system.
//
// Handlers may change *s and m freely, for both are private copies. They must be functions of their arguments:
// a checker evaluates each of them twice on separate copies, and a difference is an error. They may read the
// receiver, which must never change.
//
// A declaration such as the following lets the compiler say what an actor lacks:
//
//	var _ actor.Actor[State, Msg] = Server{}
type Actor[S, M any] interface {
	// Start begins with a zero *s, in which slices are nil, and maps are empty and may be written to. So are
	// those of states and messages in every handler.
	Start(c *Context[M], s *S)
	// Receive handles a message.
	Receive(c *Context[M], s *S, from ID, m M)
}

// TimeoutHandler is implemented by actors that set timers.
type TimeoutHandler[S, M any] interface {
	// Timeout handles a timer that has expired. The timer is no longer set.
	Timeout(c *Context[M], s *S, timer string)
}

// ChoiceHandler is implemented by actors that make nondeterministic choices.
type ChoiceHandler[S, M any] interface {
	// Choose handles one of the options that [Context.Choose] has offered under key. They are no longer offered.
	Choose(c *Context[M], s *S, key string, option any)
}

// RestartHandler is implemented by actors that come back from a crash in another way than they start.
type RestartHandler[S, M any] interface {
	// Restart begins with a zero *s, as Start does. [Load] returns what was saved before the crash.
	Restart(c *Context[M], s *S)
}

// hostOf hides the types of an actor.
func hostOf[S, M any](name string, impl Actor[S, M]) (*core.Actor, error) {
	k, err := contentOf[S]()
	if err != nil {
		return nil, fmt.Errorf("the state type of actor %q: %w", name, err)
	}
	h := &core.Actor{
		Name: name, Type: reflect.TypeOf(impl), State: k, Config: core.ConfigurationOf(impl),
		Start: func(f *core.Frame, s any) { impl.Start(&Context[M]{frame: f}, s.(*S)) },
		Receive: func(f *core.Frame, s any, from int, m any) {
			impl.Receive(&Context[M]{frame: f}, s.(*S), ID(from), *m.(*M))
		},
	}
	return h, bindOptional(name, impl, optionalHandlers[S, M](h))
}

// optionalHandler is a handler that an actor may have.
type optionalHandler struct {
	name     string
	want     reflect.Type        // its signature
	mistaken []string            // names that are taken for it
	bind     func(impl any) bool // binds it, and reports whether the actor has it
}

// optionalHandlers is the table of optional handlers.
func optionalHandlers[S, M any](h *core.Actor) []optionalHandler {
	return []optionalHandler{
		{"Timeout", reflect.TypeFor[func(*Context[M], *S, string)](), []string{"OnTimeout", "Timer"},
			func(impl any) bool {
				x, ok := impl.(TimeoutHandler[S, M])
				if ok {
					h.Timeout = func(f *core.Frame, s any, timer string) { x.Timeout(&Context[M]{frame: f}, s.(*S), timer) }
				}
				return ok
			}},
		{"Choose", reflect.TypeFor[func(*Context[M], *S, string, any)](), []string{"Chosen"}, func(impl any) bool {
			x, ok := impl.(ChoiceHandler[S, M])
			if ok {
				h.Choose = func(f *core.Frame, s any, key string, option any) {
					x.Choose(&Context[M]{frame: f}, s.(*S), key, option)
				}
			}
			return ok
		}},
		{"Restart", reflect.TypeFor[func(*Context[M], *S)](), []string{"Recover", "Restarted"}, func(impl any) bool {
			x, ok := impl.(RestartHandler[S, M])
			if ok {
				h.Restart = func(f *core.Frame, s any) { x.Restart(&Context[M]{frame: f}, s.(*S)) }
			}
			return ok
		}},
	}
}

// bindOptional binds the optional handlers of an actor. It refuses a method with the name of one and another
// signature, and one with its signature and another name that looks like it: such methods would never be
// called.
func bindOptional(name string, impl any, all []optionalHandler) error {
	typ := reflect.TypeOf(impl)
	for _, o := range all {
		if o.bind(impl) {
			continue
		}
		if m, ok := typ.MethodByName(o.name); ok {
			return fmt.Errorf("actor %q: method %s has the signature %v, want %v; change it, or give it another name",
				name, o.name, withoutReceiver(m.Type), o.want)
		}
		if typ.Kind() != reflect.Pointer {
			if _, ok := reflect.PointerTo(typ).MethodByName(o.name); ok {
				return fmt.Errorf("actor %q: method %s has a pointer receiver, so an actor spawned by value does not "+
					"have it: spawn a pointer", name, o.name)
			}
		}
		for m := range typ.Methods() {
			if o.isMistaken(m.Name) && withoutReceiver(m.Type) == o.want {
				return fmt.Errorf("actor %q: method %s looks like a handler, but is never called: did you mean %s?",
					name, m.Name, o.name)
			}
		}
	}
	return nil
}

// isMistaken reports whether a method looks like the handler by name.
func (o *optionalHandler) isMistaken(method string) bool {
	for _, name := range o.mistaken {
		if strings.EqualFold(method, name) {
			return true
		}
	}
	return strings.EqualFold(method, o.name)
}

// withoutReceiver returns the type of a method as a function of its arguments.
func withoutReceiver(method reflect.Type) reflect.Type {
	var in, out []reflect.Type
	for i := 1; i < method.NumIn(); i++ {
		in = append(in, method.In(i))
	}
	for o := range method.Outs() {
		out = append(out, o)
	}
	return reflect.FuncOf(in, out, method.IsVariadic())
}
