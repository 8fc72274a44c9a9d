package main

import (
	"errors"

	"github.com/allways-go/allways/cli"
)

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "ping",
	Summary: "A pinger with a timer, and a ponger that answers.",
	Args:    []cli.Arg{{Name: "max", Default: "3", Help: "number of pings, 2 to 9"}, cli.NetworkArg},
	Flags: []cli.Flag{
		{Name: "tries", Default: "2", Help: "how often a ping is sent at most, 1 to 4"},
		{Name: "lossy", Default: "false", Help: "whether messages may be lost"},
	},
	Variants: []cli.Variant{
		{Name: "ping", Summary: "the pinger waits for an answer before it counts", Model: variant(Model{})},
		{Name: "broken", Summary: "the pinger counts as soon as it has sent", Model: variant(Model{Hasty: true})},
	},
}

func variant(m Model) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		m := m
		err := errors.Join(
			a.IntVar(&m.Max, "max", 2, 9),
			a.IntVar(&m.Tries, "tries", 1, 4),
			a.BoolVar(&m.Lossy, "lossy"),
			a.NetworkVar(&m.Network),
		)
		if err != nil {
			return cli.Instance{}, err
		}
		return cli.Of(m.System()), nil
	}
}
