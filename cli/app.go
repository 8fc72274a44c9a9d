package cli

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// App describes the command line of a model: what it is called, its parameters and its variants. The zero value is
// refused, for a command needs a name and at least one variant. An App is only read, so that several goroutines may
// share one.
type App struct {
	Name    string // of the model, in reports and trace files; one word
	Summary string // what the model is about, in a line or two

	Args     []Arg     // positional parameters, in order
	Flags    []Flag    // named parameters of this model
	Variants []Variant // at least one; the first is the default
}

// Arg is a positional parameter of a model, such as the number of nodes. One that is left out on the command line has
// its default.
type Arg struct {
	Name    string // one word, such as "nodes"
	Default string
	Help    string
}

// Flag is a named parameter of a model, such as -servers. A flag whose default is "true" or "false" needs no value on
// the command line. It must not have the name of one of the flags that all models share.
type Flag struct {
	Name    string // without the dash
	Default string
	Help    string
}

// Variant is one version of a model, such as the correct one or one with a known fault. Its name, written after the
// parameters, selects it: "check 3 broken".
type Variant struct {
	Name    string
	Summary string
	// Model makes the model. An error says which parameter is wrong and what is allowed: it is reported as wrong usage.
	Model func(a Args) (Instance, error)
}

// Args holds the parameters of a model as they were given on the command line. Asking for a parameter that the [App] does
// not declare is a mistake of the program and panics. Args is safe for concurrent use, but for the reader that Stdin
// returns.
type Args struct {
	values map[string]string
	stdin  io.Reader
}

// String returns the parameter or flag called name.
func (a Args) String(name string) string {
	v, ok := a.values[name]
	if !ok {
		panic(fmt.Sprintf("cli: the App declares no parameter %q", name))
	}
	return v
}

// IntVar sets *p to the parameter or flag called name, a whole number from lo to hi, both included. Else *p stays as it is, and
// the error says what is wanted; [errors.Join] joins those of several parameters.
func (a Args) IntVar(p *int, name string, lo, hi int) error {
	n, err := strconv.Atoi(a.String(name))
	if err != nil || n < lo || n > hi {
		return fmt.Errorf("%s is %q: want a whole number from %d to %d", name, a.String(name), lo, hi)
	}
	*p = n
	return nil
}

// BoolVar sets *p to the parameter or flag called name. If that is neither true nor false, *p stays as it is.
func (a Args) BoolVar(p *bool, name string) error {
	b, err := strconv.ParseBool(a.String(name))
	if err != nil {
		return fmt.Errorf("%s is %q: want true or false", name, a.String(name))
	}
	*p = b
	return nil
}

// Stdin returns the standard input, for models that read their first state from it. It is never nil.
func (a Args) Stdin() io.Reader { return a.stdin }

// check refuses an App that cannot be a command.
func (app *App) check() error {
	if app.Name == "" || strings.ContainsAny(app.Name, " \t\n") {
		return fmt.Errorf("cli: App.Name is %q: want one word", app.Name)
	}
	if len(app.Variants) == 0 {
		return fmt.Errorf("cli: the App %s has no Variants", app.Name)
	}
	names := []string{"help", "h"}
	for _, f := range new(settings).flags() {
		names = append(names, f.name)
	}
	for _, a := range app.Args {
		names = append(names, a.Name)
	}
	for _, f := range app.Flags {
		names = append(names, f.Name)
	}
	for _, v := range app.Variants {
		if v.Model == nil {
			return fmt.Errorf("cli: variant %q of App %s has no Model", v.Name, app.Name)
		}
		names = append(names, v.Name)
	}
	for i, n := range names {
		if n == "" || strings.HasPrefix(n, "-") || strings.ContainsAny(n, " \t\n=") {
			return fmt.Errorf("cli: %q cannot name a parameter, flag or variant of App %s: want one word", n, app.Name)
		}
		if slices.Contains(names[:i], n) {
			return fmt.Errorf("cli: App %s has two parameters, flags or variants called %q, or one that is a flag of every model", app.Name, n)
		}
	}
	return nil
}
