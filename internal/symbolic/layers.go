package symbolic

import (
	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/mdd"
)

// layers finds shortest paths to what is known to be reachable: sets of states by their distance from the initial
// state, until all that is looked for has been met. Saturation decides, and knows no distances.
type layers struct {
	y       *images
	initial []uint32
	all     []mdd.Node // sets of states, by distance
	reached mdd.Node
	targets []*target
}

// target is something to find in a layer.
type target struct {
	discovery *engine.Discovery
	act       int                           // action after the state that is found, or -1
	find      func(layer mdd.Node) []uint32 // finds a state of the layer, by level, or nil
	keep      func(mark func(mdd.Node))     // function that marks the nodes that find needs; nil for nothing
}

// run goes on from layer to layer until all targets are found or the run must end.
func (s *layers) run() {
	y := s.y
	layer := y.Tuple(y.byLevel(s.initial))
	s.reached = layer
	for layer != mdd.None && !y.ends() {
		s.all = append(s.all, layer)
		s.look()
		if len(s.targets) == 0 {
			return
		}
		s.collect()
		next := y.Without(y.image(layer), s.reached)
		if y.over {
			return
		}
		s.reached = y.Union(s.reached, next)
		layer = next
	}
}

// look looks for the targets in the last layer.
func (s *layers) look() {
	last := s.all[len(s.all)-1]
	left := s.targets[:0]
	for _, t := range s.targets {
		state := t.find(last)
		if s.y.over || state == nil {
			left = append(left, t)
			continue
		}
		t.discovery.Trail = s.trail(state)
		t.discovery.Trail.Act = t.act
	}
	s.targets = left
}

// collect forgets nodes that are needed no more, if many were made.
func (s *layers) collect() {
	s.y.KeepOnly(func(mark func(mdd.Node)) {
		for _, n := range s.all {
			mark(n)
		}
		mark(s.reached)
		for _, t := range s.targets {
			if t.keep != nil {
				t.keep(mark)
			}
		}
	}, s.y.swept)
	s.y.Collect()
	s.y.KeepOnly(nil, nil)
}

// trail returns a path to a state of the last layer, given by level: backwards, each time by a state of the layer
// before that a step leads on from.
func (s *layers) trail(state []uint32) *engine.Trail {
	t := &engine.Trail{States: make([][]uint32, len(s.all)), Act: -1, Loop: -1}
	for d := len(s.all) - 1; ; d-- {
		t.States[d] = s.y.byPlace(state)
		if d == 0 {
			return t
		}
		if state = s.before(s.all[d-1], state); state == nil {
			panic("symbolic: a state of a layer has no predecessor in the one before")
		}
	}
}

// before returns a state of a set that a step leads to another state from. Both are by level.
func (s *layers) before(set mdd.Node, state []uint32) []uint32 {
	y := s.y
	for level := range state {
		if !y.moves[level] {
			continue
		}
		var from []uint32
		y.values(set, level, func(value uint32) bool {
			for _, x := range y.stepsOf(level, value) {
				if x.after == state[level] {
					if from = y.inverse(set, level, value, x, state); from != nil {
						return false
					}
				}
			}
			return true
		})
		if from != nil {
			return from
		}
	}
	return nil
}

// values calls do for each number at a level of a set, until do returns false.
func (y *images) values(set mdd.Node, level int, do func(value uint32) bool) {
	met, going := map[uint32]bool{}, true
	y.Below(func(n mdd.Node) {
		if !going || y.Level(n) != level {
			return
		}
		for _, e := range y.Edges(n) {
			if !met[e.Value] && going {
				met[e.Value] = true
				going = do(e.Value)
			}
		}
	}, set)
}

// inverse returns a state of a set with a number at a level from which a step of that number leads to a state.
func (y *images) inverse(set mdd.Node, level int, value uint32, x step, state []uint32) []uint32 {
	changes := map[int]uint32{}
	for _, e := range []uint32{x.upper, x.lower} {
		for ; e != 0; e = y.rest(e) {
			changes[y.level(e)] = e
		}
	}
	from := make([]uint32, len(state))
	ok := y.search(set, from, func(l int, v uint32) bool {
		e, changed := changes[l]
		switch {
		case l == level:
			return v == value
		case !changed:
			return v == state[l]
		}
		after, ok := y.apply(e, v)
		return ok && after == state[l]
	})
	if !ok {
		return nil
	}
	return from
}
