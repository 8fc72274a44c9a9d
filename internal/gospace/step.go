package gospace

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/pathcode"
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/values"
)

// Transition is an action that is enabled in a state, with what it leads to.
type Transition struct {
	Action   unsafe.Pointer // the action
	Index    int            // index among the actions of the state
	Name     string         // name under which the action is counted
	Text     string         // the action on one line
	Next     unsafe.Pointer // the successor; the state itself when there is no effect
	Effect   bool           // false when Next reported that the action has no effect
	Within   bool           // the successor is inside the boundary
	SelfLoop bool           // the successor equals the state
	Err      error          // an [*engine.Misbehaviour] when Next or Within panicked; there is no effect then
}

// Stepping by hand needs no speed, and so none of the care of a search: every state that the model
// is given is a private copy in canonical form, and nothing that a model does to it shows
// elsewhere. The two must agree all the same, since counterexamples of a search are replayed by
// hand. They do because both show models the same form of each content.

// Init returns the initial states, those outside the boundary included.
func (c *Model) Init() (states []unsafe.Pointer, err error) {
	err = guard("Init", func() {
		inits := c.Code.Init()
		for i := range inits.Len {
			states = append(states, c.clone(inits.At(i)))
		}
	})
	if err == nil && len(states) == 0 {
		err = errNoInit()
	}
	return states, err
}

// Inside returns a path without steps for every initial state inside the boundary.
func (c *Model) Inside() (paths []*Path, err error) {
	states, err := c.Init()
	if err != nil {
		return nil, err
	}
	err = guard("Within", func() {
		for i, s := range states {
			if c.Within == nil || c.Within(c.handed(s)) {
				paths = append(paths, newPath(c, i, s))
			}
		}
	})
	return paths, err
}

// Transitions returns the actions enabled in s, in the model's order, with their successors. The
// error says that Actions panicked.
func (c *Model) Transitions(s unsafe.Pointer) ([]*Transition, error) {
	return c.transitions(s, c.hold(s, nil), func() {})
}

// transitions is Transitions with a state that is held for s. It calls tick before each of them.
func (c *Model) transitions(s, held unsafe.Pointer, tick func()) ([]*Transition, error) {
	var actions values.Slice
	err := guard("Actions", func() { actions = c.Code.Actions(values.Slice{Size: c.Action.Size()}, c.handed(held)) })
	if err != nil {
		return nil, err
	}
	out := make([]*Transition, actions.Len)
	for i := range out {
		tick()
		out[i] = c.transition(s, held, actions.At(i), i)
	}
	return out, nil
}

func (c *Model) transition(s, held, a unsafe.Pointer, index int) *Transition {
	t := &Transition{Action: a, Index: index, Name: c.NameOf(a), Text: c.ActionText(a), Next: s, Within: true}
	err := guard("Next", func() {
		next := c.newState()
		if c.Code.Next(next, c.handed(held), a) {
			t.Next, t.Effect = c.handed(next), true
			t.SelfLoop = c.equal(s, t.Next)
		}
	})
	if err == nil && t.Effect && c.Within != nil {
		err = guard("Within", func() { t.Within = c.Within(c.handed(t.Next)) })
	}
	if err != nil {
		err.(*engine.Misbehaviour).Action = t.Text
		t.Next, t.Effect, t.Err = s, false, err
	}
	return t
}

// Transitions returns the actions enabled in the last state.
func (p *Path) Transitions() ([]*Transition, error) { return p.model.Transitions(p.Last()) }

// Start returns the path without steps from the i-th initial state.
func (c *Model) Start(i int) (*Path, error) {
	states, err := c.Init()
	if err != nil {
		return nil, err
	}
	if i < 0 || i >= len(states) {
		return nil, &ReplayError{
			Expected: fmt.Sprintf("initial state %d", i),
			Problem:  fmt.Sprintf("the model's initial states are numbered from 0 to %d", len(states)-1),
		}
	}
	return newPath(c, i, states[i]), nil
}

// Extend returns p with one more step, the enabled action with an index in the last state.
func (p *Path) Extend(index int) (*Path, error) {
	enabled, err := p.Transitions()
	switch {
	case err != nil:
		return nil, err
	case index >= 0 && index < len(enabled) && enabled[index].Err != nil:
		return nil, enabled[index].Err
	case index < 0 || index >= len(enabled) || !enabled[index].Effect:
		listed := index >= 0 && index < len(enabled)
		return nil, newReplayError(p, "action "+strconv.Itoa(index), enabled, listed)
	}
	return p.extended(enabled[index]), nil
}

// ExtendByText is Extend for an action with a text. Where several enabled actions have it, hint is
// the index of the one that is meant. A text survives changes that an index does not, such as a new
// action before it, and unlike the action's value it does not depend on the fields of its type.
func (p *Path) ExtendByText(text string, hint int) (*Path, error) {
	enabled, err := p.Transitions()
	if err != nil {
		return nil, err
	}
	var found *Transition
	for i, t := range enabled {
		if (t.Effect || t.Err != nil) && t.Text == text && (found == nil || i == hint) {
			found = t
		}
	}
	switch {
	case found == nil:
		listed := slices.ContainsFunc(enabled, func(t *Transition) bool { return t.Text == text })
		return nil, newReplayError(p, text, enabled, listed)
	case found.Err != nil:
		return nil, found.Err
	}
	return p.extended(found), nil
}

// Next returns the paths that go one step further than p, inside the boundary, in the order of the
// model's actions.
func (p *Path) Next() (paths []*Path, err error) {
	enabled, err := p.Transitions()
	for _, t := range enabled {
		if t.Effect && t.Within {
			paths = append(paths, p.extended(t))
		}
	}
	return paths, err
}

// CloseLoop returns p as a lasso whose last state equals the state at start.
func (p *Path) CloseLoop(start int) (*Path, error) {
	if start < 0 || start >= p.Len() || !p.model.equal(p.states[start], p.Last()) {
		return nil, &ReplayError{
			Step: p.Len(), Expected: fmt.Sprintf("a cycle back to the state after step %d", start),
			Problem: "the last state is another one",
		}
	}
	q := *p
	q.loop = start
	return &q, nil
}

// ParsePath makes the path that [Path.Encode] wrote, running the model.
func (c *Model) ParsePath(s string) (*Path, error) {
	code, err := pathcode.Parse(s)
	if err != nil {
		return nil, err
	}
	p, err := c.Start(code.Init)
	if err != nil {
		return nil, err
	}
	for _, index := range code.Steps {
		if p, err = p.Extend(index); err != nil {
			return nil, err
		}
	}
	if !code.Lasso {
		return p, nil
	}
	return p.CloseLoop(code.Loop)
}

// Evaluate says what a path shows about the named property.
func (p *Path) Evaluate(name string) (property.Verdict, error) {
	prop, err := p.model.property(name)
	if err != nil {
		return property.Inconclusive, err
	}
	if Supposed(p) > 0 {
		return property.Inconclusive, nil // it is no run of the model
	}
	return p.evaluate(prop)
}

func (c *Model) property(name string) (*Property, error) {
	for i := range c.Props[:c.Promises] {
		if c.Props[i].Name == name {
			return &c.Props[i], nil
		}
	}
	return nil, fmt.Errorf("the model has no property %q; it has %s", name, c.PropertyNames())
}

func (p *Path) evaluate(prop *Property) (v property.Verdict, err error) {
	if prop.Runs != nil {
		return p.judgeRun(prop)
	}
	run := property.Run{All: true, Steps: true, Loops: p.loop >= 0}
	if prop.Kind == property.Eventually || prop.Kind == property.Deadlock {
		if run.Ends, err = p.ends(); err != nil {
			return property.Inconclusive, err
		}
	}
	own := p.model.copier()
	err = guard(PropertySite(prop.Name), func() {
		if prop.Step != nil {
			run.Steps = prop.State == nil || prop.State(own(p.states[0]))
			for i, a := range p.actions {
				run.Steps = run.Steps && prop.Step(own(p.states[i]), a, own(p.states[i+1]))
			}
		} else {
			for _, s := range p.states {
				run.Last = prop.State(own(s))
				run.Some, run.All = run.Some || run.Last, run.All && run.Last
			}
		}
		v = prop.Kind.Judge(run)
	})
	return v, err
}

// ends reports whether nothing happens after the last state.
func (p *Path) ends() (bool, error) {
	enabled, err := p.Transitions()
	for _, t := range enabled {
		if t.Effect || t.Err != nil {
			return false, err
		}
	}
	return true, err
}

// ReplayError says why a recorded path is no longer a run of the model. A recording outlives the
// model that it was made with, and then the interesting question is where the two part: so the
// error names the step and lists what is enabled in its place.
type ReplayError struct {
	Step     int      // steps that were replayed before the one that does not fit
	Expected string   // next step according to the recording
	Problem  string   // reason why it does not fit
	State    string   // text of the state reached
	Enabled  []string // actions enabled there
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

// newReplayError says that the expected action is no step after p. An action that is listed among
// the enabled ones has no effect.
func newReplayError(p *Path, expected string, enabled []*Transition, listed bool) *ReplayError {
	e := &ReplayError{Step: p.Len(), Expected: expected, Problem: "it is not enabled", State: p.StateText(p.Len())}
	if listed {
		e.Problem = "it has no effect there"
	}
	for _, t := range enabled {
		text := fmt.Sprintf("%d %s", t.Index, t.Text)
		switch {
		case t.Err != nil:
			text += " (panics)"
		case !t.Effect:
			text += " (no effect)"
		}
		e.Enabled = append(e.Enabled, text)
	}
	if len(enabled) == 0 {
		e.Problem = "nothing is enabled"
	}
	return e
}
