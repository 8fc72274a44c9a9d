// Package background runs a search of package allways behind an explorer: it can pause, it says how far
// it is, and it shows counterexamples and witnesses as they are found.
package background

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
)

// Search is the search in the background, and what it has reported so far. A caller that waits for news
// waits for a channel that is closed at the next change. It is safe for concurrent use.
type Search struct {
	model *erased.Model
	o     allways.Options
	gate  allways.Gate

	mu     sync.Mutex
	status Status
	news   chan struct{}
	cancel context.CancelFunc
	done   chan struct{} // closed when the search has ended; nil before it began
	closed bool
	growth *allways.Profile // profile of the latest search; nil before it began
}

// ProgressEvery is the time between two reports of progress.
const ProgressEvery = 250 * time.Millisecond

// New returns a search that has not begun.
func New(m *erased.Model, o allways.Options) *Search {
	s := &Search{model: m, o: o, news: make(chan struct{})}
	s.o.Gate = &s.gate
	s.status = Status{State: Idle, Properties: undecided(m), Actions: []Action{}}
	return s
}

// change changes the status unless f reports false, and wakes those that wait.
func (s *Search) change(f func(*Status) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !f(&s.status) {
		return
	}
	s.status.Revision++
	close(s.news)
	s.news = make(chan struct{})
}

// Now returns the status, and a channel that is closed when it is no longer the latest.
func (s *Search) Now() (Status, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	status := s.status
	status.Properties = slices.Clone(status.Properties)
	return status, s.news
}

// Growth returns the profile of the latest search; nil before it began.
func (s *Search) Growth() *allways.Profile {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.growth
}

// Closed reports whether the search was closed.
func (s *Search) Closed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// Start begins a search, unless one is running. It ends when ctx is canceled.
func (s *Search) Start(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	done, began := make(chan struct{}), false
	s.change(func(st *Status) bool {
		if s.closed || st.State == Running || st.State == Paused {
			return false
		}
		began, s.cancel, s.done = true, cancel, done
		*st = Status{Revision: st.Revision, State: Running, Properties: undecided(s.model), Actions: []Action{}}
		return true
	})
	if !began {
		cancel()
		return
	}
	s.gate.Open()
	go func() {
		defer close(done)
		defer cancel()
		s.run(ctx)
	}()
}

func (s *Search) run(ctx context.Context) {
	show := newShowing(ctx, s)
	o := s.o
	o.ProgressEvery = ProgressEvery
	o.Progress = func(p allways.Progress) {
		s.change(func(st *Status) bool {
			if st.State == Paused && st.Generated == p.Generated {
				return false
			}
			st.progress(p)
			return true
		})
		show.found(p)
	}
	if profile, err := s.model.Profile(); err == nil { // else the check returns the error
		s.mu.Lock()
		s.growth = profile
		s.mu.Unlock()
		o.Visitor = profile.Visitor()
	}
	r, err := s.model.Check(ctx, o)
	show.end()
	s.change(func(st *Status) bool { st.finish(r, err); return true })
}

// Pause lets a running search wait, until Resume or Stop.
func (s *Search) Pause() {
	s.change(func(st *Status) bool {
		if st.State != Running {
			return false
		}
		s.gate.Shut()
		st.State = Paused
		return true
	})
}

// Resume lets a search go on that waits.
func (s *Search) Resume() {
	s.change(func(st *Status) bool {
		if st.State != Paused {
			return false
		}
		s.gate.Open()
		st.State = Running
		return true
	})
}

// Stop ends the search that is running, if there is one, and waits for it.
func (s *Search) Stop() {
	s.mu.Lock()
	cancel, done := s.cancel, s.done
	s.mu.Unlock()
	if done != nil {
		cancel()
		<-done
	}
}

// Close ends the search for good, and wakes those that wait.
func (s *Search) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.Stop()
	s.change(func(*Status) bool { return true })
}
