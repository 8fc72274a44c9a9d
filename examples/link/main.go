package main

import "github.com/allways-go/allways/cli"

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
		{Name: "link", Summary: "the receiver saves what it receives", Model: variant(false)},
		{Name: "broken", Summary: "the receiver saves nothing: the link, which does, does not tell it again", Model: variant(true)},
	},
}

func variant(forgetful bool) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		m := Model{Forgetful: forgetful}
		var err error
		for _, x := range []struct {
			name        string
			least, most int
			value       *int
		}{
			{"messages", 1, 6, &m.Messages}, {"crashes", 0, 9, &m.Crashes}, {"losses", 0, 9, &m.Losses}, {"tries", 0, 99, &m.Tries},
		} {
			if *x.value, err = a.IntIn(x.name, x.least, x.most); err != nil {
				return cli.Instance{}, err
			}
		}
		if m.Network, err = a.Network(); err != nil {
			return cli.Instance{}, err
		}
		return cli.Of(m.System()), nil
	}
}
