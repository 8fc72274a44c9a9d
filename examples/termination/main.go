package main

import "github.com/allways-go/allways/cli"

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "termination",
	Summary: "A token goes round a ring to detect that all nodes have become idle.",
	Args: []cli.Arg{
		{Name: "nodes", Default: "3", Help: "number of nodes, 2 to 6"},
		{Name: "work", Default: "1", Help: "how often each node may wake another one, 0 to 5"},
	},
	Variants: []cli.Variant{
		{Name: "correct", Summary: "the algorithm", Model: variant(Correct)},
		{Name: "broken", Summary: "a node that wakes another one does not become black: detection is wrong", Model: variant(Forgetful)},
		{Name: "impatient", Summary: "a busy node hands the token on, tainted: it may go round for ever", Model: variant(Impatient)},
	},
}

func variant(f Fault) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		n, err := a.IntIn("nodes", 2, MaxNodes)
		if err != nil {
			return cli.Instance{}, err
		}
		work, err := a.IntIn("work", 0, 5)
		return cli.Of(Model{N: n, Work: work, Fault: f}), err
	}
}
