package actor

import "github.com/allways-go/allways/actor/internal/core"

// Actors returns what belongs to the actors in a state.
func Actors[M any](s *State[M]) []*core.ActorView { return s.actors }

// Faults returns the faults of a state.
func Faults[M any](s *State[M]) core.Faults { return s.faults }

// Lost returns by actor how many operations its crashes have left under way.
func Lost[Op, Ret, M any](h History[Op, Ret], s *State[M]) []int {
	return s.aux[h.index].(*recorded[Op, Ret]).Lost
}
