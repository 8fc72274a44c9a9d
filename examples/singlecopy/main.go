package main

import (
	"errors"

	"github.com/allways-go/allways/cli"
)

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "singlecopy",
	Summary: "A register on one server, which answers clients that put and get a value.",
	Args:    []cli.Arg{{Name: "clients", Default: "2", Help: "number of clients, 1 to 5"}, cli.NetworkArg},
	Flags: []cli.Flag{
		{Name: "servers", Default: "1", Help: "number of servers, 1 to 3; broken has 2 at least"},
		{Name: "puts", Default: "1", Help: "how often a client puts, 1 to 45"},
		{Name: "gets", Default: "1", Help: "how often a client gets after that, 1 to 45"},
		{Name: "crashes", Default: "0", Help: "crashes, 0 to 99; one actor at most is down at once"},
	},
	Variants: []cli.Variant{
		{Name: "singlecopy", Summary: "as many servers as -servers says; more than one are wrong", Model: variant(Model{})},
		{Name: "broken", Summary: "two servers that know nothing of each other", Model: variant(Model{Servers: 2})},
	},
}

func variant(m Model) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		m, servers := m, 0
		err := errors.Join(
			a.IntVar(&m.Clients, "clients", 1, 5),
			a.IntVar(&servers, "servers", 1, 3),
			a.IntVar(&m.Puts, "puts", 1, 45),
			a.IntVar(&m.Gets, "gets", 1, 45),
			a.IntVar(&m.Crashes, "crashes", 0, 99),
			a.NetworkVar(&m.Network),
		)
		if err != nil {
			return cli.Instance{}, err
		}
		m.Servers = max(m.Servers, servers)
		return cli.Of(m.System()), nil
	}
}
