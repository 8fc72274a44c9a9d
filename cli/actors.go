package cli

import (
	"fmt"

	"github.com/allways-go/allways/actor"
)

// NetworkArg is the parameter of systems of actors that says how messages travel; see [Args.Network].
var NetworkArg = Arg{Name: "network", Default: actor.Unordered.String(), Help: "how messages travel: unordered, duplicating or ordered"}

// Network returns the value of [NetworkArg].
func (a Args) Network() (actor.Network, error) {
	name := a.String(NetworkArg.Name)
	n, ok := actor.ParseNetwork(name)
	if !ok {
		return n, fmt.Errorf("%s is %q: want unordered, duplicating or ordered", NetworkArg.Name, name)
	}
	return n, nil
}
