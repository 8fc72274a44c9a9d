package main

import (
	"errors"

	"github.com/allways-go/allways/cli"
)

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "paxos",
	Summary: "Single-decree Paxos: servers agree on one value, and clients put and get it.",
	Args:    []cli.Arg{{Name: "clients", Default: "2", Help: "number of clients, 1 to 6"}, cli.NetworkArg},
	Flags: []cli.Flag{
		{Name: "servers", Default: "3", Help: "number of servers, 1 to 5"},
		{Name: "gets", Default: "1", Help: "how often a client gets after it has put, 1 to 90"},
		{Name: "crashes", Default: "0", Help: "crashes, 0 to 99; one actor at most is down at once"},
	},
	Variants: []cli.Variant{
		{Name: "paxos", Summary: "servers propose what may have been accepted before", Model: variant(Model{})},
		{Name: "broken", Summary: "servers propose the value of their own client, whatever was accepted before", Model: variant(Model{Forgetful: true})},
		{Name: "amnesiac", Summary: "servers save nothing, and one crashes at least", Model: variant(Model{Amnesiac: true})},
	},
}

func variant(m Model) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		m := m
		err := errors.Join(
			a.IntVar(&m.Clients, "clients", 1, 6),
			a.IntVar(&m.Servers, "servers", 1, 5),
			a.IntVar(&m.Gets, "gets", 1, 90),
			a.IntVar(&m.Crashes, "crashes", 0, 99),
			a.NetworkVar(&m.Network),
		)
		if err != nil {
			return cli.Instance{}, err
		}
		if m.Amnesiac {
			m.Crashes = max(m.Crashes, 1)
		}
		return cli.Of(m.System()), nil
	}
}
