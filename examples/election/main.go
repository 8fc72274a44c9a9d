package main

import (
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/explorecli"
)

func main() { cli.Main(app) }

var app = cli.App[Model]{
	Name:    "election",
	Summary: "The election of a leader in Raft, with timers that may be too fast.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{
			cli.Int("servers", &m.Servers, 3, 1, MaxServers, "servers"),
			cli.Int("candidates", &m.Candidates, MaxServers, 1, MaxServers,
				"servers that stand for election, from the first one on").Flag(),
			cli.Int("early", &m.Early, 1, 0, 9, "times that a timer expires before all messages have arrived").Flag(),
		}
	},
	Variants: []cli.Variant[Model]{
		{Name: "correct", Summary: "timers are too fast a number of times"},
		{Name: "duel", Summary: "timers may always be too fast", Config: Model{Duel: true}},
		{Name: "broken", Summary: "servers forget their vote", Config: Model{Forgetful: true}},
	},
	Build: func(m Model) (cli.Instance, error) { return cli.NewInstance(m), nil },
	Verbs: explorecli.Verbs,
}
