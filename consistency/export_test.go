package consistency

// RememberAtOnce makes the searches of a tester remember failed configurations from the first one
// on, so that small histories test this too.
func (t *Tester[S, Op, Ret]) RememberAtOnce() { t.patience = 1 }
