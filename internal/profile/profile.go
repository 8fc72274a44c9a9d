// Package profile counts how many values each part of states takes, and at which depths new ones come.
package profile

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Profile holds the values that were met. Make one with [New]. It is safe for concurrent use.
type Profile struct {
	seed maphash.Seed

	mu     sync.Mutex
	seen   int64
	looked int64
	depth  int
	parts  map[string]*partValues
}

// New returns a profile without values.
func New() *Profile { return &Profile{seed: maphash.MakeSeed(), parts: map[string]*partValues{}} }

// partValues is what is known of one part.
type partValues struct {
	values  map[uint64]struct{} // hashes
	met     []int               // number of values met first at each depth
	latest  string
	numbers bool // all values are whole numbers
}

// Part is a part of the states.
type Part struct {
	Path    string // text of the way to the part
	Values  int    // different values, up to a bound
	Late    int    // values met first in the deepest third of the levels
	Latest  string // the value that was met first in the deepest state
	Counter bool   // whole numbers of which new ones come at a steady rate up to the deepest levels
}

// maxValues is the number of different values of a part that are counted.
const maxValues = 100_000

// A profile looks at all of the first states, and then at every n-th one.
const (
	looksAtFirst = 20_000
	looksAtEvery = 50
)

// Wants counts a state, and says whether to look at it.
func (g *Profile) Wants(depth int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen++
	g.depth = max(g.depth, depth)
	return g.seen <= looksAtFirst || g.seen%looksAtEvery == 0
}

// Look notes the values of a state at a depth; visit calls its argument with each part and its value.
func (g *Profile) Look(depth int, visit func(add func(path, value string))) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.looked++
	visit(func(path, value string) { g.add(path, value, depth) })
}

func (g *Profile) add(path, value string, depth int) {
	p := g.parts[path]
	if p == nil {
		p = &partValues{values: map[uint64]struct{}{}, numbers: true}
		g.parts[path] = p
	}
	h := maphash.String(g.seed, value)
	if _, ok := p.values[h]; ok || len(p.values) >= maxValues {
		return
	}
	p.values[h], p.latest = struct{}{}, value
	if p.numbers {
		_, err := strconv.ParseInt(value, 10, 64)
		p.numbers = err == nil
	}
	for len(p.met) <= depth {
		p.met = append(p.met, 0)
	}
	p.met[depth]++
}

// Sampled returns how many states were looked at, and how many were counted.
func (g *Profile) Sampled() (looked, visited int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.looked, g.seen
}

// Parts returns the parts that took more than one value. Counters come first, and of them lengths
// last, since a collection often grows because its elements carry a counter; then the parts that
// take the most values late.
func (g *Profile) Parts() []Part {
	g.mu.Lock()
	defer g.mu.Unlock()
	var parts []Part
	for path, p := range g.parts {
		if len(p.values) > 1 {
			parts = append(parts, p.part(path, g.depth))
		}
	}
	slices.SortFunc(parts, func(a, b Part) int {
		return cmp.Or(
			first(a.Counter, b.Counter), first(a.counts(), b.counts()), cmp.Compare(b.Late, a.Late),
			cmp.Compare(b.Values, a.Values), cmp.Compare(a.Path, b.Path),
		)
	})
	return parts
}

// counts reports whether a part is a counter, and no length.
func (p Part) counts() bool { return p.Counter && !strings.HasPrefix(p.Path, "len(") }

// first orders what is before what is not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// part sums up what is known of a part in a search of a number of levels.
func (p *partValues) part(path string, levels int) Part {
	part := Part{Path: path, Values: len(p.values), Latest: p.latest}
	for depth, n := range p.met {
		if 3*depth > 2*levels {
			part.Late += n
		}
	}
	// A number that grows all the time has a third of its values in the last third of the levels;
	// half of that is enough.
	part.Counter = p.numbers && part.Late >= 2 && 6*part.Late >= part.Values
	return part
}
