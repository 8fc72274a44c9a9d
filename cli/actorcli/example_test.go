package actorcli_test

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/actorcli"
)

// Greeter sends a greeting to the actor after it, which remembers what it has heard.
type Greeter struct{}

type State struct{ Heard string }

func (Greeter) Start(c *actor.Context[string], _ *State) {
	if c.Self() == 0 {
		c.Send(1, "hello")
	}
}

func (Greeter) Receive(_ *actor.Context[string], s *State, _ actor.ID, m string) { s.Heard += m }

// Model is two greeters on some network.
type Model struct {
	Network actor.Network
	Ignored actor.IgnoredPolicy
}

func (m Model) System() *actor.System[string] {
	sys := actor.NewSystem[string](actor.Config{Network: m.Network, Ignored: m.Ignored})
	actor.Spawn(sys, "ann", Greeter{})
	bob := actor.Spawn(sys, "bob", Greeter{})
	sys.Always("one greeting", func(s *actor.State[string]) bool { return len(bob.In(s).Heard) <= len("hello") })
	return sys
}

var greeters = cli.App[Model]{
	Name:    "greeters",
	Summary: "Two actors, one of which greets the other.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{actorcli.Network(&m.Network), actorcli.Ignored(&m.Ignored)}
	},
	Variants: []cli.Variant[Model]{{Name: "greeters"}},
	Build:    func(m Model) (cli.Instance, error) { return cli.NewInstance(m.System()), nil },
	Verbs:    actorcli.Verbs,
}

func ExampleVerbs() {
	// With these verbs, "greeters run" runs the actors as real processes until it is interrupted.
	code := cli.Run(context.Background(), greeters, []string{"run", "-node", "carol"}, nil, os.Stdout, os.Stdout)
	fmt.Println("exit code", code)
	// Output:
	// greeters: -node carol matches none of the actors ann, bob
	// exit code 2
}

func ExampleIgnored() {
	// Without messages that are dead, there are fewer states.
	for _, ignored := range []string{"kept", "forgotten", "lost"} {
		args := []string{"check", "-quiet", "-ignored", ignored}
		fmt.Println("exit code", cli.Run(context.Background(), greeters, args, nil, io.Discard, os.Stdout))
	}
	// Output:
	// exit code 0
	// exit code 0
	// greeters: invalid value "lost" for flag -ignored: want auto, kept, consumed or forgotten
	// exit code 2
}

func ExampleNetwork() {
	for _, network := range []string{"unordered", "duplicating", "wireless"} {
		args := []string{"check", network, "-quiet", "-depth", "9"}
		fmt.Println("exit code", cli.Run(context.Background(), greeters, args, nil, io.Discard, os.Stdout))
	}
	// Output:
	// exit code 0
	// exit code 1
	// greeters: invalid value "wireless" for NETWORK: want unordered, duplicating or ordered
	// exit code 2
}
