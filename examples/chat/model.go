// Chat is a group chat that shows messages in causal order: no member sees an answer before the
// question, although messages overtake each other. It is the causal broadcast of Birman, Schiper
// and Stephenson ("Lightweight causal and atomic group multicast", 1991).
package main

import (
	"fmt"
	"slices"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/clock"
)

// Post is a message to all members. Its clock counts, by member, the posts that its author had
// shown before, and the post itself.
type Post struct {
	Author actor.ID
	Clock  clock.VectorClock
	To     actor.ID // author of the answered post, NoActor for a question
}

// Member is a member of the chat. The first member asks a question when it starts, the others
// answer each question once.
type Member struct {
	Members int
	Hasty   bool // show posts as they arrive
}

// MemberState is the state of a Member.
type MemberState struct {
	Clock   clock.VectorClock // number of shown posts by author
	Shown   []Post
	Waiting []Post // posts that came too early
}

var _ actor.Actor[MemberState, Post] = Member{}

// Start implements [actor.Actor].
func (m Member) Start(c *actor.Context[Post], s *MemberState) {
	if c.Self() == 0 {
		m.post(c, s, actor.NoActor)
	}
}

func (m Member) post(c *actor.Context[Post], s *MemberState, to actor.ID) {
	s.Clock = s.Clock.Tick(c.Self())
	p := Post{c.Self(), s.Clock.Clone(), to}
	s.Shown = append(s.Shown, p)
	c.Broadcast(actor.Peers(c.Self(), m.Members), p)
}

// Receive implements [actor.Actor].
func (m Member) Receive(c *actor.Context[Post], s *MemberState, _ actor.ID, p Post) {
	if known := s.Clock[p.Author] >= p.Clock[p.Author] || slices.ContainsFunc(s.Waiting, p.same); known {
		return // a duplicate
	}
	s.Waiting = append(s.Waiting, p)
	for {
		i := slices.IndexFunc(s.Waiting, func(p Post) bool { return m.Hasty || s.ready(p) })
		if i < 0 {
			return
		}
		p := s.Waiting[i]
		s.Waiting = slices.Delete(s.Waiting, i, i+1)
		s.Shown = append(s.Shown, p)
		s.Clock = s.Clock.Merge(clock.VectorClock{p.Author: p.Clock[p.Author]})
		if p.To == actor.NoActor {
			m.post(c, s, p.Author)
		}
	}
}

func (p Post) same(o Post) bool { return p.Author == o.Author && p.Clock.Equal(o.Clock) }

// ready reports whether a post is the next one of its author and the posts that its author had
// shown are shown.
func (s *MemberState) ready(p Post) bool {
	before := p.Clock.Clone()
	before[p.Author]--
	return s.Clock.Includes(before) && s.Clock[p.Author] == before[p.Author]
}

// Model holds the parameters of the system.
type Model struct {
	Members int
	Network actor.Network
	Ignored actor.IgnoredPolicy
	Hasty   bool
}

// System returns a group of members.
func (m Model) System() *actor.System[Post] {
	sys := actor.NewSystem[Post](actor.Config{Network: m.Network, Ignored: m.Ignored})
	var members []actor.Ref[MemberState]
	for id := range m.Members {
		members = append(members, actor.Spawn(sys, fmt.Sprintf("member-%d", id+1), Member{m.Members, m.Hasty}))
	}
	sys.Always("no answer before its question", func(s *actor.State[Post]) bool {
		return !slices.ContainsFunc(members, func(r actor.Ref[MemberState]) bool { return !r.In(s).sensible() })
	})
	sys.Sometimes("all is shown", func(s *actor.State[Post]) bool {
		return !slices.ContainsFunc(members, func(r actor.Ref[MemberState]) bool {
			return len(r.In(s).Shown) < m.Members
		})
	})
	return sys
}

// sensible reports whether each shown post is below the posts that its author had shown.
func (s *MemberState) sensible() bool {
	shown := clock.VectorClock{}
	for _, p := range s.Shown {
		if shown.Merge(clock.VectorClock{p.Author: p.Clock[p.Author]}); !shown.Includes(p.Clock) {
			return false
		}
	}
	return true
}
