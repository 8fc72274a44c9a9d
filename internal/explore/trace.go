package explore

import (
	"net/http"

	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore/paths"
	"github.com/allways-go/allways/trace"
)

// maxWindow bounds the steps that one answer holds.
const maxWindow = 2000

// traceJSON is a path, or the part of a long one that was asked for.
type traceJSON struct {
	Path     string        `json:"path"`
	Length   int           `json:"length"` // steps of the whole path
	Loop     *int          `json:"loop"`   // state to which a lasso returns; null without one
	From     int           `json:"from"`   // index of the first one of Steps and Rows
	Init     startJSON     `json:"init"`
	Steps    []stepJSON    `json:"steps"`
	Rows     []rowJSON     `json:"rows"`     // the sequence diagram, a row for each of Steps; empty without one
	InFlight []messageJSON `json:"inFlight"` // messages in flight at the end of the whole path
	Outside  *outsideJSON  `json:"outside"`  // reason why the path is no run of the model; null if it is one
	Breaks   []breakJSON   `json:"breaks"`   // states of Steps, and the initial one, that break a promise
}

// startJSON is the initial state of a path.
type startJSON struct {
	Text  string `json:"text"`
	State string `json:"state"` // fingerprint: equal states have the same
}

type stepJSON struct {
	Number  int          `json:"number"` // number of the step, from 1
	Index   int          `json:"index"`
	Name    string       `json:"name"`
	Text    string       `json:"text"`
	Note    string       `json:"note,omitempty"`
	State   string       `json:"state,omitempty"` // fingerprint of its last state, unless they are large
	Outside bool         `json:"outside"`         // the model's assumptions rule the step out
	Changes []changeJSON `json:"changes"`
}

type changeJSON struct {
	Path   string `json:"path"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// rowJSON is a step of a sequence diagram.
type rowJSON struct {
	Kind    string       `json:"kind"`
	Message *messageJSON `json:"message,omitempty"`
	At      int          `json:"at"` // lifeline; the receiver of a message
	Text    string       `json:"text"`
}

type messageJSON struct {
	From  int    `json:"from"`
	To    int    `json:"to"`
	Sent  int    `json:"sent"` // step in which it was sent; 0 means before the first one
	Text  string `json:"text"`
	Short string `json:"short,omitempty"` // label where there is no room for the text
}

type breakJSON struct {
	At       int    `json:"at"`
	Property string `json:"property"`
	Outside  bool   `json:"outside"` // it counts for nothing: the path is no run of the model until here
}

func (s *host) getTrace(w http.ResponseWriter, r *http.Request) error {
	from, err := number(r, "from", 0, 1<<30)
	if err != nil {
		return err
	}
	count, err := number(r, "count", maxWindow, maxWindow)
	if err != nil {
		return err
	}
	e, err := s.path(r.FormValue("path"))
	if err != nil {
		return err
	}
	return writeJSON(w, s.trace(e, from, count))
}

// maxPrinted bounds the bytes of the states whose fingerprints one answer has.
const maxPrinted = 4 << 20

func step(p *erased.Path, i int) stepJSON {
	st := p.Step(i)
	out := stepJSON{
		Number: i + 1, Index: st.Index, Name: st.Name, Text: st.Text, Note: st.Note, Outside: st.Index < 0,
		Changes: []changeJSON{},
	}
	for _, c := range st.Diff {
		out.Changes = append(out.Changes, changeJSON{c.Path, c.Before, c.After})
	}
	return out
}

func (s *host) trace(e *paths.Entry, from, count int) traceJSON {
	p := e.Path
	from = min(from, p.Len())
	to := min(from+count, p.Len())
	out := traceJSON{
		Path: e.Name, Length: p.Len(), From: from, Init: startJSON{p.StateText(0), paths.Fingerprint(erased.StateTree(p, 0))},
		Steps: []stepJSON{}, Rows: []rowJSON{}, InFlight: []messageJSON{}, Breaks: []breakJSON{},
	}
	if start, ok := p.Loop(); ok {
		out.Loop = &start
	}
	written := 0
	for i := from; i < to; i++ {
		step := step(p, i)
		if written < maxPrinted {
			tree := erased.StateTree(p, i+1)
			step.State, written = paths.Fingerprint(tree), written+len(tree)
		}
		out.Steps = append(out.Steps, step)
	}
	for i := from; i <= to; i++ {
		for _, prop := range s.model.Properties() {
			if !promises(prop.Kind) {
				continue
			}
			if holds, err := p.Holds(i, prop.Name); err == nil && !holds {
				out.Breaks = append(out.Breaks, breakJSON{i, prop.Name, isOutside(p, i)})
			}
		}
	}
	if d := e.Drawn(); d != nil {
		for _, st := range d.Steps[from:to] {
			out.Rows = append(out.Rows, row(st))
		}
		for _, m := range d.Pending {
			out.InFlight = append(out.InFlight, message(m))
		}
	}
	out.Outside = outside(p)
	return out
}

var rowKinds = map[diagram.StepKind]string{
	diagram.Delivery: "deliver", diagram.Loss: "lose", diagram.Duplication: "duplicate", diagram.Note: "note",
	diagram.Crash: "crash", diagram.Restart: "restart", diagram.Partition: "partition", diagram.Heal: "heal",
}

func row(st diagram.Step) rowJSON {
	out := rowJSON{Kind: rowKinds[st.Kind], At: st.At, Text: st.Text}
	switch st.Kind {
	case diagram.Delivery, diagram.Loss, diagram.Duplication:
		m := message(st.Message)
		out.Message, out.At, out.Text = &m, m.To, m.Text
	}
	return out
}

func message(m diagram.Message) messageJSON {
	return messageJSON{m.From, m.To, m.Sent, m.Text, m.Short}
}

// replayJSON says how far a trace file could be followed.
type replayJSON struct {
	Path    string `json:"path"`
	Warning string `json:"warning,omitempty"` // the file is of another model, and fits all the same
}

// postReplay follows a trace file, which is the body.
func (s *host) postReplay(w http.ResponseWriter, r *http.Request) error {
	f, err := trace.Parse(r.Body)
	if err != nil {
		return badRequest("%v", err)
	}
	out := replayJSON{}
	if err := f.Matches(s.header()); err != nil {
		out.Warning = err.Error()
	}
	p, err := s.model.Replay(f)
	if err != nil {
		return err
	}
	out.Path = s.paths.Add(p).Name
	return writeJSON(w, out)
}
