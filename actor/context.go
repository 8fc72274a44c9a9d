package actor

import (
	"fmt"
	"reflect"
	"time"

	"github.com/allways-go/allways/actor/internal/core"
)

// Context is the way in which a handler acts on the outside. It is valid until the handler returns, on the
// handler's goroutine.
type Context[M any] struct {
	_     ofHandler
	frame *core.Frame
}

// Self returns the id of the actor.
func (c *Context[M]) Self() ID { return ID(c.frame.Self) }

// Name returns the name of an actor, or "outside" for an id that no actor has.
func (c *Context[M]) Name(id ID) string { return c.frame.Sys.Name(int(id)) }

// Send sends a message. It takes the content of m at once.
func (c *Context[M]) Send(to ID, m M) { c.frame.Send(int(to), c.frame.Sys.Messages.Encode(&m)) }

// Broadcast sends a message to each of ids.
func (c *Context[M]) Broadcast(ids []ID, m M) {
	c.frame.Use()
	if len(ids) == 0 {
		return
	}
	content := c.frame.Sys.Messages.Encode(&m)
	for _, to := range ids {
		c.frame.Send(int(to), content)
	}
}

// SetTimer sets a named timer, which expires after a time between shortest and longest. The actor must be a
// [TimeoutHandler]. In a checker the timer may expire at any moment, whatever the times are, and setting a
// timer that is set changes nothing.
func (c *Context[M]) SetTimer(name string, shortest, longest time.Duration) {
	c.frame.SetTimer(name, shortest, longest)
}

// CancelTimer cancels a timer. It does nothing if the timer is not set.
func (c *Context[M]) CancelTimer(name string) { c.frame.CancelTimer(name) }

// Choose offers options under a key, replacing those offered under it before. At some moment one of them is
// chosen, and the actor's [ChoiceHandler] handles it. Without options, it withdraws those offered before.
func (c *Context[M]) Choose(key string, options ...any) { c.frame.Choose(key, options) }

// Save puts a value into stable storage, replacing the value saved before. It survives a crash; see [Load].
func (c *Context[M]) Save(v any) { c.frame.Save(v) }

// Log notes a line for people, formatted like [fmt.Sprintf]. A checker drops it.
func (c *Context[M]) Log(format string, args ...any) { c.frame.Log(format, args) }

// Load returns the value that the actor saved last. ok is false if it has saved none. Load panics if the value
// is no T: an actor that asks for another type than it saves would silently forget everything.
func Load[T, M any](c *Context[M]) (v T, ok bool) {
	saved, ok := c.frame.Load(v, reflect.TypeFor[T]())
	if !ok {
		return v, false
	}
	if v, ok = saved.(T); !ok && saved != nil {
		panic(fmt.Sprintf("the stored value is of type %T, but Load asks for %v", saved, reflect.TypeFor[T]()))
	}
	return v, ok
}

// record implements [Recorder].
func (c *Context[M]) record(of system, aux int, event string) {
	if v, ok := c.frame.Sys.Views.(interface{ from() *origin }); ok && !v.from().is(of) {
		panic("a history of another system is recorded by an actor of " + v.from().String() +
			": use the one made with this system")
	}
	c.frame.Record(aux, event)
}
