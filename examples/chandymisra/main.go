package main

import (
	"errors"

	"github.com/allways-go/allways/cli"
)

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "chandymisra",
	Summary: "Dining philosophers who send each other forks.",
	Args:    []cli.Arg{{Name: "philosophers", Default: "3", Help: "number of philosophers, 3 to 6"}, cli.NetworkArg},
	Flags:   []cli.Flag{{Name: "meals", Default: "2", Help: "meals of each, 1 to 9"}},
	Variants: []cli.Variant{
		{Name: "chandymisra", Summary: "at first, forks are with the neighbour who comes first", Model: variant(Model{})},
		{Name: "broken", Summary: "at first, everybody has one fork", Model: variant(Model{Round: true})},
	},
}

func variant(m Model) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		m := m
		err := errors.Join(
			a.IntVar(&m.Philosophers, "philosophers", 3, 6),
			a.IntVar(&m.Meals, "meals", 1, 9),
			a.NetworkVar(&m.Network),
		)
		if err != nil {
			return cli.Instance{}, err
		}
		return cli.Of(m.System()), nil
	}
}
