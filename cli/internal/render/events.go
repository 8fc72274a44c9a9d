package render

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
)

// The events of -json, one object a line. Their fields are part of the API: they keep their names,
// and more may come.

type startEvent struct {
	Event    string   `json:"event"` // "start"
	Verb     string   `json:"verb"`
	Model    string   `json:"model"`
	Variant  string   `json:"variant"`
	Params   []string `json:"params"`
	Types    string   `json:"types"`
	Strategy string   `json:"strategy,omitempty"`
	Storage  string   `json:"storage,omitempty"`
	Symmetry bool     `json:"symmetry"`
	Workers  int      `json:"workers"` // 0 for one per CPU
	Seed     *uint64  `json:"seed,omitempty"`
	Optional []string `json:"optional"`
	Notes    []string `json:"notes"` // remarks of the model on itself
}

type progressJSON struct {
	Event     string  `json:"event"` // "progress"
	Phase     string  `json:"phase"`
	Generated int64   `json:"generated"`
	Distinct  int64   `json:"distinct"`
	Depth     int     `json:"depth"`
	Queue     int64   `json:"queue"`
	Pairs     int64   `json:"pairs,omitempty"` // while a promise about runs is decided
	PairsDone int64   `json:"pairsDone,omitempty"`
	Memory    int64   `json:"memory"`
	Seconds   float64 `json:"seconds"`
	Nodes     int64   `json:"nodes,omitempty"` // nodes of decision diagrams
	Slow      string  `json:"slow,omitempty"`  // call of the model that has been running for long
}

type propertyEvent struct {
	Event   string   `json:"event"` // "property"
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`
	Verdict string   `json:"verdict"`
	Within  bool     `json:"within"`
	Reason  string   `json:"reason,omitempty"`
	Path    string   `json:"path"` // empty without a path
	Replay  string   `json:"replay,omitempty"`
	Ignored []string `json:"ignored,omitempty"`
	Formula string   `json:"formula,omitempty"`
	Assumes []string `json:"assumes,omitempty"`
	Fair    []string `json:"fair,omitempty"`

	Abstract *abstractJSON `json:"abstract,omitempty"` // place where a violated refinement breaks; missing for others
	*pathJSON
}

// abstractJSON is what the abstract model says of where a path breaks a refinement.
type abstractJSON struct {
	Step    int              `json:"step"`             // number of the step, from 1; 0 for the initial state
	Before  string           `json:"before,omitempty"` // missing without a step
	After   string           `json:"after"`
	Diff    []changeJSON     `json:"diff"`
	Enabled []abstractAction `json:"enabled"` // nearest first
}

// abstractAction is an action of an abstract model, or an initial state.
type abstractAction struct {
	Text string       `json:"text"`
	Diff []changeJSON `json:"diff"` // difference from the state to which it leads to the one that was met
}

func abstractOf(a *allways.AbstractStep) *abstractJSON {
	if a == nil {
		return nil
	}
	j := &abstractJSON{
		Step: a.Step, Before: a.Before, After: a.After, Diff: changesOf(a.Diff), Enabled: []abstractAction{},
	}
	for _, x := range a.Enabled {
		j.Enabled = append(j.Enabled, abstractAction{x.Text, changesOf(x.Diff)})
	}
	return j
}

// pathJSON is a path in full.
type pathJSON struct {
	Init  string     `json:"init"`
	Steps []stepJSON `json:"steps"`
	Loop  *int       `json:"loop,omitempty"`
}

type stepJSON struct {
	Index  int          `json:"index"`
	Name   string       `json:"name"`
	Action string       `json:"action"`
	Note   string       `json:"note,omitempty"`
	Diff   []changeJSON `json:"diff"`
}

type changeJSON struct {
	Path   string `json:"path"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// DoneEvent is the last event of a search.
type DoneEvent struct {
	Event         string            `json:"event"` // "done", and the last line
	Verdict       string            `json:"verdict"`
	Complete      bool              `json:"complete"`
	Bounded       bool              `json:"bounded"`
	Cut           string            `json:"cut,omitempty"`
	CutPass       string            `json:"cut_pass,omitempty"`     // pass that was cut first, such as "eventually NAME"
	Strategy      string            `json:"strategy,omitempty"`     // strategy that auto has chosen
	Chosen        string            `json:"chosen,omitempty"`       // the reason for that
	SetsMayPay    bool              `json:"sets_may_pay,omitempty"` // whether symbolic may reach further
	Generated     int64             `json:"generated"`
	Distinct      int64             `json:"distinct"`
	Depth         int               `json:"depth"`
	States        string            `json:"states,omitempty"` // exact number of states where distinct is too small for it
	Seconds       float64           `json:"seconds"`
	Memory        int64             `json:"memory"`
	BytesPerState float64           `json:"bytes_per_state"`
	Workers       int               `json:"workers"`
	Omission      float64           `json:"omission"`
	Walks         int64             `json:"walks,omitempty"`
	Written       int64             `json:"written,omitempty"` // bytes of files, of a search beyond memory
	Read          int64             `json:"read,omitempty"`    // bytes read again
	Passes        int               `json:"passes,omitempty"`  // searches until it was known which messages are dead
	Actions       []actionJSON      `json:"actions"`
	Properties    []propertyJSON    `json:"properties"`
	Warnings      []warningJSON     `json:"warnings"`
	Misbehaviour  *misbehaviourJSON `json:"misbehaviour,omitempty"`
	Notes         []string          `json:"notes"`         // remarks of the model on itself
	Why           *profileJSON      `json:"why,omitempty"` // set by -why
	Exit          int               `json:"exit"`
}

type actionJSON struct {
	Name       string `json:"name"`
	Enabled    int64  `json:"enabled"`
	Taken      int64  `json:"taken"`
	New        int64  `json:"new"`
	NeverTaken bool   `json:"never_taken,omitempty"`
}

type propertyJSON struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Verdict string `json:"verdict"`
	Within  bool   `json:"within"`
	Path    string `json:"path"` // empty without a path
	Reason  string `json:"reason,omitempty"`
}

type warningJSON struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

type misbehaviourJSON struct {
	Fault   string `json:"fault"`
	Where   string `json:"where,omitempty"`
	Action  string `json:"action,omitempty"`
	Message string `json:"message"`
	Path    string `json:"path,omitempty"`
	State   string `json:"state,omitempty"`
	Stack   string `json:"stack,omitempty"`
}

type listEvent struct {
	Event      string       `json:"event"` // "list"
	Model      string       `json:"model"`
	Summary    string       `json:"summary,omitempty"`
	Params     []string     `json:"params"`
	Variants   []listedJSON `json:"variants"`
	Parameters []listedJSON `json:"parameters"`
	Properties []listedJSON `json:"properties"`
	Optional   []string     `json:"optional"`
	Notes      []string     `json:"notes"`
	Types      string       `json:"types"`
}

type listedJSON struct {
	Name    string `json:"name"`
	Kind    string `json:"kind,omitempty"`
	Default string `json:"default,omitempty"`
	Help    string `json:"help,omitempty"`
}

type replayEvent struct {
	Event      string         `json:"event"` // "done"
	Verdict    string         `json:"verdict"`
	Path       string         `json:"path"`
	Enabled    []string       `json:"enabled"`
	Properties []propertyJSON `json:"properties"`
	*pathJSON
	Exit int `json:"exit"`
}

// profileJSON is the profile of -why. The parts come in the order of interest: the fastest growing
// one first.
type profileJSON struct {
	Looked  int64        `json:"looked"` // states
	Visited int64        `json:"visited"`
	RunsOn  []string     `json:"runs_on"` // counters that still grew when the search was cut off
	Parts   []partJSON   `json:"parts"`
	Actions []actionJSON `json:"actions"` // most frequent first
}

type partJSON struct {
	Path    string `json:"path"`
	Values  int    `json:"values"`
	Late    int    `json:"late"` // values that appear only in the deepest third of the levels
	Latest  string `json:"latest"`
	Counter bool   `json:"counter,omitempty"`
}

// Emit writes an event on a separate line.
func Emit(w io.Writer, event any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(event)
}

func (s *Subject) started(verb string) startEvent {
	return startEvent{
		Event: "start", Verb: verb, Model: s.App, Variant: s.Variant, Params: s.Params, Types: s.Types,
		Optional: notNil(s.Optional), Notes: notNil(s.Notes),
	}
}

// StartEvent is the first event of a search.
func StartEvent(s *Subject, q Search) any {
	e := s.started(q.Verb)
	e.Symmetry, e.Workers = q.Symmetry, q.Workers
	if q.Random {
		e.Seed = &q.Seed
	} else {
		e.Strategy, e.Storage = q.Strategy.String(), q.Store.String()
	}
	return e
}

// ProgressEvent is a glance at a search.
func ProgressEvent(g allways.Progress) any {
	return progressJSON{
		Event: "progress", Phase: g.Phase, Generated: g.Generated, Distinct: g.Distinct, Depth: g.Depth, Queue: g.Queue,
		Pairs: g.Pairs, PairsDone: g.PairsDone, Memory: g.Memory, Seconds: g.Elapsed.Seconds(), Nodes: g.Nodes, Slow: g.Slow,
	}
}

// OutcomeEvents are the events of an outcome: one for each property, and the last one.
func OutcomeEvents(s *Subject, o *Outcome) (events []any) {
	st := o.Stats
	done := DoneEvent{
		Event: "done", Verdict: o.Verdict.String(), Complete: o.Complete, Bounded: o.Bounded, Cut: string(o.StopReason),
		CutPass: o.StopPass, Chosen: st.Chosen, SetsMayPay: st.SetsMayPay,
		Generated: st.Generated, Distinct: st.Distinct, Depth: st.Depth, Seconds: st.Elapsed.Seconds(), Memory: st.Memory,
		BytesPerState: st.BytesPerState(), Workers: st.Workers, Omission: st.Omission, Walks: st.Walks, Passes: st.Passes,
		Written: st.Written, Read: st.Read,
		Actions: actionsJSON(o.Actions), Properties: []propertyJSON{}, Warnings: []warningJSON{},
		Notes: notNil(s.Notes), Why: profileOf(o), Exit: o.Exit,
	}
	if st.Chosen != "" {
		done.Strategy = st.Strategy.String()
	}
	if st.States != nil && !st.States.IsInt64() {
		done.States = st.States.String()
	}
	for _, x := range o.Warnings {
		done.Warnings = append(done.Warnings, warningJSON{string(x.Kind), x.Text})
	}
	for _, p := range o.Properties {
		e := propertyEvent{
			Event: "property", Name: p.Name, Kind: p.Kind.String(), Verdict: p.Verdict.String(), Within: p.Within,
			Reason: p.Reason, Ignored: p.Ignored, Formula: p.Formula, Assumes: p.Assumes, Fair: p.Fair,
			Abstract: abstractOf(p.Abstract),
		}
		if p.Path != nil {
			e.Path = p.Path.Encode()
			e.Replay, e.pathJSON = s.Replay("-path", e.Path), inFull(p.Path)
		}
		events = append(events, e)
		done.Properties = append(done.Properties, propertyJSON{
			Name: p.Name, Kind: e.Kind, Verdict: e.Verdict, Within: p.Within, Path: e.Path, Reason: p.Reason,
		})
	}
	if m := o.Misbehaviour; m != nil {
		done.Misbehaviour = &misbehaviourJSON{
			Fault: string(m.Kind), Where: m.Where, Action: m.Action, Message: m.Message, Path: m.Path, State: m.State,
			Stack: m.Stack,
		}
	}
	return append(events, done)
}

// inFull returns a path with all its steps.
func inFull(p *erased.Path) *pathJSON {
	out := &pathJSON{Init: p.StateText(0), Steps: []stepJSON{}}
	if start, ok := p.Loop(); ok {
		out.Loop = &start
	}
	for i := range p.Len() {
		st := p.Step(i)
		s := stepJSON{Index: st.Index, Name: st.Name, Action: st.Text, Note: st.Note, Diff: changesOf(st.Diff)}
		out.Steps = append(out.Steps, s)
	}
	return out
}

func changesOf(all []allways.Change) []changeJSON {
	out := []changeJSON{}
	for _, d := range all {
		out = append(out, changeJSON(d))
	}
	return out
}

func actionsJSON(all []allways.ActionStats) []actionJSON {
	out := []actionJSON{}
	for _, a := range all {
		out = append(out, actionJSON(a))
	}
	return out
}

// profileOf returns the profile of an outcome; nil if it was not asked for.
func profileOf(o *Outcome) *profileJSON {
	p := o.Profile
	if p == nil {
		return nil
	}
	out := &profileJSON{
		Looked: p.Sampled, Visited: p.Visited, RunsOn: []string{}, Parts: []partJSON{},
		Actions: actionsJSON(frequent(o.Actions)),
	}
	for _, part := range p.Parts {
		out.Parts = append(out.Parts, partJSON(part))
		if part.Counter && !o.Complete {
			out.RunsOn = append(out.RunsOn, part.Path)
		}
	}
	return out
}

// ReplayEvents are the events of a path that was replayed.
func ReplayEvents(s *Subject, r *Replayed) []any {
	e := replayEvent{
		Event: "done", Verdict: allways.Inconclusive.String(), Path: r.Path.Encode(), Enabled: []string{},
		Properties: []propertyJSON{}, pathJSON: inFull(r.Path), Exit: r.Exit,
	}
	for _, p := range r.Shows {
		if p.Verdict == allways.Violated {
			e.Verdict = p.Verdict.String()
		}
		e.Properties = append(e.Properties, propertyJSON{Name: p.Name, Kind: p.Kind.String(), Verdict: p.Verdict.String()})
	}
	for _, a := range r.Next {
		e.Enabled = append(e.Enabled, fmt.Sprintf("%d %s", a.Index, a.Text))
	}
	return []any{s.started("replay"), e}
}

// ListEvent is the event of the verb list.
func ListEvent(s *Subject, variants, params []Entry) any {
	e := listEvent{
		Event: "list", Model: s.App, Summary: s.Summary, Params: s.Params, Types: s.Types, Variants: listed(variants),
		Parameters: listed(params), Properties: []listedJSON{}, Optional: notNil(s.Optional), Notes: notNil(s.Notes),
	}
	for _, p := range s.Properties {
		e.Properties = append(e.Properties, listedJSON{Name: p.Name, Kind: p.Kind.String()})
	}
	return e
}

func listed(entries []Entry) []listedJSON {
	out := []listedJSON{}
	for _, e := range entries {
		out = append(out, listedJSON{Name: e.Name, Default: e.Default, Help: e.Help})
	}
	return out
}

// notNil makes a list that is written as [] and not as null.
func notNil(s []string) []string { return append([]string{}, s...) }
