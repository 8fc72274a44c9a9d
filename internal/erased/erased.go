// Package erased stands here until the root package's engineer brings it.
package erased

import (
	"context"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/trace"
)

type Model struct{ m model }

type model interface {
	compile() error
	value() any
	properties() []Property
	optional() []string
	notes() []string
	symmetric() bool
	types() string
	check(ctx context.Context, o allways.Options) (*Result, error)
	simulate(ctx context.Context, o allways.Options) (*Result, error)
	profile() (Profile, error)
	parse(s string) (*Path, error)
	replay(f trace.File) (*Path, error)
}

// Profile is allways.Profile.
type Profile interface {
	Visitor() allways.Visitor
	Parts() []allways.Part
	Sampled() (looked, visited int64)
}

func Of[S, A any](m allways.Model[S, A]) *Model { return &Model{&typed[S, A]{model: m}} }

func (m *Model) Compile() error         { return m.m.compile() }
func (m *Model) Value() any             { return m.m.value() }
func (m *Model) Properties() []Property { return m.m.properties() }
func (m *Model) Optional() []string     { return m.m.optional() }
func (m *Model) Notes() []string        { return m.m.notes() }
func (m *Model) Symmetric() bool        { return m.m.symmetric() }
func (m *Model) TypesHash() string      { return m.m.types() }
func (m *Model) Check(ctx context.Context, o allways.Options) (*Result, error) {
	return m.m.check(ctx, o)
}
func (m *Model) Simulate(ctx context.Context, o allways.SimulateOptions) (*Result, error) {
	return m.m.simulate(ctx, allways.Options{
		Workers: o.Workers, Symmetry: o.Symmetry, MaxDepth: o.MaxDepth, MaxStates: o.MaxStates, MaxGenerated: o.MaxGenerated,
		Timeout: o.Timeout, MaxMemory: o.MaxMemory, Stop: o.Stop, Walks: o.Walks, Seed: o.Seed, Scheduler: o.Scheduler,
		Progress: o.Progress, ProgressEvery: o.ProgressEvery, Visitor: o.Visitor,
	})
}
func (m *Model) Profile() (Profile, error)               { return m.m.profile() }
func (m *Model) ParsePath(encoded string) (*Path, error) { return m.m.parse(encoded) }
func (m *Model) Replay(f trace.File) (*Path, error)      { return m.m.replay(f) }

type Property struct {
	Name string
	Kind allways.PropertyKind
}

type Result struct {
	Verdict          allways.Verdict
	Properties       []PropertyResult
	Complete         bool
	Bounded          bool
	StopReason       allways.StopReason
	Stats            allways.Stats
	Actions          []allways.ActionStats
	Misbehaviour     *allways.ModelError
	MisbehaviourPath *Path
	Optional         []string
	Seed             uint64
}

type PropertyResult struct {
	Name    string
	Kind    allways.PropertyKind
	Verdict allways.Verdict
	Within  bool
	Path    *Path
	Reason  string
	Ignored []string
}

type Path struct{ p path }

type path interface {
	len() int
	loop() (int, bool)
	encode() string
	stateText(i int) string
	step(i int) Step
	diagram() string
	sequence() *diagram.Sequence
	transitions() ([]Transition, error)
	evaluate(property string) (allways.Verdict, error)
	trace(h trace.Header) trace.File
}

func (p *Path) Len() int                                          { return p.p.len() }
func (p *Path) Loop() (start int, ok bool)                        { return p.p.loop() }
func (p *Path) Encode() string                                    { return p.p.encode() }
func (p *Path) StateText(i int) string                            { return p.p.stateText(i) }
func (p *Path) Step(i int) Step                                   { return p.p.step(i) }
func (p *Path) Diagram() string                                   { return p.p.diagram() }
func (p *Path) Sequence() *diagram.Sequence                       { return p.p.sequence() }
func (p *Path) Transitions() ([]Transition, error)                { return p.p.transitions() }
func (p *Path) Evaluate(property string) (allways.Verdict, error) { return p.p.evaluate(property) }
func (p *Path) Trace(h trace.Header) trace.File                   { return p.p.trace(h) }

type Step struct {
	Index int
	Name  string
	Text  string
	Note  string
	Diff  []allways.Change
}

type Transition struct {
	Index    int
	Name     string
	Text     string
	Effect   bool
	Within   bool
	SelfLoop bool
	Err      error
}

type typed[S, A any] struct {
	model   allways.Model[S, A]
	stepper *allways.Stepper[S, A]
}

func (t *typed[S, A]) compile() (err error) {
	t.stepper, err = allways.NewStepper(t.model)
	return err
}
func (t *typed[S, A]) value() any         { return t.model }
func (t *typed[S, A]) optional() []string { return t.stepper.Optional() }
func (t *typed[S, A]) notes() []string    { return t.stepper.Notes() }
func (t *typed[S, A]) types() string      { return t.stepper.TypesHash() }
func (t *typed[S, A]) symmetric() bool {
	for _, o := range t.stepper.Optional() {
		if o == "Representative" {
			return true
		}
	}
	y, ok := t.model.(interface{ Symmetric() bool })
	return ok && y.Symmetric()
}
func (t *typed[S, A]) properties() (out []Property) {
	for _, p := range t.stepper.Properties() {
		out = append(out, Property{p.Name(), p.Kind()})
	}
	return out
}
func (t *typed[S, A]) profile() (Profile, error) { return allways.NewProfile(t.model) }
func (t *typed[S, A]) check(ctx context.Context, o allways.Options) (*Result, error) {
	r, err := allways.Check(ctx, t.model, o)
	return t.result(r), err
}
func (t *typed[S, A]) simulate(ctx context.Context, o allways.Options) (*Result, error) {
	r, err := allways.Simulate(ctx, t.model, o)
	return t.result(r), err
}
func (t *typed[S, A]) result(r *allways.Result[S, A]) *Result {
	if r == nil {
		return nil
	}
	out := &Result{
		Verdict: r.Verdict, Complete: r.Complete, Bounded: r.Bounded, StopReason: r.StopReason, Stats: r.Stats, Actions: r.Actions,
		Misbehaviour: r.Misbehaviour, MisbehaviourPath: t.path(r.MisbehaviourPath), Seed: r.Seed,
	}
	for _, p := range r.Properties {
		out.Properties = append(out.Properties, PropertyResult{
			Name: p.Name, Kind: p.Kind, Verdict: p.Verdict, Within: p.Within, Path: t.path(p.Path), Reason: p.Reason, Ignored: p.Ignored,
		})
	}
	return out
}
func (t *typed[S, A]) parse(s string) (*Path, error) {
	p, err := t.stepper.ParsePath(s)
	return t.path(p), err
}
func (t *typed[S, A]) replay(f trace.File) (*Path, error) {
	p, err := trace.Replay(t.stepper, f)
	return t.path(p), err
}
func (t *typed[S, A]) path(p *allways.Path[S, A]) *Path {
	if p == nil {
		return nil
	}
	return &Path{&typedPath[S, A]{t, p}}
}

type typedPath[S, A any] struct {
	t *typed[S, A]
	p *allways.Path[S, A]
}

func (p *typedPath[S, A]) len() int                        { return p.p.Len() }
func (p *typedPath[S, A]) loop() (int, bool)               { return p.p.Loop() }
func (p *typedPath[S, A]) encode() string                  { return p.p.Encode() }
func (p *typedPath[S, A]) stateText(i int) string          { return p.p.StateText(i) }
func (p *typedPath[S, A]) diagram() string                 { return p.p.Diagram() }
func (p *typedPath[S, A]) trace(h trace.Header) trace.File { return trace.New(p.p, h) }
func (p *typedPath[S, A]) evaluate(name string) (allways.Verdict, error) {
	return p.t.stepper.Evaluate(p.p, name)
}
func (p *typedPath[S, A]) step(i int) (out Step) {
	for k, s := range p.p.Steps() {
		if k == i {
			out = Step{Index: s.Index, Name: s.Name, Text: s.Text, Note: s.Note, Diff: s.Diff}
			break
		}
	}
	return out
}
func (p *typedPath[S, A]) sequence() *diagram.Sequence {
	if s, ok := p.t.model.(interface {
		Sequence(p *allways.Path[S, A]) *diagram.Sequence
	}); ok {
		return s.Sequence(p.p)
	}
	return nil
}
func (p *typedPath[S, A]) transitions() (out []Transition, err error) {
	all, err := p.t.stepper.Transitions(p.p.Last())
	for _, e := range all {
		out = append(out, Transition{Index: e.Index, Text: e.Text, Effect: e.Effect})
	}
	return out, err
}
