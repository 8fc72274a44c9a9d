package main

import (
	"errors"

	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/actorcli"
)

func main() { cli.Main(app) }

var app = cli.App[Model]{
	Name:    "paxos",
	Summary: "Single-decree Paxos: servers agree on one value, and clients put and get it.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{
			cli.Int("clients", &m.Clients, 2, 1, 6, "clients"),
			actorcli.Network(&m.Network),
			actorcli.Ignored(&m.Ignored),
			cli.Int("servers", &m.Servers, 3, 1, 5, "servers").Flag(),
			cli.Int("gets", &m.Gets, 1, 1, 90, "gets of each client after its put").Flag(),
			cli.Bool("refines", &m.Refines, "promise that servers choose one value").Flag(),
			cli.Int("crashes", &m.Crashes, 0, 0, 99, "crashes, with at most one actor down at a time").Flag(),
		}
	},
	Variants: []cli.Variant[Model]{
		{Name: "paxos", Summary: "servers propose a value that may have been accepted before"},
		{
			Name:    "broken",
			Summary: "servers propose the value of their client, even if another was accepted before",
			Config:  Model{Forgetful: true},
		},
		{
			Name:    "amnesiac",
			Summary: "servers save nothing, and one crashes",
			Config:  Model{Amnesiac: true, Crashes: 1},
		},
	},
	Build: func(m Model) (cli.Instance, error) {
		if m.Refines && m.Crashes > 0 {
			return cli.Instance{}, errors.New("-refines needs a model without crashes: a server that is down knows nothing")
		}
		return cli.NewInstance(m.System()), nil
	},
	Verbs: actorcli.Verbs,
}
