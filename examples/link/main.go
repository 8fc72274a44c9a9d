package main

import (
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/actorcli"
)

func main() { cli.Main(app) }

var app = cli.App[Model]{
	Name:    "link",
	Summary: "An ordered reliable link over a network that loses, doubles and reorders messages, through crashes.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{
			cli.Int("messages", &m.Messages, 2, 1, 6, "messages"),
			actorcli.Network(&m.Network),
			actorcli.Ignored(&m.Ignored),
			cli.Int("crashes", &m.Crashes, 1, 0, 9, "crashes").Flag(),
			cli.Int("losses", &m.Losses, 1, 0, 9, "messages that are lost").Flag(),
			cli.Bool("live", &m.Live, "all is received, however much is lost, if links and restarts are fair").Flag(),
			cli.Int("tries", &m.Tries, 2, 0, 99, "times that a packet is sent again; 0 means without end").Flag(),
		}
	},
	Variants: []cli.Variant[Model]{
		{Name: "link", Summary: "the receiver saves what it receives"},
		{
			Name:    "broken",
			Summary: "the receiver saves nothing, and the link does not deliver twice",
			Config:  Model{Forgetful: true},
		},
		{
			Name:    "unfair",
			Summary: "all is promised to be received, though the network may lose each message",
			Config:  Model{Unfair: true},
		},
	},
	Build: func(m Model) (cli.Instance, error) { return cli.NewInstance(m.System()), nil },
	Verbs: actorcli.Verbs,
}
