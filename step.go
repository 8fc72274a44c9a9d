package allways

import (
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
)

// Stepper runs a model by hand, without a checker: what is enabled, what a step leads to, and paths made of steps. It
// gives the model the same canonical states as the checker does. It is immutable and safe for concurrent use.
type Stepper[S, A any] struct {
	machine *machine[S, A]
}

// Transition is an action that is enabled in a state, with what it leads to.
type Transition[S, A any] struct {
	Action   A
	Index    int    // among the actions of the state
	Name     string // under which it is counted
	Text     string // on one line
	Next     S      // the successor; the state itself when there is no effect
	Effect   bool   // false when Next reported that the action has no effect
	Within   bool   // the successor is inside the boundary
	SelfLoop bool   // the successor equals the state
	Err      error  // a [*ModelError] when Next or Within panicked; there is no effect then
}

// NewStepper compiles a model for stepping by hand. The error is a [*ModelError].
func NewStepper[S, A any](m Model[S, A]) (*Stepper[S, A], error) {
	c, err := compile(m)
	if err != nil {
		return nil, err
	}
	return &Stepper[S, A]{machine: c}, nil
}

// TypesHash returns a short hash of the structure of the model's state and action types. It changes when a field is
// added, renamed or retyped, and tells stored traces of another version apart.
func (t *Stepper[S, A]) TypesHash() string { return t.machine.typesHash() }

// Properties returns the model's properties.
func (t *Stepper[S, A]) Properties() []Property[S] {
	return append([]Property[S](nil), t.machine.props...)
}

// Init returns the initial states, those outside the boundary included.
func (t *Stepper[S, A]) Init() (states []S, err error) {
	err = t.machine.guard("Init", func() {
		for _, s := range t.machine.model.Init() {
			states = append(states, t.machine.clone(s))
		}
	})
	if err == nil && len(states) == 0 {
		err = errNoInit()
	}
	return states, err
}

// Transition returns the actions enabled in s, in the model's order, with their successors. The error says that Actions
// panicked.
func (t *Stepper[S, A]) Transitions(s S) ([]Transition[S, A], error) {
	c := t.machine
	var actions []A
	if err := c.guard("Actions", func() { actions = c.model.Actions(nil, c.clone(s)) }); err != nil {
		return nil, err
	}
	out := make([]Transition[S, A], len(actions))
	for i, a := range actions {
		e := Transition[S, A]{Action: a, Index: i, Name: c.nameOf(a), Text: c.ActionText(a), Next: s, Within: true}
		err := c.guard("Next", func() {
			if next, ok := c.model.Next(c.clone(s), a); ok {
				e.Next, e.Effect = c.clone(next), true
				e.SelfLoop = c.equal(s, e.Next)
			}
		})
		if err == nil && e.Effect && c.within != nil {
			err = c.guard("Within", func() { e.Within = c.within(c.own(e.Next)) })
		}
		if err != nil {
			err.(*ModelError).Action = e.Text
			e.Next, e.Effect, e.Err = s, false, err
		}
		out[i] = e
	}
	return out, nil
}

// Optional returns the names of the optional methods that the model has, sorted.
func (t *Stepper[S, A]) Optional() []string { return append([]string(nil), t.machine.optional...) }

// Notes returns what the model notes of itself; see [Annotator].
func (t *Stepper[S, A]) Notes() []string { return append([]string(nil), t.machine.noted...) }

// Equal reports whether two states have the same content.
func (t *Stepper[S, A]) Equal(a, b S) bool { return t.machine.equal(a, b) }

// StateText returns the text of a state.
func (t *Stepper[S, A]) StateText(s S) string { return t.machine.StateText(s) }

// StateJSON returns a state as JSON, unexported fields included.
func (t *Stepper[S, A]) StateJSON(s S) []byte { return t.machine.StateJSON(s) }

// Start returns the path without steps from the i-th initial state.
func (t *Stepper[S, A]) Start(i int) (*Path[S, A], error) {
	states, err := t.Init()
	if err != nil {
		return nil, err
	}
	if i < 0 || i >= len(states) {
		return nil, &ReplayError{Step: 0, Expected: fmt.Sprintf("initial state %d", i), Problem: fmt.Sprintf("the model's initial states are numbered from 0 to %d", len(states)-1)}
	}
	return &Path[S, A]{machine: t.machine, init: i, states: []S{states[i]}, loop: -1}, nil
}

// Extend returns p with one more step: the enabled action with the given index in the last state. p stays as it is. An
// action without effect, or an index that is not enabled, is a [*ReplayError]; one whose Next panics is a [*ModelError].
func (t *Stepper[S, A]) Extend(p *Path[S, A], index int) (*Path[S, A], error) {
	enabled, err := t.Transitions(p.Last())
	if err != nil {
		return nil, err
	}
	if index >= 0 && index < len(enabled) && enabled[index].Err != nil {
		return nil, enabled[index].Err
	}
	if index < 0 || index >= len(enabled) || !enabled[index].Effect {
		return nil, newReplayError(p, "action "+strconv.Itoa(index), enabled)
	}
	return p.extended(enabled[index]), nil
}

// extended returns p with one more step. Paths that grow step by step share their memory: whoever extends a path first
// takes the room behind it, and everybody else copies.
func (p *Path[S, A]) extended(e Transition[S, A]) *Path[S, A] {
	q, n := *p, len(p.actions)
	q.loop = -1
	if p.used == nil || n == cap(p.actions) || !p.used.CompareAndSwap(int64(n), int64(n+1)) {
		room := 2*n + 8
		q.indexes = append(make([]int, 0, room), p.indexes...)
		q.actions = append(make([]A, 0, room), p.actions...)
		q.states = append(make([]S, 0, room+1), p.states...)
		q.used = new(atomic.Int64)
		q.used.Store(int64(n + 1))
	}
	q.indexes = append(q.indexes, e.Index)
	q.actions = append(q.actions, e.Action)
	q.states = append(q.states, e.Next)
	return &q
}

// ExtendByText is like [Stepper.Extend] with an action named by its text, as trace files do. Where several enabled actions
// have the same text, hint is the index of the one that is meant.
func (t *Stepper[S, A]) ExtendByText(p *Path[S, A], text string, hint int) (*Path[S, A], error) {
	enabled, err := t.Transitions(p.Last())
	if err != nil {
		return nil, err
	}
	found := -1
	for i, e := range enabled {
		if (e.Effect || e.Err != nil) && e.Text == text && (found < 0 || i == hint) {
			found = i
		}
	}
	if found < 0 {
		return nil, newReplayError(p, text, enabled)
	}
	if enabled[found].Err != nil {
		return nil, enabled[found].Err
	}
	return p.extended(enabled[found]), nil
}

// CloseLoop returns p as a lasso whose last state equals the state at start. It is an error if it does not, or if the cycle
// would have no step.
func (t *Stepper[S, A]) CloseLoop(p *Path[S, A], start int) (*Path[S, A], error) {
	if start < 0 || start >= p.Len() || !t.machine.equal(p.states[start], p.Last()) {
		return nil, &ReplayError{Step: p.Len(), Expected: fmt.Sprintf("a cycle back to the state after step %d", start), Problem: "the last state is another one"}
	}
	q := *p
	q.loop = start
	return &q, nil
}

// Path returns the path that takes the given actions, compared by their text, from the i-th initial state.
func (t *Stepper[S, A]) Path(i int, actions ...A) (*Path[S, A], error) {
	p, err := t.Start(i)
	for _, a := range actions {
		if err != nil {
			return nil, err
		}
		p, err = t.ExtendByText(p, t.machine.ActionText(a), -1)
	}
	return p, err
}

// ParsePath makes the path that [Path.Encode] wrote, running the model. A path that does not fit the model is a
// [*ReplayError] that says at which step, what was expected and what is enabled there.
func (t *Stepper[S, A]) ParsePath(s string) (*Path[S, A], error) {
	head, body, ok := strings.Cut(s, ":")
	if !ok {
		return nil, fmt.Errorf("path %q: want INIT:INDEX.INDEX... such as 0:3.1.4", s)
	}
	body, loop, isLasso := strings.Cut(body, "@")
	init, err := strconv.Atoi(head)
	if err != nil {
		return nil, fmt.Errorf("path %q: %q is no index of an initial state", s, head)
	}
	p, err := t.Start(init)
	if err != nil {
		return nil, err
	}
	if body != "" {
		for _, f := range strings.Split(body, ".") {
			index, err := strconv.Atoi(f)
			if err != nil {
				return nil, fmt.Errorf("path %q: %q is no index of an action", s, f)
			}
			if p, err = t.Extend(p, index); err != nil {
				return nil, err
			}
		}
	}
	if !isLasso {
		return p, nil
	}
	start, err := strconv.Atoi(loop)
	if err != nil {
		return nil, fmt.Errorf("path %q: %q is no index of a state", s, loop)
	}
	return t.CloseLoop(p, start)
}

// Evaluate says what a path shows about the named property: Violated if it is a counterexample, Holds if it is a witness of
// a Sometimes, Inconclusive if it shows neither. States and steps anywhere on the path count.
func (t *Stepper[S, A]) Evaluate(p *Path[S, A], property string) (v Verdict, err error) {
	c := t.machine
	for i, prop := range c.props {
		if prop.name != property {
			continue
		}
		terminal := false
		if prop.kind == KindEventually || prop.kind == KindDeadlock {
			if terminal, err = t.terminal(p.Last()); err != nil {
				return Inconclusive, err
			}
		}
		err = c.guard("property "+strconv.Quote(property), func() { v = c.judge(p, i, terminal) })
		return v, err
	}
	return Inconclusive, fmt.Errorf("the model has no property %q; it has %s", property, c.propertyNames())
}

func (t *Stepper[S, A]) terminal(s S) (bool, error) {
	enabled, err := t.Transitions(s)
	for _, e := range enabled {
		if e.Effect || e.Err != nil {
			return false, err
		}
	}
	return true, err
}

func (c *machine[S, A]) judge(p *Path[S, A], prop int, terminal bool) Verdict {
	f, holdsSomewhere, failsSomewhere := c.props[prop].state, false, false
	if f != nil {
		for _, s := range p.states {
			if f(c.own(s)) {
				holdsSomewhere = true
			} else {
				failsSomewhere = true
			}
		}
	}
	violated := false
	switch c.props[prop].kind {
	case KindAlways:
		violated = failsSomewhere
	case KindSometimes:
		if holdsSomewhere {
			return Holds
		}
	case KindEventually:
		violated = !holdsSomewhere && (terminal || p.loop >= 0)
	case KindDeadlock:
		violated = terminal && !f(c.own(p.Last()))
	case KindStep:
		for i, a := range p.actions {
			violated = violated || !c.steps[prop](c.own(p.states[i]), a, c.own(p.states[i+1]))
		}
	}
	if violated {
		return Violated
	}
	return Inconclusive
}

func (c *machine[S, A]) propertyNames() string {
	names := make([]string, len(c.props))
	for i, p := range c.props {
		names[i] = strconv.Quote(p.name)
	}
	return strings.Join(names, ", ")
}

// ReplayError says why a recorded path is no run of the model any more.
type ReplayError struct {
	Step     int      // steps that were replayed before the one that does not fit
	Expected string   // what the recording says comes next
	Problem  string   // what is wrong with it
	State    string   // text of the state reached
	Enabled  []string // what is enabled there
}

// Error says at which step, what was expected and what is enabled.
func (e *ReplayError) Error() string {
	at := fmt.Sprintf("step %d", e.Step+1)
	if e.State == "" && e.Step == 0 {
		at = "its start"
	}
	s := fmt.Sprintf("replay does not fit at %s: expected %s: %s", at, e.Expected, e.Problem)
	if len(e.Enabled) > 0 {
		s += "; enabled: " + strings.Join(e.Enabled, ", ")
	}
	return s
}

func newReplayError[S, A any](p *Path[S, A], expected string, enabled []Transition[S, A]) *ReplayError {
	e := &ReplayError{Step: p.Len(), Expected: expected, Problem: "it is not enabled", State: p.machine.StateText(p.Last())}
	for _, x := range enabled {
		text := fmt.Sprintf("%d %s", x.Index, x.Text)
		switch {
		case x.Err != nil:
			text += " (panics)"
		case !x.Effect:
			text += " (no effect)"
		}
		e.Enabled = append(e.Enabled, text)
	}
	if len(enabled) == 0 {
		e.Problem = "nothing is enabled"
	}
	return e
}
