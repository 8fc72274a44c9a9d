package main

import (
	"time"

	"github.com/allways-go/allways/actor"
)

// Outcome is the decision of the coordinator. The coordinator saves it.
type Outcome uint8

// The outcomes.
const (
	Undecided Outcome = iota
	Commit
	Abort
)

// String names the outcome.
func (o Outcome) String() string { return [...]string{"undecided", "commit", "abort"}[o] }

// Coordinator asks participants for their votes and decides.
type Coordinator struct{ Participants []actor.ID }

// CoordinatorState is the state of a Coordinator.
type CoordinatorState struct {
	Yes     map[actor.ID]bool // participants that have voted yes
	Outcome Outcome
}

var (
	_ actor.Actor[CoordinatorState, Msg]          = Coordinator{}
	_ actor.TimeoutHandler[CoordinatorState, Msg] = Coordinator{}
	_ actor.RestartHandler[CoordinatorState, Msg] = Coordinator{}
)

// votes is the timer of a coordinator that waits for votes.
const votes = "votes"

// Start implements [actor.Actor].
func (co Coordinator) Start(c *actor.Context[Msg], _ *CoordinatorState) {
	c.SetTimer(votes, time.Second, time.Second)
	c.Broadcast(co.Participants, Prepare{})
}

// Restart implements [actor.RestartHandler]. Without a saved outcome no participant has heard of
// one, so that the coordinator may abort.
func (co Coordinator) Restart(c *actor.Context[Msg], s *CoordinatorState) {
	outcome, ok := actor.Load[Outcome](c)
	if !ok {
		outcome = Abort
	}
	co.decide(c, s, outcome)
}

// Timeout implements [actor.TimeoutHandler].
func (co Coordinator) Timeout(c *actor.Context[Msg], s *CoordinatorState, _ string) {
	co.decide(c, s, Abort)
}

// Receive implements [actor.Actor].
func (co Coordinator) Receive(c *actor.Context[Msg], s *CoordinatorState, from actor.ID, m Msg) {
	switch m := m.(type) {
	case Vote:
		switch {
		case s.Outcome != Undecided:
		case !m.Yes:
			co.decide(c, s, Abort)
		default:
			s.Yes[from] = true
			if len(s.Yes) == len(co.Participants) {
				co.decide(c, s, Commit)
			}
		}
	case Ask:
		if s.Outcome != Undecided {
			c.Send(from, Decision{s.Outcome})
		}
	}
}

func (co Coordinator) decide(c *actor.Context[Msg], s *CoordinatorState, o Outcome) {
	s.Yes, s.Outcome = nil, o
	c.Save(o)
	c.CancelTimer(votes)
	c.Broadcast(co.Participants, Decision{o})
}
