// Package erased forgets the types of models, results and paths, so that one command line, one test report and one
// explorer serve models of every type. It adds nothing to what package allways says.
package erased

import (
	"context"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/trace"
)

// Model is a model of any state and action types. Make one with [Of]; the zero value is unusable. It is safe for
// concurrent use once it is compiled.
type Model struct {
	m        typedModel
	compiled bool
	err      error
}

// typedModel is what needs the types of a model.
type typedModel interface {
	compile() error
	value() any
	properties() []Property
	about() (optional, notes []string, types string)
	check(ctx context.Context, o allways.Options) (*Result, error)
	simulate(ctx context.Context, o allways.SimulateOptions) (*Result, error)
	profile() (*allways.Profile, error)
	inits() ([]*Path, error)
	start(i int) (*Path, error)
	parsePath(encoded string) (*Path, error)
	replay(f trace.File) (*Path, error)
}

// Of forgets the types of m. Nothing of m runs before [Model.Compile].
func Of[S, A any](m allways.Model[S, A]) *Model { return &Model{m: &model[S, A]{m: m}} }

// Compile takes the model's snapshot, if it has one, and checks its declarations. It does so once and returns the same
// error every time. All other methods, but for Value, may be called once it has returned nil.
func (m *Model) Compile() error {
	if !m.compiled {
		m.compiled, m.err = true, m.m.compile()
	}
	return m.err
}

// Value returns the model: as it was handed to Of before Compile, its snapshot afterwards.
func (m *Model) Value() any { return m.m.value() }

// Property is a property without its predicate.
type Property struct {
	Name string
	Kind allways.PropertyKind
}

// Properties returns the model's properties.
func (m *Model) Properties() []Property { return m.m.properties() }

// Optional returns the names of the optional methods that the model has, sorted; none for systems of actors.
func (m *Model) Optional() []string {
	optional, _, _ := m.m.about()
	return optional
}

// Notes returns what the model says of itself, a line each.
func (m *Model) Notes() []string {
	_, notes, _ := m.m.about()
	return notes
}

// TypesHash returns a hash of the structure of the model's types.
func (m *Model) TypesHash() string {
	_, _, types := m.m.about()
	return types
}

// symmetric is a model that brings its own space, as systems of actors do.
type symmetric interface{ Symmetric() bool }

// Actors reports whether the model brings its own space, as systems of actors do.
func (m *Model) Actors() bool {
	_, ok := m.Value().(symmetric)
	return ok
}

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
	return m.m.check(ctx, o)
}

// Simulate is [allways.Simulate]. The result is nil when no search was possible.
func (m *Model) Simulate(ctx context.Context, o allways.SimulateOptions) (*Result, error) {
	return m.m.simulate(ctx, o)
}

// Profile returns a new profile for the states of the model.
func (m *Model) Profile() (*allways.Profile, error) { return m.m.profile() }

// Init returns a path without steps for each initial state inside the boundary.
func (m *Model) Init() ([]*Path, error) { return m.m.inits() }

// Start returns the path without steps from the i-th initial state.
func (m *Model) Start(i int) (*Path, error) { return m.m.start(i) }

// ParsePath makes the path that [Path.Encode] wrote.
func (m *Model) ParsePath(encoded string) (*Path, error) { return m.m.parsePath(encoded) }

// Replay makes the path that a trace file holds; see [trace.Replay].
func (m *Model) Replay(f trace.File) (*Path, error) { return m.m.replay(f) }
