package background

import (
	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
)

// Status is how far a search is.
type Status struct {
	Revision   int       `json:"revision"` // number that grows with every change
	State      string    `json:"state"`    // one of "idle", "running", "paused" and "ended"
	Phase      string    `json:"phase,omitempty"`
	Generated  int64     `json:"generated"`
	Distinct   int64     `json:"distinct"`
	Depth      int       `json:"depth"`
	Queue      int64     `json:"queue"`
	Memory     int64     `json:"memory"` // bytes
	Rate       float64   `json:"rate"`   // generated states a second
	Elapsed    float64   `json:"elapsed"`
	Verdict    string    `json:"verdict,omitempty"`
	Complete   bool      `json:"complete"`
	StopReason string    `json:"stopReason,omitempty"`
	Error      string    `json:"error,omitempty"`
	Properties []Verdict `json:"properties"`
	Actions    []Action  `json:"actions"`
}

// Verdict is what a search says of a property.
type Verdict struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Verdict string `json:"verdict"`
	Path    string `json:"path,omitempty"` // counterexample or witness
	Steps   int    `json:"steps,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

// Action counts the actions of a name.
type Action struct {
	Name    string `json:"name"`
	Enabled int64  `json:"enabled"`
	Taken   int64  `json:"taken"`
	New     int64  `json:"new"`
}

// The states of a search.
const (
	Idle    = "idle"
	Running = "running"
	Paused  = "paused"
	Ended   = "ended"
)

func undecided(m *erased.Model) []Verdict {
	out := []Verdict{}
	for _, p := range m.Properties() {
		out = append(out, Verdict{Name: p.Name, Kind: p.Kind.String(), Verdict: allways.Inconclusive.String()})
	}
	return out
}

func verdictOf(p erased.PropertyResult) Verdict {
	v := Verdict{Name: p.Name, Kind: p.Kind.String(), Verdict: p.Verdict.String(), Reason: p.Reason}
	if p.Path != nil {
		v.Path, v.Steps = p.Path.Encode(), p.Path.Len()
	}
	return v
}

func (st *Status) progress(p allways.Progress) {
	st.Phase, st.Generated, st.Distinct, st.Depth = p.Phase, p.Generated, p.Distinct, p.Depth
	st.Queue, st.Memory, st.Rate, st.Elapsed = p.Queue, p.Memory, p.Rate(), p.Elapsed.Seconds()
}

// finish sets what is known when a search has ended.
func (st *Status) finish(r *erased.Result, err error) {
	st.State, st.Phase = Ended, ""
	if err != nil {
		st.Error = err.Error()
	}
	if r == nil {
		return
	}
	st.Generated, st.Distinct, st.Depth, st.Queue = r.Stats.Generated, r.Stats.Distinct, r.Stats.Depth, 0
	st.Memory, st.Rate, st.Elapsed = r.Stats.Memory, r.Stats.Rate(), r.Stats.Elapsed.Seconds()
	st.Verdict, st.Complete, st.StopReason = r.Verdict.String(), r.Complete, string(r.StopReason)
	st.Properties, st.Actions = []Verdict{}, []Action{}
	for _, p := range r.Properties {
		st.Properties = append(st.Properties, verdictOf(p))
	}
	for _, a := range r.Actions {
		st.Actions = append(st.Actions, Action{a.Name, a.Enabled, a.Taken, a.New})
	}
}
