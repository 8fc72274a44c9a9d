package gospace

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/usercode"
	"github.com/allways-go/allways/internal/watch"
)

// A search knows states as vectors and actions as positions, and under symmetry it knows
// representatives, which no run may visit. What it reports to the user is therefore not what it
// found, but what the model does when it is run along it: each step is taken by the model's
// methods, and the property is evaluated on the result. A mistake in the search, or a model that
// does not do the same twice, can cost a counterexample but cannot make one up.

// Tracer makes real paths of the trails that a search finds in a space. What it returns was made by
// running the model, so a path that it hands out is a run, whatever the search has come by on its
// way.
type Tracer struct {
	model *Model
	space Space
	watch *watch.Watch
	tried atomic.Uint64        // steps that were tried
	stuck *engine.Misbehaviour // user code that has not returned

	last, held unsafe.Pointer // the last state of the path that is being made, and what is held for it
}

// NewTracer returns a tracer for trails in a space of the model, for the run of a watch.
func (c *Model) NewTracer(sp Space, w *watch.Watch) *Tracer {
	return &Tracer{model: c, space: sp, watch: w}
}

const retracing = "the model, while a path was found again"

// Evidence turns a trail that decides a property into a path, or nil when no path exists or it does
// not show what it should.
func (r *Tracer) Evidence(t *engine.Trail, prop int) *Path {
	if t == nil {
		return nil
	}
	return r.aside(func() (*Path, error) { return r.evidence(t, prop), nil })
}

// aside returns the path that f makes, or nil if it makes none.
func (r *Tracer) aside(f func() (*Path, error)) *Path {
	var p *Path
	var failure error
	err := usercode.Aside(r.watch, func() {
		if err := guard(retracing, func() { p, failure = f() }); err != nil {
			failure = err
		}
	}, r.tried.Load)
	if m, ok := err.(*engine.Misbehaviour); ok && m.Kind == engine.ErrorStuck {
		r.stuck = m
	}
	if err != nil || failure != nil {
		return nil
	}
	return p
}

func (r *Tracer) tick() { r.tried.Add(1) }

// Stuck describes user code that has not returned while a path was made; nil for none.
func (r *Tracer) Stuck() *engine.Misbehaviour { return r.stuck }

func (r *Tracer) evidence(t *engine.Trail, prop int) *Path {
	p, err := r.replay(t)
	if err == nil && t.Act >= 0 {
		p, err = r.lastStep(p, t, prop)
	}
	if err == nil && t.Loop >= 0 {
		p, err = r.closeLoop(p, t)
	}
	if err != nil {
		return nil
	}
	for range judgedAgain {
		if r.model.Props[prop].Kind == property.Possible {
			return p // what is out of reach cannot be seen on it
		}
		if v, err := p.evaluate(&r.model.Props[prop]); err != nil || v == property.Inconclusive {
			return nil
		}
	}
	return p
}

// Along returns a path along the states of a trail, or nil when no path exists.
func (r *Tracer) Along(t *engine.Trail) *Path {
	if t == nil {
		return nil
	}
	return r.aside(func() (*Path, error) { return r.replay(t) })
}

// judgedAgain is how often a path must show what it should: a predicate may be right by chance.
const judgedAgain = 30

var errNoPath = errors.New("the states of a trail are not joined by steps")

// replay runs the model along the states of a trail. Under symmetry these are representatives, and
// the path that is returned is a real run through states that they stand for.
func (r *Tracer) replay(t *engine.Trail) (*Path, error) {
	inits, err := r.model.Init()
	if err != nil {
		return nil, err
	}
	for i, s := range inits {
		if !r.standsFor(s, t.States[0]) {
			continue
		}
		p := newPath(r.model, i, s)
		for step := range len(t.States) - 1 {
			if p, err = r.follow(p, t, step); err != nil {
				return nil, err
			}
		}
		return p, nil
	}
	return nil, errNoPath
}

// follow extends p by the first action that leads to a state for which a state of the trail stands, and that the trail
// means. Most trails keep states and not actions: an index costs memory for every state of a search, and under
// symmetry the index of an action of the representative says nothing about the actions of the real state. That
// the first fitting action is taken makes the path the same in every run.
func (r *Tracer) follow(p *Path, t *engine.Trail, step int) (*Path, error) {
	to := step + 1
	if to == len(t.States) {
		to = t.Loop
	}
	vec := t.States[to]
	place := -1
	if t.Steps != nil {
		place = t.Steps[step]
	}
	if r.last != p.Last() {
		r.last, r.held = p.Last(), r.model.hold(p.Last(), nil)
	}
	enabled, err := r.model.transitions(r.last, r.held, r.tick)
	if err != nil {
		return nil, err
	}
	for _, x := range enabled {
		if !x.Effect || !x.Within {
			continue
		}
		if place--; place >= 0 || t.Marks != nil && t.Marks[step] != r.model.label(p.Last(), x.Action, x.Next, nil) {
			continue
		}
		if held := r.model.hold(x.Next, r.held); r.standsFor(held, vec) {
			r.last, r.held = x.Next, held
			return p.extended(x), nil
		}
	}
	return nil, errNoPath
}

// standsFor reports whether vec encodes s, or its representative under symmetry.
func (r *Tracer) standsFor(s unsafe.Pointer, vec []uint32) bool {
	own, err := r.space.Encode(s)
	return err == nil && slices.Equal(own, vec)
}

// lastStep adds the step that violates a step property.
func (r *Tracer) lastStep(p *Path, t *engine.Trail, prop int) (*Path, error) {
	enabled, err := r.model.Transitions(p.Last())
	if err != nil {
		return nil, err
	}
	for _, x := range enabled {
		if x.Effect && x.Within && !r.model.Props[prop].Step(p.Last(), x.Action, x.Next) {
			return p.extended(x), nil
		}
	}
	return nil, fmt.Errorf("action %d: %w", t.Act, errNoPath)
}

// closeLoop runs around the cycle of a lasso until a real state comes back. Under symmetry one
// round may lead to another state of the same orbit: a token that goes round among three servers is
// back at a representative after each step, and at a server after three. An orbit is finite, so
// some state comes back, though perhaps not the first one: the stem then grows by some rounds.
func (r *Tracer) closeLoop(p *Path, t *engine.Trail) (*Path, error) {
	round := len(t.States) - t.Loop
	for p.Len() <= maxUnrolled {
		var err error
		if p, err = r.follow(p, t, len(t.States)-1); err != nil {
			return nil, err
		}
		for start := t.Loop; start < p.Len(); start += round {
			if q, err := p.CloseLoop(start); err == nil {
				return q, nil
			}
		}
		for step := t.Loop; step < len(t.States)-1; step++ {
			if p, err = r.follow(p, t, step); err != nil {
				return nil, err
			}
		}
	}
	return nil, errNoPath
}

// maxUnrolled bounds the steps of a lasso that is unrolled under symmetry.
const maxUnrolled = 1 << 20

// Unrepeated returns the misbehaviour of a model in which a property was decided, and is not when the
// model runs along the path again.
func (c *Model) Unrepeated(prop int) *engine.Misbehaviour {
	return &engine.Misbehaviour{
		Kind: engine.ErrorNondeterminism, Where: PropertySite(c.Props[prop].Name), Act: -1,
		Message: "a search has decided it, and running the model along the same path did not; the property, Init, Actions " +
			"and Next must depend on their arguments alone, and not on time, random numbers, map order or shared variables",
	}
}
