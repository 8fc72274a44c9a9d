package main

import (
	"slices"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
)

// Consensus is what Paxos is for, without servers and messages: one of the values that clients put is chosen, and
// nothing happens after that.
type Consensus struct{ Clients int }

// Choice is the state of [Consensus]: the values that were chosen, ascending.
type Choice struct{ Values []register.Value }

var _ allways.Model[Choice, register.Value] = Consensus{}

// Init implements [allways.Model].
func (Consensus) Init() []Choice { return []Choice{{}} }

// Actions implements [allways.Model]: any value may be chosen if there is no other.
func (c Consensus) Actions(dst []register.Value, s Choice) []register.Value {
	if len(s.Values) > 0 {
		return dst
	}
	for k := range c.Clients {
		dst = append(dst, register.Value(rune('A'+k)))
	}
	return dst
}

// Next implements [allways.Model].
func (Consensus) Next(_ Choice, v register.Value) (Choice, bool) {
	return Choice{[]register.Value{v}}, true
}

// Properties implements [allways.Model].
func (Consensus) Properties() []allways.Property[Choice] {
	return []allways.Property[Choice]{
		allways.Always("one value is chosen", func(s Choice) bool { return len(s.Values) <= 1 }),
		allways.Eventually("a value is chosen", func(s Choice) bool { return len(s.Values) > 0 }),
	}
}

// servers refers to all servers.
type servers []actor.Ref[State]

// choice returns the values that servers know to be chosen.
func (all servers) choice(s *actor.State[register.Msg]) (c Choice) {
	for _, ref := range all {
		if sv := ref.In(s); sv.Decided && !slices.Contains(c.Values, sv.Accepted.Proposal.Value) {
			c.Values = append(c.Values, sv.Accepted.Proposal.Value)
		}
	}
	slices.Sort(c.Values)
	return c
}
