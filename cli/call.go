package cli

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/cli/internal/render"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/trace"
)

// Call is one call of a [Verb]: what stood on the command line, and where the output goes.
type Call struct {
	Words   []string // words that are neither the verb nor flags and their values
	Program string   // command that starts the program again, such as "go run ./examples/paxos"

	Stdout io.Writer // reports and events
	Stderr io.Writer // progress and errors

	// The flags that verbs share, for the verbs that have them.
	JSON    bool
	Quiet   bool
	Full    bool // long texts to their ends
	Color   bool // decided from -color, the environment and the terminal
	Timeout time.Duration
	Seed    uint64
	Width   int // columns of the terminal; 0 if Stdout is something else

	program  *program
	settings *settings
	common   []commonFlag // bound to settings
	stdin    io.Reader
	out      *checkedWriter    // Stdout
	given    map[string]string // the flags of the model that were set
	chosen   *selection        // last selection
}

// Selection is the model that a command line selects.
type Selection struct {
	Model  any          // as its App built it; a system of actors as its snapshot
	Header trace.Header // the model with its parameters, as files name it

	untyped  *erased.Model
	variable string
}

// Untyped returns the model without its types. It is for verbs of this module.
func (s *Selection) Untyped() *erased.Model { return s.untyped }

// Source returns the Go expression that makes the model in the package of its App, and an error.
func (s *Selection) Source() string {
	var words []string
	for _, w := range s.Header.Params {
		words = append(words, strconv.Quote(w))
	}
	return s.variable + ".Model(" + strings.Join(words, ", ") + ")"
}

// Select builds the model that some words of the call select, together with its flags. If the
// command line selects nothing, with neither words nor flags of the model, the parameters of a
// stored header do; a zero one stands for the defaults. A header of another model is an error.
func (c *Call) Select(words []string, stored trace.Header) (*Selection, error) {
	if stored.Model != "" && stored.Model != c.program.name {
		return nil, usage("the files are of the model %s, and this is %s: use the program of that model",
			stored.Model, c.program.name)
	}
	s, err := c.build(words, stored)
	if err != nil {
		return nil, err
	}
	return &Selection{Model: s.model.Value(), Header: s.header(), untyped: s.model, variable: c.program.variable}, nil
}

// Title names the selected model as the command line does.
func (s *Selection) Title() string {
	return strings.Join(append([]string{s.Header.Model}, s.Header.Params...), " ")
}

// Emit prints an event of -json on a separate line.
func (c *Call) Emit(event any) {
	// An output that cannot be written is reported once, at the end.
	if err := render.Emit(c.out, event); err != nil && c.out.err == nil {
		c.out.err = err
	}
}

// view is how the flags ask to show reports.
func (c *Call) view() render.View {
	return render.View{Style: render.NewStyle(c.Color), Full: c.Full, Quiet: c.Quiet, Width: c.Width}
}

// selection is the model that a command line selects, with its parameters filled in.
type selection struct {
	program *program
	variant int
	params  []string // canonical words and flags that select it again
	model   *erased.Model
	about   render.Subject
}

// header describes the selection in a file.
func (s *selection) header() trace.Header {
	return trace.Header{Model: s.program.name, Params: s.params, Types: s.about.Types}
}

// build selects a model, builds it and checks its declarations. The error is one of usage, or a
// [*allways.ModelError].
func (c *Call) build(words []string, stored trace.Header) (*selection, error) {
	given := c.given
	if len(words) == 0 && len(given) == 0 {
		words, given = c.program.split(stored.Params)
	}
	s, build, err := c.program.choose(words, given, c.stdin)
	if err != nil {
		return nil, err
	}
	c.chosen = s
	s.about = render.Subject{
		App: c.program.name, Summary: c.program.summary, Variant: c.program.variants[s.variant].name, Params: s.params,
		Replay: func(args ...string) string { return c.invocation("replay", s, args...) },
	}
	var made Instance
	if err := guard(func() { made, err = build() }); err != nil {
		return nil, err
	}
	if err != nil {
		return nil, usageError{err}
	}
	if made.model == nil {
		return nil, &allways.ModelError{
			Kind: allways.ErrorDeclaration, Where: "App.Build",
			Message: "it returned the zero Instance: return cli.NewInstance(model)",
		}
	}
	if err := made.model.Compile(); err != nil {
		return nil, err
	}
	s.model = made.model
	s.about.Types, s.about.Properties = s.model.TypesHash(), s.model.Properties()
	s.about.Optional, s.about.Notes = s.model.Optional(), s.model.Notes()
	return s, nil
}

// invocation returns the command line that runs a verb on the same model.
func (c *Call) invocation(verb string, s *selection, args ...string) string {
	if len(args) == 1 { // a file, which says what it is of
		return strings.Join([]string{c.Program, verb, render.ShellWord(args[0])}, " ")
	}
	words, given := c.program.split(s.params)
	flags := slices.Clone(args)
	for _, p := range s.params {
		if name, _, ok := flagAndValue(p); ok && given[name] != "" {
			flags = append(flags, p)
		}
	}
	if slices.ContainsFunc(words, func(w string) bool { return len(w) > 1 && w[0] == '-' }) {
		words = slices.Concat(flags, []string{"--"}, words)
	} else {
		words = append(words, flags...)
	}
	line := []string{c.Program, verb}
	for _, w := range words {
		line = append(line, render.ShellWord(w))
	}
	return strings.Join(line, " ")
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
