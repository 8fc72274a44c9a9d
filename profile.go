package allways

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	"github.com/allways-go/allways/internal/gospace"
)

// Profile tells where a state space comes from: how many values each part of the states takes, and
// which parts still take new ones in the deepest states, such as a counter that nothing bounds. Its
// Visitor looks at all states of a small search and at some of a large one. Make one with
// [NewProfile]. It is safe for concurrent use.
type Profile struct {
	model *gospace.Model
	seed  maphash.Seed

	mu     sync.Mutex
	seen   int64
	looked int64
	depth  int
	parts  map[string]*partValues
}

// partValues is what is known of one part.
type partValues struct {
	values  map[uint64]struct{} // hashes
	met     []int               // number of values met first at each depth
	latest  string
	numbers bool // all values are whole numbers
}

// Part is a part of the states, as a [Profile] reports it. Elements of slices and entries of maps
// count as one part, and their number as another, such as len(Log).
type Part struct {
	Path   string // such as `Nodes[].Term`
	Values int    // different values, up to 100,000
	Late   int    // values met first in the deepest third of the levels
	Latest string // the value that was met first in the deepest state
	// Counter says that the values are whole numbers of which new ones come at a steady rate up to
	// the deepest levels. If a limit cut off the search, such a part is most likely what makes it
	// endless.
	Counter bool
}

// maxValues is the number of different values of a part that are counted.
const maxValues = 100_000

// A profile looks at all of the first states, and then at every n-th one.
const (
	looksAtFirst = 20_000
	looksAtEvery = 50
)

// NewProfile returns a profile for the states of m. The error is a [*ModelError].
func NewProfile[S, A any](m Model[S, A]) (*Profile, error) {
	c, err := compileAside(func() (*gospace.Model, error) { return compile(m) })
	if err != nil {
		return nil, err
	}
	return &Profile{model: c, seed: maphash.MakeSeed(), parts: map[string]*partValues{}}, nil
}

// Visitor returns the visitor that looks at states, for a run of the same model.
func (g *Profile) Visitor() Visitor {
	return Visitor{state: g.model.State, states: g.visit, wants: g.wants}
}

// wants counts a state, and chooses those to be looked at.
func (g *Profile) wants(depth int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen++
	g.depth = max(g.depth, depth)
	return g.seen <= looksAtFirst || g.seen%looksAtEvery == 0
}

func (g *Profile) visit(s unsafe.Pointer, depth int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.looked++
	g.model.StateParts(s, func(path, value string) { g.add(path, value, depth) })
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

// Sampled returns how many of the visited states the profile has looked at.
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
