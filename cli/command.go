package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/trace"
)

// command is one run of the command line.
type command struct {
	app        *App
	ctx        context.Context
	stdin      io.Reader
	out        *checkedWriter
	stderr     io.Writer
	program    string // how the user started this program
	settings   settings
	shared     []sharedFlag
	modelFlags map[string]string // set on the command line
	paint      palette
	code       int
}

// checkedWriter remembers the first error of a writer, so that not every print has to be checked.
type checkedWriter struct {
	w   io.Writer
	err error
}

func (c *checkedWriter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	if c.err == nil {
		c.err = err
	}
	return n, err
}

func newCommand(ctx context.Context, app *App, stdin io.Reader, stdout, stderr io.Writer) *command {
	if stdin == nil {
		stdin = strings.NewReader("")
	}
	c := &command{
		app: app, ctx: ctx, stdin: stdin, out: &checkedWriter{w: stdout}, stderr: stderr,
		program: programName(), modelFlags: map[string]string{},
	}
	c.shared = c.settings.flags()
	return c
}

// usageError is a mistake in how the command was called.
type usageError struct{ error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// execute runs the verb that args name and returns the exit code.
func (c *command) execute(args []string) int {
	flags, words, err := c.split(args)
	if err != nil {
		return c.refused(err)
	}
	verb := "help"
	if len(words) > 0 {
		verb, words = words[0], words[1:]
	} else if !slices.Contains(flags, "--help") {
		fmt.Fprint(c.stderr, c.help(""))
		return ExitUsage
	}
	root := c.root()
	root.SetArgs(slices.Concat([]string{verb}, flags, []string{"--"}, words))
	if err := root.ExecuteContext(c.ctx); err != nil {
		return c.refused(err)
	}
	return c.code
}

func (c *command) refused(err error) int {
	fmt.Fprintf(c.stderr, "%s: %v\n", c.app.Name, err)
	return ExitUsage
}

// split separates flags from words, wherever they stand. It gives flags their second dash, joins them with their values,
// and takes what looks like a negative number for a word.
func (c *command) split(args []string) (flags, words []string, err error) {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--":
			return flags, append(words, args[i+1:]...), nil
		case len(arg) < 2 || arg[0] != '-' || arg[1] >= '0' && arg[1] <= '9':
			words = append(words, arg)
			continue
		case arg == "-h" || arg == "-help":
			flags = append(flags, "--help")
			continue
		}
		name := strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-")
		if c.takesValue(name) {
			if i++; i == len(args) {
				return nil, nil, usage("-%s needs a value", name)
			}
			name += "=" + args[i]
		}
		flags = append(flags, "--"+name)
	}
	return flags, words, nil
}

// takesValue reports whether name is a flag whose value is the next argument.
func (c *command) takesValue(name string) bool {
	for _, f := range c.shared {
		if f.name == name {
			return f.value != ""
		}
	}
	for _, f := range c.app.Flags {
		if f.Name == name {
			return !f.isSwitch()
		}
	}
	return false
}

func (f Flag) isSwitch() bool { return f.Default == "true" || f.Default == "false" }

// verbs are what the program can be asked for.
var verbs = []struct{ name, summary string }{
	{"check", "search all states and give a verdict on every property"},
	{"simulate", "walk through the states at random"},
	{"replay", "show a path, from -path or from a trace file, or compare a recorded run with the model"},
	{"run", "run the actors of a system as real processes"},
	{"list", "show variants, parameters and properties"},
}

func (c *command) root() *cobra.Command {
	root := &cobra.Command{
		Use: c.app.Name, SilenceErrors: true, SilenceUsage: true, Args: cobra.ArbitraryArgs,
		SuggestionsMinimumDistance: 2,
		CompletionOptions:          cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.RunE = func(_ *cobra.Command, args []string) error { return c.unknownVerb(root, args[0]) }
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		verb := cmd.Name()
		if cmd == root {
			verb = ""
		}
		fmt.Fprint(c.out, c.help(verb))
	})
	root.SetOut(c.out)
	root.SetErr(c.stderr)
	run := map[string]func([]string) error{
		"check":    func(words []string) error { return c.search("check", words) },
		"simulate": func(words []string) error { return c.search("simulate", words) },
		"replay":   c.replay,
		"run":      c.run,
		"list":     c.list,
	}
	for _, v := range verbs {
		cmd := &cobra.Command{Use: v.name, Short: v.summary, Args: cobra.ArbitraryArgs}
		cmd.RunE = func(_ *cobra.Command, words []string) error {
			c.paint = newPalette(c.colored())
			return run[v.name](words)
		}
		cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return c.flagError(v.name, err) })
		c.addFlags(cmd.Flags(), v.name)
		root.AddCommand(cmd)
	}
	return root
}

func (c *command) addFlags(to *pflag.FlagSet, verb string) {
	for _, f := range c.shared {
		if slices.Contains(f.verbs, verb) {
			flag := to.VarPF(flagValue{f.set}, f.name, "", f.help)
			if f.value == "" {
				flag.NoOptDefVal = "true"
			}
		}
	}
	for _, f := range c.app.Flags {
		flag := to.VarPF(flagValue{func(text string) error { c.modelFlags[f.Name] = text; return nil }}, f.Name, "", f.Help)
		if f.isSwitch() {
			flag.NoOptDefVal = "true"
		}
	}
}

// flagValue makes a function a [pflag.Value].
type flagValue struct{ set func(string) error }

func (v flagValue) Set(text string) error { return v.set(text) }
func (v flagValue) String() string        { return "" }
func (v flagValue) Type() string          { return "" }

// flagError says what is wrong with a flag, and what to write instead.
func (c *command) flagError(verb string, err error) error {
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return usage("-%s is %q: %v", e.GetFlag().Name, e.GetValue(), errors.Unwrap(e))
	}
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		for _, f := range c.shared {
			if f.name == e.GetSpecifiedName() {
				return usage("%s has no flag -%s: it is for %s", verb, f.name, alternatives(f.verbs))
			}
		}
		return usage(`unknown flag -%s: "%s %s -h" lists the flags`, e.GetSpecifiedName(), c.program, verb)
	}
	return usageError{err}
}

func (c *command) unknownVerb(root *cobra.Command, word string) error {
	if near := root.SuggestionsFor(word); len(near) > 0 {
		return usage("unknown verb %q: did you mean %s?", word, alternatives(near))
	}
	names := make([]string, len(verbs))
	for i, v := range verbs {
		names[i] = v.name
	}
	return usage(`unknown verb %q: want %s, as in "%s check"`, word, alternatives(names), c.program)
}

// selection is the model that a command line asks for.
type selection struct {
	variant  *Variant
	args     Args
	params   []string // canonical words and flags that select it again
	instance erased
	about    description
}

// header describes the selection in a trace file.
func (s *selection) header(app *App) trace.Header {
	return trace.Header{Model: app.Name, Params: s.params, Types: s.about.Types}
}

// pick fills in the parameters and the variant from the words of a command line.
func (c *command) pick(words []string, flags map[string]string) (*selection, error) {
	s := &selection{args: Args{values: map[string]string{}, stdin: c.stdin}}
	given := 0
	for _, w := range words {
		i := slices.IndexFunc(c.app.Variants, func(v Variant) bool { return v.Name == w })
		switch {
		case i >= 0 && s.variant == nil:
			s.variant = &c.app.Variants[i]
		case i >= 0:
			return nil, usage("two variants are given, %s and %s: choose one", s.variant.Name, w)
		case given < len(c.app.Args):
			s.args.values[c.app.Args[given].Name] = w
			given++
		default:
			return nil, usage("unexpected %q: %s", w, c.wordsAllowed())
		}
	}
	for _, a := range c.app.Args {
		if _, ok := s.args.values[a.Name]; !ok {
			s.args.values[a.Name] = a.Default
		}
	}
	if s.variant == nil {
		s.variant = &c.app.Variants[0]
	}
	for _, f := range c.app.Flags {
		s.args.values[f.Name] = f.Default
		if text, ok := flags[f.Name]; ok {
			s.args.values[f.Name] = text
		}
	}
	s.params = c.params(s, given)
	return s, nil
}

// params writes a selection in its canonical form, in which default variants and flags are left out.
func (c *command) params(s *selection, given int) []string {
	out := []string{}
	for i, a := range c.app.Args {
		if i < given || a.Default != "" {
			out = append(out, s.args.values[a.Name])
		}
	}
	if s.variant != &c.app.Variants[0] {
		out = append(out, s.variant.Name)
	}
	for _, f := range c.app.Flags {
		if text := s.args.values[f.Name]; text != f.Default {
			out = append(out, "-"+f.Name+"="+text)
		}
	}
	return out
}

func (c *command) wordsAllowed() string {
	var parts []string
	if n := len(c.app.Args); n > 0 {
		names := make([]string, n)
		for i, a := range c.app.Args {
			names[i] = a.Name
		}
		parts = append(parts, "the parameters are "+strings.Join(names, ", "))
	} else {
		parts = append(parts, "the model has no parameters")
	}
	if len(c.app.Variants) > 1 {
		names := make([]string, len(c.app.Variants))
		for i, v := range c.app.Variants {
			names[i] = v.Name
		}
		parts = append(parts, "the variants are "+strings.Join(names, ", "))
	}
	return strings.Join(parts, ", and ")
}

// build makes the selected model and checks its declarations. The error is a usageError, or a [*allways.ModelError].
func (c *command) build(s *selection) error {
	var made Instance
	var refused error
	if err := guard("the making of the model", func() { made, refused = s.variant.Model(s.args) }); err != nil {
		return err
	}
	if refused != nil {
		return usageError{refused}
	}
	if made.model == nil {
		return &allways.ModelError{Kind: allways.ErrorDeclaration, Where: "the variant " + s.variant.Name, Message: "it returned the zero Instance: return cli.Of(model)"}
	}
	if err := made.model.compile(); err != nil {
		return err
	}
	s.instance, s.about = made.model, made.model.describe()
	return nil
}
