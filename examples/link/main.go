package main

import (
	"errors"

	"github.com/allways-go/allways/cli"
)

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "link",
	Summary: "An ordered reliable link over a network that loses, doubles and reorders messages, through crashes.",
	Args:    []cli.Arg{{Name: "messages", Default: "2", Help: "number of messages, 1 to 6"}, cli.NetworkArg},
	Flags: []cli.Flag{
		{Name: "crashes", Default: "1", Help: "crashes, 0 to 9"},
		{Name: "losses", Default: "1", Help: "messages that are lost, 0 to 9"},
		{Name: "tries", Default: "2", Help: "how often packets are sent again, 0 for without end"},
	},
	Variants: []cli.Variant{
		{Name: "link", Summary: "the receiver saves what it receives", Model: variant(Model{})},
		{Name: "broken", Summary: "the receiver saves nothing: the link, which does, does not tell it again", Model: variant(Model{Forgetful: true})},
	},
}

func variant(m Model) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		m := m
		err := errors.Join(
			a.IntVar(&m.Messages, "messages", 1, 6),
			a.IntVar(&m.Crashes, "crashes", 0, 9),
			a.IntVar(&m.Losses, "losses", 0, 9),
			a.IntVar(&m.Tries, "tries", 0, 99),
			a.NetworkVar(&m.Network),
		)
		if err != nil {
			return cli.Instance{}, err
		}
		return cli.Of(m.System()), nil
	}
}
