package main

import (
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/explorecli"
)

func main() { cli.Main(app) }

// config is what the command line sets.
type config struct {
	threads int
	lock    bool
}

var app = cli.App[config]{
	Name:    "increment",
	Summary: "Threads that increment a shared counter: read, then write what was read plus one.",
	Params: func(c *config) []cli.Param {
		return []cli.Param{cli.Int("threads", &c.threads, 3, 1, MaxThreads, "threads")}
	},
	Variants: []cli.Variant[config]{
		{Name: "lock", Summary: "every increment is done under a lock", Config: config{lock: true}},
		{Name: "broken", Summary: "without the lock, increments are lost"},
	},
	Build: func(c config) (cli.Instance, error) {
		m, err := New(c.threads, c.lock)
		return cli.NewInstance(m), err
	},
	Verbs: explorecli.Verbs,
}
