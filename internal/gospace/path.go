package gospace

import (
	"sync/atomic"
	"unsafe"

	"github.com/allways-go/allways/internal/pathcode"
	"github.com/allways-go/allways/internal/pathtext"
)

// Path is a run of a model: an initial state and the steps that follow it, possibly ending in a
// cycle. Every Path was made by running the model, so it is a real run. It is immutable and safe
// for concurrent use.
//
// A path could be its indexes alone, and run the model whenever a state is wanted. It keeps the
// states instead: reports and explorers go back and forth in a path, and a path that was right once
// must not change if the model is not as deterministic as it should be. There are few paths, so
// memory does not matter.
type Path struct {
	model   *Model
	init    int   // index among the initial states
	indexes []int // index of each action among the enabled ones
	actions []unsafe.Pointer
	states  []unsafe.Pointer // one more than actions
	loop    int              // index of the state to which the last one returns; -1 if the path is no lasso
	// used counts the steps in the memory behind actions, which paths share; see extended.
	used *atomic.Int64
}

// Step is a step of a path in words.
type Step struct {
	Index   int      // index of the action among those enabled; negative for one that is only supposed
	Name    string   // name under which the action is counted
	Text    string   // the action on one line
	Note    string   // words of the model on the step; may be empty
	Changes []Change // the difference that the step makes
}

func newPath(c *Model, init int, s unsafe.Pointer) *Path {
	return &Path{model: c, init: init, states: []unsafe.Pointer{s}, loop: -1}
}

// Len returns the number of steps.
func (p *Path) Len() int { return len(p.actions) }

// InitIndex returns the index of the first state among the model's initial states.
func (p *Path) InitIndex() int { return p.init }

// Loop returns the index of the state to which a lasso's last step returns; ok is false when the
// path is no lasso.
func (p *Path) Loop() (start int, ok bool) { return max(p.loop, 0), p.loop >= 0 }

// State returns the i-th state, the initial one at 0.
func (p *Path) State(i int) unsafe.Pointer { return p.states[i] }

// Last returns the final state.
func (p *Path) Last() unsafe.Pointer { return p.states[len(p.states)-1] }

// Action returns the action of the i-th step.
func (p *Path) Action(i int) unsafe.Pointer { return p.actions[i] }

// ActionText returns the text of the i-th action.
func (p *Path) ActionText(i int) string { return p.model.ActionText(p.actions[i]) }

// Step returns the i-th step in words.
func (p *Path) Step(i int) Step {
	before, a, after := p.states[i], p.actions[i], p.states[i+1]
	return Step{
		Index: p.indexes[i], Name: p.model.NameOf(a), Text: p.model.ActionText(a),
		Note: p.model.stepNote(before, a, after), Changes: p.model.stepChanges(before, after),
	}
}

// StateText returns the text of the i-th state.
func (p *Path) StateText(i int) string { return p.model.StateText(p.states[i]) }

// StateJSON returns the i-th state as JSON.
func (p *Path) StateJSON(i int) []byte { return p.model.StateJSON(p.states[i]) }

// Diagram returns the drawing that the model makes of the path; empty if it makes none.
func (p *Path) Diagram() string { return p.model.diagram(p) }

// extended returns p with one more step. Explorers and fuzzers extend paths by one step at a time,
// and copying a path for every step would take quadratic time. So paths that grow step by step
// share their memory: the first extension of a path takes the room behind it, every other one
// copies.
func (p *Path) extended(t *Transition) *Path {
	q, n := *p, len(p.actions)
	q.loop = -1
	if p.used == nil || n == cap(p.actions) || !p.used.CompareAndSwap(int64(n), int64(n+1)) {
		room := 2*n + 8
		q.indexes = append(make([]int, 0, room), p.indexes...)
		q.actions = append(make([]unsafe.Pointer, 0, room), p.actions...)
		q.states = append(make([]unsafe.Pointer, 0, room+1), p.states...)
		q.used = new(atomic.Int64)
		q.used.Store(int64(n + 1))
	}
	q.indexes = append(q.indexes, t.Index)
	q.actions = append(q.actions, t.Action)
	q.states = append(q.states, t.Next)
	return &q
}

// Encode returns a short stable string from which [Model.ParsePath] makes the same path again: the
// index of the initial state and of each action, such as "0:3.1.4", and for a lasso the state it
// returns to, such as "0:3.1.4@1".
//
// Indexes are short enough for a link or a command line, and the order of actions is part of what a
// model promises. They do not survive a change of the model that adds an action; trace files, which
// should, name actions by their text, for which see [Path.ExtendByText].
func (p *Path) Encode() string {
	c := pathcode.Code{Init: p.init, Steps: p.indexes}
	c.Loop, c.Lasso = p.Loop()
	return c.String()
}

// String renders the path for people, an action a line with the fields that it changed.
func (p *Path) String() string {
	r := pathtext.Run{Init: p.StateText(0), Len: p.Len(), Loop: p.loop, Step: func(i int) pathtext.Step {
		st := p.Step(i)
		if st.Index < 0 {
			st.Text += "  (outside of the model's assumptions)"
		}
		changes := make([]pathtext.Change, len(st.Changes))
		for k, c := range st.Changes {
			changes[k] = pathtext.Change(c)
		}
		return pathtext.Step{Number: i + 1, Text: st.Text, Note: st.Note, Changes: changes}
	}}
	return r.Text(pathtext.Options{Full: true})
}
