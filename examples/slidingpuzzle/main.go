package main

import (
	"strings"

	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/explorecli"
)

func main() { cli.Main(app) }

// config is what the command line sets.
type config struct {
	board    string
	wrapping bool
}

var app = cli.App[config]{
	Name:    "slidingpuzzle",
	Summary: "Numbered tiles in a frame with one gap: the witness of \"solved\" is a shortest solution.",
	Params: func(c *config) []cli.Param {
		c.board = Default
		return []cli.Param{cli.File("board", &c.board, "file with the board, a row a line and 0 for the gap; - is stdin")}
	},
	Variants: []cli.Variant[config]{
		{Name: "correct", Summary: "tiles slide within the frame"},
		{
			Name:    "broken",
			Summary: "tiles slide out on one side and in on the other",
			Config:  config{wrapping: true},
		},
	},
	Build: func(c config) (cli.Instance, error) {
		m, err := Read(strings.NewReader(c.board))
		m.Wrapping = c.wrapping
		return cli.NewInstance(m), err
	},
	Verbs: explorecli.Verbs,
}
