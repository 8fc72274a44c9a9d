package cli

import (
	"fmt"

	"github.com/allways-go/allways/actor"
)

// NetworkArg is the parameter of systems of actors that says how messages travel; see [Args.NetworkVar].
var NetworkArg = Arg{Name: "network", Default: actor.Unordered.String(), Help: "how messages travel: unordered, duplicating or ordered"}

// NetworkVar sets *p to the value of [NetworkArg]. If that is no network, *p stays as it is.
func (a Args) NetworkVar(p *actor.Network) error {
	name := a.String(NetworkArg.Name)
	n, ok := actor.ParseNetwork(name)
	if !ok {
		return fmt.Errorf("%s is %q: want unordered, duplicating or ordered", NetworkArg.Name, name)
	}
	*p = n
	return nil
}
