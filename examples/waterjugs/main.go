package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/allways-go/allways/cli"
)

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "waterjugs",
	Summary: "Measure an amount of water with jugs that have no marks.",
	Args: []cli.Arg{
		{Name: "capacities", Default: "3,5", Help: "capacities of the jugs, with commas between them"},
		{Name: "target", Default: "4", Help: "the amount to be measured"},
	},
	Variants: []cli.Variant{
		{Name: "correct", Summary: "pouring stops when the other jug is full", Model: variant(false)},
		{Name: "broken", Summary: "pouring always empties the jug: water is spilt", Model: variant(true)},
	},
}

func variant(spilling bool) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		m := Model{Spilling: spilling}
		for _, word := range strings.Split(a.String("capacities"), ",") {
			n, err := strconv.Atoi(word)
			if err != nil || n < 1 || n > 1000 {
				return cli.Instance{}, fmt.Errorf("capacities: %q is no capacity: want numbers from 1 to 1000, such as 3,5", word)
			}
			m.Capacities = append(m.Capacities, n)
		}
		err := a.IntVar(&m.Target, "target", 0, 1000)
		return cli.Of(m), err
	}
}
