package symbolic

import (
	"slices"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/mdd"
)

// judge evaluates the predicate of a property for sets of states: once for each combination of what it reads. What
// that is, is noted while it runs. The set is projected to it, each part by a number that has the part, and the
// predicate is evaluated on vectors of such numbers. They may be no states, but what is read of them is of one: a
// predicate that reads more than it has before is ended there, and shown a state that agrees with what it has read.
// Then the set is projected anew.
type judge struct {
	y        *images
	property int
	place    int  // place whose steps are judged; -1 for states
	decides  bool // value of the predicate that decides the property
	initial  []uint32
	reads    []engine.Parts // parts that have been read, by place
	stands   map[part]uint32
	harmless mdd.Node // combinations that do not decide

	set     mdd.Node // states that the combinations are of
	vec     []uint32 // combination at hand
	reading []engine.Parts
	grown   bool
	found   []uint32
	err     *engine.Misbehaviour
	tested  int
}

// part is a part of a number.
type part struct {
	place int
	parts engine.Parts
	of    uint32
}

func newJudge(y *images, property int, decides bool, initial []uint32) *judge {
	return &judge{
		y: y, property: property, place: -1, decides: decides, initial: initial, reads: make([]engine.Parts, len(initial)),
		reading: make([]engine.Parts, len(initial)), vec: make([]uint32, len(initial)), stands: map[part]uint32{},
	}
}

// with returns the judge for another forest.
func (j *judge) with(y *images) *judge {
	k := newJudge(y, j.property, j.decides, j.initial)
	k.place, k.reads, k.stands = j.place, j.reads, j.stands
	return k
}

// find returns a combination of parts of a state of a set that decides the property, or nil; an error if the
// predicate fails on what it returns.
func (j *judge) find(set mdd.Node) ([]uint32, *engine.Misbehaviour) {
	for {
		j.set, j.found, j.grown = set, nil, false
		fresh := j.y.Without(j.project(set), j.harmless)
		j.walk(fresh)
		switch {
		case j.grown:
			j.harmless = mdd.None
			continue
		case j.found == nil && !j.y.over:
			j.harmless = j.y.Union(j.harmless, fresh)
		}
		return j.found, j.err
	}
}

// project returns the combinations of parts in a set.
func (j *judge) project(set mdd.Node) mdd.Node {
	return j.y.Map(set, func(level int, value uint32) uint32 { return j.standIn(j.y.places[level], value) })
}

// standIn returns the number that stands for all that have the same of the parts that are read.
func (j *judge) standIn(place int, value uint32) uint32 {
	switch j.reads[place] {
	case engine.NoParts:
		return j.initial[place]
	case engine.BothParts:
		return value
	}
	key := part{place, j.reads[place], j.y.w.PartsOf(place, value, j.reads[place])}
	r, ok := j.stands[key]
	if !ok {
		r = value
		j.stands[key] = r
	}
	return r
}

// walk evaluates the predicate for the combinations below a node, until it is decided. It returns the deepest level
// that the last evaluation has read: what differs below that level only is the same to the predicate.
func (j *judge) walk(n mdd.Node) (deepest int, stop bool) {
	switch n {
	case mdd.None:
		return len(j.vec), false
	case mdd.Unit:
		return j.test()
	}
	level := j.y.Level(n)
	for _, e := range j.y.Edges(n) {
		j.vec[j.y.places[level]] = e.Value
		deepest, stop = j.walk(e.Child)
		if stop || deepest < level {
			return deepest, stop
		}
	}
	return level, false
}

// test evaluates the predicate.
func (j *judge) test() (deepest int, stop bool) {
	if j.y.ends() {
		return 0, true
	}
	clear(j.reading)
	j.y.w.Permit(j.reads)
	decided, err := j.evaluate(j.vec)
	if j.y.w.Permit(nil); j.readsMore() {
		j.evaluate(j.y.byPlace(j.pick(j.set, j.vec))) // a state, for what it reads: the error, if it has one, recurs
	}
	deepest = -1
	for place, r := range j.reading {
		if r == engine.NoParts {
			continue
		}
		deepest = max(deepest, j.y.levels[place])
		if r&^j.reads[place] != 0 {
			j.reads[place] |= r
			j.grown = true
		}
	}
	if j.grown {
		return 0, true
	}
	if err != nil || decided {
		j.found = slices.Clone(j.vec)
	}
	if err != nil {
		j.err = err.(*engine.Misbehaviour)
	}
	return deepest, j.found != nil
}

// readsMore reports whether the predicate has read more than before.
func (j *judge) readsMore() bool {
	for place, r := range j.reading {
		if r&^j.reads[place] != 0 {
			return true
		}
	}
	return false
}

// evaluate reports whether the predicate decides the property, for a state or a step from it.
func (j *judge) evaluate(vec []uint32) (decided bool, err error) {
	if j.place < 0 {
		j.tested++
		holds, err := j.y.w.Test(j.property, vec, j.reading)
		return holds == j.decides, err
	}
	j.reading[j.place] = engine.BothParts
	for i := 0; ; i++ {
		holds, last, err := j.y.w.TestStep(j.property, vec, j.place, i, j.reading)
		if last || err != nil || !holds {
			return !last && !holds, err
		}
		j.tested++
	}
}

// pick returns a state of a set, by level, that agrees with a combination; there is one.
func (j *judge) pick(set mdd.Node, combination []uint32) []uint32 {
	vec := make([]uint32, len(combination))
	ok := j.y.search(set, vec, func(level int, value uint32) bool {
		place := j.y.places[level]
		return j.standIn(place, value) == j.standIn(place, combination[place])
	})
	if !ok {
		panic("symbolic: a combination of parts is of no state")
	}
	return vec
}

// search finds a tuple all of whose numbers fit, the first one.
func (y *images) search(set mdd.Node, vec []uint32, fits func(level int, value uint32) bool) bool {
	dead := map[mdd.Node]bool{}
	var find func(n mdd.Node) bool
	find = func(n mdd.Node) bool {
		if n <= mdd.Unit {
			return n == mdd.Unit
		}
		if dead[n] {
			return false
		}
		level := y.Level(n)
		for _, e := range y.Edges(n) {
			if fits(level, e.Value) {
				vec[level] = e.Value
				if find(e.Child) {
					return true
				}
			}
		}
		dead[n] = true
		return false
	}
	return find(set)
}
