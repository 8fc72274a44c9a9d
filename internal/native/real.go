package native

import (
	"encoding/binary"
	"slices"

	"github.com/allways-go/allways/internal/engine"
)

// realized returns the trail of a run of the model that a trail of a search that forgets stands for: its states hold
// what was forgotten. It returns nil if there is no such run. Most often each step of the one is a step of the
// other. Steps that change only what was forgotten may have to be taken before: in a system of actors, messages that
// are dead are delivered before those behind them on an ordered link. A run that is to end without a step goes on
// until nothing is left that was forgotten.
func realized(x engine.Whole, t *engine.Trail, ends bool) (*engine.Trail, error) {
	if t == nil {
		return nil, nil
	}
	state, err := x.Initial()
	if err != nil {
		return nil, err
	}
	targets := t.States[1:]
	if t.Act >= 0 {
		targets = append(slices.Clone(targets), x.After(t.States[len(t.States)-1], t.Act))
	}
	real, from := &engine.Trail{States: [][]uint32{state}, Act: t.Act, Loop: t.Loop}, t.States[0]
	for i, to := range targets {
		path := toward(x, state, from, to)
		if path == nil {
			return nil, nil
		}
		state, from = path[len(path)-1], to
		if i == len(t.States)-1 { // the last action leads to no state of the trail
			path = path[:len(path)-1]
		}
		real.States = append(real.States, path...)
	}
	if ends {
		rest, ok := untilEnd(x, state)
		if !ok {
			return nil, nil
		}
		real.States = append(real.States, rest...)
	}
	return real, nil
}

// untilEnd returns the states after one up to a state without a step, by steps that drop what was forgotten. It reports
// false if another step is left.
func untilEnd(x engine.Whole, state []uint32) (path [][]uint32, ok bool) {
	for len(path) < maxDropped {
		var next []uint32
		left := false
		x.Successors(state, func(s []uint32, drops bool) bool {
			if left = true; drops {
				next = slices.Clone(s)
			}
			return next == nil
		})
		if next == nil {
			return path, !left
		}
		state, path = next, append(path, next)
	}
	return nil, false
}

// maxDropped bounds the states that are tried to drop what was forgotten before one step.
const maxDropped = 100_000

// toward returns the states after a state for which from stands, up to the first for which to stands, which is a step
// after from. Most often it is one; there are more if what from lacks must be dropped first.
func toward(x engine.Whole, state, from, to []uint32) [][]uint32 {
	type visit struct {
		state  []uint32
		before int
	}
	all, met := []visit{{state, -1}}, map[string]bool{keyOf(state): true}
	for k := 0; k < len(all) && k < maxDropped; k++ {
		var found []uint32
		x.Successors(all[k].state, func(next []uint32, drops bool) bool {
			switch {
			case x.StandsFor(to, next):
				found = slices.Clone(next)
			case !drops || met[keyOf(next)]:
			case x.StandsFor(from, next):
				met[keyOf(next)] = true
				all = append(all, visit{slices.Clone(next), k})
			}
			return found == nil
		})
		if found == nil {
			continue
		}
		path := [][]uint32{found}
		for ; k > 0; k = all[k].before {
			path = append(path, all[k].state)
		}
		slices.Reverse(path)
		return path
	}
	return nil
}

func keyOf(state []uint32) string {
	b := make([]byte, 0, 4*len(state))
	for _, w := range state {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return string(b)
}
