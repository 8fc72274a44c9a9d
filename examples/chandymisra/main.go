package main

import (
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/actorcli"
)

func main() { cli.Main(app) }

var app = cli.App[Model]{
	Name:    "chandymisra",
	Summary: "Dining philosophers who send each other forks.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{
			cli.Int("philosophers", &m.Philosophers, 3, 3, 6, "philosophers"),
			actorcli.Network(&m.Network),
			actorcli.Ignored(&m.Ignored),
			cli.Int("meals", &m.Meals, 2, 0, 9, "meals of each philosopher; 0 means without end").Flag(),
		}
	},
	Variants: []cli.Variant[Model]{
		{Name: "chandymisra", Summary: "at first, forks are with the neighbour who comes first"},
		{Name: "broken", Summary: "at first, each philosopher has one fork", Config: Model{Round: true}},
		{Name: "unfair", Summary: "messages need not arrive, nor timers expire", Config: Model{Unfair: true}},
	},
	Build: func(m Model) (cli.Instance, error) { return cli.NewInstance(m.System()), nil },
	Verbs: actorcli.Verbs,
}
