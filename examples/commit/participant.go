package main

import "github.com/allways-go/allways/actor"

// Phase is the phase of a participant. The participant saves it.
type Phase uint8

// The phases of a participant.
const (
	Working Phase = iota
	Prepared
	Committed
	Aborted
)

// String names the phase.
func (p Phase) String() string { return [...]string{"working", "prepared", "committed", "aborted"}[p] }

// Participant votes and then follows the decision of the coordinator. Its state is its phase.
type Participant struct {
	Coordinator actor.ID
	// Forgetful participants do not save a yes vote.
	Forgetful bool
}

var (
	_ actor.Actor[Phase, Msg]          = Participant{}
	_ actor.ChoiceHandler[Phase, Msg]  = Participant{}
	_ actor.RestartHandler[Phase, Msg] = Participant{}
)

// vote is the key of the choice between yes and no.
const vote = "vote"

// Start implements [actor.Actor].
func (Participant) Start(*actor.Context[Msg], *Phase) {}

// Restart implements [actor.RestartHandler]. A participant that has voted yes must ask for the
// decision. A participant without a vote may vote no.
func (pt Participant) Restart(c *actor.Context[Msg], s *Phase) {
	saved, ok := actor.Load[Phase](c)
	if !ok {
		pt.abort(c, s)
		return
	}
	if *s = saved; saved == Prepared {
		c.Send(pt.Coordinator, Ask{})
	}
}

// Receive implements [actor.Actor].
func (pt Participant) Receive(c *actor.Context[Msg], s *Phase, from actor.ID, m Msg) {
	switch m := m.(type) {
	case Prepare:
		if *s == Working {
			c.Choose(vote, true, false)
		}
	case Decision:
		c.Choose(vote)
		if *s = Aborted; m.Outcome == Commit {
			*s = Committed
		}
		c.Save(*s)
	}
}

// Choose implements [actor.ChoiceHandler]. Whether the participant can commit is nondeterministic.
func (pt Participant) Choose(c *actor.Context[Msg], s *Phase, _ string, yes any) {
	if yes == false {
		pt.abort(c, s)
		return
	}
	*s = Prepared
	if !pt.Forgetful {
		c.Save(*s)
	}
	c.Send(pt.Coordinator, Vote{Yes: true})
}

// abort aborts a participant that has not voted yes. No other participant has committed then, or will.
func (pt Participant) abort(c *actor.Context[Msg], s *Phase) {
	*s = Aborted
	c.Save(*s)
	c.Send(pt.Coordinator, Vote{Yes: false})
}
