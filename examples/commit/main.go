package main

import (
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/actorcli"
)

func main() { cli.Main(app) }

var app = cli.App[Model]{
	Name:    "commit",
	Summary: "Two-phase commit between a coordinator and participants that crash and come back.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{
			cli.Int("participants", &m.Participants, 3, 1, 6, "participants"),
			actorcli.Network(&m.Network),
			actorcli.Ignored(&m.Ignored),
			cli.Bool("live", &m.Live, "who votes yes hears of the outcome, if who crashes restarts").Flag(),
			cli.Int("crashes", &m.Crashes, 2, 0, 9, "crashes").Flag(),
		}
	},
	Variants: []cli.Variant[Model]{
		{Name: "commit", Summary: "participants save their votes"},
		{
			Name:    "broken",
			Summary: "participants that crash forget that they have voted yes",
			Config:  Model{Forgetful: true},
		},
		{
			Name:    "abandoned",
			Summary: "who votes yes is promised to hear of the outcome, though who crashes may stay down",
			Config:  Model{Abandoned: true},
		},
	},
	Build: func(m Model) (cli.Instance, error) { return cli.NewInstance(m.System()), nil },
	Verbs: actorcli.Verbs,
}
