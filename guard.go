package allways

import (
	"fmt"
	"runtime"
	"strings"

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
		return &ModelError{Fault: FaultValue, Where: where, Message: e.Error()} // found while copying what user code returned
	}
	if e, ok := value.(faulty); ok {
		return &ModelError{Fault: e.Fault(), Where: where, Message: e.Error()}
	}
	return &ModelError{
		Fault: FaultPanic, Where: where, Message: fmt.Sprint(value), Panic: value, Stack: userFrames(),
	}
}

// faulty is what packages of this module panic with when they find that a model misbehaves.
type faulty interface {
	error
	Fault() Fault
}

// userFrames lists the frames of a stack that panics or ends that belong neither to the runtime nor to this module's engine.
func userFrames() string {
	pcs := make([]uintptr, 128)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	var b strings.Builder
	panicked := false
	for {
		f, more := frames.Next()
		switch {
		case strings.HasPrefix(f.Function, "runtime."):
			panicked = panicked || strings.Contains(f.Function, "panic") || f.Function == "runtime.Goexit"
		case !panicked || strings.HasPrefix(f.Function, ownFrames) || strings.HasPrefix(f.Function, engineFrames):
		default:
			fmt.Fprintf(&b, "%s\n\t%s:%d\n", f.Function, f.File, f.Line)
		}
		if !more {
			return b.String()
		}
	}
}

// Names of functions that start so belong to this package and to its engine; they frame user code on the way in.
const (
	ownFrames    = "github.com/allways-go/allways."
	engineFrames = "github.com/allways-go/allways/internal/"
)

func errNoInit() error {
	return &ModelError{Fault: FaultInit, Where: "Init", Message: "it returned no state: return at least one initial state"}
}

// typesHash hashes the structure of the state and action types.
func (c *machine[S, A]) typesHash() string {
	h := c.splan.Fingerprint()
	if c.aplan != nil {
		h += "-" + c.aplan.Fingerprint()
	}
	return h
}
