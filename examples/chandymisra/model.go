// Chandymisra is dining by messages: philosophers at a round table share a fork with each neighbour, and send it to each
// other. It is the algorithm of Chandy and Misra, The drinking philosophers problem (1984): a fork that was eaten with is
// dirty and must be given away when asked for, a clean one may be kept until one has eaten. Who is asked for a fork holds
// its token.
package main

import (
	"fmt"
	"time"

	"github.com/allways-go/allways/actor"
)

// Msg is a [Fork] or a [Request].
type Msg interface{ diningMessage() }

// Messages between neighbours.
type (
	Fork    struct{} // hands over the fork, clean
	Request struct{} // asks for it
)

func (Fork) diningMessage()    {}
func (Request) diningMessage() {}

// Side is what a philosopher knows of one neighbour.
type Side struct {
	Fork, Dirty bool // has the fork
	Token       bool // may ask for it, or was asked
}

// Phase is what a philosopher does.
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
	Meals int     // eaten
	Sides [2]Side // towards the one before and the one behind
}

// Philosopher eats so many meals.
type Philosopher struct {
	Neighbours [2]actor.ID
	Forks      [2]bool // who begins with the forks
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
	if s.Phase = Thinking; s.Meals < p.Meals {
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
	s.Meals++
	p.think(c, s)
	for i := range s.Sides {
		s.Sides[i].Dirty = true
		p.give(c, s, i)
	}
}

// ask asks for a fork that is missed.
func (p Philosopher) ask(c *actor.Context[Msg], s *State, i int) {
	if side := &s.Sides[i]; s.Phase == Hungry && !side.Fork && side.Token {
		side.Token = false
		c.Send(p.Neighbours[i], Request{})
	}
}

// give hands over a dirty fork that was asked for.
func (p Philosopher) give(c *actor.Context[Msg], s *State, i int) {
	side := &s.Sides[i]
	if !side.Fork || !side.Dirty || !side.Token || s.Phase == Eating {
		return
	}
	side.Fork, side.Dirty = false, false
	c.Send(p.Neighbours[i], Fork{})
	p.ask(c, s, i)
}

// eat begins to eat with two forks.
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

// Model says what system is made.
type Model struct {
	Philosophers int // at least 3, so that neighbours differ
	Meals        int // of each
	Network      actor.Network
	Round        bool // everybody begins with one fork, so that each has precedence over the next one, all around the table
}

// System returns a table of philosophers.
func (m Model) System() *actor.System[Msg] {
	sys := actor.NewSystem[Msg](actor.Config{Network: m.Network})
	sys.RegisterMessages(Fork{}, Request{})
	n := m.Philosophers
	var all []actor.Ref[State]
	for i := range n {
		p := Philosopher{Neighbours: [2]actor.ID{actor.ID((i + n - 1) % n), actor.ID((i + 1) % n)}, Meals: m.Meals}
		// A fork begins with the neighbour who comes first at the table.
		p.Forks = [2]bool{i == 0 && !m.Round, m.Round || i < n-1}
		all = append(all, actor.Spawn(sys, fmt.Sprintf("philosopher-%d", i+1), p))
	}
	full := func(s *actor.State[Msg]) bool {
		for _, r := range all {
			if r.In(s).Meals < m.Meals {
				return false
			}
		}
		return true
	}
	sys.Always("neighbours do not eat at the same time", func(s *actor.State[Msg]) bool {
		for i, r := range all {
			if r.In(s).Phase == Eating && all[(i+1)%n].In(s).Phase == Eating {
				return false
			}
		}
		return true
	})
	sys.NoDeadlock("nobody waits for ever", full)
	sys.Eventually("everybody has eaten", full)
	return sys
}
