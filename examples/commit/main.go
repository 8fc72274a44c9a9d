package main

import "github.com/allways-go/allways/cli"

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "commit",
	Summary: "Two-phase commit between a coordinator and participants that crash and come back.",
	Args:    []cli.Arg{{Name: "participants", Default: "3", Help: "number of participants, 1 to 6"}, cli.NetworkArg},
	Flags:   []cli.Flag{{Name: "crashes", Default: "2", Help: "crashes, 0 to 9"}},
	Variants: []cli.Variant{
		{Name: "commit", Summary: "participants save their votes", Model: variant(false)},
		{Name: "broken", Summary: "participants forget that they have voted yes when they crash", Model: variant(true)},
	},
}

func variant(forgetful bool) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		participants, err := a.IntIn("participants", 1, 6)
		if err != nil {
			return cli.Instance{}, err
		}
		crashes, err := a.IntIn("crashes", 0, 9)
		if err != nil {
			return cli.Instance{}, err
		}
		network, err := a.Network()
		if err != nil {
			return cli.Instance{}, err
		}
		return cli.Of(Model{participants, network, crashes, forgetful}.System()), nil
	}
}
