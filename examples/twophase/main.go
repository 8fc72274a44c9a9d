package main

import (
	"errors"

	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/explorecli"
)

func main() { cli.Main(app) }

// config is what the command line sets.
type config struct {
	rms         int
	hasty, maps bool
	refines     bool
}

var app = cli.App[config]{
	Name:    "twophase",
	Summary: "Two-phase commit: a transaction manager and resource managers that agree to commit or to abort.",
	Params: func(c *config) []cli.Param {
		return []cli.Param{
			cli.Int("rms", &c.rms, 3, 1, MaxRMs, "resource managers"),
			cli.Bool("refines", &c.refines, "promise that all resource managers commit or none").Flag(),
		}
	},
	Variants: []cli.Variant[config]{
		{Name: "correct", Summary: "the protocol; -symmetry makes the resource managers interchangeable"},
		{
			Name:    "broken",
			Summary: "commits without waiting for one of the resource managers",
			Config:  config{hasty: true},
		},
		{Name: "maps", Summary: "the protocol over maps and slices", Config: config{maps: true}},
	},
	Build: build,
	Verbs: explorecli.Verbs,
}

func build(c config) (cli.Instance, error) {
	switch {
	case c.maps && c.refines:
		return cli.Instance{}, errors.New("-refines is not for the variant maps")
	case c.maps:
		return cli.NewInstance(MapModel{N: c.rms}), nil
	}
	m, err := New(c.rms)
	m.Hasty, m.Refines = c.hasty, c.refines
	return cli.NewInstance(m), err
}
