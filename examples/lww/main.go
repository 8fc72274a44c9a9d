package main

import (
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/actorcli"
)

func main() { cli.Main(app) }

var app = cli.App[Model]{
	Name:    "lww",
	Summary: "A last-writer-wins register: replicas that accept writes alone and merge their values.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{
			cli.Int("replicas", &m.Replicas, 2, 2, 4, "replicas"),
			actorcli.Network(&m.Network),
			actorcli.Ignored(&m.Ignored),
			cli.Int("sets", &m.Sets, 2, 1, 3, "writes of each replica").Flag(),
			cli.Int("sends", &m.Sends, 2, 1, 3, "sends of each replica").Flag(),
		}
	},
	Variants: []cli.Variant[Model]{
		{
			Name:    "lww",
			Summary: "of two writes at the same time, that of the replica with the greater number wins",
		},
		{Name: "broken", Summary: "of two writes at the same time, none wins", Config: Model{Tied: true}},
	},
	Build: func(m Model) (cli.Instance, error) { return cli.NewInstance(m.System()), nil },
	Verbs: actorcli.Verbs,
}
