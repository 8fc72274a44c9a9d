package actor

// ID names an actor of a system. Actors are numbered from 0 in the order of spawning, so the zero ID is that of
// the first actor; [NoActor] stands for none.
type ID int

// NoActor is the id of no actor. A message to it, or to any other id that no actor has, stays in the network
// and is never delivered.
const NoActor ID = -1

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
