package actor

import (
	"fmt"
	"reflect"
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
	return h, h.findOptional(name, impl, optionalOf[S, M](h, impl))
}

// optionalOf fills in the optional handlers, and returns which there are.
func optionalOf[S, M any](h *host[M], impl Actor[S, M]) map[string]bool {
	found := map[string]bool{}
	if x, ok := impl.(TimeoutHandler[S, M]); ok {
		h.timeout = func(c *Context[M], s any, timer string) { x.Timeout(c, s.(*S), timer) }
		found["Timeout"] = true
	}
	if x, ok := impl.(ChoiceHandler[S, M]); ok {
		h.chosen = func(c *Context[M], s any, key string, option any) { x.Chosen(c, s.(*S), key, option) }
		found["Chosen"] = true
	}
	if x, ok := impl.(Restarter[S, M]); ok {
		h.restart = func(c *Context[M], s any) { x.Restart(c, s.(*S)) }
		found["Restart"] = true
	}
	return found
}

// findOptional refuses a method that has the name of an optional handler and another signature.
func (h *host[M]) findOptional(name string, impl any, found map[string]bool) error {
	typ := reflect.TypeOf(impl)
	for _, method := range []string{"Timeout", "Chosen", "Restart"} {
		if found[method] {
			continue
		}
		if m, ok := typ.MethodByName(method); ok {
			return fmt.Errorf("actor %q: method %s has the signature %v, which is not that of the handler of this name: see package actor", name, method, m.Type)
		}
		if typ.Kind() != reflect.Pointer {
			if _, ok := reflect.PointerTo(typ).MethodByName(method); ok {
				return fmt.Errorf("actor %q: method %s has a pointer receiver, so an actor spawned by value does not have it: spawn a pointer", name, method)
			}
		}
	}
	return nil
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
