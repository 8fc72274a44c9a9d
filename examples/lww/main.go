package main

import (
	"errors"

	"github.com/allways-go/allways/cli"
)

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "lww",
	Summary: "A last-writer-wins register: replicas that write on their own and merge what they tell each other.",
	Args:    []cli.Arg{{Name: "replicas", Default: "2", Help: "number of replicas, 2 to 4"}, cli.NetworkArg},
	Flags: []cli.Flag{
		{Name: "sets", Default: "2", Help: "how often each replica may write, 1 to 3"},
		{Name: "sends", Default: "2", Help: "how often each replica may send, 1 to 3"},
	},
	Variants: []cli.Variant{
		{Name: "lww", Summary: "of two writes at the same time that of the replica with the greater number wins", Model: variant(Model{})},
		{Name: "broken", Summary: "of two writes at the same time none wins", Model: variant(Model{Tied: true})},
	},
}

func variant(m Model) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		m := m
		err := errors.Join(
			a.IntVar(&m.Replicas, "replicas", 2, 4),
			a.IntVar(&m.Sets, "sets", 1, 3),
			a.IntVar(&m.Sends, "sends", 1, 3),
			a.NetworkVar(&m.Network),
		)
		if err != nil {
			return cli.Instance{}, err
		}
		return cli.Of(m.System()), nil
	}
}
