// Commit is two-phase commit between actors that crash and restart. A coordinator asks participants
// for their votes, and commits a transaction if all have voted yes before its timer fires (Gray,
// "Notes on data base operating systems", 1978).
package main

import (
	"fmt"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// Msg is a message between the coordinator and a participant.
type Msg interface{ commit() }

// The messages.
type (
	Prepare  struct{}                  // request for a vote
	Vote     struct{ Yes bool }        // vote of a participant
	Decision struct{ Outcome Outcome } // decision of the coordinator
	Ask      struct{}                  // request for the decision
)

func (Prepare) commit()  {}
func (Vote) commit()     {}
func (Decision) commit() {}
func (Ask) commit()      {}

// Model holds the parameters of the system.
type Model struct {
	Participants int
	Network      actor.Network
	Ignored      actor.IgnoredPolicy
	Crashes      int // maximum number of crashes; as many actors may be down at once
	Forgetful    bool
	Live         bool // promise of the outcome to participants that have voted yes, if what crashes restarts
	Abandoned    bool // the same promise, though what crashes may stay down
}

// System returns a system of a coordinator and participants.
func (m Model) System() *actor.System[Msg] {
	sys := actor.NewSystem[Msg](actor.Config{Network: m.Network, Ignored: m.Ignored,
		Crashes: m.Crashes > 0, MaxCrashes: m.Crashes, MaxDown: m.Crashes,
	})
	sys.RegisterMessages(Prepare{}, Vote{}, Decision{}, Ask{})
	coordinator := actor.ID(m.Participants)
	var participants []actor.Ref[Phase]
	for k := range m.Participants {
		participants = append(participants, actor.Spawn(sys, fmt.Sprintf("participant-%d", k+1),
			Participant{coordinator, m.Forgetful}))
	}
	actor.Spawn(sys, "coordinator", Coordinator{actor.Peers(coordinator, m.Participants)})

	// A participant that is down is not counted: its state is the zero state until it restarts.
	count := func(s *actor.State[Msg], phase Phase) int {
		n := 0
		for _, p := range participants {
			if *p.In(s) == phase {
				n++
			}
		}
		return n
	}
	sys.Always("consistent", func(s *actor.State[Msg]) bool {
		return count(s, Committed) == 0 || count(s, Aborted) == 0
	})
	sys.Sometimes("all commit", func(s *actor.State[Msg]) bool { return count(s, Committed) == m.Participants })
	sys.Sometimes("all abort", func(s *actor.State[Msg]) bool { return count(s, Aborted) == m.Participants })
	if m.Live || m.Abandoned {
		m.promiseOutcome(sys, participants)
	}
	return sys
}

// promiseOutcome promises that a participant that has voted yes hears of the outcome. Nothing else need go on.
func (m Model) promiseOutcome(sys *actor.System[Msg], participants []actor.Ref[Phase]) {
	fair := actor.FairDelivery | actor.FairTimers
	if !m.Abandoned {
		fair |= actor.FairRestarts
	}
	assumed := append(actor.Fairness(sys, fair), allways.MayStop[*actor.State[Msg]]())
	for i, p := range participants {
		prepared := allways.Predicate("prepared", func(s *actor.State[Msg]) bool { return *p.In(s) == Prepared })
		decided := allways.Predicate("decided", func(s *actor.State[Msg]) bool {
			return *p.In(s) == Committed || *p.In(s) == Aborted
		})
		hears := allways.Temporal(fmt.Sprintf("participant-%d hears of the outcome", i+1), prepared.LeadsTo(decided))
		actor.Promise(sys, hears.Assuming(assumed...))
	}
}
