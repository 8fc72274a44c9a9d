// Package erased forgets the types of models, results and paths, so that one command line, one test
// report and one explorer serve models of every type. It adds nothing to what package allways says.
//
// The generic types of package allways are compiled anew for every model of a program. Here they
// are compiled once, for empty types of states and actions: what is behind them knows the real
// ones. Only [Of] and [ResultOf] are generic, and small.
package erased

import (
	"context"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/trace"
)

// state and action stand for the types of a model. They are empty, so that looking at a value of
// one reads nothing of what is really there.
type (
	state  struct{}
	action struct{}
)

// Model is a model of any state and action types. Make one with [Of]; the zero value is unusable.
// It is safe for concurrent use once it is compiled.
type Model struct {
	typed    typed
	stepper  *allways.Stepper[state, action]
	compiled bool
	err      error
}

// Of forgets the types of m and of predicates on its states. Nothing of m runs before [Model.Compile].
func Of[S, A any](m allways.Model[S, A], asked ...allways.NamedPredicate[S]) *Model {
	if u, ok := any(m).(untyped); ok {
		return u.model
	}
	return &Model{typed: &source[S, A]{m, asked}}
}

// Compile takes the model's snapshot, if it has one, and checks its declarations. It does so once
// and returns the same error every time. All other methods, but for Value, may be called once it
// has returned nil.
func (m *Model) Compile() error {
	if !m.compiled {
		m.compiled = true
		if m.stepper, m.err = m.typed.compile(); m.err == nil {
			m.err = m.checkPredicates()
		}
	}
	return m.err
}

// untyped makes the model one for package allways again, which looks at nothing but the Stepper.
type untyped struct {
	*allways.Stepper[state, action]
	model *Model
}

func (untyped) Untyped(gospace.Untyped)                {}
func (untyped) Init() []state                          { return nil }
func (untyped) Actions(dst []action, _ state) []action { return dst }
func (untyped) Next(s state, _ action) (state, bool)   { return s, false }
func (untyped) Properties() []allways.Property[state]  { return nil }

// Untyped is a model whose states and actions show nothing. Everything that takes a model can run and
// check it.
type Untyped = allways.Model[state, action]

// Untyped returns the model for package allways, without its types.
func (m *Model) Untyped() Untyped { return untyped{m.stepper, m} }

// Typed returns the model of [Of] again.
func Typed[S, A any](m *Model) allways.Model[S, A] {
	if t, ok := m.Value().(allways.Model[S, A]); ok {
		return t
	}
	return any(m.Untyped()).(allways.Model[S, A])
}

// Value returns the model: as it was handed to Of before Compile, its snapshot afterwards.
func (m *Model) Value() any { return m.typed.value() }

// Property is a property without its predicate.
type Property struct {
	Name string
	Kind allways.PropertyKind
}

// Properties returns the model's properties.
func (m *Model) Properties() (out []Property) {
	for _, p := range m.stepper.Properties() {
		out = append(out, Property{p.Name(), p.Kind()})
	}
	return out
}

// Optional returns the names of the optional methods that the model has, sorted; none for systems
// of actors.
func (m *Model) Optional() []string { return m.stepper.Optional() }

// Notes returns what the model says of itself, a line each.
func (m *Model) Notes() []string { return m.stepper.Notes() }

// TypesHash returns a hash of the structure of the model's types.
func (m *Model) TypesHash() string { return m.stepper.TypesHash() }

// symmetric is a model that brings its own space, as systems of actors do.
type symmetric interface{ Symmetric() bool }

// Actors reports whether the model brings its own space, as systems of actors do.
func (m *Model) Actors() bool {
	_, ok := m.Value().(symmetric)
	return ok
}

// Sequential reports whether the model has a Sequence method, so that its paths have sequence
// diagrams, as those of systems of actors have.
func (m *Model) Sequential() bool { return m.typed.sequential() }

// Symmetric reports whether a search can be reduced by symmetry.
func (m *Model) Symmetric() bool {
	if s, ok := m.Value().(symmetric); ok {
		return s.Symmetric()
	}
	for _, o := range m.Optional() {
		if o == "Representative" {
			return true
		}
	}
	return false
}

// Check is [allways.Check]. The result is nil when no search was possible.
func (m *Model) Check(ctx context.Context, o allways.Options) (*Result, error) {
	r, err := allways.Check(ctx, m.Untyped(), o)
	return m.result(r), err
}

// Simulate is [allways.Simulate]. The result is nil when no search was possible.
func (m *Model) Simulate(ctx context.Context, o allways.SimulateOptions) (*Result, error) {
	r, err := allways.Simulate(ctx, m.Untyped(), o)
	return m.result(r), err
}

// Profile returns a new profile for the states of the model.
func (m *Model) Profile() (*allways.Profile, error) { return allways.NewProfile(m.Untyped()) }

// Init returns a path without steps for each initial state inside the boundary.
func (m *Model) Init() ([]*Path, error) {
	x, err := allways.NewExplorer(m.Untyped())
	if err != nil {
		return nil, err
	}
	defer x.Close()
	paths, err := x.Init()
	var out []*Path
	for _, p := range paths {
		out = append(out, m.path(p))
	}
	return out, err
}

// Start returns the path without steps from the i-th initial state.
func (m *Model) Start(i int) (*Path, error) { return m.made(m.stepper.Start(i)) }

// ParsePath makes the path that [Path.Encode] wrote.
func (m *Model) ParsePath(encoded string) (*Path, error) { return m.made(m.stepper.ParsePath(encoded)) }

// Replay makes the path that a trace file holds; see [trace.Replay].
func (m *Model) Replay(f trace.File) (*Path, error) { return m.made(trace.Replay(m.stepper, f)) }

func (m *Model) made(p *allways.Path[state, action], err error) (*Path, error) { return m.path(p), err }
