package allways

import (
	"fmt"
	"iter"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/allways-go/allways/internal/plan"
)

// Path is a run of a model: an initial state and the steps that follow it, possibly ending in a cycle. Every Path was
// made by running the model, so it is a real run. It is immutable and safe for concurrent use.
type Path[S, A any] struct {
	machine *machine[S, A]
	init    int   // index among the initial states
	indexes []int // index of each action among the enabled ones
	actions []A
	states  []S // one more than actions
	loop    int // index of the state to which the last one returns; -1 if the path is no lasso
	// used counts the steps in the memory behind actions, which paths share; see extended.
	used *atomic.Int64
}

// Change is a field that differs between two states. Before or After is empty when an element was added or removed.
type Change struct {
	Path   string // such as `Nodes[2].Term` or `Votes["a"]`
	Before string
	After  string
}

// Step is one step of a path.
type Step[S, A any] struct {
	Before S
	Action A
	After  S
	Index  int      // of the action among those enabled in Before
	Name   string   // under which the action is counted
	Text   string   // the action on one line
	Note   string   // what the model's FormatStep says of the step; may be empty
	Diff   []Change // what the model's Changes says of it, or all fields that differ
}

// Len returns the number of steps.
func (p *Path[S, A]) Len() int { return len(p.actions) }

// First returns the initial state.
func (p *Path[S, A]) First() S { return p.states[0] }

// Last returns the final state; for a lasso it equals the state at Loop.
func (p *Path[S, A]) Last() S { return p.states[len(p.states)-1] }

// InitIndex returns the index of the first state among the model's initial states.
func (p *Path[S, A]) InitIndex() int { return p.init }

// Loop returns the index of the state to which a lasso's last step returns; ok is false when the path is no lasso.
func (p *Path[S, A]) Loop() (start int, ok bool) { return max(p.loop, 0), p.loop >= 0 }

// States iterates over the states and their positions, the initial state at 0.
func (p *Path[S, A]) States() iter.Seq2[int, S] {
	return func(yield func(int, S) bool) {
		for i, s := range p.states {
			if !yield(i, s) {
				return
			}
		}
	}
}

// Steps iterates over the steps and their positions, the first at 0.
func (p *Path[S, A]) Steps() iter.Seq2[int, Step[S, A]] {
	return func(yield func(int, Step[S, A]) bool) {
		for i := range p.actions {
			if !yield(i, p.step(i)) {
				return
			}
		}
	}
}

// Actions returns the actions of the steps in a fresh slice.
func (p *Path[S, A]) Actions() []A { return append([]A(nil), p.actions...) }

func (p *Path[S, A]) step(i int) Step[S, A] {
	before, a, after := p.states[i], p.actions[i], p.states[i+1]
	return Step[S, A]{
		Before: before, Action: a, After: after, Index: p.indexes[i],
		Name: p.machine.nameOf(a), Text: p.machine.ActionText(a),
		Note: p.machine.stepNote(before, a, after), Diff: p.machine.stepChanges(before, after),
	}
}

// ActionText returns the text of the i-th action.
func (p *Path[S, A]) ActionText(i int) string { return p.machine.ActionText(p.actions[i]) }

// StateText returns the text of the i-th state.
func (p *Path[S, A]) StateText(i int) string { return p.machine.StateText(p.states[i]) }

// StateJSON returns the i-th state as JSON, unexported fields included.
func (p *Path[S, A]) StateJSON(i int) []byte { return p.machine.StateJSON(p.states[i]) }

// Diagram returns the drawing that the model's Diagram method makes of the path, or "" if it has none.
func (p *Path[S, A]) Diagram() string { return p.machine.diagramOf(p) }

// Encode returns a short stable string from which [ParsePath] makes the same path again: the index of the initial state
// and of each action, such as "0:3.1.4", and for a lasso the state it returns to, such as "0:3.1.4@1".
func (p *Path[S, A]) Encode() string {
	var b strings.Builder
	b.WriteString(strconv.Itoa(p.init))
	b.WriteByte(':')
	for i, x := range p.indexes {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(strconv.Itoa(x))
	}
	if p.loop >= 0 {
		b.WriteByte('@')
		b.WriteString(strconv.Itoa(p.loop))
	}
	return b.String()
}

// String renders the path for people, an action a line with the fields that it changed.
func (p *Path[S, A]) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "init  %s\n", strings.ReplaceAll(p.StateText(0), "\n", "\n      "))
	for i, st := range p.Steps() {
		fmt.Fprintf(&b, "%4d  %s", i+1, st.Text)
		if st.Note != "" {
			fmt.Fprintf(&b, "  (%s)", st.Note)
		}
		b.WriteByte('\n')
		for _, c := range st.Diff {
			fmt.Fprintf(&b, "        %s\n", changeText(c))
		}
	}
	if start, ok := p.Loop(); ok {
		fmt.Fprintf(&b, "loop  back to the state after step %d\n", start)
	}
	return b.String()
}

// changeText returns a change on a line, with a sign in front of what was added or removed.
func changeText(c Change) string {
	switch {
	case c.Before == "":
		return fmt.Sprintf("+ %s: %s", c.Path, c.After)
	case c.After == "":
		return fmt.Sprintf("- %s: %s", c.Path, c.Before)
	}
	return fmt.Sprintf("%s: %s -> %s", c.Path, c.Before, c.After)
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}

func changes(d []plan.Change) []Change {
	out := make([]Change, len(d))
	for i, c := range d {
		out[i] = Change(c)
	}
	return out
}
