package main

import (
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/actorcli"
)

func main() { cli.Main(app) }

var app = cli.App[Model]{
	Name:    "singlecopy",
	Summary: "A register on one server, which answers clients that put and get a value.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{
			cli.Int("clients", &m.Clients, 2, 1, 5, "clients"),
			actorcli.Network(&m.Network),
			actorcli.Ignored(&m.Ignored),
			cli.Int("servers", &m.Servers, 1, 1, 3, "servers; with more than one, the register is wrong").Flag(),
			cli.Int("puts", &m.Puts, 1, 1, 45, "puts of each client").Flag(),
			cli.Int("gets", &m.Gets, 1, 1, 45, "gets of each client after its puts").Flag(),
			cli.Int("crashes", &m.Crashes, 0, 0, 99, "crashes, with at most one actor down at a time").Flag(),
		}
	},
	Variants: []cli.Variant[Model]{
		{Name: "singlecopy", Summary: "one server"},
		{Name: "broken", Summary: "two servers, neither of which knows the other", Config: Model{Servers: 2}},
	},
	Build: func(m Model) (cli.Instance, error) { return cli.NewInstance(m.System()), nil },
	Verbs: actorcli.Verbs,
}
