package explore

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore/paths"
)

// modelJSON is what there is to know of the model before it runs.
type modelJSON struct {
	API        int            `json:"api"`
	Title      string         `json:"title"`
	Model      string         `json:"model"`
	Params     []string       `json:"params"`
	Types      string         `json:"types"` // fingerprint: links of another model do not fit
	Replay     string         `json:"replay,omitempty"`
	Properties []propertyJSON `json:"properties"`
	Predicates []string       `json:"predicates"` // questions that have a name, besides the properties
	Notes      []string       `json:"notes"`
	Actors     []string       `json:"actors"` // lifelines of sequence diagrams; empty for other models
	Symmetric  bool           `json:"symmetric"`
	Recording  bool           `json:"recording"` // a recording is open: see the call recording
	Source     bool           `json:"source"`    // knowledge of how Go makes the model, as tests must
	Inits      []initJSON     `json:"inits"`
}

type propertyJSON struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

type initJSON struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

func (s *host) getModel(w http.ResponseWriter, _ *http.Request) error {
	out, err := s.describe()
	if err != nil {
		return err
	}
	return writeJSON(w, out)
}

// describe returns what there is to know of the model.
func (s *host) describe() (out modelJSON, err error) {
	inits, err := s.model.Init()
	if err != nil {
		return out, err
	}
	out = modelJSON{
		API: 1, Title: s.o.Title, Model: s.o.Header.Model, Params: nonNil(s.o.Header.Params), Types: s.model.TypesHash(),
		Replay: s.o.Replay, Notes: nonNil(s.model.Notes()), Actors: []string{}, Symmetric: s.model.Symmetric(),
		Recording: s.o.Recording != nil, Source: s.o.Source.Model != "", Properties: []propertyJSON{},
		Predicates: nonNil(s.model.Predicates()), Inits: []initJSON{},
	}
	for _, p := range s.model.Properties() {
		out.Properties = append(out.Properties, propertyJSON{p.Name, p.Kind.String()})
	}
	for _, p := range inits {
		e := s.paths.Add(p)
		out.Inits = append(out.Inits, initJSON{e.Name, p.StateText(0)})
	}
	if len(inits) > 0 {
		if d := s.paths.Add(inits[0]).Drawn(); d != nil {
			out.Actors = nonNil(d.Lifelines)
		}
	}
	return out, nil
}

// nonNil makes an empty list of nil, which JSON writes as null.
func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// stateJSON is the last state of a path, and what may happen in it.
type stateJSON struct {
	Path  string          `json:"path"`
	State string          `json:"state"` // fingerprint: equal states have the same
	Depth int             `json:"depth"` // steps of the path
	Text  string          `json:"text"`
	Tree  json.RawMessage `json:"tree"`
	Holds []holdsJSON     `json:"holds"`
	Next  []nextJSON      `json:"next"`
	// Suppose are the steps that the model's assumptions rule out and a person may ask about.
	Suppose []supposeJSON `json:"suppose"`
	Outside *outsideJSON  `json:"outside"` // reason why the path is no run of the model; null if it is one
}

// holdsJSON is a property, evaluated on one state.
type holdsJSON struct {
	Property string `json:"property"`
	Holds    bool   `json:"holds"`
	Error    string `json:"error,omitempty"`
}

// nextJSON is an enabled action.
type nextJSON struct {
	Index    int    `json:"index"` // the step after the state's path; none if it has no effect
	Name     string `json:"name"`
	Text     string `json:"text"`
	Effect   bool   `json:"effect"`
	Within   bool   `json:"within"`
	SelfLoop bool   `json:"selfLoop"`
	Visited  bool   `json:"visited"` // the state that it leads to was shown before; false if there are many actions
	Error    string `json:"error,omitempty"`
}

func (s *host) getState(w http.ResponseWriter, r *http.Request) error {
	e, err := s.path(r.FormValue("path"))
	if err != nil {
		return err
	}
	out, err := s.state(e)
	if err != nil {
		return err
	}
	return writeJSON(w, out)
}

// state returns the last state of a path.
func (s *host) state(e *paths.Entry) (out stateJSON, err error) {
	n := e.Path.Len()
	out = stateJSON{
		Path: e.Name, Depth: n, Text: e.Path.StateText(n), Tree: erased.StateTree(e.Path, n), Holds: s.holds(e.Path, n),
	}
	out.State = paths.Fingerprint(out.Tree)
	s.known.Visit(out.Tree)
	if out.Next, err = s.next(e.Path); err != nil {
		return out, err
	}
	out.Suppose, out.Outside = suppositions(e.Path), outside(e.Path)
	return out, nil
}

// holds evaluates all properties on a state of a path, but for those about runs.
func (s *host) holds(p *erased.Path, i int) []holdsJSON {
	out := []holdsJSON{}
	for _, prop := range s.model.Properties() {
		if ofRuns(prop.Kind) {
			continue
		}
		h := holdsJSON{Property: prop.Name}
		holds, err := p.Holds(i, prop.Name)
		if h.Holds = holds; err != nil {
			h.Error = err.Error()
		}
		out = append(out, h)
	}
	return out
}

func (s *host) next(p *erased.Path) ([]nextJSON, error) {
	enabled, err := p.Transitions()
	if err != nil {
		return nil, err
	}
	out := make([]nextJSON, len(enabled))
	for i, t := range enabled {
		out[i] = nextJSON{
			Index: t.Index, Name: t.Name, Text: t.Text, Effect: t.Effect, Within: t.Within, SelfLoop: t.SelfLoop,
		}
		if t.Err != nil {
			out[i].Error = t.Err.Error()
		}
	}
	s.lookAhead(p, out)
	return out, nil
}

// maxAhead bounds the actions whose targets are looked at before they are asked for.
const maxAhead = 200

// lookAhead marks the actions that lead to states which were shown before, and keeps their paths: one of them is likely
// to be asked for next. All successors are made at once, since each one by itself would take as long.
func (s *host) lookAhead(p *erased.Path, next []nextJSON) {
	if len(next) > maxAhead {
		return
	}
	all, err := p.Successors()
	if err != nil {
		return // the action that fails says so
	}
	of := map[string]*nextJSON{}
	for i := range next {
		of[strconv.Itoa(next[i].Index)] = &next[i]
	}
	for _, q := range all {
		s.paths.Add(q)
		if n := of[paths.After(q, p.Len())]; n != nil {
			n.Visited = s.known.Visited(erased.StateTree(q, q.Len()))
		}
	}
}
