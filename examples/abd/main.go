package main

import (
	"errors"

	"github.com/allways-go/allways/cli"
)

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "abd",
	Summary: "The register of Attiya, Bar-Noy and Dolev: servers keep versions of a value, and clients put and get it.",
	Args:    []cli.Arg{{Name: "clients", Default: "1", Help: "number of clients that put and then get, 1 to 3"}, cli.NetworkArg},
	Flags: []cli.Flag{
		{Name: "servers", Default: "3", Help: "number of servers, 1 to 5"},
		{Name: "readers", Default: "0", Help: "number of clients that get twice, 0 or 1; broken has 1"},
		{Name: "puts", Default: "1", Help: "how often a client puts, 1 to 45"},
		{Name: "gets", Default: "1", Help: "how often a client gets after that, 1 to 45"},
		{Name: "crashes", Default: "0", Help: "crashes, 0 to 99; one actor at most is down at once"},
	},
	Variants: []cli.Variant{
		{Name: "abd", Summary: "a server makes known what it has read before it answers", Model: variant(Model{})},
		{Name: "broken", Summary: "a server answers as soon as it has read", Model: variant(Model{Hasty: true, Readers: 1})},
	},
}

func variant(m Model) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		m, readers := m, 0
		err := errors.Join(
			a.IntVar(&m.Clients, "clients", 1, 3),
			a.IntVar(&m.Servers, "servers", 1, 5),
			a.IntVar(&readers, "readers", 0, 1),
			a.IntVar(&m.Puts, "puts", 1, 45),
			a.IntVar(&m.Gets, "gets", 1, 45),
			a.IntVar(&m.Crashes, "crashes", 0, 99),
			a.NetworkVar(&m.Network),
		)
		if err != nil {
			return cli.Instance{}, err
		}
		m.Readers = max(m.Readers, readers)
		return cli.Of(m.System()), nil
	}
}
