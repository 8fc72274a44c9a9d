package allways

import (
	"cmp"
	"regexp"
	"slices"
	"sync"
	"unsafe"

	"github.com/allways-go/allways/internal/plan"
)

// Growth tells where a state space comes from: how many values each part of the states takes, and which parts still take
// new ones in the deepest states, such as a counter that nothing bounds. Its Visitor looks at all states of a small search
// and at some of a large one. Make one with NewGrowth. It is safe for concurrent use.
type Growth[S any] struct {
	plan  *plan.Plan
	named func(s S, add func(path, value string)) // the model's own names of parts; nil for none

	mu     sync.Mutex
	first  S // the first state that was visited
	seen   int64
	looked int64
	depth  int
	parts  map[string]*growing
}

// Parted is implemented by models whose states have parts that their fields do not show, such as systems of actors.
type Parted[S any] interface {
	// Parts calls add with the path and the value of every part of a state.
	Parts(s S, add func(path, value string))
}

// growing is what is known of one part.
type growing struct {
	values map[string]int // the depth at which each value was met first
	latest string
}

// Part is a part of the states, as a [Growth] reports it. Elements of slices and entries of maps count as one part.
type Part struct {
	Path   string
	Values int    // different ones, up to a bound
	Late   int    // of them those that were met first in the deepest third of the levels
	Latest string // the value that was met first in the deepest state
}

// maxValues bounds the values that are told apart in a part.
const maxValues = 10_000

// Growth looks at all of the first states, and then at every so many.
const (
	looksAtFirst = 20_000
	looksAtEvery = 50
)

// NewGrowth returns a recorder for the states of m.
func NewGrowth[S, A any](m Model[S, A]) (*Growth[S], error) {
	p, err := plan.For[S]()
	if err != nil {
		return nil, &ModelError{Fault: FaultType, Where: "the state type", Message: err.Error()}
	}
	g := &Growth[S]{plan: p, parts: map[string]*growing{}}
	if n, ok := m.(Parted[S]); ok {
		g.named = n.Parts
	}
	return g, nil
}

// Visitor returns the visitor that records.
func (g *Growth[S]) Visitor() Visitor { return VisitStates(g.visit) }

func (g *Growth[S]) visit(s S, depth int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen++
	g.depth = max(g.depth, depth)
	switch {
	case g.seen == 1:
		g.first = s
	case g.seen > looksAtFirst && g.seen%looksAtEvery != 0:
		return
	}
	g.looked++
	if g.named != nil {
		g.named(s, func(path, value string) { g.add(path, value, depth) })
		return
	}
	for _, c := range g.plan.Diff(unsafe.Pointer(&g.first), unsafe.Pointer(&s)) {
		g.add(indexes.ReplaceAllString(c.Path, "[*]"), c.After, depth)
	}
}

// indexes are the parts of a path that choose an element or an entry.
var indexes = regexp.MustCompile(`\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]`)

func (g *Growth[S]) add(path, value string, depth int) {
	p := g.parts[path]
	if p == nil {
		p = &growing{values: map[string]int{}}
		g.parts[path] = p
	}
	if _, ok := p.values[value]; !ok && len(p.values) < maxValues {
		p.values[value], p.latest = depth, value
	}
}

// Looked returns how many states were looked at, of how many that were visited.
func (g *Growth[S]) Looked() (looked, visited int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.looked, g.seen
}

// Parts returns the parts that took more than one value: those that take the most values late come first.
func (g *Growth[S]) Parts() []Part {
	g.mu.Lock()
	defer g.mu.Unlock()
	var parts []Part
	for path, p := range g.parts {
		part := Part{Path: path, Values: len(p.values), Latest: p.latest}
		if g.named == nil {
			part.Values++ // that of the first state
		} else if part.Values == 1 {
			continue
		}
		for _, depth := range p.values {
			if 3*depth > 2*g.depth {
				part.Late++
			}
		}
		parts = append(parts, part)
	}
	slices.SortFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(b.Late, a.Late), cmp.Compare(b.Values, a.Values), cmp.Compare(a.Path, b.Path))
	})
	return parts
}
