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
			actorcli.Ignored(&m.Ignored),
			cli.Int("tries", &m.Tries, 2, 0, 4, "times that a ping is sent at most; 0 means no limit").Flag(),
			cli.Bool("lossy", &m.Lossy, "messages may be lost").Flag(),
			cli.Bool("live", &m.Live, "all pings are answered, if what is sent again and again gets through").Flag(),
		}
	},
	Variants: []cli.Variant[Model]{
		{Name: "ping", Summary: "the pinger waits for an answer before it counts"},
		{Name: "broken", Summary: "the pinger counts as soon as it has sent", Config: Model{Hasty: true}},
		{
			Name:    "unfair",
			Summary: "all pings are promised to be answered, though a link may lose each of them",
			Config:  Model{Unfair: true},
		},
	},
	Build: func(m Model) (cli.Instance, error) { return cli.NewInstance(m.System()), nil },
	Verbs: actorcli.Verbs,
}
