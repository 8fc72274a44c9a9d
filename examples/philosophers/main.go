package main

import (
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/explorecli"
)

func main() { cli.Main(app) }

var app = cli.App[Model]{
	Name:    "philosophers",
	Summary: "Dining philosophers: each needs the forks on both sides to eat.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{cli.Int("philosophers", &m.N, 4, 2, 12, "philosophers")}
	},
	Variants: []cli.Variant[Model]{
		{
			Name:    "ordered",
			Summary: "each philosopher takes the fork with the lower number first",
			Config:  Model{Ordered: true},
		},
		{Name: "broken", Summary: "each philosopher takes the left fork first: all may wait forever"},
	},
	Build: func(m Model) (cli.Instance, error) { return cli.NewInstance(m), nil },
	Verbs: explorecli.Verbs,
}
