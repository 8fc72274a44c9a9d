package main

import (
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/actorcli"
)

func main() { cli.Main(app) }

var app = cli.App[Model]{
	Name:    "ping",
	Summary: "A pinger with a timer, and a ponger that answers.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{
			cli.Int("max", &m.Max, 3, 2, 9, "pings"),
			actorcli.Network(&m.Network),
			cli.Int("tries", &m.Tries, 2, 1, 4, "times that a ping is sent at most").Flag(),
			cli.Bool("lossy", &m.Lossy, "messages may be lost").Flag(),
		}
	},
	Variants: []cli.Variant[Model]{
		{Name: "ping", Summary: "the pinger waits for an answer before it counts"},
		{Name: "broken", Summary: "the pinger counts as soon as it has sent", Config: Model{Hasty: true}},
	},
	Build: func(m Model) (cli.Instance, error) { return cli.NewInstance(m.System()), nil },
	Verbs: actorcli.Verbs,
}
