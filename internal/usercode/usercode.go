// Package usercode runs code of users, which may panic, end its goroutine, or not return, and says
// where it did.
package usercode

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/plan"
	"github.com/allways-go/allways/internal/watch"
)

// A panic of a model is a finding: there is a state in which the code fails, and the path to it is
// what its author needs. To let it crash the search would lose the path, and all other results with
// it. But a verdict is not given for what the panic may have hidden.
//
// Code may also end its goroutine without a panic, as t.FailNow does in a test. No recover sees
// that, and a search would wait for the worker without end; see the engine's Worker.Exited. All
// other user code runs inside of an [Aside], on a goroutine that it may end.

// Run runs user code and turns a panic into an [*engine.Misbehaviour] that says where. If f ends
// the goroutine, Run tells the Aside where that was.
func Run(where string, f func()) (err error) {
	returned := false
	defer func() {
		switch r := recover().(type) {
		case nil:
			if !returned {
				panic(&watch.Exit{Err: Ended(where)})
			}
		case *watch.Exit:
			panic(r)
		default:
			err = Panicked(where, r)
		}
	}()
	f()
	returned = true
	return nil
}

// Aside runs f, which runs user code, on another goroutine. The error says that user code has ended
// that, or did not return when the run had to end. Only without an error may what f wrote be read.
//
// If f makes many calls of user code, progress returns another number for each, so that each has its time.
func Aside(w *watch.Watch, f func(), progress func() uint64) error {
	exited := error(&engine.Misbehaviour{Kind: engine.ErrorPanic, Message: Exited, Act: -1})
	switch w.Do(func() {
		defer func() {
			switch r := recover().(type) {
			case nil:
			case *watch.Exit:
				exited = r.Err
			default:
				panic(r)
			}
		}()
		f()
	}, progress) {
	case watch.Exited:
		return exited
	case watch.GivenUp:
		return GivenUp(Stuck("user code"))
	}
	return nil
}

// GivenUp completes what [Stuck] says about a call that was left behind.
func GivenUp(m *engine.Misbehaviour) *engine.Misbehaviour {
	m.Message = strings.TrimSpace("it has not returned when the run had to end "+m.Message) + "; " + watch.LeftBehind
	return m
}

// Text is Aside for a text: a method that makes one must not keep a report from being made.
func Text(method string, f func() string) string {
	w := watch.New()
	w.End()
	text := ""
	if err := Aside(w, func() { text = f() }, nil); err != nil {
		return "(" + method + " did not return)"
	}
	return text
}

// Stuck describes user code that has not returned, and says for what it waits. It looks at the
// goroutines that the calling one has started.
func Stuck(where string) *engine.Misbehaviour {
	m := &engine.Misbehaviour{Kind: engine.ErrorStuck, Where: where, Act: -1}
	for _, g := range watch.Descendants() {
		if !callsUser(g.Frames) {
			continue
		}
		next := 0
		frames := list(true, func() (f runtime.Frame, more bool) {
			if next < len(g.Frames) {
				x := g.Frames[next]
				f = runtime.Frame{Function: x.Function, File: x.File, Line: x.Line}
			}
			next++
			return f, next < len(g.Frames)
		})
		if frames != "" {
			m.Stack, m.Message = frames, "("+g.Wait+")"
			break
		}
	}
	return m
}

// Panicked describes a recovered panic; it must be called from the deferred function that
// recovered it.
func Panicked(where string, value any) *engine.Misbehaviour {
	m := &engine.Misbehaviour{Kind: engine.ErrorPanic, Where: where, Message: fmt.Sprint(value), Act: -1}
	switch e := value.(type) {
	case *plan.ValueError:
		m.Kind = engine.ErrorValue // met while copying what user code returned
	case engine.KindError:
		m.Kind = e.ErrorKind()
	default:
		m.Panic, m.Stack = value, Frames()
	}
	return m
}

// Exited is what happened to user code that did not return.
const Exited = "it ended its goroutine: user code must return or panic, " +
	"and not call runtime.Goexit, t.FailNow or t.Fatal"

// Ended describes user code that ends its goroutine; it must be called while that ends.
func Ended(where string) *engine.Misbehaviour {
	return &engine.Misbehaviour{Kind: engine.ErrorPanic, Where: where, Message: Exited, Stack: Frames(), Act: -1}
}

// callsUser reports whether a stack is one of user code: what is not ours on it was not called by the
// engine, which waits in the standard library.
func callsUser(frames []watch.Frame) bool {
	foreign := false
	for _, f := range frames {
		switch {
		case strings.HasPrefix(f.Function, "runtime."):
		case !isOwn(f.Function):
			foreign = true
		case foreign:
			return !strings.HasPrefix(f.Function, module+"/internal/engine.") &&
				!strings.HasPrefix(f.Function, module+"/internal/watch.")
		}
	}
	return false
}

// Frames lists the frames of a stack that panics or ends: from there down to the last one of
// the user's code, before this module's code below it, which only runs the user's. A stack of a
// search is long, and all but these lines are the same in every report.
func Frames() string {
	pcs := make([]uintptr, 128)
	return list(false, runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)]).Next)
}

// list is Frames for the frames of a stack, the innermost first: those below the panic, or
// all. It is empty without any of the user's code.
func list(panicked bool, next func() (f runtime.Frame, more bool)) string {
	var b strings.Builder
	user := false
	for more := true; more; {
		var f runtime.Frame
		f, more = next()
		switch own := isOwn(f.Function); {
		case strings.HasPrefix(f.Function, "runtime."):
			panicked = panicked || strings.Contains(f.Function, "panic") || f.Function == "runtime.Goexit"
		case !panicked:
		case own && user:
			return b.String()
		case f.Function != "" && !isEngine(f.Function):
			user = user || !own
			fmt.Fprintf(&b, "%s\n\t%s:%d\n", f.Function, f.File, f.Line)
		}
	}
	if !user {
		return ""
	}
	return b.String()
}

const module = "github.com/allways-go/allways"

// isEngine reports whether a function belongs to package allways or to what it is made of.
func isEngine(function string) bool {
	return strings.HasPrefix(function, module+".") || strings.HasPrefix(function, module+"/internal/")
}

// isOwn reports whether a function belongs to a package that runs user code.
func isOwn(function string) bool {
	for _, p := range []string{"/actor.", "/actor/internal/", "/consistency."} {
		if strings.HasPrefix(function, module+p) {
			return true
		}
	}
	return isEngine(function)
}
