package main

import "github.com/allways-go/allways/cli"

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "twophase",
	Summary: "Two-phase commit: a transaction manager and resource managers that agree to commit or to abort.",
	Args:    []cli.Arg{{Name: "rms", Default: "3", Help: "number of resource managers, 1 to 12"}},
	Variants: []cli.Variant{
		{Name: "correct", Summary: "the protocol; -symmetry makes the resource managers interchangeable", Model: func(a cli.Args) (cli.Instance, error) {
			return instance(a, false)
		}},
		{Name: "broken", Summary: "commits without waiting for one of the resource managers", Model: func(a cli.Args) (cli.Instance, error) {
			return instance(a, true)
		}},
		{Name: "maps", Summary: "the protocol over maps and slices", Model: func(a cli.Args) (cli.Instance, error) {
			m := MapModel{}
			err := a.IntVar(&m.N, "rms", 1, MaxRMs)
			return cli.Of(m), err
		}},
	},
}

func instance(a cli.Args, hasty bool) (cli.Instance, error) {
	n := 0
	if err := a.IntVar(&n, "rms", 1, MaxRMs); err != nil {
		return cli.Instance{}, err
	}
	m, err := New(n)
	m.Hasty = hasty
	return cli.Of(m), err
}
