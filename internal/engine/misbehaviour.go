package engine

// Misbehaviour is an error of the model, such as a panic of user code or an action that is not
// reproducible.
type Misbehaviour struct {
	Err       error
	Tolerable bool // the rest of the state space is still worth searching, as after a panic
	Act       int  // index of the action concerned, or -1
}

// Error returns the text of the error.
func (m *Misbehaviour) Error() string { return m.Err.Error() }

// Unwrap returns the error.
func (m *Misbehaviour) Unwrap() error { return m.Err }

// asMisbehaviour wraps an error that a Worker returned bare, against its contract.
func asMisbehaviour(err error) *Misbehaviour {
	if m, ok := err.(*Misbehaviour); ok {
		return m
	}
	return &Misbehaviour{Err: err, Act: -1}
}

// guarded runs f. If f never returns because user code ends the goroutine, guarded calls exited.
// Without it, a search would wait forever for the worker: t.FailNow in a model is enough.
func guarded(f, exited func()) {
	returned := false
	defer func() {
		if !returned {
			exited()
		}
	}()
	f()
	returned = true
}
