package actor

import (
	"fmt"
	"reflect"
)

// Storage is what an actor that runs inside another one has saved, which is for the outer one to keep.
type Storage struct {
	Saved bool // something was
	Value any
}

// Inside runs a handler of an actor within a handler of another one that wraps it and has messages of its own. The context
// that handle is given has the id, the timers, the choices, the histories and the log of the outer one. Messages that are
// sent through it go to send, in their order, once handle has returned. Save and [Load] work on kept.
//
// It panics if impl cannot be an actor, or does what an actor on its own could not do, such as to set a timer without
// having a method Timeout.
func Inside[S, N, M any](c *Context[M], impl Actor[S, N], kept *Storage, handle func(c *Context[N]), send func(to ID, m N)) {
	sys := insideOf(c, impl)
	inner := &Context[N]{system: sys, self: c.self, local: c.local, records: c.records}
	inner.local.saved, inner.local.stored = kept.Saved, ""
	if kept.Saved {
		inner.local.stored = sys.values.encode(&kept.Value)
	}
	if c.live != nil {
		inner.live = &Effects{}
	}
	handle(inner)
	inner.over = true
	if kept.Saved = inner.local.saved; kept.Saved {
		kept.Value = *sys.values.decode(inner.local.stored)
	}
	inner.local.saved, inner.local.stored = c.local.saved, c.local.stored
	c.local, c.records = inner.local, inner.records
	if c.live != nil {
		c.live.Timers = append(c.live.Timers, inner.live.Timers...)
		c.live.Logs = append(c.live.Logs, inner.live.Logs...)
	}
	for _, m := range inner.sends {
		send(m.to, *sys.messages.decode(m.msg))
	}
}

// insideOf returns the system as an actor inside another one sees it.
func insideOf[S, N, M any](c *Context[M], impl Actor[S, N]) *System[N] {
	key := insideKey{c.self, reflect.TypeOf(impl)}
	if sys, ok := c.system.inside.Load(key); ok {
		return sys.(*System[N])
	}
	sys := NewSystem[N](c.system.config)
	for _, h := range c.system.actors {
		sys.actors = append(sys.actors, &host[N]{name: h.name})
	}
	h, err := newHost(sys, c.Name(c.self), impl)
	if err == nil {
		err = sys.Err()
	}
	if err != nil {
		panic(fmt.Sprintf("the actor inside %s: %v", c.Name(c.self), err))
	}
	sys.actors[c.self] = h
	kept, _ := c.system.inside.LoadOrStore(key, sys)
	return kept.(*System[N])
}

// insideKey tells apart the actors that are inside others.
type insideKey struct {
	self ID
	typ  reflect.Type
}
