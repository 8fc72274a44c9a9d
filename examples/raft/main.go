package main

import (
	"errors"

	"github.com/allways-go/allways/cli"
)

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "raft",
	Summary: "Raft: servers elect a leader, which replicates a log of commands; they crash and come back.",
	Args:    []cli.Arg{{Name: "clients", Default: "1", Help: "number of clients, 0 to 3, with a command each"}, cli.NetworkArg},
	Flags: []cli.Flag{
		{Name: "servers", Default: "3", Help: "number of servers, 1 to 5"},
		{Name: "terms", Default: "2", Help: "last term that is explored, 1 to 9"},
		{Name: "candidates", Default: "2", Help: "servers that stand for election, 1 to 5"},
		{Name: "beats", Default: "1", Help: "heartbeats of a leader that are explored, 1 to 9"},
		{Name: "crashes", Default: "1", Help: "crashes, 0 to 9; one server at most is down at once"},
	},
	Variants: []cli.Variant{
		{Name: "raft", Summary: "servers save their term, vote and log", Model: variant(Model{})},
		{Name: "broken", Summary: "servers forget their vote when they crash", Model: variant(Model{Forgetful: true})},
		{Name: "careless", Summary: "servers vote for candidates whose logs are behind theirs", Model: variant(Model{Careless: true})},
	},
}

func variant(m Model) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		m := m
		err := errors.Join(
			a.IntVar(&m.Clients, "clients", 0, 3),
			a.IntVar(&m.Servers, "servers", 1, 5),
			a.IntVar(&m.Terms, "terms", 1, 9),
			a.IntVar(&m.Candidates, "candidates", 1, 5),
			a.IntVar(&m.Beats, "beats", 1, 9),
			a.IntVar(&m.Crashes, "crashes", 0, 9),
			a.NetworkVar(&m.Network),
		)
		if err != nil {
			return cli.Instance{}, err
		}
		return cli.Of(m.System()), nil
	}
}
