package cli

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/trace"
)

// Instance is a model with its parameters filled in, ready to be checked. [Of] makes one; the zero value is refused. It
// is for one run at a time.
type Instance struct {
	model erased
}

// Of makes an [Instance] of a model with states and actions of any type.
func Of[S, A any](m allways.Model[S, A]) Instance {
	return Instance{model: &typed[S, A]{model: m}}
}

// erased is a model whose state and action types have been forgotten, so that one command line serves all of them.
type erased interface {
	// compile checks the model's declarations; the other methods may be called once it has returned nil.
	compile() error
	describe() description
	// run searches; with -why it fills in the report's growth.
	run(ctx context.Context, s *settings, simulate bool) (*report, error)
	parsePath(encoded string) (*route, error)
	replay(f trace.File) (*route, error)
	program() (actor.Program, bool) // if it is a system of actors
}

// description is what there is to know about a model before it is searched.
type description struct {
	Properties []propertyReport // without verdicts
	Optional   []string         // names of the optional methods, sorted
	Notes      []string         // of the model, a line each
	Symmetric  bool             // a system with interchangeable actors
	Types      string           // hash of the types
}

// has reports whether the model has a property of that name.
func (d description) has(property string) bool {
	return slices.ContainsFunc(d.Properties, func(p propertyReport) bool { return p.Name == property })
}

// report is an [allways.Result] without types.
type report struct {
	Verdict      allways.Verdict
	Properties   []propertyReport
	Complete     bool
	Bounded      bool
	Cut          allways.StopReason
	Stats        allways.Stats
	Actions      []allways.ActionStats
	Misbehaviour *allways.ModelError
	MisPath      *route // to the state in which the model misbehaved; may be nil
	Seed         uint64
	Growth       *growth // nil unless it was asked for
}

// propertyReport is an [allways.PropertyResult] without types.
type propertyReport struct {
	Name    string
	Kind    allways.PropertyKind
	Verdict allways.Verdict
	Within  bool
	Path    *route // nil if there is none
	Reason  string
	Ignored []string
}

// route is an [allways.Path] without types. Its functions run the model's formatting methods, whose panics they return
// as a [*allways.ModelError].
type route struct {
	Encoded string
	Len     int
	Loop    int // -1 if it is no lasso

	init    func() (string, error)                         // text of the initial state
	steps   func(visit func(i int, s stepView)) error      // from 0
	diagram func() (string, error)                         // may be empty
	draw    func(format string) ([]byte, error)            // see draw
	enabled func() ([]string, error)                       // actions with an effect in the last state, with their indexes
	file    func(h trace.Header) (trace.File, error)       // what to store
	judge   func(property string) (allways.Verdict, error) // what the path shows
}

// stepView is what a step looks like.
type stepView struct {
	Index int
	Name  string
	Text  string
	Note  string
	Diff  []allways.Change
}

// typed implements erased.
type typed[S, A any] struct {
	model   allways.Model[S, A]
	stepper *allways.Stepper[S, A]
}

func (t *typed[S, A]) compile() (err error) {
	if t.stepper, err = allways.NewStepper(t.model); err != nil {
		return err
	}
	if x, ok := t.model.(interface {
		Snapshot() (allways.Model[S, A], error)
	}); ok {
		t.model, err = x.Snapshot()
	}
	return err
}

func (t *typed[S, A]) describe() description {
	d := description{Types: t.stepper.TypesHash(), Optional: t.stepper.Optional(), Notes: t.stepper.Notes()}
	if y, ok := t.model.(interface{ Symmetric() bool }); ok {
		d.Symmetric = y.Symmetric()
	}
	for _, p := range t.stepper.Properties() {
		d.Properties = append(d.Properties, propertyReport{Name: p.Name(), Kind: p.Kind()})
	}
	return d
}

func (t *typed[S, A]) run(ctx context.Context, s *settings, simulate bool) (*report, error) {
	var recorder *allways.Profile
	o, w := s.options, s.simulation()
	if s.why {
		var err error
		if recorder, err = allways.NewProfile(t.model); err != nil {
			return nil, err
		}
		o.Visitor, w.Visitor = recorder.Visitor(), recorder.Visitor()
	}
	var r *allways.Result[S, A]
	var err error
	if simulate {
		r, err = allways.Simulate(ctx, t.model, w)
	} else {
		r, err = allways.Check(ctx, t.model, o)
	}
	if r == nil {
		return nil, err
	}
	out := &report{
		Verdict: r.Verdict, Complete: r.Complete, Bounded: r.Bounded, Cut: r.StopReason, Stats: r.Stats, Actions: r.Actions,
		Misbehaviour: r.Misbehaviour, MisPath: t.route(r.MisbehaviourPath), Seed: r.Seed,
	}
	for _, p := range r.Properties {
		out.Properties = append(out.Properties, propertyReport{
			Name: p.Name, Kind: p.Kind, Verdict: p.Verdict, Within: p.Within, Path: t.route(p.Path), Reason: p.Reason, Ignored: p.Ignored,
		})
	}
	if recorder != nil {
		out.Growth = &growth{Parts: recorder.Parts()}
		out.Growth.Looked, out.Growth.Visited = recorder.Sampled()
	}
	return out, err
}

func (t *typed[S, A]) parsePath(encoded string) (*route, error) {
	p, err := t.stepper.ParsePath(encoded)
	return t.route(p), err
}

func (t *typed[S, A]) replay(f trace.File) (*route, error) {
	p, err := trace.Replay(t.stepper, f)
	return t.route(p), err
}

// route forgets the types of a path; nil stays nil.
func (t *typed[S, A]) route(p *allways.Path[S, A]) *route {
	if p == nil {
		return nil
	}
	r := &route{Encoded: p.Encode(), Len: p.Len(), Loop: -1}
	if start, ok := p.Loop(); ok {
		r.Loop = start
	}
	r.init = func() (text string, err error) {
		err = guard("FormatState", func() { text = p.StateText(0) })
		return text, err
	}
	r.steps = func(visit func(int, stepView)) error {
		return guard("FormatAction, FormatStep or ActionName", func() {
			for i, s := range p.Steps() {
				visit(i, stepView{Index: s.Index, Name: s.Name, Text: s.Text, Note: s.Note, Diff: s.Diff})
			}
		})
	}
	r.diagram = func() (text string, err error) {
		err = guard("Diagram", func() { text = p.Diagram() })
		return text, err
	}
	r.draw = func(format string) ([]byte, error) { return draw(t.model, p, format) }
	r.enabled = func() (texts []string, err error) {
		enabled, err := t.stepper.Transitions(p.Last())
		for _, e := range enabled {
			if e.Effect {
				texts = append(texts, fmt.Sprintf("%d %s", e.Index, e.Text))
			}
		}
		return texts, err
	}
	r.file = func(h trace.Header) (f trace.File, err error) {
		err = guard("FormatState or FormatAction", func() { f = trace.New(p, h) })
		return f, err
	}
	r.judge = func(property string) (allways.Verdict, error) { return t.stepper.Evaluate(p, property) }
	return r
}

// guard runs a formatting method of the model and turns its panic into an error.
func guard(where string, f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &allways.ModelError{Kind: allways.ErrorPanic, Where: where, Message: fmt.Sprint(r), Panic: r, Stack: panicFrames()}
		}
	}()
	f()
	return nil
}

// panicFrames lists the frames of a panic below guard, from the one that panicked. It must be called from the function
// that recovered.
func panicFrames() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(4, pcs)]) // without Callers, this, the deferred function and panic
	var b strings.Builder
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, ownFrames+"guard") || !more {
			return b.String()
		}
		fmt.Fprintf(&b, "%s\n\t%s:%d\n", f.Function, f.File, f.Line)
	}
}

// ownFrames starts the names of the functions of this package.
const ownFrames = "github.com/allways-go/allways/cli."

// userFrames is the part of a stack that is above the checker.
func userFrames(stack string) string {
	for _, below := range []string{ownFrames + "(*typed", ownFrames + "(*command", "github.com/allways-go/allways/internal/"} {
		stack, _, _ = strings.Cut(stack, below)
	}
	return stack
}
