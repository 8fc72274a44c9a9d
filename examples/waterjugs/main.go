package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/explorecli"
)

func main() { cli.Main(app) }

var app = cli.App[Model]{
	Name:    "waterjugs",
	Summary: "Measure an amount of water with jugs that have no marks.",
	Params: func(m *Model) []cli.Param {
		return []cli.Param{
			cli.Func("capacities", &m.Capacities, "3,5", parseCapacities, "capacities of the jugs, with commas between them"),
			cli.Int("target", &m.Target, 4, 0, 1000, "the amount to be measured"),
		}
	},
	Variants: []cli.Variant[Model]{
		{Name: "correct", Summary: "pouring stops when the other jug is full"},
		{
			Name:    "broken",
			Summary: "pouring always empties the jug: water is spilt",
			Config:  Model{Spilling: true},
		},
	},
	Build: func(m Model) (cli.Instance, error) { return cli.NewInstance(m), nil },
	Verbs: explorecli.Verbs,
}

func parseCapacities(text string) (capacities []int, err error) {
	for word := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > 1000 {
			return nil, fmt.Errorf("%q is no capacity: want numbers from 1 to 1000, such as 3,5", word)
		}
		capacities = append(capacities, n)
	}
	return capacities, nil
}
