package main

import (
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/actorcli"
)

func main() { cli.Main(app) }

var app = cli.App[Model]{
	Name:    "chat",
	Summary: "A group chat in causal order: no answer is shown before its question.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{
			cli.Int("members", &m.Members, 3, 2, 4, "members"),
			actorcli.Network(&m.Network),
			actorcli.Ignored(&m.Ignored),
		}
	},
	Variants: []cli.Variant[Model]{
		{Name: "chat", Summary: "posts wait for the posts that their authors had seen"},
		{Name: "broken", Summary: "posts are shown as they arrive", Config: Model{Hasty: true}},
	},
	Build: func(m Model) (cli.Instance, error) { return cli.NewInstance(m.System()), nil },
	Verbs: actorcli.Verbs,
}
