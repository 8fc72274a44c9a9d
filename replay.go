package allways

import (
	"errors"
	"fmt"
	"slices"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
)

// pathOf turns a trail that decides a property into a real path, or nil when there is none or it does not show what it
// should.
func (r *run[S, A]) pathOf(t *engine.Trail, property int) (p *Path[S, A]) {
	if t == nil || r.guard("the model, while a path was found again", func() { p = r.shows(t, property) }) != nil {
		return nil
	}
	return p
}

func (r *run[S, A]) shows(t *engine.Trail, property int) *Path[S, A] {
	p, err := r.replay(t)
	if err != nil {
		return nil
	}
	stepper := &Stepper[S, A]{machine: r.machine}
	if t.Act >= 0 {
		if p, err = r.lastStep(stepper, p, t, property); err != nil {
			return nil
		}
	}
	if t.Loop >= 0 {
		if p, err = r.closeLoop(stepper, p, t); err != nil {
			return nil
		}
	}
	if v, err := stepper.Evaluate(p, r.props[property].name); err != nil || v == Inconclusive {
		return nil
	}
	return p
}

// pathAlong returns a real path along the states of a trail, or nil when there is none.
func (r *run[S, A]) pathAlong(t *engine.Trail) (p *Path[S, A]) {
	if t == nil {
		return nil
	}
	var err error
	if again := r.guard("the model, while a path was found again", func() { p, err = r.replay(t) }); again != nil || err != nil {
		return nil
	}
	return p
}

var errNoPath = errors.New("the states of a trail are not joined by steps")

// replay runs the model along the states of a trail. Under symmetry these are representatives, and the path that is
// returned is a real run through states that they stand for.
func (r *run[S, A]) replay(t *engine.Trail) (*Path[S, A], error) {
	stepper := &Stepper[S, A]{machine: r.machine}
	inits, err := stepper.Init()
	if err != nil {
		return nil, err
	}
	for i, s := range inits {
		if r.standsFor(s, t.States[0]) {
			p := &Path[S, A]{machine: r.machine, init: i, states: []S{s}, loop: -1}
			for _, next := range t.States[1:] {
				if p, err = r.follow(stepper, p, next); err != nil {
					return nil, err
				}
			}
			return p, nil
		}
	}
	return nil, errNoPath
}

// follow extends p by the first action that leads to a state for which vec stands.
func (r *run[S, A]) follow(stepper *Stepper[S, A], p *Path[S, A], vec []uint32) (*Path[S, A], error) {
	enabled, err := stepper.Transitions(p.Last())
	if err != nil {
		return nil, err
	}
	for _, e := range enabled {
		if e.Effect && e.Within && r.standsFor(e.Next, vec) {
			return p.extended(e), nil
		}
	}
	return nil, errNoPath
}

// standsFor reports whether vec encodes s, or its representative under symmetry.
func (r *run[S, A]) standsFor(s S, vec []uint32) bool {
	if r.space.rep != nil {
		s = r.space.rep(r.own(s))
	}
	if r.space.native != nil {
		own, err := r.space.native.Encode(s)
		return err == nil && slices.Equal(own, vec)
	}
	own := make([]uint32, len(vec))
	return r.layout.NewCoder().Encode(own, unsafe.Pointer(&s)) == nil && slices.Equal(own, vec)
}

// lastStep adds the step that violates a step property.
func (r *run[S, A]) lastStep(stepper *Stepper[S, A], p *Path[S, A], t *engine.Trail, property int) (*Path[S, A], error) {
	enabled, err := stepper.Transitions(p.Last())
	if err != nil {
		return nil, err
	}
	for _, e := range enabled {
		if e.Effect && e.Within && !r.steps[property](p.Last(), e.Action, e.Next) {
			return p.extended(e), nil
		}
	}
	return nil, fmt.Errorf("action %d: %w", t.Act, errNoPath)
}

// closeLoop runs around the cycle of a lasso until a real state comes back. Under symmetry one round may lead to another
// state of the same orbit; there are finitely many of them.
func (r *run[S, A]) closeLoop(stepper *Stepper[S, A], p *Path[S, A], t *engine.Trail) (*Path[S, A], error) {
	round := len(t.States) - t.Loop
	for p.Len() <= maxUnrolled {
		var err error
		if p, err = r.follow(stepper, p, t.States[t.Loop]); err != nil {
			return nil, err
		}
		for start := t.Loop; start < p.Len(); start += round {
			if q, err := stepper.CloseLoop(p, start); err == nil {
				return q, nil
			}
		}
		for _, next := range t.States[t.Loop+1:] {
			if p, err = r.follow(stepper, p, next); err != nil {
				return nil, err
			}
		}
	}
	return nil, errNoPath
}

// maxUnrolled bounds the steps of a lasso that is unrolled under symmetry.
const maxUnrolled = 1 << 20
