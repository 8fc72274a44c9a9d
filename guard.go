package allways

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/plan"
)

// guard runs user code and turns a panic into a *ModelError that names where.
func (c *machine[S, A]) guard(where string, f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = panicError(where, r)
		}
	}()
	f()
	return nil
}

// panicError describes a recovered panic; it must be called from the deferred function that recovered it.
func panicError(where string, value any) *ModelError {
	if e, ok := value.(*plan.ValueError); ok {
		return &ModelError{Kind: ErrorValue, Where: where, Message: e.Error()} // found while copying what user code returned
	}
	if e, ok := value.(faulty); ok {
		return &ModelError{Kind: ErrorKind(e.ErrorKind()), Where: where, Message: e.Error()}
	}
	return &ModelError{
		Kind: ErrorPanic, Where: where, Message: fmt.Sprint(value), Panic: value, Stack: userFrames(),
	}
}

// faulty is what packages of this module panic with when they find that a model misbehaves.
type faulty interface {
	error
	ErrorKind() engine.ErrorKind
}

// userFrames lists the frames of a stack that panics or ends, from there to the last one of the user's code before this module's: what
// runs that code is of no interest.
func userFrames() string {
	pcs := make([]uintptr, 128)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	var b strings.Builder
	panicked, user := false, false
	for {
		f, more := frames.Next()
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
		if !more {
			return b.String()
		}
	}
}

const module = "github.com/allways-go/allways"

// isEngine reports whether a function belongs to this package or to its engine.
func isEngine(function string) bool {
	return strings.HasPrefix(function, module+".") || strings.HasPrefix(function, module+"/internal/")
}

// isOwn reports whether a function belongs to a package that runs user code.
func isOwn(function string) bool {
	return isEngine(function) || strings.HasPrefix(function, module+"/actor.") || strings.HasPrefix(function, module+"/consistency.")
}

func errNoInit() *ModelError {
	return &ModelError{Kind: ErrorInit, Where: "Init", Message: "it returned no state: return at least one initial state"}
}

// typesHash hashes the structure of the state and action types.
func (c *machine[S, A]) typesHash() string {
	h := c.splan.Fingerprint()
	if c.aplan != nil {
		h += "-" + c.aplan.Fingerprint()
	}
	return h
}
