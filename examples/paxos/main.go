package main

import "github.com/allways-go/allways/cli"

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "paxos",
	Summary: "Single-decree Paxos: servers agree on one value, and clients put and get it.",
	Args:    []cli.Arg{{Name: "clients", Default: "2", Help: "number of clients, 1 to 6"}, cli.NetworkArg},
	Flags:   []cli.Flag{{Name: "servers", Default: "3", Help: "number of servers, 1 to 5"}},
	Variants: []cli.Variant{
		{Name: "paxos", Summary: "servers propose what may have been accepted before", Model: variant(false)},
		{Name: "broken", Summary: "servers propose the value of their own client, whatever was accepted before", Model: variant(true)},
	},
}

func variant(forgetful bool) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		clients, err := a.IntIn("clients", 1, 6)
		if err != nil {
			return cli.Instance{}, err
		}
		servers, err := a.IntIn("servers", 1, 5)
		if err != nil {
			return cli.Instance{}, err
		}
		network, err := a.Network()
		if err != nil {
			return cli.Instance{}, err
		}
		return cli.Of(Model{Servers: servers, Clients: clients, Network: network, Forgetful: forgetful}.System()), nil
	}
}
