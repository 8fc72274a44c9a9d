package gospace

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/plan"
)

// A panic of a model is a finding: there is a state in which the code fails, and the path to it is
// what its author needs. To let it crash the search would lose the path, and all other results with
// it. But a verdict is not given for what the panic may have hidden.
//
// Code may also end its goroutine without a panic, as t.FailNow does in a test. No recover sees
// that, and a search would wait for the worker without end; see the engine's Worker.Exited.

// guard runs user code and turns a panic into an [*engine.Misbehaviour] that says where.
func guard(where string, f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = panicError(where, r)
		}
	}()
	f()
	return nil
}

// Guard is guard for user code that package allways runs.
func Guard(where string, f func()) error { return guard(where, f) }

// panicError describes a recovered panic; it must be called from the deferred function that
// recovered it.
func panicError(where string, value any) *engine.Misbehaviour {
	m := &engine.Misbehaviour{Kind: engine.ErrorPanic, Where: where, Message: fmt.Sprint(value), Act: -1}
	switch e := value.(type) {
	case *plan.ValueError:
		m.Kind = engine.ErrorValue // met while copying what user code returned
	case engine.KindError:
		m.Kind = e.ErrorKind()
	default:
		m.Panic, m.Stack = value, UserFrames()
	}
	return m
}

// Exited is what happened to user code that did not return.
const Exited = "it ended its goroutine: user code must return or panic, " +
	"and not call runtime.Goexit, t.FailNow or t.Fatal"

func exitError(where string) *engine.Misbehaviour {
	return &engine.Misbehaviour{Kind: engine.ErrorPanic, Where: where, Message: Exited, Stack: UserFrames(), Act: -1}
}

// UserFrames lists the frames of a stack that panics or ends: from there down to the last one of
// the user's code, before this module's code below it, which only runs the user's. A stack of a
// search is long, and all but these lines are the same in every report.
func UserFrames() string {
	pcs := make([]uintptr, 128)
	return userFrames(runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)]).Next)
}

// userFrames is UserFrames for the frames of a stack, the innermost first.
func userFrames(next func() (f runtime.Frame, more bool)) string {
	var b strings.Builder
	panicked, user := false, false
	for more := true; more; {
		var f runtime.Frame
		f, more = next()
		switch own := isOwn(f.Function); {
		case strings.HasPrefix(f.Function, "runtime."):
			panicked = panicked || strings.Contains(f.Function, "panic") || f.Function == "runtime.Goexit"
		case !panicked:
		case own && user:
			return b.String()
		case !isEngine(f.Function):
			user = user || !own
			fmt.Fprintf(&b, "%s\n\t%s:%d\n", f.Function, f.File, f.Line)
		}
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

func errNoInit() error {
	return &engine.Misbehaviour{
		Kind: engine.ErrorInit, Where: "Init", Act: -1,
		Message: "it returned no state: return at least one initial state",
	}
}

func propertySite(name string) string { return "property " + strconv.Quote(name) }
