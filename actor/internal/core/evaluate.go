package core

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
)

// Evaluate runs the handler of an actor for an event twice, on separate copies in different forms. It panics if
// the effects differ, or if the handler panics.
//
// Twice is cheap because searches remember what handlers do. It finds what a model must not depend on: the
// order of maps, time, random numbers, memory shared between calls, and whether a slice or map is nil or empty.
func (sys *System) Evaluate(id int, l *Local, ev *Event) Effect {
	first := sys.Run(id, l, ev, false)
	if second := EvaluateOther(sys, id, l, ev); !first.Equal(&second) {
		panic(Nondeterminism(sys, id, ev, &first, &second))
	}
	return first
}

// EvaluateOther runs a handler in the alternate form. A slice that a handler has emptied is not nil, and is nil once
// the state was encoded and decoded: a handler that distinguishes the two depends on how its state came about, which
// states do not remember.
//
// The alternate form may have nil maps where handlers are promised empty ones, into which they may write. A
// handler that panics there is run in the canonical form.
func EvaluateOther(sys *System, id int, l *Local, ev *Event) (out Effect) {
	defer func() {
		if r := recover(); r != nil {
			if err, ok := r.(runtime.Error); !ok || !strings.Contains(err.Error(), "nil map") {
				panic(r)
			}
			out = sys.Run(id, l, ev, false)
		}
	}()
	return sys.Run(id, l, ev, true)
}

// Run runs a handler once. alternate asks for the form of values that [Codec.Alternate] gives.
func (sys *System) Run(id int, l *Local, ev *Event, alternate bool) Effect {
	f := &Frame{Sys: sys, Self: id, Local: *l}
	return f.Run(ev, alternate)
}

// Run runs a handler in a frame that holds what belongs to the actor; see [System.Run].
func (f *Frame) Run(ev *Event, alternate bool) Effect {
	sys, a := f.Sys, f.Sys.Actors[f.Self]
	decode := (*Codec).Decode
	if alternate {
		decode = (*Codec).Alternate
	}
	s := decode(&a.State, f.Local.State)
	switch ev.Kind {
	case Start:
		a.Start(f, s)
	case Deliver:
		a.Receive(f, s, ev.From, decode(&sys.Messages, ev.Msg))
	case Timeout:
		f.CancelTimer(ev.Name)
		a.Timeout(f, s, ev.Name)
	case Choose:
		f.Choose(ev.Name, nil)
		a.Choose(f, s, ev.Name, sys.Values.Value(ev.Option))
	case Restart:
		if f.Local.Down = false; a.Restart != nil {
			a.Restart(f, s)
		} else {
			a.Start(f, s)
		}
	default:
		panic(fmt.Sprintf("actor: no handler for %v", ev.Kind))
	}
	f.Over = true
	f.Local.State = a.State.Encode(s)
	return Effect{f.Local, f.Sends, f.Records}
}

// Difference says in what two effects of handlers of one actor differ.
func Difference(sys *System, id int, a, b *Effect) string {
	if a.Local.State != b.Local.State {
		k := &sys.Actors[id].State
		return "state " + strings.Join(k.Diff("%s is %s or %s", k.Decode(a.Local.State), k.Decode(b.Local.State)), ", ")
	}
	for i := range max(len(a.Sends), len(b.Sends)) {
		x, y := SendText(sys, a.Sends, i), SendText(sys, b.Sends, i)
		if x != y {
			return fmt.Sprintf("it sends %s or %s", x, y)
		}
	}
	if !slices.Equal(a.Records, b.Records) {
		return "its records for histories differ"
	}
	return "its timers, its choices or what it saves differ"
}

// SendText returns the i-th message sent as people read it.
func SendText(sys *System, sends []Send, i int) string {
	if i >= len(sends) {
		return "nothing"
	}
	return sys.Messages.Text(sends[i].Msg) + " to " + sys.Name(sends[i].To)
}
