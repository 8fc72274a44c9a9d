package actor_test

import (
	"fmt"

	"github.com/allways-go/allways/actor"
)

// A value that a majority of the servers has stored is known to at least one member of every other.
func ExampleMajority() {
	fmt.Println(actor.Majority(3), actor.Majority(4), actor.Majority(5))
	// Output: 2 3 3
}

// A server sends to its peers, which are the servers but itself.
func ExamplePeers() {
	fmt.Println(actor.Peers(1, 4))
	// Output: [0 2 3]
}

// A command takes the network as a word.
func ExampleParseNetwork() {
	for _, name := range []string{"ordered", "wireless"} {
		n, ok := actor.ParseNetwork(name)
		fmt.Println(n, ok)
	}
	// Output:
	// ordered true
	// unordered false
}

// A program lists the actors of any system, whatever the type of its messages.
func ExampleNames() {
	sys := actor.NewSystem[Msg](actor.Config{})
	actor.Spawn(sys, "first", Cell{})
	actor.Spawn(sys, "second", Cell{})
	names, err := actor.Names(sys)
	fmt.Println(names, err)
	// Output: [first second] <nil>
}

// The number of actors so far is the id of the next one, which an actor spawned earlier may need.
func ExampleLen() {
	sys := actor.NewSystem[Msg](actor.Config{})
	cell := actor.Spawn(sys, "cell", Cell{})
	fmt.Println(cell.ID(), actor.Len(sys))
	// Output: 0 1
}
