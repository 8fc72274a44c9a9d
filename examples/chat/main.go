package main

import (
	"errors"

	"github.com/allways-go/allways/cli"
)

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "chat",
	Summary: "A group chat in causal order: no answer is shown before its question.",
	Args:    []cli.Arg{{Name: "members", Default: "3", Help: "number of members, 2 to 4"}, cli.NetworkArg},
	Variants: []cli.Variant{
		{Name: "chat", Summary: "posts wait for what their authors had seen", Model: variant(Model{})},
		{Name: "broken", Summary: "posts are shown as they arrive", Model: variant(Model{Hasty: true})},
	},
}

func variant(m Model) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		m := m
		err := errors.Join(
			a.IntVar(&m.Members, "members", 2, 4),
			a.NetworkVar(&m.Network),
		)
		if err != nil {
			return cli.Instance{}, err
		}
		return cli.Of(m.System()), nil
	}
}
