package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/trace"
)

// App describes the command line of a model. C is the type of its configuration, often the model
// itself: every variant starts from one, and the parameters set its fields. The zero value is
// refused, since a program needs a name, a variant and Build. An App is only read, so that several
// goroutines may share one.
type App[C any] struct {
	Name    string // one word, as reports and trace files name the model
	Summary string // subject of the model, in a line or two

	// Params declares the parameters, each bound to a field of c: see [Int], [Bool], [Text],
	// [Choice], [File] and [Func]. They stand on the command line in this order, but for those that
	// are flags. All variants have the same parameters, so Params must not depend on the content of
	// c. Nil means no parameters.
	Params func(c *C) []Param

	Variants []Variant[C] // at least one; the first is the default

	// Build makes the model that a configuration describes. An error says which parameter is wrong
	// and what is allowed: it is reported as wrong usage.
	Build func(c C) (Instance, error)

	// Verbs returns further verbs, new ones for each run of the command line; nil means none. For
	// systems of actors, set it to actorcli.Verbs.
	Verbs func() []Verb

	// Variable is the name of the variable that holds the App, for Go tests that are made of traces.
	// Empty means app.
	Variable string
}

// Variant is one version of a model, such as the correct one or one with a known fault. Its name,
// written among the parameters, selects it: "check 3 broken".
type Variant[C any] struct {
	Name    string // one word
	Summary string // difference from the other variants, in a line
	Config  C      // defaults of the parameters in this variant, where they are not zero
}

// Instance is a model with its parameters filled in, ready to be checked. Make one with
// [NewInstance]; the zero value is refused. Use it for one run at a time.
type Instance struct {
	model *erased.Model
}

// NewInstance returns an instance of a model with states and actions of any type. The explorer finds states
// by the predicates.
func NewInstance[S, A any](m allways.Model[S, A], predicates ...allways.NamedPredicate[S]) Instance {
	return Instance{model: erased.Of(m, predicates...)}
}

// program is an [App] without its type.
type program struct {
	name, summary string
	variable      string // name of the variable that holds the App
	variants      []entry
	// configure returns the parameters of a variant, bound to a fresh configuration, and what
	// builds the model of it.
	configure func(variant int) (params []Param, build builder)
	verbs     func() []Verb
}

// entry is a variant by name.
type entry struct{ name, summary string }

func (app App[C]) program() *program {
	p := &program{name: app.Name, summary: app.Summary, verbs: app.Verbs, variable: cmp.Or(app.Variable, "app")}
	for _, v := range app.Variants {
		p.variants = append(p.variants, entry{v.Name, v.Summary})
	}
	p.configure = func(variant int) ([]Param, builder) {
		c := app.Variants[variant].Config
		var params []Param
		if app.Params != nil {
			params = app.Params(&c)
		}
		return params, func() (Instance, error) { return app.Build(c) }
	}
	return p
}

// Model returns the model that the words and flags of a command line select, such as
// app.Model("3", "broken", "-crashes=1"). Its states and actions are hidden, since they depend on the
// App only at run time; all else is as with the model itself. It is for tests of one instance.
func (app App[C]) Model(words ...string) (erased.Untyped, error) {
	if err := app.check(); err != nil {
		return nil, err
	}
	c := &Call{program: app.program()}
	s, err := c.build(nil, trace.Header{Params: words})
	if err != nil {
		return nil, err
	}
	return s.model.Untyped(), nil
}

// check refuses an App that cannot be a command.
func (app App[C]) check() error {
	switch {
	case !oneWord(app.Name):
		return fmt.Errorf("cli: App.Name is %q: want one word", app.Name)
	case len(app.Variants) == 0:
		return fmt.Errorf("cli: the App %s has no Variants", app.Name)
	case app.Build == nil:
		return fmt.Errorf("cli: the App %s has no Build", app.Name)
	}
	return app.program().check()
}

// check refuses names that are no words or stand for two things, and parameters with mistakes.
func (p *program) check() error {
	common := []string{"help", "h"}
	for _, f := range new(settings).flags() {
		common = append(common, f.name)
	}
	names := slices.Clone(common)
	for i, v := range p.variants {
		names = append(names, v.name)
		params, _ := p.configure(i)
		for _, q := range params {
			if q.mistake != "" {
				return fmt.Errorf("cli: parameter %s of App %s, variant %s: %s", q.name, p.name, v.name, q.mistake)
			}
			if i == 0 {
				names = append(names, q.name)
			}
		}
	}
	if err := distinct(p.name, names); err != nil || p.verbs == nil {
		return err
	}
	for _, v := range p.verbs() {
		own := slices.Clone(names)
		for _, q := range v.Flags {
			if q.mistake != "" || !q.flag {
				return fmt.Errorf("cli: flag %s of verb %s: %s", q.name, v.Name, cmp.Or(q.mistake, "make it with Flag"))
			}
			own = append(own, q.name)
		}
		if err := distinct(p.name, own); err != nil {
			return err
		}
		for _, name := range v.Common {
			if !slices.Contains(common, name) {
				return fmt.Errorf("cli: verb %s: there is no common flag %q", v.Name, name)
			}
		}
	}
	return nil
}

// distinct refuses names that are no words, and names that occur twice.
func distinct(app string, names []string) error {
	for i, n := range names {
		if !oneWord(n) {
			return fmt.Errorf("cli: %q cannot name a parameter, flag or variant of App %s: want one word", n, app)
		}
		if slices.Contains(names[:i], n) {
			return fmt.Errorf("cli: %q names two parameters, flags or variants of App %s, or a flag of every model", n, app)
		}
	}
	return nil
}

func oneWord(name string) bool {
	return name != "" && name[0] != '-' && !strings.ContainsAny(name, " \t\n=")
}
