package allways

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	"github.com/allways-go/allways/internal/plan"
)

// Profile tells where a state space comes from: how many values each part of the states takes, and which parts still take
// new ones in the deepest states, such as a counter that nothing bounds. Its Visitor looks at all states of a small search
// and at some of a large one. Make one with NewGrowth. It is safe for concurrent use.
type Profile[S any] struct {
	plan  *plan.Plan
	named func(s S, add func(path, value string)) // the model's own names of parts; nil for none
	seed  maphash.Seed

	mu     sync.Mutex
	seen   int64
	looked int64
	depth  int
	parts  map[string]*growing
}

// PartLister is implemented by models whose states have parts that their fields do not show, such as systems of actors.
type PartLister[S any] interface {
	// Parts calls add with the path and the value of every part of a state.
	Parts(s S, add func(path, value string))
}

// growing is what is known of one part.
type growing struct {
	values  map[uint64]struct{} // hashes
	met     []int               // by depth: how many values were met there first
	latest  string
	numbers bool // all values are whole numbers
}

// Part is a part of the states, as a [Profile] reports it. Elements of slices and entries of maps count as one part, and
// their number as another, such as len(Log).
type Part struct {
	Path   string
	Values int    // different ones, up to a bound
	Late   int    // of them those that were met first in the deepest third of the levels
	Latest string // the value that was met first in the deepest state
	// Counter says that the values are whole numbers of which new ones come at a steady rate up to the deepest levels. If
	// the search was cut, this is what makes it endless, as far as can be told.
	Counter bool
}

// maxValues bounds the values that are told apart in a part.
const maxValues = 100_000

// Growth looks at all of the first states, and then at every so many.
const (
	looksAtFirst = 20_000
	looksAtEvery = 50
)

// NewProfile returns a recorder for the states of m.
func NewProfile[S, A any](m Model[S, A]) (*Profile[S], error) {
	m, err := snapshotOf(m)
	if err != nil {
		return nil, err
	}
	p, err := plan.For[S]()
	if err != nil {
		return nil, &ModelError{Kind: ErrorType, Where: "the state type", Message: err.Error()}
	}
	g := &Profile[S]{plan: p, seed: maphash.MakeSeed(), parts: map[string]*growing{}}
	if n, ok := m.(PartLister[S]); ok {
		g.named = n.Parts
	}
	return g, nil
}

// Visitor returns the visitor that records.
func (g *Profile[S]) Visitor() Visitor {
	v := VisitStates(g.visit)
	v.wants = g.wants
	return v
}

// wants counts a state, and chooses those to be looked at.
func (g *Profile[S]) wants(depth int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen++
	g.depth = max(g.depth, depth)
	return g.seen <= looksAtFirst || g.seen%looksAtEvery == 0
}

func (g *Profile[S]) visit(s S, depth int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.looked++
	add := func(path, value string) { g.add(path, value, depth) }
	if g.named != nil {
		g.named(s, add)
		return
	}
	g.plan.Parts("", unsafe.Pointer(&s), add)
}

func (g *Profile[S]) add(path, value string, depth int) {
	p := g.parts[path]
	if p == nil {
		p = &growing{values: map[uint64]struct{}{}, numbers: true}
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

// Sampled returns how many states were looked at, of how many that were visited.
func (g *Profile[S]) Sampled() (looked, visited int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.looked, g.seen
}

// Parts returns the parts that took more than one value: counters first, and of them lengths last, since what is
// counted often grows because of a number that it has; then those that take the most values late.
func (g *Profile[S]) Parts() []Part {
	g.mu.Lock()
	defer g.mu.Unlock()
	var parts []Part
	for path, p := range g.parts {
		if len(p.values) > 1 {
			parts = append(parts, p.part(path, g.depth))
		}
	}
	slices.SortFunc(parts, func(a, b Part) int {
		return cmp.Or(first(a.Counter, b.Counter), first(a.counts(), b.counts()), cmp.Compare(b.Late, a.Late), cmp.Compare(b.Values, a.Values), cmp.Compare(a.Path, b.Path))
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

// part sums up what is known in a search of so many levels.
func (p *growing) part(path string, levels int) Part {
	part := Part{Path: path, Values: len(p.values), Latest: p.latest}
	for depth, n := range p.met {
		if 3*depth > 2*levels {
			part.Late += n
		}
	}
	// A number that grows all the time has a third of its values in the last third of the levels; half of that is enough.
	part.Counter = p.numbers && part.Late >= 2 && 6*part.Late >= part.Values
	return part
}
