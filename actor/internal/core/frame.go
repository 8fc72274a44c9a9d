package core

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/allways-go/allways/internal/plan"
)

// Frame is what a handler works on while it runs. It is the part of actor.Context without type parameters.
//
// It only collects: nothing is sent, set or saved before the handler has returned, and what is sent was encoded
// at once. So a handler that panics has no effect, a value that it changes after sending it is not changed in
// flight, and the caller decides what becomes of the effect: a search interns it, a node carries it out.
type Frame struct {
	Sys     *System
	Self    int
	Local   Local // the actor after the handler, except for its state
	Sends   []Send
	Records []Record
	Runtime *Runtime // further effects, for an actor that runs; nil in a checker
	Over    bool     // whether the handler has returned
}

// Runtime is what a handler did that a checker has no use for.
type Runtime struct {
	Timers []TimerChange
	Logs   []string
	Stored *Stable // the value saved last, if any; before the handler runs, what it finds in stable storage
}

// TimerChange sets a timer, replacing one of the same name, or cancels it.
type TimerChange struct {
	Name     string
	Set      bool
	Min, Max time.Duration // the bounds of the time after which it expires
}

// Stable is what an actor keeps in stable storage.
type Stable struct {
	Content string
	Schema  string // structure of the type of the value
	// Inward translates the names of types in the content, which it has in the form in which values are stored. Nil
	// means that this was done.
	Inward func(content string) (string, error)
}

// Use panics if the handler has returned: effects from then on would be lost without notice.
func (f *Frame) Use() {
	if f.Over {
		panic("the context of a handler that has returned is used: do not keep contexts, " +
			"each call of a handler gets its own")
	}
}

// Send sends a message.
func (f *Frame) Send(to int, msg string) {
	f.Use()
	f.Sends = append(f.Sends, Send{to, msg})
}

// Record records an event for a history.
func (f *Frame) Record(aux int, event string) {
	f.Use()
	f.Records = append(f.Records, Record{aux, event})
}

// SetTimer sets a timer.
func (f *Frame) SetTimer(name string, shortest, longest time.Duration) {
	f.Use()
	if f.Sys.Actors[f.Self].Timeout == nil {
		panic(fmt.Sprintf("%s sets timer %q, but has no method Timeout to handle it", f.Sys.Name(f.Self), name))
	}
	if shortest < 0 || longest < shortest {
		panic(fmt.Sprintf("timer %q: no time lies between %v and %v", name, shortest, longest))
	}
	if i, found := slices.BinarySearch(f.Local.Timers, name); !found {
		f.Local.Timers = slices.Insert(slices.Clone(f.Local.Timers), i, name)
	}
	if f.Runtime != nil {
		f.Runtime.Timers = append(f.Runtime.Timers, TimerChange{Name: name, Set: true, Min: shortest, Max: longest})
	}
}

// CancelTimer cancels a timer. One that is not set stays so.
func (f *Frame) CancelTimer(name string) {
	f.Use()
	i, found := slices.BinarySearch(f.Local.Timers, name)
	if !found {
		return
	}
	f.Local.Timers = slices.Delete(slices.Clone(f.Local.Timers), i, i+1)
	if f.Runtime != nil {
		f.Runtime.Timers = append(f.Runtime.Timers, TimerChange{Name: name})
	}
}

// Choose offers options under a key, replacing those offered before.
func (f *Frame) Choose(key string, options []any) {
	f.Use()
	if f.Sys.Actors[f.Self].Choose == nil && len(options) > 0 {
		panic(fmt.Sprintf("%s offers choice %q, but has no method Choose to handle it", f.Sys.Name(f.Self), key))
	}
	offered := Choice{Key: key}
	for _, o := range options {
		offered.Options = append(offered.Options, f.Sys.Values.Encode(&o))
	}
	slices.Sort(offered.Options)
	offered.Options = slices.Compact(offered.Options)
	i, found := slices.BinarySearchFunc(f.Local.Choices, key, func(o Choice, key string) int {
		return strings.Compare(o.Key, key)
	})
	f.Local.Choices = slices.Clone(f.Local.Choices)
	if found {
		f.Local.Choices = slices.Delete(f.Local.Choices, i, i+1)
	}
	if len(options) > 0 {
		f.Local.Choices = slices.Insert(f.Local.Choices, i, offered)
	}
}

// Save puts a value into stable storage.
func (f *Frame) Save(v any) {
	f.Use()
	f.Local.Stored, f.Local.Saved = f.Sys.Values.Encode(&v), true
	if f.Runtime != nil {
		f.Runtime.Stored = &Stable{Content: f.Local.Stored, Schema: schemaOf(v)}
	}
}

func schemaOf(v any) string {
	p, err := plan.Of(reflect.TypeOf(v))
	if err != nil {
		return ""
	}
	return plan.Schema(p)
}

// Load returns the value in stable storage. The zero value of the type asked for says what is expected there.
// ok is false if nothing was saved.
func (f *Frame) Load(zero any, want reflect.Type) (saved any, ok bool) {
	f.Use()
	if !f.Local.Saved {
		return nil, false
	}
	if f.Runtime != nil {
		f.expect(zero, want)
	}
	return f.Sys.Values.Value(f.Local.Stored), true
}

// expect panics unless what is stored was saved as a value of a type with the same layout. What another version
// of the program has saved must not be taken for nothing.
func (f *Frame) expect(zero any, want reflect.Type) {
	p, err := plan.Of(want)
	if err != nil {
		panic(fmt.Sprintf("Load: %v", err))
	}
	if zero != nil {
		f.Sys.Values.Encode(&zero) // from now on, the type is known by name
	}
	if saved := f.Runtime.Stored; saved != nil && saved.Inward != nil {
		content, err := saved.Inward(saved.Content)
		if err != nil {
			panic(fmt.Sprintf("the data in stable storage cannot be read: %v", err))
		}
		f.Local.Stored, saved.Content, saved.Inward = content, content, nil
	}
	if err := f.Sys.Values.Check(f.Local.Stored); err != nil {
		panic(fmt.Sprintf("the data in stable storage cannot be read: %v; if it holds values of a type "+
			"that this process has not met yet, name the type with RegisterValues", err))
	}
	saved := f.Runtime.Stored
	if saved == nil || saved.Schema == plan.Schema(p) || saved.Schema == p.Fingerprint() { // as older versions stored it
		return
	}
	panic(fmt.Sprintf("the data in stable storage was saved as another type than %v, or by a version of the program "+
		"with different fields: %s. Run that version, set Config.Migrate of the node, or delete the stored data",
		want, plan.SchemaChange(saved.Schema, plan.Schema(p))))
}

// Log notes a line for people.
func (f *Frame) Log(format string, args []any) {
	if f.Runtime != nil {
		f.Runtime.Logs = append(f.Runtime.Logs, fmt.Sprintf(format, args...))
	}
}

// Inside returns the system as an actor inside the handler's one sees it. It is made once for each key.
func (f *Frame) Inside(key any, make func() *System) *System {
	if inner, ok := f.Sys.inside.Load(key); ok {
		return inner.(*System)
	}
	inner, _ := f.Sys.inside.LoadOrStore(key, make())
	return inner.(*System)
}
