package erased

import (
	"context"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/trace"
)

// model implements typedModel.
type model[S, A any] struct {
	m       allways.Model[S, A]
	stepper *allways.Stepper[S, A]
}

func (t *model[S, A]) compile() (err error) {
	if t.stepper, err = allways.NewStepper(t.m); err != nil {
		return err
	}
	if x, ok := t.m.(allways.Snapshotter[S, A]); ok {
		if t.m, err = x.Snapshot(); err != nil {
			return err
		}
		t.stepper, err = allways.NewStepper(t.m)
	}
	return err
}

func (t *model[S, A]) value() any { return t.m }

func (t *model[S, A]) properties() (out []Property) {
	for _, p := range t.stepper.Properties() {
		out = append(out, Property{p.Name(), p.Kind()})
	}
	return out
}

func (t *model[S, A]) about() (optional, notes []string, types string) {
	return t.stepper.Optional(), t.stepper.Notes(), t.stepper.TypesHash()
}

func (t *model[S, A]) check(ctx context.Context, o allways.Options) (*Result, error) {
	r, err := allways.Check(ctx, t.m, o)
	return t.result(r), err
}

func (t *model[S, A]) simulate(ctx context.Context, o allways.SimulateOptions) (*Result, error) {
	r, err := allways.Simulate(ctx, t.m, o)
	return t.result(r), err
}

func (t *model[S, A]) profile() (*allways.Profile, error) { return allways.NewProfile(t.m) }

func (t *model[S, A]) inits() (out []*Path, err error) {
	x, err := allways.NewExplorer(t.m)
	if err != nil {
		return nil, err
	}
	defer x.Close()
	paths, err := x.Init()
	for _, p := range paths {
		out = append(out, t.path(p))
	}
	return out, err
}

func (t *model[S, A]) start(i int) (*Path, error) { return t.made(t.stepper.Start(i)) }

func (t *model[S, A]) parsePath(encoded string) (*Path, error) {
	return t.made(t.stepper.ParsePath(encoded))
}

func (t *model[S, A]) replay(f trace.File) (*Path, error) { return t.made(trace.Replay(t.stepper, f)) }

func (t *model[S, A]) made(p *allways.Path[S, A], err error) (*Path, error) { return t.path(p), err }

// result forgets the types of a result; nil stays nil.
func (t *model[S, A]) result(r *allways.Result[S, A]) *Result {
	if r == nil {
		return nil
	}
	out := &Result{
		Verdict: r.Verdict, Complete: r.Complete, Bounded: r.Bounded, StopReason: r.StopReason, Stats: r.Stats,
		Actions: r.Actions, Misbehaviour: r.Misbehaviour, MisbehaviourPath: t.path(r.MisbehaviourPath),
		Optional: r.Optional, Seed: r.Seed, Properties: make([]PropertyResult, len(r.Properties)),
	}
	for i, p := range r.Properties {
		out.Properties[i] = PropertyResult{
			Name: p.Name, Kind: p.Kind, Verdict: p.Verdict, Within: p.Within, Path: t.path(p.Path),
			Reason: p.Reason, Ignored: p.Ignored,
		}
	}
	return out
}

// path forgets the types of a path; nil stays nil.
func (t *model[S, A]) path(p *allways.Path[S, A]) *Path {
	if p == nil {
		return nil
	}
	return &Path{p, &path[S, A]{model: t, p: p}}
}

// path implements typedPath.
type path[S, A any] struct {
	*model[S, A]
	p *allways.Path[S, A]
}

func (t *path[S, A]) value() any { return t.p }

func (t *path[S, A]) step(i int) Step {
	s := t.p.Step(i)
	return Step{s.Index, s.Name, s.Text, s.Note, s.Diff}
}

func (t *path[S, A]) transitions() ([]Transition, error) {
	enabled, err := t.stepper.Transitions(t.p.Last())
	out := make([]Transition, len(enabled))
	for i, e := range enabled {
		out[i] = Transition{e.Index, e.Name, e.Text, e.Effect, e.Within, e.SelfLoop, e.Err}
	}
	return out, err
}

func (t *path[S, A]) extend(index int) (*Path, error) { return t.made(t.stepper.Extend(t.p, index)) }

func (t *path[S, A]) extendByText(text string, hint int) (*Path, error) {
	return t.made(t.stepper.ExtendByText(t.p, text, hint))
}

func (t *path[S, A]) closeLoop(start int) (*Path, error) {
	return t.made(t.stepper.CloseLoop(t.p, start))
}

func (t *path[S, A]) evaluate(property string) (allways.Verdict, error) {
	return t.stepper.Evaluate(t.p, property)
}

func (t *path[S, A]) file(h trace.Header) trace.File { return trace.New(t.p, h) }

func (t *path[S, A]) sequence() *diagram.Sequence {
	m, ok := t.m.(interface {
		Sequence(p *allways.Path[S, A]) *diagram.Sequence
	})
	if !ok {
		return nil
	}
	return m.Sequence(t.p)
}
