package main

import (
	"errors"

	"github.com/allways-go/allways/cli"
)

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "commit",
	Summary: "Two-phase commit between a coordinator and participants that crash and come back.",
	Args:    []cli.Arg{{Name: "participants", Default: "3", Help: "number of participants, 1 to 6"}, cli.NetworkArg},
	Flags:   []cli.Flag{{Name: "crashes", Default: "2", Help: "crashes, 0 to 9"}},
	Variants: []cli.Variant{
		{Name: "commit", Summary: "participants save their votes", Model: variant(Model{})},
		{Name: "broken", Summary: "participants forget that they have voted yes when they crash", Model: variant(Model{Forgetful: true})},
	},
}

func variant(m Model) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		m := m
		err := errors.Join(
			a.IntVar(&m.Participants, "participants", 1, 6),
			a.IntVar(&m.Crashes, "crashes", 0, 9),
			a.NetworkVar(&m.Network),
		)
		if err != nil {
			return cli.Instance{}, err
		}
		return cli.Of(m.System()), nil
	}
}
