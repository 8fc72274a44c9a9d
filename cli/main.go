// Package cli gives any model a command line: checking, simulating and replaying it, with progress, a summary,
// counterexamples and exit codes that scripts can rely on. A model's main function is one line:
//
//	func main() { cli.Main(app) }
//
// It is neither a framework for commands in general nor a way to run checks from Go code: that is what
// [allways.Check] and package allwaystest are for.
package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// The exit codes, which are part of the API.
const (
	ExitHolds        = 0  // every property holds, if need be within the model's boundary
	ExitViolated     = 1  // a property is violated
	ExitUsage        = 2  // wrong usage: a flag, a parameter, a path or a trace file
	ExitInconclusive = 3  // a limit or an interruption left a property undecided
	ExitModel        = 4  // the model misbehaved, see [allways.ModelError], whatever was found out besides
	ExitInternal     = 70 // a fault of the program itself, or a result that could not be written
)

// Main runs the command line of app with the arguments of the process, and ends the process with one of the exit codes.
// An interrupt ends a search early with a summary of what it learned; a second one ends the process at once.
func Main(app App) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// After the first signal the default behaviour is restored, so that the second one kills.
	context.AfterFunc(ctx, stop)
	os.Exit(Run(ctx, app, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Run runs the command line of app with the given arguments, without the name of the program, and returns the exit code.
// A canceled ctx ends a search early with a summary of what it learned. Progress and errors go to stderr, everything
// else to stdout. A nil stdin is empty. Several runs may go on at once.
func Run(ctx context.Context, app App, args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(stderr, "%s: internal error: %v\n%s", app.Name, r, debug.Stack())
			code = ExitInternal
		}
	}()
	c := newCommand(ctx, &app, stdin, stdout, stderr)
	if err := app.check(); err != nil {
		fmt.Fprintln(stderr, err)
		return ExitInternal
	}
	code = c.execute(args)
	if err := c.out.err; err != nil {
		fmt.Fprintf(stderr, "%s: cannot write the output: %v\n", app.Name, err)
		if code == ExitHolds {
			return ExitInternal
		}
	}
	return code
}
