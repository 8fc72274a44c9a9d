package main

import "github.com/allways-go/allways/cli"

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "singlecopy",
	Summary: "A register on one server, which answers clients that put and get a value.",
	Args:    []cli.Arg{{Name: "clients", Default: "2", Help: "number of clients, 1 to 5"}, cli.NetworkArg},
	Flags:   []cli.Flag{{Name: "servers", Default: "1", Help: "number of servers, 1 to 3; broken has 2 at least"}},
	Variants: []cli.Variant{
		{Name: "singlecopy", Summary: "as many servers as -servers says; more than one are wrong", Model: variant(1)},
		{Name: "broken", Summary: "two servers that know nothing of each other", Model: variant(2)},
	},
}

func variant(least int) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		clients, err := a.IntIn("clients", 1, 5)
		if err != nil {
			return cli.Instance{}, err
		}
		servers, err := a.IntIn("servers", 1, 3)
		if err != nil {
			return cli.Instance{}, err
		}
		network, err := a.Network()
		if err != nil {
			return cli.Instance{}, err
		}
		return cli.Of(Model{Servers: max(servers, least), Clients: clients, Network: network}.System()), nil
	}
}
