package main

import "github.com/allways-go/allways/cli"

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "increment",
	Summary: "Threads that increment a shared counter: read, then write what was read plus one.",
	Args:    []cli.Arg{{Name: "threads", Default: "3", Help: "number of threads, 1 to 10"}},
	Variants: []cli.Variant{
		{Name: "lock", Summary: "every increment is done under a lock", Model: variant(true)},
		{Name: "broken", Summary: "without the lock: increments are lost", Model: variant(false)},
	},
}

func variant(lock bool) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		n := 0
		if err := a.IntVar(&n, "threads", 1, MaxThreads); err != nil {
			return cli.Instance{}, err
		}
		m, err := New(n, lock)
		return cli.Of(m), err
	}
}
