package symbolic

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/allways-go/allways/internal/engine"
)

// compiler knows what numbers in places do, in terms of levels. Each is asked for once.
type compiler struct {
	w      engine.LocalWorker
	places []int  // places by level
	levels []int  // levels by place
	moves  []bool // whether its numbers make steps, by level
	last   int    // the deepest level that makes steps

	met           int   // numbers whose steps were asked for
	movers, guard table // knowledge of the numbers in places that make steps: all but the last place, and that
	steps         []step
	effects       []effect
	numbers       map[link]uint32
	profiles      []profile
	profileOf     map[string]uint32
	failed        []number // numbers whose steps cannot be computed, since the model misbehaves
	noted         map[number][]noted

	err  *engine.Misbehaviour // the first misbehaviour of the model
	room compiling
}

// step is a step that a number makes possible. Effects with number 0 do nothing.
type step struct {
	after uint32
	upper uint32 // effect on levels above, the deepest first
	lower uint32 // effect on levels below, the topmost first
}

// effect is a list of changes of levels.
type effect struct {
	link
	rest  uint32 // the rest after the changes of the first level
	level int32  // the first level that is changed; -1 for no change
}

// link is a change and what comes after it.
type link struct{ change, next uint32 }

// compiled says where the steps of a number are.
type compiled struct {
	at, n   uint32
	profile uint32
	known   bool
}

// number is a number at a level.
type number struct {
	level int
	value uint32
}

// noted is a step of a number of which the space wants to know whether it is possible.
type noted struct{ guard, after uint32 }

// profile counts the steps of a number, for statistics.
type profile []tally

// tally is how many steps of a number are alike.
type tally struct {
	name    uint16
	outside bool
	guard   uint32 // the change that may forbid them plus one; 0 means none
	n       uint32
}

// compiling is room for the steps of a number.
type compiling struct {
	steps        []step
	profile      profile
	key          []byte
	upper, lower []uint32
}

// table holds what is known of numbers.
type table struct{ pages [][]compiled }

const pageBits = 10

func (t *table) at(value uint32) *compiled {
	k := int(value >> pageBits)
	for k >= len(t.pages) {
		t.pages = append(t.pages, nil)
	}
	if t.pages[k] == nil {
		t.pages[k] = make([]compiled, 1<<pageBits)
	}
	return &t.pages[k][value&(1<<pageBits-1)]
}

func (t *table) bytes() (n int64) {
	for _, p := range t.pages {
		n += 24 + 16*int64(len(p))
	}
	return n
}

// newCompiler returns a compiler for an order of the places, the last of which is the deepest.
func newCompiler(w engine.LocalWorker, order []int) *compiler {
	c := &compiler{
		w: w, places: order, levels: make([]int, len(order)), moves: make([]bool, len(order)),
		effects: []effect{{level: -1}}, numbers: map[link]uint32{}, profileOf: map[string]uint32{},
		noted: map[number][]noted{},
	}
	if order[len(order)-1] != len(order)-1 {
		panic("symbolic: the guard is not the deepest level")
	}
	for l, place := range order {
		c.levels[place] = l
		if c.moves[l] = w.Moves(place); c.moves[l] {
			c.last = l
		}
	}
	return c
}

// byLevel returns a vector of numbers by place with its numbers by level.
func (c *compiler) byLevel(vec []uint32) []uint32 {
	out := make([]uint32, len(vec))
	for place, v := range vec {
		out[c.levels[place]] = v
	}
	return out
}

// byPlace is the inverse of byLevel.
func (c *compiler) byPlace(vec []uint32) []uint32 {
	out := make([]uint32, len(vec))
	for level, v := range vec {
		out[c.places[level]] = v
	}
	return out
}

func (c *compiler) bytes() int64 {
	return c.movers.bytes() + c.guard.bytes() + 12*int64(cap(c.steps)) + 16*int64(cap(c.effects)) +
		32*int64(len(c.numbers))
}

// known returns what is known of a number at a level that makes steps.
func (c *compiler) known(level int, value uint32) *compiled {
	t := &c.movers
	if level == len(c.places)-1 {
		t = &c.guard
	}
	x := t.at(value)
	if !x.known {
		c.compile(level, value, x)
	}
	return x
}

// stepsOf returns the steps of a number that change anything.
func (c *compiler) stepsOf(level int, value uint32) []step {
	x := c.known(level, value)
	return c.steps[x.at : x.at+x.n]
}

// tallies returns how many steps a number has.
func (c *compiler) tallies(level int, value uint32) profile {
	return c.profiles[c.known(level, value).profile]
}

// compile computes the steps of a number.
func (c *compiler) compile(level int, value uint32, x *compiled) {
	x.known, x.at = true, uint32(len(c.steps))
	c.met++
	local, err := c.w.LocalSteps(c.places[level], value)
	if err != nil {
		local = nil
		c.failed = append(c.failed, number{level, value})
		c.fail(err)
	}
	r := &c.room
	r.steps, r.profile = r.steps[:0], r.profile[:0]
	for i := range local {
		s := &local[i]
		guard := c.part(level, s.Changes)
		r.profile = append(r.profile, tally{s.Name, s.Outside, guard, 1})
		if at := (number{level, value}); s.Noted {
			c.noted[at] = append(c.noted[at], noted{guard, s.After})
		}
		if y := (step{s.After, c.effect(r.upper), c.effect(r.lower)}); !s.Outside && (y != step{after: value}) {
			r.steps = append(r.steps, y)
		}
	}
	slices.SortFunc(r.steps, func(a, b step) int {
		return cmp.Or(cmp.Compare(a.after, b.after), cmp.Compare(a.upper, b.upper), cmp.Compare(a.lower, b.lower))
	})
	r.steps = slices.Compact(r.steps)
	c.steps = append(c.steps, r.steps...)
	x.n = uint32(len(r.steps))
	x.profile = c.profile(r.profile)
}

// part parts the changes of a step at a level into those above, the deepest first, and those below, the topmost
// first. Changes of one place stay in their order. It returns the change that may forbid the step plus one.
func (c *compiler) part(level int, changes []uint32) (guard uint32) {
	r := &c.room
	r.upper, r.lower = r.upper[:0], r.lower[:0]
	follows := false // whether there was a change of the last place
	for _, x := range changes {
		place, mayForbid := c.w.PlaceOf(x)
		l := c.levels[place]
		switch {
		case l == level:
			panic("symbolic: a step changes the place that makes it possible twice")
		case l < level:
			r.upper = append(r.upper, x)
		default:
			r.lower = append(r.lower, x)
		}
		later := follows
		follows = follows || l == len(c.places)-1
		if mayForbid {
			if guard != 0 || later || l != len(c.places)-1 {
				panic("symbolic: a change that is not the first one of the last place may forbid a step")
			}
			guard = x + 1
		}
	}
	slices.SortStableFunc(r.upper, func(a, b uint32) int { return cmp.Compare(c.levelOfChange(b), c.levelOfChange(a)) })
	slices.SortStableFunc(r.lower, func(a, b uint32) int { return cmp.Compare(c.levelOfChange(a), c.levelOfChange(b)) })
	return guard
}

func (c *compiler) levelOfChange(change uint32) int {
	place, _ := c.w.PlaceOf(change)
	return c.levels[place]
}

// effect returns the number of a list of changes.
func (c *compiler) effect(changes []uint32) (number uint32) {
	for _, x := range slices.Backward(changes) {
		key := link{x, number}
		n, ok := c.numbers[key]
		if !ok {
			n = uint32(len(c.effects))
			e := effect{key, number, int32(c.levelOfChange(x))}
			if next := c.effects[number]; next.level == e.level {
				e.rest = next.rest
			}
			c.effects = append(c.effects, e)
			c.numbers[key] = n
		}
		number = n
	}
	return number
}

// profile returns the number of a profile, which it sorts by what may forbid the steps.
func (c *compiler) profile(p profile) uint32 {
	slices.SortFunc(p, func(a, b tally) int {
		out := 0
		if a.outside != b.outside {
			out = 1
			if b.outside {
				out = -1
			}
		}
		return cmp.Or(cmp.Compare(a.guard, b.guard), out, cmp.Compare(a.name, b.name))
	})
	sum := p[:0]
	for _, t := range p {
		if k := len(sum) - 1; k >= 0 && sum[k].name == t.name && sum[k].outside == t.outside && sum[k].guard == t.guard {
			sum[k].n += t.n
			continue
		}
		sum = append(sum, t)
	}
	key := c.room.key[:0]
	for _, t := range sum {
		key = fmt.Appendf(key, "%d,%t,%d,%d;", t.name, t.outside, t.guard, t.n)
	}
	c.room.key = key
	n, ok := c.profileOf[string(key)]
	if !ok {
		n = uint32(len(c.profiles))
		c.profiles = append(c.profiles, slices.Clone(sum))
		c.profileOf[string(key)] = n
	}
	return n
}

// fail notes a misbehaviour of the model.
func (c *compiler) fail(err error) {
	if c.err == nil {
		c.err = err.(*engine.Misbehaviour)
	}
}

// level returns the first level that an effect changes, or -1.
func (c *compiler) level(effect uint32) int { return int(c.effects[effect].level) }

// rest returns what is left of an effect after its first level.
func (c *compiler) rest(effect uint32) uint32 { return c.effects[effect].rest }

// apply applies the changes of an effect's first level. It reports false if they forbid the step.
func (c *compiler) apply(effect, value uint32) (after uint32, ok bool) {
	l, end := c.level(effect), c.rest(effect)
	for effect != end {
		e := &c.effects[effect]
		after, ok, err := c.w.Changed(e.change, value)
		if err != nil {
			c.fail(err)
			return 0, false
		}
		if !ok {
			if l != len(c.places)-1 {
				panic("symbolic: a change above the guard forbids a step")
			}
			return 0, false
		}
		value, effect = after, e.next
	}
	return value, true
}
