package explore

import (
	"context"
	"sync"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
)

// search is the search in the background, and what it has told so far. Whoever waits for news waits
// for a channel that is closed at the next change.
type search struct {
	model *erased.Model
	o     allways.Options

	mu     sync.Mutex
	status statusJSON
	news   chan struct{}
	cancel context.CancelFunc
	done   chan struct{} // closed when the search has ended; nil before it began
	closed bool
	growth *allways.Profile // of the latest search; nil before it began
}

// statusJSON is how far the search is.
type statusJSON struct {
	Revision   int           `json:"revision"` // grows with every change
	State      string        `json:"state"`    // "idle", "running" or "ended"
	Phase      string        `json:"phase,omitempty"`
	Generated  int64         `json:"generated"`
	Distinct   int64         `json:"distinct"`
	Depth      int           `json:"depth"`
	Queue      int64         `json:"queue"`
	Memory     int64         `json:"memory"` // bytes
	Rate       float64       `json:"rate"`   // generated states a second
	Elapsed    float64       `json:"elapsed"`
	Verdict    string        `json:"verdict,omitempty"`
	Complete   bool          `json:"complete"`
	StopReason string        `json:"stopReason,omitempty"`
	Error      string        `json:"error,omitempty"`
	Properties []verdictJSON `json:"properties"`
	Actions    []actionJSON  `json:"actions"`
}

// verdictJSON is what the search says of a property.
type verdictJSON struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Verdict string `json:"verdict"`
	Path    string `json:"path,omitempty"` // counterexample or witness
	Steps   int    `json:"steps,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

// actionJSON counts the actions of a name.
type actionJSON struct {
	Name    string `json:"name"`
	Enabled int64  `json:"enabled"`
	Taken   int64  `json:"taken"`
	New     int64  `json:"new"`
}

const (
	idle    = "idle"
	running = "running"
	ended   = "ended"
)

// progressEvery is the time between two reports of progress.
const progressEvery = 250 * time.Millisecond

func newSearch(m *erased.Model, o allways.Options) *search {
	s := &search{model: m, o: o, news: make(chan struct{})}
	s.status = statusJSON{State: idle, Properties: undecided(m), Actions: []actionJSON{}}
	return s
}

func undecided(m *erased.Model) []verdictJSON {
	out := []verdictJSON{}
	for _, p := range m.Properties() {
		out = append(out, verdictJSON{Name: p.Name, Kind: p.Kind.String(), Verdict: allways.Inconclusive.String()})
	}
	return out
}

// change changes the status and tells those that wait.
func (s *search) change(f func(*statusJSON)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.status)
	s.status.Revision++
	close(s.news)
	s.news = make(chan struct{})
}

// now returns the status, and a channel that is closed when it is no longer the latest.
func (s *search) now() (statusJSON, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status, s.news
}

// start begins a search, unless one is running.
func (s *search) start(ctx context.Context) {
	s.mu.Lock()
	if s.closed || s.status.State == running {
		s.mu.Unlock()
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	s.cancel, s.done = cancel, done
	revision := s.status.Revision
	s.status = statusJSON{
		Revision: revision, State: running, Properties: undecided(s.model), Actions: []actionJSON{},
	}
	s.mu.Unlock()
	s.change(func(*statusJSON) {})
	go func() {
		defer close(done)
		defer cancel()
		o := s.o
		o.Progress, o.ProgressEvery = s.progress, progressEvery
		if profile, err := s.model.Profile(); err == nil { // else the check tells the error
			s.mu.Lock()
			s.growth = profile
			s.mu.Unlock()
			o.Visitor = profile.Visitor()
		}
		r, err := s.model.Check(ctx, o)
		s.change(func(st *statusJSON) { st.finish(r, err) })
	}()
}

func (s *search) progress(p allways.Progress) {
	s.change(func(st *statusJSON) {
		st.Phase, st.Generated, st.Distinct, st.Depth = p.Phase, p.Generated, p.Distinct, p.Depth
		st.Queue, st.Memory, st.Rate, st.Elapsed = p.Queue, p.Memory, p.Rate(), p.Elapsed.Seconds()
	})
}

// finish sets what is known when a search has ended.
func (st *statusJSON) finish(r *erased.Result, err error) {
	st.State, st.Phase = ended, ""
	if err != nil {
		st.Error = err.Error()
	}
	if r == nil {
		return
	}
	st.Generated, st.Distinct, st.Depth, st.Queue = r.Stats.Generated, r.Stats.Distinct, r.Stats.Depth, 0
	st.Memory, st.Rate, st.Elapsed = r.Stats.Memory, r.Stats.Rate(), r.Stats.Elapsed.Seconds()
	st.Verdict, st.Complete, st.StopReason = r.Verdict.String(), r.Complete, string(r.StopReason)
	st.Properties = []verdictJSON{}
	for _, p := range r.Properties {
		v := verdictJSON{Name: p.Name, Kind: p.Kind.String(), Verdict: p.Verdict.String(), Reason: p.Reason}
		if p.Path != nil {
			v.Path, v.Steps = p.Path.Encode(), p.Path.Len()
		}
		st.Properties = append(st.Properties, v)
	}
	st.Actions = []actionJSON{}
	for _, a := range r.Actions {
		st.Actions = append(st.Actions, actionJSON{a.Name, a.Enabled, a.Taken, a.New})
	}
}

// stop ends the search that is running, if there is one, and waits for it.
func (s *search) stop() {
	s.mu.Lock()
	cancel, done := s.cancel, s.done
	s.mu.Unlock()
	if done != nil {
		cancel()
		<-done
	}
}

// close ends the search for good, and with it the streams of events.
func (s *search) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.stop()
	s.change(func(*statusJSON) {})
}
