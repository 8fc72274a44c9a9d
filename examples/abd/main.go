package main

import (
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/actorcli"
)

func main() { cli.Main(app) }

var app = cli.App[Model]{
	Name:    "abd",
	Summary: "The register of Attiya, Bar-Noy and Dolev: servers keep versions of a value, and clients put and get it.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{
			cli.Int("clients", &m.Clients, 1, 1, 3, "clients that put and then get"),
			actorcli.Network(&m.Network),
			actorcli.Ignored(&m.Ignored),
			cli.Int("servers", &m.Servers, 3, 1, 5, "servers").Flag(),
			cli.Int("readers", &m.Readers, 0, 0, 1, "clients that get twice").Flag(),
			cli.Int("puts", &m.Puts, 1, 1, 45, "puts of each client").Flag(),
			cli.Int("gets", &m.Gets, 1, 1, 45, "gets of each client after its puts").Flag(),
			cli.Int("crashes", &m.Crashes, 0, 0, 99, "crashes, with at most one actor down at a time").Flag(),
		}
	},
	Variants: []cli.Variant[Model]{
		{Name: "abd", Summary: "a server makes known what it has read before it answers"},
		{
			Name:    "broken",
			Summary: "a server answers as soon as it has read",
			Config:  Model{Hasty: true, Readers: 1},
		},
	},
	Build: func(m Model) (cli.Instance, error) { return cli.NewInstance(m.System()), nil },
	Verbs: actorcli.Verbs,
}
