package main

import (
	"time"

	"github.com/allways-go/allways/actor"
)

// Msg is a message between servers, or a command of a client.
type Msg interface{ raft() }

// The messages.
type (
	// RequestVote requests a vote. It has the end of the candidate's log.
	RequestVote struct{ Term, LastIndex, LastTerm int }
	// Vote grants a vote.
	Vote struct{ Term int }
	// Append carries entries of the leader's log, those after PrevIndex. Without entries it is a
	// heartbeat.
	Append struct {
		Term, PrevIndex, PrevTerm int
		Entries                   []Entry
		Commit                    int
	}
	// Appended answers an Append: the logs are equal up to Index, or differ there if not OK.
	Appended struct {
		Term, Index int
		OK          bool
	}
	// Command is a client's command.
	Command struct{ Number int }
	// Propose is a command whose client wants an answer, which any server gives when the command is committed.
	// The same number is the same command, so that a client without an answer may propose it again.
	Propose struct{ Number int }
	// Committed answers a Propose: the command has this place in the log and keeps it.
	Committed struct{ Number, Index int }
)

func (RequestVote) raft() {}
func (Vote) raft()        {}
func (Append) raft()      {}
func (Appended) raft()    {}
func (Command) raft()     {}
func (Propose) raft()     {}
func (Committed) raft()   {}

// Role is the role of a server in its term.
type Role uint8

// The roles of a server.
const (
	Follower Role = iota
	Candidate
	Leader
)

// String names the role.
func (r Role) String() string { return [...]string{"follower", "candidate", "leader"}[r] }

// The timers of servers. Followers and candidates use election, leaders use heartbeat.
const (
	election  = "election"
	heartbeat = "heartbeat"
)

// Durable is the part of the state that must survive crashes.
type Durable struct {
	Term  int
	Voted actor.ID // candidate with the vote in this term, or NoActor
	Log   Log
}

// State is the state of a Server.
type State struct {
	Durable
	Role   Role
	Commit int               // index of the last entry known to be committed
	Votes  map[actor.ID]bool // votes for a candidate
	Next   map[actor.ID]int  // index of the next entry to send, by server; of a leader
	Match  map[actor.ID]int  // index up to which the logs are known to be equal, by server; of a leader
	Beats  int               // number of heartbeats; of a leader
	Stood  int               // times that the server has stood for election, if that is limited
	// Waiting are the clients that wait for commands to be committed, by command.
	Waiting map[int]actor.ID
}

func (s *State) committed() Log { return s.Log[:s.Commit] }

// Server is a server of the cluster.
type Server struct {
	Peers []actor.ID // the other servers
	// Forgetful servers do not save their vote.
	Forgetful bool
	// Careless servers vote for candidates with older logs.
	Careless bool
	// Batch is the number of entries that a message holds at most.
	Batch int
	// Limited servers stand for election at most Elections times after a start.
	Limited   bool
	Elections int
}

var (
	_ actor.Actor[State, Msg]          = Server{}
	_ actor.TimeoutHandler[State, Msg] = Server{}
	_ actor.RestartHandler[State, Msg] = Server{}
)

// Start implements [actor.Actor].
func (sv Server) Start(c *actor.Context[Msg], s *State) {
	s.Voted = actor.NoActor
	sv.waitForLeader(c, s)
}

// Restart implements [actor.RestartHandler]: a server comes back as a follower, with what it has saved.
func (sv Server) Restart(c *actor.Context[Msg], s *State) {
	sv.Start(c, s)
	if d, ok := actor.Load[Durable](c); ok {
		s.Durable = d
	}
}

func (sv Server) waitForLeader(c *actor.Context[Msg], s *State) {
	if !sv.Limited || s.Stood < sv.Elections {
		c.SetTimer(election, 150*time.Millisecond, 300*time.Millisecond)
	}
}

// save saves the durable state. It must come before messages that depend on that state.
func (sv Server) save(c *actor.Context[Msg], s *State) {
	d := s.Durable
	if sv.Forgetful {
		d.Voted = actor.NoActor
	}
	c.Save(d)
}

// Timeout implements [actor.TimeoutHandler].
func (sv Server) Timeout(c *actor.Context[Msg], s *State, timer string) {
	if timer == heartbeat {
		sv.beat(c, s)
		return
	}
	if sv.Limited {
		s.Stood++
	}
	s.Term++
	s.Role, s.Voted, s.Votes = Candidate, c.Self(), map[actor.ID]bool{c.Self(): true}
	sv.save(c, s)
	sv.waitForLeader(c, s)
	c.Broadcast(sv.Peers, RequestVote{s.Term, s.Log.last(), s.Log.term(s.Log.last())})
	sv.count(c, s)
}

// Receive implements [actor.Actor].
func (sv Server) Receive(c *actor.Context[Msg], s *State, from actor.ID, m Msg) {
	switch m := m.(type) {
	case RequestVote:
		sv.meet(c, s, m.Term)
		sv.vote(c, s, from, m)
	case Vote:
		sv.meet(c, s, m.Term)
		if m.Term == s.Term && s.Role == Candidate {
			s.Votes[from] = true
			sv.count(c, s)
		}
	case Append:
		sv.meet(c, s, m.Term)
		sv.follow(c, s, from, m)
	case Appended:
		sv.meet(c, s, m.Term)
		if m.Term == s.Term && s.Role == Leader {
			sv.appended(c, s, from, m)
		}
	case Command:
		sv.command(c, s, m)
	case Propose:
		sv.propose(c, s, from, m)
	}
}

// command appends a command to the log of a leader. Other servers drop it.
func (sv Server) command(c *actor.Context[Msg], s *State, m Command) {
	if s.Role == Leader && !s.Log.has(m.Number) {
		s.Log = append(s.Log, Entry{s.Term, m.Number})
		sv.save(c, s)
		sv.commit(c, s)
	}
}

// propose passes a command on to the leader, which need not be known for that, and remembers who waits for it.
func (sv Server) propose(c *actor.Context[Msg], s *State, from actor.ID, m Propose) {
	if s.Waiting == nil {
		s.Waiting = map[int]actor.ID{}
	}
	s.Waiting[m.Number] = from
	for i, e := range s.committed() {
		sv.answer(c, s, i+1, e)
	}
	if _, ok := s.Waiting[m.Number]; !ok {
		return
	}
	if s.Role != Leader {
		c.Broadcast(sv.Peers, Command(m))
		return
	}
	sv.command(c, s, Command(m))
}

// advance commits entries up to an index, and answers who waits for them.
func (sv Server) advance(c *actor.Context[Msg], s *State, index int) {
	for s.Commit < index {
		s.Commit++
		sv.answer(c, s, s.Commit, s.Log[s.Commit-1])
	}
}

func (sv Server) answer(c *actor.Context[Msg], s *State, index int, e Entry) {
	if client, ok := s.Waiting[e.Command]; ok {
		c.Send(client, Committed{e.Command, index})
		delete(s.Waiting, e.Command)
	}
}

// meet makes the server a follower if it learns of a later term.
func (sv Server) meet(c *actor.Context[Msg], s *State, term int) {
	if term <= s.Term {
		return
	}
	s.Term, s.Voted = term, actor.NoActor
	sv.save(c, s)
	sv.stepDown(c, s)
}

func (sv Server) stepDown(c *actor.Context[Msg], s *State) {
	*s = State{Durable: s.Durable, Commit: s.Commit, Waiting: s.Waiting, Stood: s.Stood}
	c.CancelTimer(heartbeat)
	sv.waitForLeader(c, s)
}

// vote grants the vote of the term to one candidate, if its log has all committed entries. Refusals
// are not sent: at most they would tell of a later term, and its candidate does that.
func (sv Server) vote(c *actor.Context[Msg], s *State, from actor.ID, m RequestVote) {
	ahead := s.Log.ahead(m.LastTerm, m.LastIndex) && !sv.Careless
	if m.Term < s.Term || s.Voted != actor.NoActor && s.Voted != from || ahead {
		return
	}
	s.Voted = from
	sv.save(c, s)
	sv.waitForLeader(c, s)
	c.Send(from, Vote{s.Term})
}

// count makes a candidate the leader if it has the votes of a majority.
func (sv Server) count(c *actor.Context[Msg], s *State) {
	if len(s.Votes) < sv.majority() {
		return
	}
	s.Role, s.Votes = Leader, nil
	s.Next, s.Match = map[actor.ID]int{}, map[actor.ID]int{}
	for _, id := range sv.Peers {
		s.Next[id], s.Match[id] = s.Log.last()+1, 0
	}
	c.CancelTimer(election)
	c.SetTimer(heartbeat, 0, 0)
}

func (sv Server) majority() int { return actor.Majority(len(sv.Peers) + 1) }

// beat sends each server the entries that it lacks, as far as the leader knows and a message holds.
func (sv Server) beat(c *actor.Context[Msg], s *State) {
	s.Beats++
	c.SetTimer(heartbeat, 50*time.Millisecond, 50*time.Millisecond)
	for _, id := range sv.Peers {
		sv.sendEntries(c, s, id)
	}
}

func (sv Server) sendEntries(c *actor.Context[Msg], s *State, to actor.ID) {
	prev := s.Next[to] - 1
	entries := s.Log[prev:min(prev+sv.Batch, s.Log.last())]
	c.Send(to, Append{s.Term, prev, s.Log.term(prev), entries, s.Commit})
}

// follow appends the entries of the leader, if they continue the log.
func (sv Server) follow(c *actor.Context[Msg], s *State, from actor.ID, m Append) {
	if m.Term < s.Term {
		return
	}
	if s.Role == Candidate {
		sv.stepDown(c, s)
	}
	sv.waitForLeader(c, s)
	if m.PrevIndex > s.Log.last() || m.PrevTerm != s.Log.term(m.PrevIndex) {
		c.Send(from, Appended{s.Term, s.Log.differs(m.PrevIndex), false})
		return
	}
	s.Log = s.Log.merge(m.PrevIndex, m.Entries)
	last := m.PrevIndex + len(m.Entries)
	sv.save(c, s)
	sv.advance(c, s, min(m.Commit, last))
	c.Send(from, Appended{s.Term, last, true})
}

// appended updates what the leader knows of the log of a follower. One that lacks more than a message holds
// gets the next one at once, and not with the next heartbeat.
func (sv Server) appended(c *actor.Context[Msg], s *State, from actor.ID, m Appended) {
	if !m.OK {
		s.Next[from] = max(s.Match[from]+1, min(s.Next[from], m.Index))
	} else {
		s.Match[from] = max(s.Match[from], m.Index)
		s.Next[from] = max(s.Next[from], s.Match[from]+1)
		sv.commit(c, s)
	}
	if s.Log.last()-s.Next[from] >= sv.Batch {
		sv.sendEntries(c, s, from)
	}
}

// commit commits up to the last entry of this term that a majority has. Entries of earlier terms
// are committed only along with it, since a later leader may still overwrite them.
func (sv Server) commit(c *actor.Context[Msg], s *State) {
	for index := s.Log.last(); index > s.Commit && s.Log.term(index) == s.Term; index-- {
		have := 1
		for _, match := range s.Match {
			if match >= index {
				have++
			}
		}
		if have >= sv.majority() {
			sv.advance(c, s, index)
		}
	}
}
