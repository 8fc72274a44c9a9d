package allways

import (
	"fmt"

	"github.com/allways-go/allways/internal/engine"
)

// CallbackError says that a function of the options, which only watches the run, has panicked or ended its goroutine, so
// that the run was ended too. It says nothing about the model.
type CallbackError struct {
	Callback string // the field of [Options], "Visitor" or "Progress"
	Message  string // what happened
	Panic    any    // the value of a panic; nil if there was none
	Stack    string // user frames
}

// Error names the function.
func (e *CallbackError) Error() string {
	return fmt.Sprintf("option %s: its function %s", e.Callback, e.Message)
}

// callback runs a function of the options. It reports false, and ends the run, if the function fails; not at all if the
// function ends the goroutine.
func (r *run[S, A]) callback(name string, f func()) (ok bool) {
	defer func() {
		if ok {
			return
		}
		e := &CallbackError{Callback: name, Message: "ended its goroutine: it must return, and not call runtime.Goexit, t.FailNow or t.Fatal"}
		if e.Panic = recover(); e.Panic != nil {
			e.Message = fmt.Sprintf("panicked: %v", e.Panic)
		}
		e.Stack = userFrames()
		r.fail(e)
	}()
	f()
	return true
}

// fail ends the run because of its first failure.
func (r *run[S, A]) fail(e *CallbackError) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failure == nil {
		r.failure = e
	}
	r.budget.End(engine.StopReasonCallback)
}
