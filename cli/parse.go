package cli

import (
	"errors"
	"flag"
	"io"
	"slices"
	"strings"
)

// boundFlag makes a parameter a [flag.Value].
type boundFlag struct {
	param Param
	set   func(text string) error
}

func (f boundFlag) String() string        { return "" }
func (f boundFlag) Set(text string) error { return f.set(text) }
func (f boundFlag) IsBoolFlag() bool      { return f.param.isSwitch() }

// errHelp says that the user asked for help.
var errHelp = errors.New("help is wanted")

// parse separates flags from words, wherever they stand, and sets the flags of a verb. Those of the
// model are returned as text by name, since which variable they set depends on the variant, which
// is one of the words.
func (c *Call) parse(v *Verb, args []string) error {
	set := flag.NewFlagSet(v.Name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {}
	bind := func(p Param, to func(string) error) { set.Var(boundFlag{p, to}, p.name, p.help) }
	for _, p := range c.verbFlags(v) {
		bind(p, func(text string) error { return p.set(text, c.stdin) })
	}
	if !v.plain {
		params, _ := c.program.configure(0)
		for _, p := range params {
			if p.flag {
				bind(p, func(text string) error { c.given[p.name] = text; return nil })
			}
		}
	}
	// Package flag stops at the first word; what comes after it is parsed again.
	for len(args) > 0 {
		if err := set.Parse(args); errors.Is(err, flag.ErrHelp) {
			return errHelp
		} else if err != nil {
			return usageError{err}
		}
		rest := set.Args()
		if parsed := len(args) - len(rest); parsed > 0 && args[parsed-1] == "--" {
			c.Words = append(c.Words, rest...)
			break
		}
		if len(rest) == 0 {
			break
		}
		c.Words = append(c.Words, rest[0])
		args = rest[1:]
	}
	return nil
}

// verbFlags returns the flags of a verb, those that only it has first.
func (c *Call) verbFlags(v *Verb) []Param {
	all := slices.Clone(v.Flags)
	for _, f := range c.common {
		if slices.Contains(v.Common, f.name) {
			all = append(all, f.Param)
		}
	}
	return all
}

// undefined returns the name of a flag that a parser does not know. Package flag has no type for
// that error.
func undefined(err error) (name string, ok bool) {
	return strings.CutPrefix(err.Error(), "flag provided but not defined: -")
}
