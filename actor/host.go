package actor

import (
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/allways-go/allways/internal/plan"
)

// host is an actor of any state type.
type host[M any] struct {
	name     string
	reliable bool // never crashes
	config   *configuration
	states   stateCodec
	rename   func(content string, to []int) string // of a state

	// The handlers take *S; optional ones are nil when the actor has none.
	start   func(c *Context[M], s any)
	receive func(c *Context[M], s any, from ID, m M)
	timeout func(c *Context[M], s any, timer string)
	chosen  func(c *Context[M], s any, key string, option any)
	restart func(c *Context[M], s any)
}

// stateCodec is a codec of *S as any.
type stateCodec struct {
	fresh     func() any
	encode    func(s any) string
	decode    func(content string) any
	alternate func(content string) any
	plan      *plan.Plan
}

func newHost[S, M any](sys *System[M], name string, impl Actor[S, M]) (*host[M], error) {
	k, err := newCodec[S]()
	if err != nil {
		return nil, fmt.Errorf("the state type of actor %q: %w", name, err)
	}
	h := &host[M]{
		name: name,
		states: stateCodec{
			fresh:     func() any { return new(S) },
			encode:    func(s any) string { return k.encode(s.(*S)) },
			decode:    func(content string) any { return k.decode(content) },
			alternate: func(content string) any { return k.alternate(content) },
			plan:      k.plan,
		},
		rename:  renameOf(sys, k),
		config:  configurationOf(impl),
		start:   func(c *Context[M], s any) { impl.Start(c, s.(*S)) },
		receive: func(c *Context[M], s any, from ID, m M) { impl.Receive(c, s.(*S), from, m) },
	}
	return h, checkOptional(name, impl, optionalOf[S, M](h, impl))
}

// optional is a handler that an actor may have.
type optional struct {
	name  string
	want  reflect.Type // its signature
	found bool
}

// optionalOf fills in the optional handlers, and returns which there are.
func optionalOf[S, M any](h *host[M], impl Actor[S, M]) []optional {
	timeout, hasTimeout := impl.(TimeoutHandler[S, M])
	if hasTimeout {
		h.timeout = func(c *Context[M], s any, timer string) { timeout.Timeout(c, s.(*S), timer) }
	}
	chosen, hasChosen := impl.(ChoiceHandler[S, M])
	if hasChosen {
		h.chosen = func(c *Context[M], s any, key string, option any) { chosen.Choose(c, s.(*S), key, option) }
	}
	restart, hasRestart := impl.(RestartHandler[S, M])
	if hasRestart {
		h.restart = func(c *Context[M], s any) { restart.Restart(c, s.(*S)) }
	}
	return []optional{
		{"Timeout", reflect.TypeFor[func(*Context[M], *S, string)](), hasTimeout},
		{"Chosen", reflect.TypeFor[func(*Context[M], *S, string, any)](), hasChosen},
		{"Restart", reflect.TypeFor[func(*Context[M], *S)](), hasRestart},
	}
}

// misnamed are names of methods that are mistaken for handlers, as steps are called like them.
var misnamed = map[string]string{"Recover": "Restart", "Restarted": "Restart", "Choose": "Chosen", "OnTimeout": "Timeout", "Timer": "Timeout"}

// checkOptional refuses a method that has the name of an optional handler and another signature, or the other way round.
func checkOptional(name string, impl any, all []optional) error {
	typ := reflect.TypeOf(impl)
	for _, o := range all {
		if o.found {
			continue
		}
		if m, ok := typ.MethodByName(o.name); ok {
			return fmt.Errorf("actor %q: method %s has the signature %v: that of the handler of this name is %v", name, o.name, withoutReceiver(m.Type), o.want)
		}
		if typ.Kind() != reflect.Pointer {
			if _, ok := reflect.PointerTo(typ).MethodByName(o.name); ok {
				return fmt.Errorf("actor %q: method %s has a pointer receiver, so an actor spawned by value does not have it: spawn a pointer", name, o.name)
			}
		}
		for m := range typ.Methods() {
			if (strings.EqualFold(m.Name, o.name) || misnamed[m.Name] == o.name) && withoutReceiver(m.Type) == o.want {
				return fmt.Errorf("actor %q: method %s looks like a handler, and nobody calls it: did you mean %s?", name, m.Name, o.name)
			}
		}
	}
	return nil
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

// renameOf returns a function that renames actors in the content of a state. What there is to rename is found when it is
// first used, since the number of actors is not known before.
func renameOf[S, M any](sys *System[M], k codec[S]) func(content string, to []int) string {
	r := sync.OnceValue(func() renamer[S] {
		r, err := newRenamer(k, len(sys.actors))
		if err != nil {
			panic(err)
		}
		return r
	})
	return func(content string, to []int) string { return r().content(content, to) }
}
