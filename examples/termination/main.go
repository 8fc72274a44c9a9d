package main

import (
	"errors"

	"github.com/allways-go/allways/cli"
)

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "termination",
	Summary: "A token goes round a ring to detect that all nodes have become idle.",
	Args: []cli.Arg{
		{Name: "nodes", Default: "3", Help: "number of nodes, 2 to 6"},
		{Name: "work", Default: "1", Help: "how often each node may wake another one, 0 to 5"},
	},
	Variants: []cli.Variant{
		{Name: "correct", Summary: "the algorithm", Model: variant(Model{Fault: Correct})},
		{Name: "broken", Summary: "a node that wakes another one does not become black: detection is wrong", Model: variant(Model{Fault: Forgetful})},
		{Name: "impatient", Summary: "a busy node hands the token on, tainted: it may go round for ever", Model: variant(Model{Fault: Impatient})},
	},
}

func variant(m Model) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		m := m
		err := errors.Join(
			a.IntVar(&m.N, "nodes", 2, MaxNodes),
			a.IntVar(&m.Work, "work", 0, 5),
		)
		return cli.Of(m), err
	}
}
