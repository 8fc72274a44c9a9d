// Command performance measures what searches cost, and draws docs/performance.md from it. It is a separate module,
// so that programs that use allways need no plotter.
//
// It runs the programs of the examples as their users do, and takes the CPU time and the memory that the operating
// system counts. It is not a benchmark of single functions: those are with the packages, for go test -bench.
//
//	performance measure [-runs N] [-only REGEXP] [-quick] FILE   adds measurements to a JSON file
//	performance draw FILE FOLDER                                 writes the page and its drawings to a folder
//	performance unit                                             prints the seconds of a unit of work
//
// Run it in the folder of the module: go -C internal/performance run . draw ../../docs/performance.json ../../docs
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "performance:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	usage := errors.New("usage: performance measure [-runs N] [-only REGEXP] [-quick] FILE, draw FILE FOLDER, or unit")
	if len(args) == 0 {
		return usage
	}
	flags := flag.NewFlagSet("performance "+args[0], flag.ContinueOnError)
	runs := flags.Int("runs", 3, "runs of each search, of which the cheapest counts")
	only := flags.String("only", "", "measure only searches whose command line matches this regular expression")
	quick := flags.Bool("quick", false, "measure only the smallest searches, once")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	switch verb, rest := args[0], flags.Args(); {
	case verb == "unit" && len(rest) == 0:
		fmt.Println(unit().Seconds())
		return nil
	case verb == "measure" && len(rest) == 1:
		chosen, err := regexp.Compile(*only)
		if err != nil {
			return err
		}
		return measure(ctx, rest[0], plan(*runs, *quick, chosen))
	case verb == "draw" && len(rest) == 2:
		data, err := load(rest[0])
		if err != nil {
			return err
		}
		return drawAll(data, rest[1])
	}
	return usage
}
