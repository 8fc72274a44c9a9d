package main

import "github.com/allways-go/allways/cli"

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "abd",
	Summary: "The register of Attiya, Bar-Noy and Dolev: servers keep versions of a value, and clients put and get it.",
	Args:    []cli.Arg{{Name: "clients", Default: "1", Help: "number of clients that put and then get, 1 to 3"}, cli.NetworkArg},
	Flags: []cli.Flag{
		{Name: "servers", Default: "3", Help: "number of servers, 1 to 5"},
		{Name: "readers", Default: "0", Help: "number of clients that get twice, 0 or 1; broken has 1"},
	},
	Variants: []cli.Variant{
		{Name: "abd", Summary: "a server makes known what it has read before it answers", Model: variant(false)},
		{Name: "broken", Summary: "a server answers as soon as it has read", Model: variant(true)},
	},
}

func variant(hasty bool) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		clients, err := a.IntIn("clients", 1, 3)
		if err != nil {
			return cli.Instance{}, err
		}
		servers, err := a.IntIn("servers", 1, 5)
		if err != nil {
			return cli.Instance{}, err
		}
		readers, err := a.IntIn("readers", 0, 1)
		if err != nil {
			return cli.Instance{}, err
		}
		network, err := a.Network()
		if err != nil {
			return cli.Instance{}, err
		}
		if hasty {
			readers = 1
		}
		return cli.Of(Model{Servers: servers, Clients: clients, Readers: readers, Network: network, Hasty: hasty}.System()), nil
	}
}
