package cli

import (
	"encoding/json"

	"github.com/allways-go/allways"
)

// The events of -json, one object a line. Their fields are part of the API; new ones may be added.

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
	Notes    []string `json:"notes"` // what the model notes of itself
}

type progressJSON struct {
	Event     string  `json:"event"` // "progress"
	Phase     string  `json:"phase"`
	Generated int64   `json:"generated"`
	Distinct  int64   `json:"distinct"`
	Depth     int     `json:"depth"`
	Queue     int64   `json:"queue"`
	Memory    int64   `json:"memory"`
	Seconds   float64 `json:"seconds"`
}

type propertyEvent struct {
	Event   string   `json:"event"` // "property"
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`
	Verdict string   `json:"verdict"`
	Within  bool     `json:"within"`
	Reason  string   `json:"reason,omitempty"`
	Path    string   `json:"path"` // empty if there is none
	Replay  string   `json:"replay,omitempty"`
	Ignored []string `json:"ignored,omitempty"`
	*routeJSON
}

// routeJSON is a path in full.
type routeJSON struct {
	Init  string     `json:"init"`
	Steps []stepJSON `json:"steps"`
	Loop  *int       `json:"loop,omitempty"`
	Error string     `json:"error,omitempty"` // why the path could not be shown
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

type doneEvent struct {
	Event         string             `json:"event"` // "done", and the last line
	Verdict       string             `json:"verdict"`
	Complete      bool               `json:"complete"`
	Bounded       bool               `json:"bounded"`
	Cut           string             `json:"cut,omitempty"`
	Generated     int64              `json:"generated"`
	Distinct      int64              `json:"distinct"`
	Depth         int                `json:"depth"`
	Seconds       float64            `json:"seconds"`
	Memory        int64              `json:"memory"`
	BytesPerState float64            `json:"bytes_per_state"`
	Workers       int                `json:"workers"`
	Omission      float64            `json:"omission"`
	Walks         int64              `json:"walks,omitempty"`
	Actions       []actionJSON       `json:"actions"`
	Properties    []propertyJSON     `json:"properties"`
	Misbehaviour  *misbehaviourEvent `json:"misbehaviour,omitempty"`
	Notes         []string           `json:"notes"`         // what the model notes of itself
	Why           *whyJSON           `json:"why,omitempty"` // with -why
	Exit          int                `json:"exit"`
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
	Path    string `json:"path"` // empty if there is none
	Reason  string `json:"reason,omitempty"`
}

type misbehaviourEvent struct {
	Fault   string `json:"fault"`
	Where   string `json:"where,omitempty"`
	Action  string `json:"action,omitempty"`
	Message string `json:"message"`
	Path    string `json:"path,omitempty"`
	State   string `json:"state,omitempty"`
	Stack   string `json:"stack,omitempty"`
}

type listJSON struct {
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

// emit prints an event. An event that cannot be printed is remembered by the writer.
func (c *command) emit(event any) {
	enc := json.NewEncoder(c.out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(event); err != nil && c.out.err == nil {
		c.out.err = err
	}
}

func (c *command) startEvent(verb string, s *selection) startEvent {
	o := c.settings.options
	e := startEvent{
		Event: "start", Verb: verb, Model: c.app.Name, Variant: s.variant.Name, Params: s.params, Types: s.about.Types,
		Storage: o.Store.String(), Symmetry: o.Symmetry, Workers: o.Workers, Optional: notNil(s.about.Optional),
		Notes: notNil(s.about.Notes),
	}
	if verb == "simulate" {
		e.Seed = &c.settings.walks.Seed
	} else {
		e.Strategy = o.Strategy.String()
	}
	return e
}

func progressEvent(g allways.Progress) progressJSON {
	return progressJSON{
		Event: "progress", Phase: g.Phase, Generated: g.Generated, Distinct: g.Distinct, Depth: g.Depth, Queue: g.Queue,
		Memory: g.Memory, Seconds: g.Elapsed.Seconds(),
	}
}

// emitResult prints the events of a result: one a property, and the last one.
func (c *command) emitResult(s *selection, r *report) {
	st := r.Stats
	done := doneEvent{
		Event: "done", Verdict: r.Verdict.String(), Complete: r.Complete, Bounded: r.Bounded, Cut: string(r.Cut),
		Generated: st.Generated, Distinct: st.Distinct, Depth: st.Depth, Seconds: st.Elapsed.Seconds(), Memory: st.Memory,
		BytesPerState: st.BytesPerState(), Workers: st.Workers, Omission: st.Omission, Walks: st.Walks,
		Actions: []actionJSON{}, Properties: []propertyJSON{}, Notes: notNil(s.about.Notes), Why: r.why(), Exit: c.code,
	}
	for _, a := range r.Actions {
		done.Actions = append(done.Actions, actionJSON(a))
	}
	for _, p := range r.Properties {
		e := propertyEvent{
			Event: "property", Name: p.Name, Kind: p.Kind.String(), Verdict: p.Verdict.String(), Within: p.Within,
			Reason: p.Reason, Ignored: p.Ignored,
		}
		if p.Path != nil {
			e.Path, e.Replay = p.Path.Encoded, c.invocation("replay", s, "-path", p.Path.Encoded)
			e.routeJSON = p.Path.json()
		}
		c.emit(e)
		done.Properties = append(done.Properties, propertyJSON{
			Name: p.Name, Kind: e.Kind, Verdict: e.Verdict, Within: p.Within, Path: e.Path, Reason: p.Reason,
		})
	}
	if m := r.Misbehaviour; m != nil {
		done.Misbehaviour = &misbehaviourEvent{
			Fault: string(m.Kind), Where: m.Where, Action: m.Action, Message: m.Message, Path: m.Path, State: m.State, Stack: userFrames(m.Stack),
		}
	}
	c.emit(done)
}

// json returns a path in full.
func (r *route) json() *routeJSON {
	out := &routeJSON{Steps: []stepJSON{}}
	if r.Loop >= 0 {
		out.Loop = &r.Loop
	}
	text, err := r.init()
	if err == nil {
		out.Init = text
		err = r.steps(func(_ int, st stepView) {
			s := stepJSON{Index: st.Index, Name: st.Name, Action: st.Text, Note: st.Note, Diff: []changeJSON{}}
			for _, d := range st.Diff {
				s.Diff = append(s.Diff, changeJSON(d))
			}
			out.Steps = append(out.Steps, s)
		})
	}
	if err != nil {
		out.Error = err.Error()
	}
	return out
}

func (c *command) listEvent(s *selection) listJSON {
	e := listJSON{
		Event: "list", Model: c.app.Name, Summary: c.app.Summary, Params: s.params, Types: s.about.Types,
		Variants: []listedJSON{}, Parameters: []listedJSON{}, Properties: []listedJSON{}, Optional: notNil(s.about.Optional), Notes: notNil(s.about.Notes),
	}
	for _, v := range c.app.Variants {
		e.Variants = append(e.Variants, listedJSON{Name: v.Name, Help: v.Summary})
	}
	for _, a := range c.app.Args {
		e.Parameters = append(e.Parameters, listedJSON{Name: a.Name, Default: a.Default, Help: a.Help})
	}
	for _, f := range c.app.Flags {
		e.Parameters = append(e.Parameters, listedJSON{Name: "-" + f.Name, Default: f.Default, Help: f.Help})
	}
	for _, p := range s.about.Properties {
		e.Properties = append(e.Properties, listedJSON{Name: p.Name, Kind: p.Kind.String()})
	}
	return e
}

// notNil makes a list that is written as [] and not as null.
func notNil(s []string) []string { return append([]string{}, s...) }
