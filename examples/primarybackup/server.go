package main

import (
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
)

// Origin identifies a write.
type Origin struct {
	Client  actor.ID
	Request register.Request
}

// Messages between the servers.
type (
	// Replicate asks the backup to store the Seq-th value.
	Replicate struct {
		Seq    int
		Origin Origin
		Value  register.Value
	}
	// Replicated confirms a Replicate.
	Replicated struct{ Seq int }
	// Forward passes a client's request to the primary.
	Forward struct {
		Client  actor.ID
		Request register.Msg
	}
	// Stopped is the message of the failure detector: the other server has halted.
	Stopped struct{}
)

// RegisterMessage implements [register.Msg].
func (Replicate) RegisterMessage() {}

// RegisterMessage implements [register.Msg].
func (Replicated) RegisterMessage() {}

// RegisterMessage implements [register.Msg].
func (Forward) RegisterMessage() {}

// RegisterMessage implements [register.Msg].
func (Stopped) RegisterMessage() {}

// Role is the role of a server.
type Role uint8

// The roles.
const (
	Primary Role = iota // serves clients, with a backup
	Backup              // forwards requests to the primary
	Alone               // serves clients without a backup
	Halted              // does nothing
)

// String names the role.
func (r Role) String() string { return [...]string{"primary", "backup", "alone", "halted"}[r] }

// Server is one of the two servers. The server with the id 0 is the primary at the start.
type Server struct {
	Other actor.ID
	// Hasty primaries answer before the backup has the value.
	Hasty bool
}

// State is the state of a Server.
type State struct {
	Role    Role
	Seq     int // number of the last value
	Stored  int // number of Value
	Value   register.Value
	Pending map[int]Replicate // values that the backup may not have, by number; of a primary
	Known   map[Origin]bool   // writes with a number
}

var (
	_ actor.Actor[State, register.Msg]          = Watched{}
	_ actor.ChoiceHandler[State, register.Msg]  = Watched{}
	_ actor.Actor[State, register.Msg]          = Impatient{}
	_ actor.TimeoutHandler[State, register.Msg] = Impatient{}
)

// The timer of impatient servers, and the choice of watched ones.
const (
	silence = "silence"
	failure = "failure"
)

// Start implements [actor.Actor].
func (sv Server) Start(c *actor.Context[register.Msg], s *State) {
	if c.Self() != 0 {
		s.Role = Backup
	}
}

// Watched is a server with a failure detector.
type Watched struct{ Server }

// Start implements [actor.Actor].
func (sv Watched) Start(c *actor.Context[register.Msg], s *State) {
	sv.Server.Start(c, s)
	c.Choose(failure, "halt")
}

// Choose implements [actor.ChoiceHandler]: the server fails. It does nothing after, and the failure
// detector tells the other.
func (sv Watched) Choose(c *actor.Context[register.Msg], s *State, _ string, _ any) {
	*s = State{Role: Halted}
	c.Send(sv.Other, Stopped{})
}

// Impatient is a server with a timer in the place of a failure detector. The backup takes over when it
// fires.
type Impatient struct{ Server }

// Start implements [actor.Actor].
func (sv Impatient) Start(c *actor.Context[register.Msg], s *State) {
	if sv.Server.Start(c, s); s.Role == Backup {
		c.SetTimer(silence, time.Second, time.Second)
	}
}

// Timeout implements [actor.TimeoutHandler].
func (sv Impatient) Timeout(c *actor.Context[register.Msg], s *State, _ string) { sv.takeOver(c, s) }

// Receive implements [actor.Actor].
func (sv Server) Receive(c *actor.Context[register.Msg], s *State, from actor.ID, m register.Msg) {
	if s.Role == Halted {
		return
	}
	switch m := m.(type) {
	case register.Put, register.Get:
		sv.serve(c, s, from, m)
	case Forward:
		sv.serve(c, s, m.Client, m.Request)
	case Replicate:
		if s.Role == Backup {
			s.Known[m.Origin] = true
			s.store(m)
			c.Send(from, Replicated{m.Seq})
		}
	case Replicated:
		sv.finish(c, s, m.Seq)
	case Stopped:
		sv.takeOver(c, s)
	}
}

// serve handles a request of a client. The primary answers a read with its stored value, which the
// backup has too.
func (sv Server) serve(c *actor.Context[register.Msg], s *State, client actor.ID, m register.Msg) {
	if s.Role == Backup {
		c.Send(sv.Other, Forward{client, m})
		return
	}
	switch m := m.(type) {
	case register.Put:
		sv.put(c, s, Origin{client, m.Request}, m.Value)
	case register.Get:
		c.Send(client, register.GetOK{Request: m.Request, Value: s.Value})
	}
}

// put numbers a write and sends it to the backup. A repeated write is ignored.
func (sv Server) put(c *actor.Context[register.Msg], s *State, o Origin, v register.Value) {
	if s.Known[o] {
		return
	}
	s.Known[o] = true
	s.Seq++
	m := Replicate{s.Seq, o, v}
	s.Pending[m.Seq] = m
	if s.Role == Primary {
		c.Send(sv.Other, m)
	}
	if s.Role == Alone || sv.Hasty {
		sv.finish(c, s, m.Seq)
	}
}

// finish stores a value that no longer waits and answers the client.
func (sv Server) finish(c *actor.Context[register.Msg], s *State, seq int) {
	m, ok := s.Pending[seq]
	if !ok {
		return
	}
	delete(s.Pending, seq)
	s.store(m)
	c.Send(m.Origin.Client, register.PutOK{Request: m.Origin.Request})
}

// store keeps the value with the higher number.
func (s *State) store(m Replicate) {
	s.Seq = max(s.Seq, m.Seq)
	if m.Seq > s.Stored {
		s.Stored, s.Value = m.Seq, m.Value
	}
}

// takeOver makes the server serve clients without a backup.
func (sv Server) takeOver(c *actor.Context[register.Msg], s *State) {
	s.Role = Alone
	for seq := 1; seq <= s.Seq; seq++ {
		sv.finish(c, s, seq)
	}
}
