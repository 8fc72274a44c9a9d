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
	Sent   uint64   // the number of the sender's step that sent it; 0 if unknown
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
	Drawing  string // the operations of a history that no order explains; "" for other promises
	Step     int    // the first step after which it was broken, from 1; 0 for the initial state, -1 for a run as a whole
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

// Follower follows a recorded run through the model, step by step. Its memory does not grow with the run, apart
// from messages that never arrive. It is not safe for concurrent use.
type Follower struct {
	program   *Program
	model     plain.Model
	state     *core.State // its inboxes are empty, and its histories as at the beginning
	flight    *flight
	judge     *judge
	recent    recent
	options   FollowOptions
	delivered map[core.Action]bool // messages delivered before, where duplicates are possible
	faults    core.Faults          // those that have happened
	down      int                  // the most actors that were down at once
	path      []Taken              // steps of the model in the last call of Follow
	arrived   Taken                // special circumstances of the message of the step

	steps, external, earlier, unknown int
}

// Taken is a step of the model that follows a recorded one.
type Taken struct {
	Again  bool   // it delivers a message that was delivered before, of which there must have been a copy then
	Beyond string // why no path of the model has the step; "" for all others
	sys    *core.System
	action core.Action
}

// Text returns the step as paths of the model write it.
func (t Taken) Text() string { return text.Action(t.sys, t.action) }

// FollowOptions says where recordings begin, and which are missing.
type FollowOptions struct {
	// Begin has for each actor what [Live.Snapshot] returned, and the number of its last step then; nil means that
	// it is recorded from its start on.
	Begin []*Beginning
	// Unknown are the actors without a recording.
	Unknown []bool
}

// Beginning is where the recording of an actor begins.
type Beginning struct {
	Step     uint64
	Snapshot string
}

// Follow returns a follower of a recorded run. The zero options are those of a run that was recorded as a whole.
func (p *Program) Follow(o FollowOptions) (f *Follower, err error) {
	defer recoverTo(&err)
	f = &Follower{program: p, model: plain.Model{System: p.sys}, delivered: map[core.Action]bool{}, options: o}
	f.judge = newJudge(f)
	f.model.Record = f.judge.record
	f.state = f.model.Init(func(int) {})
	f.flight = newFlight(f.model.Link, len(f.state.Inboxes))
	f.flight.drain(f.state)
	cut := false
	for id, b := range o.Begin {
		if b == nil {
			continue
		}
		local := core.ParseLocal(core.NewReader([]byte(b.Snapshot)))
		if local.Saved {
			if _, err := p.Names().InwardValue(local.Stored); err != nil {
				return nil, fmt.Errorf("the snapshot of %s: %w", p.Name(actor.ID(id)), err)
			}
		}
		f.state.Actors[id], cut = p.local(id, &local, p.names.inward, unchanged), true
		f.flight.forget(id, p.Len())
	}
	if f.judge.pending = cut; cut {
		f.state.Aux = nil // what observers have seen is not known
	} else {
		f.judge.state()
	}
	return f, nil
}

// Judge begins to judge promises, at a moment when the states of all actors belong together. That is so from the
// beginning, unless the recording of an actor begins later.
func (f *Follower) Judge() (err error) {
	defer recoverTo(&err)
	if f.judge.pending {
		f.judge.pending = false
		f.judge.state()
	}
	return nil
}

// External returns how many messages came from outside the system. The model takes them as they come.
func (f *Follower) External() int { return f.external }

// Earlier returns how many messages were sent before the recording of their sender begins.
func (f *Follower) Earlier() int { return f.earlier }

// Unknown returns how many messages came from actors without a recording.
func (f *Follower) Unknown() int { return f.unknown }

// Taken returns the steps that the model took in the last call of [Follower.Follow]: faults that the run does not
// show and must have happened, and the recorded step itself, unless it had no effect. After a divergence, it is what
// the model would have done. The list is valid until the next call.
func (f *Follower) Taken() []Taken { return f.path }

// Beyond says which limits of the model the run has exceeded. They bound what is explored, and not what may
// happen, so that this is no divergence; but nothing of it was checked.
func (f *Follower) Beyond() (all []string) {
	c := f.model.Config
	for _, x := range []struct {
		name       string
		limit, got int
	}{
		{"MaxCrashes", c.MaxCrashes, f.faults.Crashes}, {"MaxDown", c.MaxDown, f.down},
		{"MaxLosses", c.MaxLosses, f.faults.Losses}, {"MaxDuplicates", c.MaxDuplicates, f.faults.Duplicates},
	} {
		if x.limit > 0 && x.got > x.limit {
			all = append(all, fmt.Sprintf("Config.%s is %d, and the run has %d", x.name, x.limit, x.got))
		}
	}
	return all
}

// Follow takes the next step. The error is a [*Divergence] if the model cannot take it, and any other error if
// the model misbehaves; then no more steps can be taken. A crash is not among the steps: it is taken just
// before the restart.
func (f *Follower) Follow(st Step) (err error) {
	f.steps++
	f.path, f.arrived = f.path[:0], Taken{}
	defer recoverTo(&err)
	if !f.model.Has(int(st.Actor)) {
		return f.diverge(st, "there is no such actor")
	}
	for _, x := range []struct {
		content *string
		inward  func(string) (string, error)
	}{{&st.Msg, f.program.Names().Inward}, {&st.Option, f.program.Names().InwardValue}} {
		if *x.content == "" {
			continue
		}
		content, err := x.inward(*x.content)
		if err != nil {
			return f.diverge(st, fmt.Sprintf("its content is unknown: %v", err))
		}
		*x.content = content
	}
	a := st.action()
	if reason := f.prepare(a, st.Sent); reason != "" {
		return f.diverge(st, reason)
	}
	f.flight.begin()
	f.judge.begin()
	before := f.state
	if a.Kind != core.Start {
		f.take(a, f.steps) // without effect is fine
	}
	f.judge.step(before, a)
	if l := f.state.Actors[a.Actor]; f.program.digest(a.Actor, l) != st.Digest {
		d := f.diverge(st, "its state, timers, choices or saved value differ afterwards from those in the model, where "+
			"it has "+text.Actor(f.model.System, a.Actor, l))
		d.Expected = nil // those of the next step
		return d
	}
	return nil
}

// take takes a step of the model, which has a number if the run shows it. Of the messages in flight, the state has
// the one that the step is about.
func (f *Follower) take(a core.Action, number int) {
	s := f.state.Clone()
	if a.Kind == core.Deliver || a.Kind == core.Lose {
		f.flight.take(f.model.Link(a.From, a.Actor).Network, a.From, s.Box(a.Actor), a.Msg)
		f.model.Put(s, a.From, core.Send{To: a.Actor, Msg: a.Msg})
	}
	s.Faults = core.Faults{} // limits bound what is explored, and not what may happen
	from := len(f.judge.past)
	next, ok := f.model.Next(s, a)
	if ok {
		f.note(a)
	}
	f.state = next
	f.recent.add(taken{number, a, s, next.Clone(), from, len(f.judge.past)})
	f.flight.drain(next)
}

// note notes a step of the model.
func (f *Follower) note(a core.Action) {
	t := Taken{sys: f.model.System, action: a}
	if a.Kind == core.Deliver {
		t.Again, t.Beyond = f.arrived.Again, f.arrived.Beyond
	}
	if slices.ContainsFunc(f.options.Begin, func(b *Beginning) bool { return b != nil }) {
		t.Beyond = "the beginning of a recording is missing"
	}
	f.path = append(f.path, t)
}

// prepare brings the state to where an action is possible, by crashes, losses and duplications that the run
// does not show. It returns the reason if that cannot be done.
func (f *Follower) prepare(a core.Action, sent uint64) (reason string) {
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
		return f.arrive(a, sent)
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
	case !f.model.MayCrash(id):
		return "it must have crashed before, which Config.Crashes or NeverCrashes do not permit"
	}
	f.faults.Crashes++
	f.down = max(f.down, f.state.Down()+1)
	f.judge.crash(id)
	f.take(core.Action{Kind: core.Crash, Actor: id}, 0)
	return ""
}

// arrive makes sure that a message may be delivered next.
func (f *Follower) arrive(a core.Action, sent uint64) (reason string) {
	link := f.model.Link(a.From, a.Actor)
	ahead, found := f.flight.ahead(link.Network, a.From, f.state.Box(a.Actor), a.Msg)
	if !found {
		if reason := f.appear(a, sent, link); reason != "" {
			return reason
		}
	}
	for _, m := range ahead {
		if !link.Lossy {
			return fmt.Sprintf("it overtakes %s, which neither the order of the link nor its losses permit",
				text.Message(f.model.System, m))
		}
		f.faults.Losses++
		f.take(core.Action{Kind: core.Lose, Actor: a.Actor, From: a.From, Msg: m}, 0)
	}
	if f.model.Config.Duplicates {
		f.delivered[a] = true
	}
	return ""
}

// appear puts a message in flight that is not, if there is a reason for it.
func (f *Follower) appear(a core.Action, sent uint64, link core.Link) (reason string) {
	known := f.model.Has(a.From)
	switch {
	case !known:
		f.external++
		f.arrived.Beyond = "its message came from outside the system"
	case at(f.options.Unknown, a.From):
		f.unknown++
		f.arrived.Beyond = "its message came from an actor without a recording"
		f.judge.depends(a.From)
	case at(f.options.Begin, a.From) != nil && sent <= f.options.Begin[a.From].Step:
		f.earlier++
	case !f.delivered[a]:
		return "it is not in flight"
	case !f.model.Config.Duplicable(link):
		return "it was delivered before, and the model permits no duplicates"
	default:
		f.faults.Duplicates++
		f.arrived.Again = true
	}
	f.flight.put(link.Network, a.From, f.state.Box(a.Actor), a.Msg, 1)
	if link.Network.Queues() { // it comes before all that is known
		q := f.flight.queues[[2]int{a.From, f.state.Box(a.Actor)}]
		f.flight.setQueue(a.From, f.state.Box(a.Actor), append([]string{a.Msg}, q[:len(q)-1]...))
	}
	return ""
}

// at returns an element, or zero beyond the end.
func at[T any](all []T, i int) (x T) {
	if i < len(all) {
		return all[i]
	}
	return x
}

func (f *Follower) diverge(st Step, reason string) *Divergence {
	d := &Divergence{Step: f.steps, Action: stepText(f.model.System, st), Reason: reason}
	s := f.state.Clone()
	s.Inboxes = f.flight.inboxes(false)
	for _, a := range f.model.Actions(nil, s) {
		if a.Actor == int(st.Actor) && (a.Kind == core.Deliver || a.Kind == core.Timeout || a.Kind == core.Choose) {
			d.Expected = append(d.Expected, text.Action(f.model.System, a))
		}
	}
	return d
}
