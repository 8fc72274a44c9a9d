package main

import (
	"errors"

	"github.com/allways-go/allways/cli"
)

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "primarybackup",
	Summary: "A register on a primary server and a backup, which takes over when the primary fails.",
	Args:    []cli.Arg{{Name: "clients", Default: "2", Help: "number of clients, 1 to 4"}, cli.NetworkArg},
	Variants: []cli.Variant{
		{Name: "primarybackup", Summary: "a failure detector tells the backup that the primary has stopped", Model: variant(Model{})},
		{Name: "broken", Summary: "the backup takes over when a timer runs out, whether the primary has stopped or not", Model: variant(Model{Impatient: true})},
		{Name: "hasty", Summary: "the primary answers before the backup has the value", Model: variant(Model{Hasty: true})},
	},
}

func variant(m Model) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		m := m
		err := errors.Join(
			a.IntVar(&m.Clients, "clients", 1, 4),
			a.NetworkVar(&m.Network),
		)
		if err != nil {
			return cli.Instance{}, err
		}
		return cli.Of(m.System()), nil
	}
}
