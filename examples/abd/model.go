// Abd is a register on servers of which a minority may fail, without consensus (Attiya, Bar-Noy and
// Dolev, "Sharing memory robustly in message-passing systems", 1995), with several writers (Lynch
// and Shvartsman, "Robust emulation of shared memory using dynamic quorum-acknowledged broadcasts",
// 1997).
package main

import (
	"cmp"
	"fmt"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
	"github.com/allways-go/allways/consistency"
)

// Seq orders the written values.
type Seq struct {
	Clock  int
	Server actor.ID // server of the writer
}

func (q Seq) compare(o Seq) int {
	return cmp.Or(cmp.Compare(q.Clock, o.Clock), cmp.Compare(q.Server, o.Server))
}

// Version is a value with its place in the order. The initial version has clock 0.
type Version struct {
	Seq   Seq
	Value register.Value
}

// Messages between servers. The request of the client identifies the answers that belong to it.
type (
	Query    struct{ Request register.Request }
	AckQuery struct {
		Request register.Request
		Version Version
	}
	Record struct {
		Request register.Request
		Version Version
	}
	AckRecord struct{ Request register.Request }
)

// RegisterMessage implements [register.Msg].
func (Query) RegisterMessage() {}

// RegisterMessage implements [register.Msg].
func (AckQuery) RegisterMessage() {}

// RegisterMessage implements [register.Msg].
func (Record) RegisterMessage() {}

// RegisterMessage implements [register.Msg].
func (AckRecord) RegisterMessage() {}

// Server keeps a version and serves one request of a client at a time.
type Server struct {
	Peers []actor.ID // the other servers
	// Hasty servers answer a read without writing the value back to a majority.
	Hasty   bool
	Durable bool // save the version, and restore it after a crash
}

// State is the state of a Server.
type State struct {
	Version Version
	Task    Task
}

// Task is the request that a server serves; request 0 means none. In the first phase the server
// asks a majority, itself included, for their versions. In the second phase a majority records the
// version that is written or read.
type Task struct {
	Request register.Request
	Client  actor.ID
	Write   bool
	Value   register.Value       // value to write, or value that was read
	Queried map[actor.ID]Version // answers of the first phase
	Acks    map[actor.ID]bool    // servers that have recorded the version in the second phase
}

var (
	_ actor.Actor[State, register.Msg]          = Server{}
	_ actor.RestartHandler[State, register.Msg] = Server{}
)

// Start implements [actor.Actor].
func (Server) Start(*actor.Context[register.Msg], *State) {}

// Restart implements [actor.RestartHandler]: a request that it served is given up.
func (Server) Restart(c *actor.Context[register.Msg], s *State) {
	s.Version, _ = actor.Load[Version](c)
}

// Receive implements [actor.Actor].
func (sv Server) Receive(c *actor.Context[register.Msg], s *State, from actor.ID, m register.Msg) {
	switch m := m.(type) {
	case register.Put:
		sv.begin(c, s, Task{Request: m.Request, Client: from, Write: true, Value: m.Value})
	case register.Get:
		sv.begin(c, s, Task{Request: m.Request, Client: from})
	case Query:
		c.Send(from, AckQuery{m.Request, s.Version})
	case AckQuery:
		if m.Request == s.Task.Request && len(s.Task.Queried) > 0 {
			sv.queried(c, s, from, m.Version)
		}
	case Record:
		sv.record(c, s, m.Version)
		c.Send(from, AckRecord{m.Request})
	case AckRecord:
		if m.Request == s.Task.Request && len(s.Task.Acks) > 0 {
			sv.recorded(c, s, from)
		}
	}
}

func (sv Server) record(c *actor.Context[register.Msg], s *State, v Version) {
	if v.Seq.compare(s.Version.Seq) <= 0 {
		return
	}
	s.Version = v
	if sv.Durable {
		c.Save(v)
	}
}

func (sv Server) majority() int { return actor.Majority(len(sv.Peers) + 1) }

func (sv Server) begin(c *actor.Context[register.Msg], s *State, t Task) {
	if s.Task.Request != 0 {
		return
	}
	s.Task = t
	s.Task.Queried = map[actor.ID]Version{}
	c.Broadcast(sv.Peers, Query{t.Request})
	sv.queried(c, s, c.Self(), s.Version)
}

func (sv Server) queried(c *actor.Context[register.Msg], s *State, from actor.ID, v Version) {
	t := &s.Task
	t.Queried[from] = v
	if len(t.Queried) < sv.majority() {
		return
	}
	for _, o := range t.Queried {
		if o.Seq.compare(v.Seq) > 0 {
			v = o
		}
	}
	if t.Write {
		v = Version{Seq{v.Seq.Clock + 1, c.Self()}, t.Value}
		t.Value = ""
	} else {
		t.Value = v.Value
	}
	t.Queried, t.Acks = nil, map[actor.ID]bool{}
	if sv.Hasty && !t.Write {
		sv.finish(c, s)
		return
	}
	c.Broadcast(sv.Peers, Record{t.Request, v})
	sv.record(c, s, v)
	sv.recorded(c, s, c.Self())
}

func (sv Server) recorded(c *actor.Context[register.Msg], s *State, from actor.ID) {
	s.Task.Acks[from] = true
	if len(s.Task.Acks) >= sv.majority() {
		sv.finish(c, s)
	}
}

func (sv Server) finish(c *actor.Context[register.Msg], s *State) {
	t := s.Task
	if t.Write {
		c.Send(t.Client, register.PutOK{Request: t.Request})
	} else {
		c.Send(t.Client, register.GetOK{Request: t.Request, Value: t.Value})
	}
	s.Task = Task{}
}

// Model holds the parameters of the system.
type Model struct {
	Servers    int
	Clients    int // clients that write and then read
	Readers    int // clients that read twice
	Puts, Gets int // writes and reads of a client, 0 means 1
	Crashes    int // maximum number of crashes, of one actor at a time; actors then save their state
	Network    actor.Network
	Ignored    actor.IgnoredPolicy
	Hasty      bool
}

// System returns a system of servers, clients and readers.
func (m Model) System() *actor.System[register.Msg] {
	durable := m.Crashes > 0
	sys := actor.NewSystem[register.Msg](actor.Config{Network: m.Network, Ignored: m.Ignored,
		Crashes: m.Crashes > 0, MaxCrashes: m.Crashes, MaxDown: min(m.Crashes, 1),
	})
	for id := range m.Servers {
		actor.Spawn(sys, fmt.Sprintf("server-%d", id+1),
			Server{Peers: actor.Peers(actor.ID(id), m.Servers), Hasty: m.Hasty, Durable: durable})
	}
	sys.RegisterMessages(append(register.Messages(), Query{}, AckQuery{}, Record{}, AckRecord{})...)
	actor.RegisterClientMessages(sys, register.Put{}, register.Get{})
	history := actor.Linearizable(sys, "linearizable", consistency.Register[register.Value]{})
	var got []func(*actor.State[register.Msg]) register.Value
	for k := range m.Clients {
		r := actor.Spawn(sys, fmt.Sprintf("client-%d", k+1),
			register.Client{Servers: m.Servers, Puts: max(m.Puts, 1), Gets: m.Gets, Durable: durable,
				History: history})
		got = append(got, func(s *actor.State[register.Msg]) register.Value { return r.In(s).Got })
	}
	for k := range m.Readers {
		r := actor.Spawn(sys, fmt.Sprintf("reader-%d", k+1),
			register.Client{Servers: m.Servers, Gets: 2, Durable: durable, History: history})
		got = append(got, func(s *actor.State[register.Msg]) register.Value { return r.In(s).Got })
	}
	sys.Sometimes("a value is read", func(s *actor.State[register.Msg]) bool {
		for _, value := range got {
			if value(s) != "" {
				return true
			}
		}
		return false
	})
	return sys
}
