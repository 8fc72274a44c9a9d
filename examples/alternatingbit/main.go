package main

import (
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/explorecli"
)

func main() { cli.Main(app) }

var app = cli.App[Model]{
	Name:    "alternatingbit",
	Summary: "The alternating bit protocol: numbers through channels that lose and duplicate them.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{
			cli.Int("capacity", &m.Capacity, 2, 1, 6, "packets that a channel holds"),
			cli.Bool("duplicates", &m.Duplicates, "channels duplicate packets, each once").Flag(),
		}
	},
	Variants: []cli.Variant[Model]{
		{Name: "correct", Summary: "the protocol, over channels that deliver again and again what is sent again and again"},
		{
			Name:    "broken",
			Summary: "the sender does not look at the bit of an acknowledgement",
			Config:  Model{Trusting: true},
		},
		{
			Name:    "weak",
			Summary: "a channel need not deliver unless something stays in it: each packet may be lost",
			Config:  Model{Weak: true},
		},
		{
			Name:    "echoing",
			Summary: "a channel may duplicate an old packet again and again, and lose all new ones",
			Config:  Model{Echoing: true},
		},
	},
	Build: func(m Model) (cli.Instance, error) { return cli.NewInstance(m), nil },
	Verbs: explorecli.Verbs,
}
