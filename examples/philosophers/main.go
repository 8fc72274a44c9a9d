package main

import "github.com/allways-go/allways/cli"

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "philosophers",
	Summary: "Dining philosophers: each needs the forks on both sides to eat.",
	Args:    []cli.Arg{{Name: "philosophers", Default: "4", Help: "number of philosophers, 2 to 12"}},
	Variants: []cli.Variant{
		{Name: "ordered", Summary: "everybody takes the fork with the lower number first", Model: variant(true)},
		{Name: "broken", Summary: "everybody takes the left fork first: they may all wait for ever", Model: variant(false)},
	},
}

func variant(ordered bool) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		m := Model{Ordered: ordered}
		err := a.IntVar(&m.N, "philosophers", 2, 12)
		return cli.Of(m), err
	}
}
