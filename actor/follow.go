package actor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/allways-go/allways"
)

// This file follows recorded runs through the model.

// Step is what an actor has handled in a recorded run. Values are by content.
type Step struct {
	Kind   ActionKind // Start, Deliver, Timeout, Choose or Recover
	Actor  ID
	From   ID     // of a delivery
	Msg    string // that is delivered
	Name   string // of a timer, or the key of a choice
	Option string // that is chosen
	Digest uint64 // of the actor afterwards, see [Live.Digest]
}

// Follower follows a recorded run through a model, step by step. It is not safe for concurrent use.
type Follower interface {
	// Follow takes the next step. The error is a [*Divergence] if the model cannot take it, and any other error if the model
	// misbehaves; then no more steps can be taken. A crash is not among the steps: it is taken just before the recovery.
	Follow(Step) error
	// Violations returns the promises that the states passed have broken, in the order in which they broke.
	Violations() []Violation
	// External returns how many messages came from outside of the system, which the model takes as they come.
	External() int
}

// Violation is a promise that a recorded run has broken.
type Violation struct {
	Property string
	Step     int // after which it was broken first, from 1; 0 is for the initial state, -1 for a run as a whole
}

// Divergence is the first step of a recorded run that the model cannot take.
type Divergence struct {
	Step     int    // its number, from 1
	Action   string // what was recorded
	Reason   string
	Expected []string // what the actor could have done by the model
}

// Error says what was recorded and what was expected.
func (d *Divergence) Error() string {
	text := fmt.Sprintf("step %d, %s: %s", d.Step, d.Action, d.Reason)
	if len(d.Expected) > 0 {
		text += "; the model expects one of:\n  " + strings.Join(d.Expected, "\n  ")
	}
	return text
}

// follower implements Follower.
type follower[M any] struct {
	sys       *System[M]
	state     *State[M]
	steps     int
	foreign   int
	broken    []Violation
	delivered map[string]bool // by receiver, sender and content, where doubles are allowed
}

// Follow implements [Program].
func (sys *System[M]) Follow() (f Follower, err error) {
	if err := sys.ready(); err != nil {
		return nil, err
	}
	defer recoverTo(&err)
	g := &follower[M]{sys: sys, state: sys.Init()[0], delivered: map[string]bool{}}
	g.judge(nil, Action[M]{})
	return g, nil
}

// Violations implements [Follower].
func (f *follower[M]) Violations() []Violation {
	var all []Violation
	for _, p := range f.sys.props { // histories only grow, and are dear to judge
		if p.aux >= 0 && p.judge != nil && !p.judge(f.state.aux[p.aux]) {
			all = append(all, Violation{p.Name(), f.steps})
		}
	}
	return append(slices.Clone(f.broken), all...)
}

// External implements [Follower].
func (f *follower[M]) External() int { return f.foreign }

// Follow implements [Follower].
func (f *follower[M]) Follow(st Step) (err error) {
	f.steps++
	defer recoverTo(&err)
	if !f.sys.has(st.Actor) {
		return f.diverge(st, "there is no such actor")
	}
	a, reason := f.action(st)
	if reason != "" {
		return f.diverge(st, reason)
	}
	before := f.state
	if st.Kind != Start {
		f.state, _ = f.sys.Next(f.state, a) // that it has no effect is no fault
	}
	f.judge(before, a)
	if l := f.sys.localOf(st.Actor, f.state.actors[st.Actor]); l.digest() != st.Digest {
		d := f.diverge(st, "the actor is in another state afterwards than by the model, where it is "+f.text(st.Actor))
		d.Expected = nil // those of the next step
		return d
	}
	return nil
}

// action returns a step as an action of the model, and prepares the state for it; or says why it is none.
func (f *follower[M]) action(st Step) (a Action[M], reason string) {
	a = Action[M]{Kind: st.Kind, Actor: st.Actor, From: st.From, Name: st.Name}
	me := f.state.actors[st.Actor]
	if st.Kind == Restart {
		return a, f.crash(st.Actor)
	}
	if me.Down {
		return a, "the actor is down"
	}
	switch st.Kind {
	case Start:
	case Deliver:
		m, err := f.sys.Message(st.Msg)
		if err != nil {
			return a, "no message of this content was ever sent"
		}
		a.Msg, _ = m.(M)
		return a, f.arrive(st, a)
	case Timeout:
		if !slices.Contains(me.Timers, st.Name) {
			return a, "the timer is not set"
		}
	case Choose:
		option, offered := f.option(me, st)
		if a.Option = option; !offered {
			return a, "that is not offered"
		}
	default:
		return a, "actors do not handle that"
	}
	return a, ""
}

func (f *follower[M]) option(me *actorState, st Step) (option any, offered bool) {
	for _, c := range me.Choices {
		for _, o := range c.Options {
			if c.Key == st.Name && f.sys.values.encode(&o) == st.Option {
				return o, true
			}
		}
	}
	return nil, false
}

// crash lets an actor crash that is about to recover.
func (f *follower[M]) crash(id ID) (reason string) {
	down := 0
	for _, a := range f.state.actors {
		if a.Down {
			down++
		}
	}
	switch {
	case f.state.actors[id].Down:
		return ""
	case !f.sys.mayCrash(id, down, f.state.faults.Crashes):
		return "it must have crashed before, which Config.MaxDown, Config.MaxCrashes or Reliable do not allow"
	}
	f.state, _ = f.sys.Next(f.state, Action[M]{Kind: Crash, Actor: id})
	return ""
}

// arrive makes sure that a message may be delivered next, by losses and doubles if the model has some left.
func (f *follower[M]) arrive(st Step, a Action[M]) (reason string) {
	key := fmt.Sprint(st.Actor, " ", st.From, " ", st.Msg)
	ahead, found := f.inFlight(st, a)
	link := f.sys.link(st.From, st.Actor)
	switch {
	case !found && int(st.From) >= f.sys.Len():
		f.foreign++
		f.post(st)
	case !found && f.delivered[key] && f.sys.mayFault(Duplicate, &f.state.faults, link):
		f.post(st)
		f.state.faults.Duplicates++
	case !found && f.delivered[key]:
		return "it was delivered before, and the model has no duplicates left"
	case !found:
		return "it is not in flight"
	}
	for _, m := range ahead {
		if !f.sys.mayFault(Lose, &f.state.faults, link) {
			return "it overtakes " + f.sys.MessageText(f.sys.messages.encode(&m)) + ", which neither the order of the link nor its losses allow"
		}
		f.state, _ = f.sys.Next(f.state, Action[M]{Kind: Lose, Actor: a.Actor, From: a.From, Msg: m})
	}
	if f.sys.config.MaxDuplicates > 0 {
		f.delivered[key] = true
	}
	return ""
}

// inFlight returns what must be lost on an ordered link before a message may be delivered.
func (f *follower[M]) inFlight(st Step, a Action[M]) (ahead []M, found bool) {
	box := f.state.inboxes[st.Actor]
	if f.sys.link(st.From, st.Actor).Network != Ordered {
		_, found = slices.BinarySearchFunc(box.Bag, Envelope[M]{From: st.From, Msg: a.Msg}, f.sys.compareEnvelopes)
		return nil, found
	}
	for _, q := range box.Queues {
		if q.From != st.From {
			continue
		}
		for i, m := range q.Msgs {
			if f.sys.messages.encode(&m) == st.Msg {
				return q.Msgs[:i], true
			}
		}
	}
	return nil, false
}

func (f *follower[M]) post(st Step) {
	n := f.state.copy()
	n.post(f.sys, st.From, send{st.Actor, st.Msg})
	f.state = n
}

// judge notes which properties of states and steps are broken for the first time.
func (f *follower[M]) judge(before *State[M], a Action[M]) {
	for _, p := range f.sys.props {
		if p.aux >= 0 || slices.ContainsFunc(f.broken, func(v Violation) bool { return v.Property == p.Name() }) {
			continue
		}
		if p.Kind() == allways.KindAlways && !p.test(f.state) || p.step != nil && before != nil && !p.step(before, a, f.state) {
			f.broken = append(f.broken, Violation{p.Name(), f.steps})
		}
	}
}

func (f *follower[M]) text(id ID) string {
	h := f.sys.actors[id]
	return string(h.states.plan.AppendText(nil, pointerOf(f.state.actors[id].State)))
}

func (f *follower[M]) diverge(st Step, reason string) *Divergence {
	d := &Divergence{Step: f.steps, Action: f.sys.StepText(st), Reason: reason}
	for _, a := range f.sys.Actions(nil, f.state) {
		if a.Actor == st.Actor && (a.Kind == Deliver || a.Kind == Timeout || a.Kind == Choose) {
			d.Expected = append(d.Expected, f.sys.FormatAction(a))
		}
	}
	return d
}

// Promises implements [Program].
func (sys *System[M]) Promises() (names []string) {
	for _, p := range sys.props {
		if k := p.Kind(); k == allways.KindAlways || k == allways.KindStep {
			names = append(names, p.Name())
		}
	}
	return names
}

// StepText returns a step as people read it.
func (sys *System[M]) StepText(st Step) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("%v of %s with something unknown", st.Kind, sys.Name(st.Actor))
		}
	}()
	a := Action[M]{Kind: st.Kind, Actor: st.Actor, From: st.From, Name: st.Name}
	switch st.Kind {
	case Deliver:
		a.Msg = *sys.messages.decode(st.Msg)
	case Choose:
		a.Option = *sys.values.decode(st.Option)
	}
	return sys.FormatAction(a)
}

// HistoryEvent is an event of a history in a recorded run, or the crash of an actor, which leaves its operations under way.
type HistoryEvent struct {
	Actor   ID
	Crashed bool
	Recorded
}

// Judge returns which histories of a recorded run, whose events are given in the order of real time, break their promise. It
// is an error if they do not fit together.
func (sys *System[M]) Judge(events []HistoryEvent) (broken []Violation, err error) {
	if err := sys.ready(); err != nil {
		return nil, err
	}
	defer recoverTo(&err)
	values := make([]string, len(sys.aux))
	for i, a := range sys.aux {
		values[i] = a.initial
	}
	for n, e := range events {
		for i, a := range sys.aux {
			switch {
			case e.Crashed && a.crash != nil:
				values[i] = a.encode(a.crash(a.decode(values[i]), e.Actor))
			case !e.Crashed && a.name == e.History && a.apply != nil:
				v, err := a.apply(a.decode(values[i]), e.Actor, e.Event)
				if err != nil {
					return nil, fmt.Errorf("event %d of the histories, by %s: %w", n+1, sys.Name(e.Actor), err)
				}
				values[i] = a.encode(v)
			}
		}
	}
	for _, p := range sys.props {
		if p.aux >= 0 && p.judge != nil && !p.judge(sys.aux[p.aux].decode(values[p.aux])) {
			broken = append(broken, Violation{p.Name(), -1})
		}
	}
	return broken, nil
}
