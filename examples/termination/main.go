package main

import (
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/explorecli"
)

func main() { cli.Main(app) }

var app = cli.App[Model]{
	Name:    "termination",
	Summary: "A token goes round a ring to detect that all nodes have become idle.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{
			cli.Int("nodes", &m.N, 3, 2, MaxNodes, "nodes"),
			cli.Int("work", &m.Work, 1, 0, 5, "times that each node may wake another one"),
			cli.Bool("endless", &m.Endless, "nodes wake others any number of times").Flag(),
		}
	},
	Variants: []cli.Variant[Model]{
		{Name: "correct", Summary: "the algorithm", Config: Model{Fault: Correct}},
		{
			Name:    "broken",
			Summary: "a node that wakes another one does not become black: detection is wrong",
			Config:  Model{Fault: Forgetful},
		},
		{
			Name:    "impatient",
			Summary: "a busy node hands the token on, tainted: it may go round forever",
			Config:  Model{Fault: Impatient},
		},
		{
			Name:    "stained",
			Summary: "a node that was black stays black: the token goes round forever, after termination too",
			Config:  Model{Fault: Stained},
		},
	},
	Build: func(m Model) (cli.Instance, error) { return cli.NewInstance(m), nil },
	Verbs: explorecli.Verbs,
}
