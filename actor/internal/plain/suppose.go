package plain

import (
	"slices"

	"github.com/allways-go/allways/actor/internal/core"
)

// Suppositions returns the steps that Next can take in a state, that Actions does not list, and that people ask
// about: losses, duplications, crashes and deliveries out of order, by actor, and then partitions.
func (m Model) Suppositions(s *core.State) (all []core.Action) {
	for id, l := range s.Actors {
		for _, kind := range []core.Kind{core.Lose, core.Duplicate} {
			for _, e := range s.Inboxes[id].First() {
				if kind != core.Duplicate || !m.Link(e.From, id).Network.Keeps() {
					all = append(all, core.Action{Kind: kind, Actor: id, From: e.From, Msg: e.Msg})
				}
			}
		}
		if !l.Down {
			all = append(all, core.Action{Kind: core.Crash, Actor: id})
			all = m.overtakings(all, s, id)
		}
	}
	if s.Faults.Split == 0 {
		all = m.supposedSplits(all)
	}
	listed := map[core.Action]bool{}
	for _, a := range m.Actions(nil, s) {
		listed[a] = true
	}
	return slices.DeleteFunc(all, func(a core.Action) bool { return listed[a] })
}

// overtakings appends the deliveries of messages that wait behind others in a queue.
func (m Model) overtakings(dst []core.Action, s *core.State, to int) []core.Action {
	for _, q := range s.Inboxes[to].Queues {
		for k, msg := range q.Msgs {
			if !slices.Contains(q.Msgs[:k], msg) && !m.Separates(s.Faults.Split, q.From, to) {
				dst = append(dst, core.Action{Kind: core.Deliver, Actor: to, From: q.From, Msg: msg})
			}
		}
	}
	return dst
}

// supposedSplits appends the partitions of the system, and those that cut off one actor.
func (m Model) supposedSplits(dst []core.Action) []core.Action {
	own, n := len(m.Splits), len(m.Actors)
	for k := range own + n {
		if k < own || n > 2 && !m.cutsOff(k-own) || k == own && n == 2 && own == 0 {
			dst = append(dst, core.Action{Kind: core.Partition, Split: k + 1})
		}
	}
	return dst
}

// cutsOff reports whether a partition of the system cuts an actor off from all others.
func (m Model) cutsOff(id int) bool {
	return slices.ContainsFunc(m.Splits, func(groups [][]int) bool {
		alone := slices.ContainsFunc(groups, func(g []int) bool { return len(g) == 1 && g[0] == id })
		return alone && len(groups) == 2 && len(groups[0])+len(groups[1]) == len(m.Actors)
	})
}

// Assumption returns what rules a step out that Actions does not list.
func (m Model) Assumption(a core.Action) string {
	c := m.Config
	switch {
	case a.Kind == core.Lose && !m.Link(a.From, a.Actor).Lossy:
		return "the link loses no messages"
	case a.Kind == core.Lose:
		return "Config.MaxLosses messages were lost already"
	case a.Kind == core.Duplicate && !c.Duplicates:
		return "the network duplicates no messages"
	case a.Kind == core.Duplicate:
		return "Config.MaxDuplicates messages were duplicated already"
	case a.Kind == core.Crash && !m.MayCrash(a.Actor):
		return "the actor never crashes"
	case a.Kind == core.Crash:
		return "Config.MaxCrashes or Config.MaxDown is reached"
	case a.Kind == core.Deliver:
		return "the link is ordered, and other messages are ahead"
	case a.Kind == core.Partition && a.Split > len(m.Splits):
		return "the network has no such partition"
	case a.Kind == core.Partition:
		return "Config.MaxPartitions is reached"
	case a.Kind == core.Forge:
		return "no actor has sent the message"
	}
	return "the model does not list the step"
}
