package program

import (
	"fmt"
	"slices"
	"strings"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/plain"
	"github.com/allways-go/allways/actor/internal/text"
)

// Step is what an actor has handled in a recorded run. Values are by content.
type Step struct {
	Kind   actor.ActionKind // Start, Deliver, Timeout, Choose or Restart
	Actor  actor.ID
	From   actor.ID // the sender of a message
	Msg    string   // the message
	Name   string   // the name of a timer, or the key of a choice
	Option string   // the option chosen
	Digest uint64   // the digest of the actor afterwards; see [Live.Digest]
}

func (st Step) action() core.Action {
	return core.Action{
		Kind: core.Kind(st.Kind), Actor: int(st.Actor), From: int(st.From), Msg: st.Msg,
		Name: st.Name, Option: st.Option,
	}
}

// Violation is a promise that a recorded run has broken.
type Violation struct {
	Property string
	Step     int // the first step after which it was broken, from 1; 0 for the initial state, -1 for a run as a whole
}

// Divergence is the first step of a recorded run that the model cannot take.
type Divergence struct {
	Step     int    // its number, from 1
	Action   string // the step as recorded
	Reason   string
	Expected []string // steps of the actor that the model allows
}

// Error says what was recorded and what was expected.
func (d *Divergence) Error() string {
	s := fmt.Sprintf("step %d, %s: %s", d.Step, d.Action, d.Reason)
	if len(d.Expected) > 0 {
		s += "; the model expects one of:\n  " + strings.Join(d.Expected, "\n  ")
	}
	return s
}

// Follower follows a recorded run through the model, step by step. It is not safe for concurrent use.
type Follower struct {
	model     plain.Model
	state     *core.State
	steps     int
	external  int
	broken    []Violation
	delivered map[core.Action]bool // messages delivered before, where duplicates are possible
}

// Follow returns a follower of a recorded run.
func (p *Program) Follow() (f *Follower, err error) {
	defer recoverTo(&err)
	m := plain.Model{System: p.sys}
	f = &Follower{model: m, state: m.Init(func(int) {}), delivered: map[core.Action]bool{}}
	f.judge(nil, core.Action{})
	return f, nil
}

// Violations returns the promises that the states passed have broken, in the order in which they broke.
func (f *Follower) Violations() []Violation {
	all := slices.Clone(f.broken)
	for _, p := range f.model.Properties { // histories only grow, and are expensive to check
		if broken(f.model.System, &p, f.state.Aux) {
			all = append(all, Violation{p.Name, f.steps})
		}
	}
	return all
}

// broken reports whether a property judges a history, and the history breaks it.
func broken(sys *core.System, p *core.Property, aux []string) bool {
	if p.Aux < 0 {
		return false
	}
	h, _ := sys.History(p.Aux)
	return !h.Allows(h.Decode(aux[p.Aux]))
}

// External returns how many messages came from outside the system. The model takes them as they come.
func (f *Follower) External() int { return f.external }

// Follow takes the next step. The error is a [*Divergence] if the model cannot take it, and any other error if
// the model misbehaves; then no more steps can be taken. A crash is not among the steps: it is taken just
// before the restart.
func (f *Follower) Follow(st Step) (err error) {
	f.steps++
	defer recoverTo(&err)
	if !f.model.Has(int(st.Actor)) {
		return f.diverge(st, "there is no such actor")
	}
	a := st.action()
	if reason := f.prepare(a); reason != "" {
		return f.diverge(st, reason)
	}
	before := f.state
	if a.Kind != core.Start {
		f.state, _ = f.model.Next(f.state, a) // without effect is fine
	}
	f.judge(before, a)
	if l := f.state.Actors[a.Actor]; l.Digest() != st.Digest {
		d := f.diverge(st, "its state, timers, choices or saved value differ afterwards from those in the model, where "+
			"it has "+text.Actor(f.model.System, a.Actor, l))
		d.Expected = nil // those of the next step
		return d
	}
	return nil
}

// prepare brings the state to where an action is possible, by crashes, losses and duplications that the run
// does not show. It returns the reason if that cannot be done.
func (f *Follower) prepare(a core.Action) (reason string) {
	me := f.state.Actors[a.Actor]
	if a.Kind == core.Restart {
		return f.crash(a.Actor)
	}
	if me.Down {
		return "the actor is down"
	}
	switch a.Kind {
	case core.Start:
	case core.Deliver:
		if err := f.model.Messages.Check(a.Msg); err != nil {
			return "no message of this content was ever sent"
		}
		return f.arrive(a)
	case core.Timeout:
		if !slices.Contains(me.Timers, a.Name) {
			return "the timer is not set"
		}
	case core.Choose:
		offers := func(c core.Choice) bool { return c.Key == a.Name && slices.Contains(c.Options, a.Option) }
		if !slices.ContainsFunc(me.Choices, offers) {
			return "this option is not offered"
		}
	default:
		return "actors do not handle such steps"
	}
	return ""
}

// crash lets an actor crash that is about to restart.
func (f *Follower) crash(id int) (reason string) {
	switch {
	case f.state.Actors[id].Down:
		return ""
	case !f.model.CrashAllowed(f.state, id):
		return "it must have crashed before, which Config.Crashes, its limits or NeverCrashes do not permit"
	}
	f.state, _ = f.model.Next(f.state, core.Action{Kind: core.Crash, Actor: id})
	return ""
}

// arrive makes sure that a message may be delivered next.
func (f *Follower) arrive(a core.Action) (reason string) {
	link := f.model.Link(a.From, a.Actor)
	ahead, found := f.state.Inboxes[a.Actor].Ahead(link.Network, a.From, a.Msg)
	switch {
	case !found && a.From >= len(f.model.Actors):
		f.external++
		f.put(a)
	case !found && f.delivered[a] && f.model.MayFault(core.Duplicate, f.state.Faults, link):
		f.put(a)
		f.model.Config.Duplicate(&f.state.Faults)
	case !found && f.delivered[a]:
		return "it was delivered before, and the model permits no more duplicates"
	case !found:
		return "it is not in flight"
	}
	for _, m := range ahead {
		if !f.model.MayFault(core.Lose, f.state.Faults, link) {
			return fmt.Sprintf("it overtakes %s, which neither the order of the link nor its losses permit",
				text.Message(f.model.System, m))
		}
		f.state, _ = f.model.Next(f.state, core.Action{Kind: core.Lose, Actor: a.Actor, From: a.From, Msg: m})
	}
	if f.model.Config.Duplicates {
		f.delivered[a] = true
	}
	return ""
}

// put puts a message in flight.
func (f *Follower) put(a core.Action) {
	f.state = f.state.Clone()
	f.model.Put(f.state, a.From, core.Send{To: a.Actor, Msg: a.Msg})
}

// judge notes which properties of states and steps are broken for the first time.
func (f *Follower) judge(before *core.State, a core.Action) {
	var b, c any
	for _, p := range f.model.Properties {
		if p.Aux >= 0 || !p.Kind.Everywhere() || slices.ContainsFunc(f.broken,
			func(v Violation) bool { return v.Property == p.Name }) {
			continue
		}
		if c == nil {
			if c = f.model.View(f.state).State(); before != nil {
				b = f.model.View(before).State()
			}
		}
		holds := true
		switch {
		case p.Test != nil:
			holds = p.Test(c)
		case before != nil:
			holds = p.Step(b, a, c)
		}
		if !holds {
			f.broken = append(f.broken, Violation{p.Name, f.steps})
		}
	}
}

func (f *Follower) diverge(st Step, reason string) *Divergence {
	d := &Divergence{Step: f.steps, Action: stepText(f.model.System, st), Reason: reason}
	for _, a := range f.model.Actions(nil, f.state) {
		if a.Actor == int(st.Actor) && (a.Kind == core.Deliver || a.Kind == core.Timeout || a.Kind == core.Choose) {
			d.Expected = append(d.Expected, text.Action(f.model.System, a))
		}
	}
	return d
}
