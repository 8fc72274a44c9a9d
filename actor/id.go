package actor

import "reflect"

// ID names an actor of a system. Actors are numbered from 0 in the order of spawning, so the zero ID is that of
// the first actor; [NoActor] stands for none. Reports show the name of the actor. A type made from ID reads as a
// number, unless it is an [Identifier].
type ID int

// NoActor is the id of no actor. A message to it, or to any other id that no actor has, stays in the network
// and is never delivered.
const NoActor ID = -1

// Identifier is implemented by types of users that stand for an [ID], and does for them what reports do for IDs:
// they show the name of the actor. Go does not tell a `type Holder actor.ID` from other types of numbers, so such a
// type says it itself:
//
//	func (h Holder) ActorID() actor.ID { return actor.ID(h) }
type Identifier interface{ ActorID() ID }

// idOf returns the id that a value is, if it is one.
func idOf(x reflect.Value) (id int, ok bool) {
	if x.Type() == reflect.TypeFor[ID]() {
		return int(x.Int()), true
	}
	if !x.CanInt() || !x.Type().Implements(reflect.TypeFor[Identifier]()) {
		return 0, false
	}
	return int(x.Interface().(Identifier).ActorID()), true
}

// Majority returns the smallest number of n that is more than half.
func Majority(n int) int { return n/2 + 1 }

// Peers returns the ids below n, except self.
func Peers(self ID, n int) []ID {
	peers := make([]ID, 0, max(n-1, 0))
	for id := range ID(n) {
		if id != self {
			peers = append(peers, id)
		}
	}
	return peers
}

func numbers(ids []ID) []int {
	all := make([]int, len(ids))
	for i, id := range ids {
		all[i] = int(id)
	}
	return all
}
