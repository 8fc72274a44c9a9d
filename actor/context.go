package actor

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Context is what a handler may do to the outside. It is valid until the handler returns, on the handler's goroutine.
type Context[M any] struct {
	system  *System[M]
	self    ID
	local   local // as it will be after the handler, except for the state
	sends   []send
	records []record
	live    *Effects // nil when checked
	over    bool     // the handler has returned
}

// use makes sure that the handler has not returned: what it would do then, nobody would see.
func (c *Context[M]) use() {
	if c.over {
		panic("the context of a handler that has returned is used: keep no contexts, each handler gets its own")
	}
}

// send is a message on its way out, by content.
type send struct {
	to  ID
	msg string
}

// record is an event for an auxiliary value, by content.
type record struct {
	aux   int
	event string
}

// Self returns the id of the actor.
func (c *Context[M]) Self() ID { return c.self }

// Name returns the name of an actor, or "nobody".
func (c *Context[M]) Name(id ID) string { return c.system.Name(id) }

// Send sends a message. It takes the content of m at once.
func (c *Context[M]) Send(to ID, m M) {
	c.use()
	c.sends = append(c.sends, send{to, c.system.messages.encode(&m)})
}

// Broadcast sends a message to each of ids.
func (c *Context[M]) Broadcast(ids []ID, m M) {
	c.use()
	if len(ids) == 0 {
		return
	}
	content := c.system.messages.encode(&m)
	for _, to := range ids {
		c.sends = append(c.sends, send{to, content})
	}
}

// SetTimer sets a named timer, to run out after a time between least and most. When checked, it may run out at any
// moment, whatever the times are; setting a timer that is set changes nothing then.
func (c *Context[M]) SetTimer(name string, least, most time.Duration) {
	c.use()
	if c.system.actors[c.self].timeout == nil {
		panic(fmt.Sprintf("%s sets timer %q and has no method Timeout to handle it", c.Name(c.self), name))
	}
	if least < 0 || most < least {
		panic(fmt.Sprintf("timer %q: no time lies between %v and %v", name, least, most))
	}
	if i, found := slices.BinarySearch(c.local.timers, name); !found {
		c.local.timers = slices.Insert(slices.Clone(c.local.timers), i, name)
	}
	if c.live != nil {
		c.live.Timers = append(c.live.Timers, TimerChange{Name: name, Set: true, Least: least, Most: most})
	}
}

// CancelTimer takes back a timer; one that is not set stays so.
func (c *Context[M]) CancelTimer(name string) {
	c.use()
	if i, found := slices.BinarySearch(c.local.timers, name); found {
		c.local.timers = slices.Delete(slices.Clone(c.local.timers), i, i+1)
		if c.live != nil {
			c.live.Timers = append(c.live.Timers, TimerChange{Name: name})
		}
	}
}

// Choose offers options to chance under a key, in the place of those that were offered under it before. No options
// withdraw them.
func (c *Context[M]) Choose(key string, options ...any) {
	c.use()
	if c.system.actors[c.self].chosen == nil && len(options) > 0 {
		panic(fmt.Sprintf("%s offers choice %q and has no method Chosen to handle it", c.Name(c.self), key))
	}
	offered := choice{key: key}
	for _, o := range options {
		offered.options = append(offered.options, c.system.values.encode(&o))
	}
	slices.Sort(offered.options)
	offered.options = slices.Compact(offered.options)
	i, found := slices.BinarySearchFunc(c.local.choices, key, func(o choice, key string) int { return strings.Compare(o.key, key) })
	c.local.choices = slices.Clone(c.local.choices)
	if found {
		c.local.choices = slices.Delete(c.local.choices, i, i+1)
	}
	if len(options) > 0 {
		c.local.choices = slices.Insert(c.local.choices, i, offered)
	}
}

// Save puts a value into stable storage, in the place of what was saved before. It survives a crash; see [Load].
func (c *Context[M]) Save(v any) {
	c.use()
	c.local.stored = c.system.values.encode(&v)
	c.local.saved = true
	if c.live != nil {
		c.live.save(c.local.stored, v)
	}
}

// Log notes something for people, as [fmt.Sprintf] does. A checker drops it.
func (c *Context[M]) Log(format string, args ...any) {
	if c.live != nil {
		c.live.Logs = append(c.live.Logs, fmt.Sprintf(format, args...))
	}
}

// Load returns what the actor saved last. ok is false when nothing was. It panics when that is no T: an actor that asks for
// another type than it saves would forget everything in silence.
func Load[T, M any](c *Context[M]) (v T, ok bool) {
	c.use()
	if !c.local.saved {
		return v, false
	}
	if c.live != nil {
		expectStored[T](c)
	}
	saved := *c.system.values.decode(c.local.stored)
	if v, ok = saved.(T); !ok && saved != nil {
		panic(fmt.Sprintf("what is stored is of type %T, and Stored asks for %v", saved, reflect.TypeFor[T]()))
	}
	return v, ok
}

func (c *Context[M]) record(aux int, event string) {
	c.use()
	c.records = append(c.records, record{aux, event})
}
