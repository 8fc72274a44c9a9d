package plain

import (
	"slices"

	"github.com/allways-go/allways/actor/internal/core"
)

// Suppositions returns the losses, duplications and crashes that Next can take in a state and Actions does
// not list, in the order of Actions.
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
		}
	}
	listed := m.Actions(nil, s)
	return slices.DeleteFunc(all, func(a core.Action) bool { return slices.Contains(listed, a) })
}

// Assumption returns what rules a fault out that Actions does not list.
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
	}
	return "the model does not list the step"
}
