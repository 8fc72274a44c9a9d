package actor

import (
	"fmt"
	"reflect"

	"github.com/allways-go/allways/actor/internal/core"
)

// Storage is the stable storage of an actor that runs inside another one, which keeps it.
type Storage struct {
	Saved bool // whether Value was saved
	Value any  // the value that the inner actor saved last
}

// Inside runs a handler of an actor within a handler of another actor, which wraps it and whose messages may be
// of another type. The context given to handle has the id, the timers, the choices, the histories and the log
// of the outer actor. Messages sent through it go to send, in their order, when handle has returned. Save and
// [Load] work on kept.
//
// It panics if impl cannot be an actor, or does what an actor could not do by itself, such as setting a timer
// without having a method Timeout.
func Inside[S, N, M any](
	c *Context[M], impl Actor[S, N], kept *Storage, handle func(c *Context[N]), send func(to ID, m N),
) {
	outer := c.frame
	key := insideKey{outer.Self, reflect.TypeOf(impl)}
	sys := outer.Inside(key, func() *core.System { return insideOf(outer, impl) })
	inner := &core.Frame{Sys: sys, Self: outer.Self, Local: outer.Local, Records: outer.Records}
	inner.Local.Saved, inner.Local.Stored = kept.Saved, ""
	if kept.Saved {
		inner.Local.Stored = sys.Values.Encode(&kept.Value)
	}
	if outer.Runtime != nil {
		inner.Runtime = &core.Runtime{}
	}
	handle(&Context[N]{frame: inner})
	inner.Over = true
	if kept.Saved = inner.Local.Saved; kept.Saved {
		kept.Value = sys.Values.Value(inner.Local.Stored)
	}
	inner.Local.Saved, inner.Local.Stored = outer.Local.Saved, outer.Local.Stored
	outer.Local, outer.Records = inner.Local, inner.Records
	if outer.Runtime != nil {
		outer.Runtime.Timers = append(outer.Runtime.Timers, inner.Runtime.Timers...)
		outer.Runtime.Logs = append(outer.Runtime.Logs, inner.Runtime.Logs...)
	}
	for _, m := range inner.Sends {
		send(ID(m.To), *sys.Messages.Decode(m.Msg).(*N))
	}
}

// insideKey tells apart the actors inside others.
type insideKey struct {
	self int
	typ  reflect.Type
}

// insideOf returns the system as the inner actor sees it: the others have names only.
func insideOf[S, N any](outer *core.Frame, impl Actor[S, N]) *core.System {
	b := NewSystem[N](Config{})
	h, err := hostOf(outer.Sys.Name(outer.Self), impl)
	if err == nil {
		err = b.mistakes()
	}
	if err != nil {
		panic(fmt.Sprintf("the actor inside %s: %v", outer.Sys.Name(outer.Self), err))
	}
	sys := &core.System{Config: outer.Sys.Config, Messages: b.messages, Values: b.values}
	for _, a := range outer.Sys.Actors {
		sys.Actors = append(sys.Actors, &core.Actor{Name: a.Name})
	}
	sys.Actors[outer.Self] = h
	return sys
}
