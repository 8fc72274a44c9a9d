package main

import (
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/explorecli"
)

func main() { cli.Main(app) }

var app = cli.App[Model]{
	Name:    "dijkstra",
	Summary: "Dijkstra's mutual exclusion, the first one for any number of processes.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{cli.Int("processes", &m.N, 3, 2, MaxProcesses, "processes")}
	},
	Variants: []cli.Variant[Model]{
		{Name: "correct", Summary: "the algorithm: if a process tries to enter, some process enters"},
		{
			Name:    "broken",
			Summary: "a process that has the turn does not look whether another one stands",
			Config:  Model{Trusting: true},
		},
		{
			Name:    "starving",
			Summary: "each process is promised to enter, which the algorithm does not guarantee",
			Config:  Model{Starving: true},
		},
		{
			Name:    "scheduled",
			Summary: "some process goes on, but not each: one may wait for another that never does",
			Config:  Model{Scheduled: true},
		},
	},
	Build: func(m Model) (cli.Instance, error) { return cli.NewInstance(m), nil },
	Verbs: explorecli.Verbs,
}
