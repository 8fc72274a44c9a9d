package main

import (
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/actorcli"
)

func main() { cli.Main(app) }

var app = cli.App[Model]{
	Name:    "primarybackup",
	Summary: "A register on a primary server and a backup, which takes over when the primary fails.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{
			cli.Int("clients", &m.Clients, 2, 1, 4, "clients"),
			actorcli.Network(&m.Network),
			actorcli.Ignored(&m.Ignored),
		}
	},
	Variants: []cli.Variant[Model]{
		{Name: "primarybackup", Summary: "a failure detector tells the backup that the primary has stopped"},
		{
			Name:    "broken",
			Summary: "the backup takes over when a timer runs out, even if the primary still runs",
			Config:  Model{Impatient: true},
		},
		{
			Name:    "hasty",
			Summary: "the primary answers before the backup has the value",
			Config:  Model{Hasty: true},
		},
	},
	Build: func(m Model) (cli.Instance, error) { return cli.NewInstance(m.System()), nil },
	Verbs: actorcli.Verbs,
}
