package gospace

import (
	"sync/atomic"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/usercode"
)

// After a search, user code runs again: it is asked what it was asked before, and about other states than
// representatives. It has returned before, and may not return now. So what it is doing is seen from outside, as
// that of a search is.

// auditor is a worker that runs user code after a search.
type auditor struct {
	*worker
	away atomic.Bool // it runs user code, or may
}

func (sp *goSpace) newAuditor() *auditor {
	a := &auditor{worker: sp.NewWorker().(*worker)}
	sp.mu.Lock()
	defer sp.mu.Unlock()
	sp.auditors = append(sp.auditors, a)
	return a
}

// enter notes that the auditor runs user code, until leave is called.
func (a *auditor) enter() (leave func()) {
	a.away.Store(true)
	return func() { a.away.Store(false) }
}

func (sp *goSpace) listAuditors() []*auditor {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	return sp.auditors
}

// Calls implements [Space].
func (sp *goSpace) Calls() (n uint64) {
	for _, a := range sp.listAuditors() {
		n += a.Call()
	}
	return n
}

// Stuck implements [Space].
func (sp *goSpace) Stuck() *engine.Misbehaviour {
	for _, a := range sp.listAuditors() {
		if a.away.Load() {
			return a.worker.Stuck()
		}
	}
	return usercode.Stuck("user code")
}
