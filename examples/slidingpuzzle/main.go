package main

import (
	"os"
	"strings"

	"github.com/allways-go/allways/cli"
)

func main() { cli.Main(app) }

var app = cli.App{
	Name:    "slidingpuzzle",
	Summary: "Numbered tiles in a frame with one gap: the witness of \"solved\" is a shortest solution.",
	Args:    []cli.Arg{{Name: "board", Default: "", Help: "file with the board, a row a line and 0 for the gap; - is standard input"}},
	Variants: []cli.Variant{
		{Name: "correct", Summary: "tiles slide within the frame", Model: variant(false)},
		{Name: "broken", Summary: "tiles slide out on one side and in on the other", Model: variant(true)},
	},
}

func variant(wrapping bool) func(cli.Args) (cli.Instance, error) {
	return func(a cli.Args) (cli.Instance, error) {
		m, err := board(a)
		m.Wrapping = wrapping
		return cli.Of(m), err
	}
}

func board(a cli.Args) (Model, error) {
	switch name := a.String("board"); name {
	case "":
		return Read(strings.NewReader(Default))
	case "-":
		return Read(a.Stdin())
	default:
		f, err := os.Open(name)
		if err != nil {
			return Model{}, err
		}
		defer f.Close()
		return Read(f)
	}
}
