// Chandymisra is the dining philosophers problem with messages: two neighbours at a round table
// share a fork and send it to each other. The algorithm is that of Chandy and Misra ("The drinking
// philosophers problem", 1984). Eating makes a fork dirty. A dirty fork must be given away on
// request, a clean one may be kept until after the meal. Each fork has a token; the holder of the
// token may request the fork.
package main

import (
	"fmt"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// Msg is a [Fork] or a [Request].
type Msg interface{ diningMessage() }

// Messages between neighbours.
type (
	Fork    struct{} // the fork, clean
	Request struct{} // request for the fork
)

func (Fork) diningMessage()    {}
func (Request) diningMessage() {}

// Side is what a philosopher shares with one neighbour.
type Side struct {
	Fork, Dirty bool // the philosopher has the fork
	Token       bool // the philosopher may request the fork, or has a request for it
}

// Phase is the phase of a philosopher.
type Phase uint8

// The phases.
const (
	Thinking Phase = iota
	Hungry
	Eating
)

// String returns the name of a phase.
func (p Phase) String() string { return [...]string{"thinking", "hungry", "eating"}[p] }

// State is the state of a philosopher.
type State struct {
	Phase Phase
	Meals int     // number of meals so far, if that is limited
	Sides [2]Side // toward the previous and the next philosopher
}

// Philosopher is a philosopher with a number of meals to eat; 0 means without end.
type Philosopher struct {
	Neighbours [2]actor.ID
	Forks      [2]bool // forks at the start, by side
	Meals      int
}

var (
	_ actor.Actor[State, Msg]          = Philosopher{}
	_ actor.TimeoutHandler[State, Msg] = Philosopher{}
)

// Timers.
const (
	hunger  = "hunger"
	satiety = "satiety"
)

// Start implements [actor.Actor].
func (p Philosopher) Start(c *actor.Context[Msg], s *State) {
	for i, fork := range p.Forks {
		s.Sides[i] = Side{Fork: fork, Dirty: fork, Token: !fork}
	}
	p.think(c, s)
}

func (p Philosopher) think(c *actor.Context[Msg], s *State) {
	if s.Phase = Thinking; p.Meals == 0 || s.Meals < p.Meals {
		c.SetTimer(hunger, time.Millisecond, 10*time.Millisecond)
	}
}

// Timeout implements [actor.TimeoutHandler].
func (p Philosopher) Timeout(c *actor.Context[Msg], s *State, timer string) {
	if timer == hunger {
		s.Phase = Hungry
		for i := range s.Sides {
			p.ask(c, s, i)
		}
		p.eat(c, s)
		return
	}
	if p.Meals > 0 {
		s.Meals++
	}
	p.think(c, s)
	for i := range s.Sides {
		s.Sides[i].Dirty = true
		p.give(c, s, i)
	}
}

// ask requests a missing fork.
func (p Philosopher) ask(c *actor.Context[Msg], s *State, i int) {
	if side := &s.Sides[i]; s.Phase == Hungry && !side.Fork && side.Token {
		side.Token = false
		c.Send(p.Neighbours[i], Request{})
	}
}

// give gives a dirty fork away if it is requested.
func (p Philosopher) give(c *actor.Context[Msg], s *State, i int) {
	side := &s.Sides[i]
	if !side.Fork || !side.Dirty || !side.Token || s.Phase == Eating {
		return
	}
	side.Fork, side.Dirty = false, false
	c.Send(p.Neighbours[i], Fork{})
	p.ask(c, s, i)
}

// eat starts a meal if the philosopher has both forks.
func (p Philosopher) eat(c *actor.Context[Msg], s *State) {
	if s.Phase == Hungry && s.Sides[0].Fork && s.Sides[1].Fork {
		s.Phase = Eating
		c.SetTimer(satiety, time.Millisecond, 10*time.Millisecond)
	}
}

// Receive implements [actor.Actor].
func (p Philosopher) Receive(c *actor.Context[Msg], s *State, from actor.ID, m Msg) {
	i := 0
	if from == p.Neighbours[1] {
		i = 1
	}
	switch m.(type) {
	case Fork:
		s.Sides[i].Fork = true
		p.eat(c, s)
	case Request:
		s.Sides[i].Token = true
		p.give(c, s, i)
	}
}

// Model holds the parameters of the system.
type Model struct {
	Philosophers int // at least 3, so that neighbours differ
	Meals        int // meals of each philosopher; 0 means without end
	Network      actor.Network
	Ignored      actor.IgnoredPolicy
	// Round gives each philosopher one fork at the start, so that precedence is a cycle around the
	// table.
	Round bool
	// Unfair assumes neither that messages arrive nor that timers expire.
	Unfair bool
}

// System returns a table of philosophers.
func (m Model) System() *actor.System[Msg] {
	sys, _ := m.table()
	return sys
}

func (m Model) table() (*actor.System[Msg], []actor.Ref[State]) {
	config := actor.Config{Network: m.Network, Ignored: m.Ignored}
	if m.Meals == 0 && !m.Unfair {
		config.Fair = actor.FairDelivery | actor.FairTimers
	}
	sys := actor.NewSystem[Msg](config)
	sys.RegisterMessages(Fork{}, Request{})
	n := m.Philosophers
	var all []actor.Ref[State]
	for i := range n {
		p := Philosopher{Neighbours: [2]actor.ID{actor.ID((i + n - 1) % n), actor.ID((i + 1) % n)}, Meals: m.Meals}
		// A fork starts with the neighbour of the lower number.
		p.Forks = [2]bool{i == 0 && !m.Round, m.Round || i < n-1}
		all = append(all, actor.Spawn(sys, fmt.Sprintf("philosopher-%d", i+1), p))
	}
	sys.Always("neighbours do not eat at the same time", func(s *actor.State[Msg]) bool {
		for i, r := range all {
			if r.In(s).Phase == Eating && all[(i+1)%n].In(s).Phase == Eating {
				return false
			}
		}
		return true
	})
	if m.Meals == 0 {
		m.promiseMeals(sys, all)
		return sys, all
	}
	full := func(s *actor.State[Msg]) bool {
		for _, r := range all {
			if r.In(s).Meals < m.Meals {
				return false
			}
		}
		return true
	}
	sys.NoDeadlock("nobody waits for ever", full)
	sys.Eventually("everybody has eaten", full)
	return sys, all
}

// promiseMeals promises that who is hungry eats.
func (m Model) promiseMeals(sys *actor.System[Msg], all []actor.Ref[State]) {
	for i, r := range all {
		phase := func(want Phase) allways.Formula[*actor.State[Msg]] {
			return allways.Predicate(want.String(), func(s *actor.State[Msg]) bool { return r.In(s).Phase == want })
		}
		actor.Promise(sys, allways.Temporal(fmt.Sprintf("philosopher-%d eats when hungry", i+1),
			phase(Hungry).LeadsTo(phase(Eating))))
	}
}
