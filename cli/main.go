package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/allways-go/allways"
)

// Main runs the command line of app with the arguments of the process, and ends the process with
// one of the exit codes. An interrupt ends a search early with a summary of what it found; a second
// one ends the process at once.
func Main[C any](app App[C]) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// After the first signal the default behaviour is restored, so that the second one kills.
	context.AfterFunc(ctx, stop)
	os.Exit(Run(ctx, app, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Run runs the command line of app with the given arguments, without the name of the program, and
// returns the exit code. A canceled ctx ends a search early with a summary of what it found.
// Progress and errors go to stderr, everything else to stdout. A nil stdin is empty. Several runs
// may go on at once.
func Run[C any](ctx context.Context, app App[C], args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(stderr, "%s: internal error: %v\n%s", app.Name, r, debug.Stack())
			code = ExitInternal
		}
	}()
	if err := app.check(); err != nil {
		fmt.Fprintln(stderr, err)
		return ExitInternal
	}
	return app.program().run(ctx, args, stdin, stdout, stderr)
}

// run runs a command line.
func (p *program) run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if stdin == nil {
		stdin = strings.NewReader("")
	}
	out := &checkedWriter{w: stdout}
	s := &settings{}
	c := &Call{
		Program: programName(), Stdout: out, Stderr: stderr,
		program: p, settings: s, common: s.flags(), stdin: stdin, out: out, given: map[string]string{},
	}
	code, err := dispatch(ctx, c, args)
	switch m, misbehaved := errors.AsType[*allways.ModelError](err); {
	case misbehaved:
		code = c.misbehaved(m)
	case err != nil:
		fmt.Fprintf(stderr, "%s: %v\n", p.name, err)
		if code == ExitHolds {
			code = ExitUsage
		}
	}
	if out.err != nil {
		fmt.Fprintf(stderr, "%s: cannot write the output: %v\n", p.name, out.err)
		if code == ExitHolds {
			code = ExitInternal
		}
	}
	return code
}

// dispatch finds the verb that the arguments name, sets its flags and runs it.
func dispatch(ctx context.Context, c *Call, args []string) (int, error) {
	verbs := verbsOf(c.program)
	if len(args) == 0 {
		fmt.Fprint(c.Stderr, c.overview(verbs))
		return ExitUsage, nil
	}
	name, args := args[0], args[1:]
	if name == "-h" || name == "-help" || name == "--help" {
		name = "help"
	}
	same := named(verbs, name)
	if len(same) == 0 {
		return 0, unknownVerb(c, verbs, name)
	}
	v := merged(same)
	if name == completeVerb {
		return 0, complete(c, verbs, args)
	}
	if err := c.parse(v, args); errors.Is(err, errHelp) {
		fmt.Fprint(c.Stdout, c.help(v))
		return ExitHolds, nil
	} else if err != nil {
		return 0, flagError(c, verbs, v, err)
	}
	c.settle()
	for _, v := range same {
		if v.takes(c.Words) {
			return c.profiled(func() (int, error) { return v.Run(ctx, c) })
		}
	}
	return 0, usage("%s cannot be used like this: \"%s %s -h\" shows how", name, c.Program, name)
}

// settle fills in what verbs see of the flags.
func (c *Call) settle() {
	s := c.settings
	c.JSON, c.Quiet, c.Timeout, c.Seed = s.json, s.quiet, s.timeout, s.seed
	c.Full, c.Color = s.full, colored(s.color, c.out.w)
	if isTerminal(c.out.w) {
		c.Width = terminalWidth(c.out.w)
	}
}

// flagError says which flag is wrong, and what was probably meant.
func flagError(c *Call, verbs []Verb, v *Verb, err error) error {
	name, ok := undefined(err)
	if !ok {
		return err
	}
	var others []string
	for _, o := range verbs {
		for _, p := range c.verbFlags(&o) {
			if p.name == name && o.Name != v.Name {
				others = append(others, o.Name)
			}
		}
	}
	if len(others) > 0 {
		return usage("%s has no flag -%s: it is for %s", v.Name, name, alternatives(others))
	}
	var names []string
	for _, f := range c.allFlags(v) {
		names = append(names, f.name)
	}
	near := nearest(name, names)
	if i := slices.IndexFunc(names, func(n string) bool { return strings.HasSuffix(name, "-"+n) }); i >= 0 {
		near = names[i] // such as -max-depth for -depth
	}
	if near != "" {
		return usage("%w: did you mean -%s?", err, near)
	}
	return usage("%w: \"%s %s -h\" lists the flags", err, c.Program, v.Name)
}

// allFlags returns the flags of a verb and those of the model.
func (c *Call) allFlags(v *Verb) []Param {
	all := c.verbFlags(v)
	if v.plain {
		return all
	}
	params, _ := c.program.configure(0)
	for _, p := range params {
		if p.flag {
			all = append(all, p)
		}
	}
	return all
}

func unknownVerb(c *Call, verbs []Verb, name string) error {
	names := verbNames(verbs)
	if name == "run" {
		return usage("unknown verb %q: systems of actors have it, if App.Verbs is actorcli.Verbs", name)
	}
	if near := nearest(name, names); near != "" {
		return usage("unknown verb %q: did you mean %s?", name, near)
	}
	return usage("unknown verb %q: want %s, as in \"%s check\"", name, alternatives(names), c.Program)
}
