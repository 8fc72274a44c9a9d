// Lww is a last-writer-wins register: a replicated value without agreement. Replicas write
// independently, send each other their states from time to time, and keep the newer of two states
// (Shapiro, Preguiça, Baquero and Zawirski, "Conflict-free replicated data types", 2011).
package main

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/allways-go/allways/actor"
)

// Stamp orders writes by time, and writes of the same time by replica.
type Stamp struct {
	Time    int
	Replica actor.ID
}

func (a Stamp) compare(b Stamp) int {
	return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Replica, b.Replica))
}

// Colour is a value of the register. A new register has the value "".
type Colour string

// Peer is the receiver of a state.
type Peer actor.ID

// String returns the name of the replica.
func (p Peer) String() string { return fmt.Sprintf("replica-%d", p+1) }

// Register is the state of the register at a replica, and the message that carries it.
type Register struct {
	Stamp Stamp
	Value Colour
	// Seen is the number of writes merged into this state, by replica. Merging ignores it: the
	// property uses it to tell which replicas should agree.
	Seen []int
}

// Replica writes and sends a number of times, at nondeterministic moments.
type Replica struct {
	Replicas    int
	Sets, Sends int
	Tied        bool // compare writes by time alone, so that of two with the same time none wins
}

// State is the state of a Replica.
type State struct {
	Register    Register
	Sets, Sends int // numbers so far
}

var (
	_ actor.Actor[State, Register]         = Replica{}
	_ actor.ChoiceHandler[State, Register] = Replica{}
)

// Start implements [actor.Actor].
func (r Replica) Start(c *actor.Context[Register], s *State) {
	s.Register.Seen = make([]int, r.Replicas)
	r.offer(c, s)
}

// offer offers the choice of the next action.
func (r Replica) offer(c *actor.Context[Register], s *State) {
	if s.Sets < r.Sets {
		c.Choose("set", Colour("red"), Colour("blue"))
	}
	if s.Sends < r.Sends {
		var peers []any
		for _, p := range actor.Peers(c.Self(), r.Replicas) {
			peers = append(peers, Peer(p))
		}
		c.Choose("send", peers...)
	}
}

// Choose implements [actor.ChoiceHandler].
func (r Replica) Choose(c *actor.Context[Register], s *State, key string, option any) {
	switch o := option.(type) {
	case Colour:
		s.Register.Stamp = Stamp{s.Register.Stamp.Time + 1, c.Self()}
		s.Register.Value = o
		s.Register.Seen[c.Self()]++
		s.Sets++
	case Peer:
		c.Send(actor.ID(o), s.Register)
		s.Sends++
	}
	r.offer(c, s)
}

// Receive implements [actor.Actor].
func (r Replica) Receive(c *actor.Context[Register], s *State, from actor.ID, m Register) {
	s.Register = r.merge(s.Register, m)
}

func (r Replica) merge(a, b Register) Register {
	for i := range a.Seen {
		a.Seen[i] = max(a.Seen[i], b.Seen[i])
	}
	later := b.Stamp.compare(a.Stamp) > 0
	if r.Tied {
		later = b.Stamp.Time > a.Stamp.Time
	}
	if later {
		a.Stamp, a.Value = b.Stamp, b.Value
	}
	return a
}

// Model holds the parameters of the system.
type Model struct {
	Replicas    int
	Sets, Sends int // numbers for each replica
	Network     actor.Network
	Ignored     actor.IgnoredPolicy
	Tied        bool // see [Replica]
}

// System returns a system of replicas.
func (m Model) System() *actor.System[Register] {
	sys := actor.NewSystem[Register](actor.Config{Network: m.Network, Ignored: m.Ignored})
	var replicas []actor.Ref[State]
	for id := range m.Replicas {
		r := Replica{Replicas: m.Replicas, Sets: m.Sets, Sends: m.Sends, Tied: m.Tied}
		replicas = append(replicas, actor.Spawn(sys, Peer(id).String(), r))
	}
	sys.Always("replicas that have seen the same writes agree", func(s *actor.State[Register]) bool {
		for i, r := range replicas {
			for _, o := range replicas[:i] {
				a, b := r.In(s).Register, o.In(s).Register
				if slices.Equal(a.Seen, b.Seen) && a.Value != b.Value {
					return false
				}
			}
		}
		return true
	})
	sys.AlwaysStep("no replica goes back in time",
		func(before *actor.State[Register], _ actor.Action[Register], after *actor.State[Register]) bool {
			for _, r := range replicas {
				if r.In(after).Register.Stamp.compare(r.In(before).Register.Stamp) < 0 {
					return false
				}
			}
			return true
		})
	sys.Sometimes("two have seen writes of all", func(s *actor.State[Register]) bool {
		two := 0
		for _, r := range replicas {
			if !slices.Contains(r.In(s).Register.Seen, 0) {
				two++
			}
		}
		return two >= 2
	})
	return sys
}
