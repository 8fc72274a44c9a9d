package main

import (
	"errors"

	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/actorcli"
)

func main() { cli.Main(app) }

var app = cli.App[Model]{
	Name:    "raft",
	Summary: "Raft: servers elect a leader, which replicates a log of commands; they crash and come back.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{
			cli.Int("clients", &m.Clients, 1, 0, 3, "clients, with a command each"),
			actorcli.Network(&m.Network),
			actorcli.Ignored(&m.Ignored),
			cli.Int("servers", &m.Servers, 3, 1, 5, "servers").Flag(),
			cli.Int("terms", &m.Terms, 2, 1, 9, "last term that is explored").Flag(),
			cli.Int("candidates", &m.Candidates, 2, 1, 5, "servers that stand for election").Flag(),
			cli.Int("elections", &m.Elections, 0, 0, 9,
				"times that candidates stand, with a leader at last; 0: no limit").Flag(),
			cli.Int("beats", &m.Beats, 1, 1, 9, "heartbeats of a leader that are explored").Flag(),
			cli.Int("crashes", &m.Crashes, 1, 0, 9, "crashes, with at most one server down at a time").Flag(),
			cli.Int("batch", &m.Batch, 1000, 1, 1000, "entries in a message").Flag(),
			cli.Bool("refines", &m.Refines, "promise that servers commit one log; without crashes").Flag(),
			cli.Bool("waiting", &m.Waiting, "clients wait for an answer").Flag(),
		}
	},
	Variants: []cli.Variant[Model]{
		{Name: "raft", Summary: "servers save their term, vote and log"},
		{Name: "broken", Summary: "servers that crash forget their vote", Config: Model{Forgetful: true}},
		{
			Name:    "careless",
			Summary: "servers vote for candidates with a shorter log",
			Config:  Model{Careless: true},
		},
	},
	Build: func(m Model) (cli.Instance, error) {
		if m.Refines && m.Crashes > 0 {
			return cli.Instance{}, errors.New("-refines needs -crashes 0: a server that is down knows nothing")
		}
		return cli.NewInstance(m.System()), nil
	},
	Verbs: actorcli.Verbs,
}
