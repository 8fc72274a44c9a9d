package main

import "github.com/allways-go/allways/actor"

// Phase is how far a participant is. It saves it.
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

// Participant votes, and then does what the coordinator has decided. Its state is its phase.
type Participant struct {
	Coordinator actor.ID
	// Forgetful participants do not save that they have voted yes.
	Forgetful bool
}

var (
	_ actor.Actor[Phase, Msg]          = Participant{}
	_ actor.ChoiceHandler[Phase, Msg]  = Participant{}
	_ actor.RestartHandler[Phase, Msg] = Participant{}
)

// vote is the key of the choice of a participant that was asked for one.
const vote = "vote"

// Start implements [actor.Actor].
func (Participant) Start(*actor.Context[Msg], *Phase) {}

// Restart implements [actor.RestartHandler]. A participant that has voted yes is bound and must ask for the outcome; one that
// has not voted is free to vote no.
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

// Chosen implements [actor.ChoiceHandler]: whether the participant can commit is up to chance.
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

// abort is for a participant that has not voted: no other one can have committed then, nor will.
func (pt Participant) abort(c *actor.Context[Msg], s *Phase) {
	*s = Aborted
	c.Save(*s)
	c.Send(pt.Coordinator, Vote{Yes: false})
}
