// Package bisim compares the states of a graph with representatives that are said to stand for them. States are
// vectors, and callbacks say what a state does, so the package knows nothing of models.
//
// Representatives stand for their states if the two satisfy the same predicates, and if the steps of either lead to
// states with the same representatives. Where that is so of all states, a state and its representative are bisimilar,
// and a search that visits representatives only concludes what it would conclude from all states.
package bisim

import (
	"cmp"
	"slices"
	"unsafe"

	"github.com/allways-go/allways/internal/visited"
)

// lookedAtOnce is how many states are looked at before what was seen is noted.
const lookedAtOnce = 512

// Traits are what a state and its representative must have in common, beside their steps.
type Traits struct {
	Holds             uint64 // predicates that hold, as bits
	Terminal, Bounded bool   // whether there are no steps, and whether a step leaves the boundary
}

// Sight is what a look at one state has shown.
type Sight struct {
	Traits
	Inside   bool     // whether the state is inside the boundary
	Rep      []uint32 // representative
	Next     []uint32 // successors inside the boundary, side by side
	Violated []uint64 // step predicates that the steps to them violate, as bits
}

// Looker looks at states. It is for one goroutine.
type Looker interface {
	Look(vec []uint32) (Sight, error)
	// Represent exchanges the successors for their representatives.
	Represent(x *Sight) error
}

// Config describes the graph.
type Config struct {
	Words  int                    // width of a vector
	Limit  int                    // most states to look at
	Allows func(extra int64) bool // asked before more bytes are taken
	Ended  func() bool            // whether to stop
	// Each calls f for the numbers below n, perhaps concurrently, and returns the error of the smallest one.
	Each func(n int, f func(l Looker, i int) error) error
}

// Graph is the states that were met, with what was seen of them. It is for one goroutine, which notes by numbers what
// lookers have seen, so that states are compared without looking at them again.
type Graph struct {
	Config
	states *visited.Exact
	reps   *visited.Exact
	nodes  []node // sights of states, by number
	edges  []edge // steps of all states
}

// node is what was seen of a state.
type node struct {
	Traits
	rep   uint32 // number of the representative
	edges int    // place of its first step; those of the next state follow
}

// edge is a step by the number of the state, or of the representative, that it leads to.
type edge struct {
	to       uint32
	violated uint64
}

func (x edge) compare(y edge) int {
	return cmp.Or(cmp.Compare(x.to, y.to), cmp.Compare(x.violated, y.violated))
}

// New returns a graph without states, which the caller must close. It reports false if there is no memory for it.
func New(c Config) (g *Graph, ok bool) {
	g = &Graph{Config: c}
	sets := visited.Config{Words: c.Words, MemoryLimit: c.Allows}
	var err error
	if g.states, err = visited.NewExact(sets); err != nil {
		return nil, false
	}
	if g.reps, err = visited.NewExact(sets); err != nil {
		g.states.Close()
		return nil, false
	}
	return g, true
}

// Close frees the graph.
func (g *Graph) Close() {
	g.states.Close()
	g.reps.Close()
}

// Size returns the bytes that the graph holds.
func (g *Graph) Size() int64 {
	lists := int64(cap(g.nodes))*int64(unsafe.Sizeof(node{})) + int64(cap(g.edges))*int64(unsafe.Sizeof(edge{}))
	return g.states.Size() + g.reps.Size() + lists
}

// Add meets a state. It reports false if memory is short.
func (g *Graph) Add(vec []uint32) bool {
	_, _, err := g.states.Insert(vec)
	return err == nil
}

// Len returns the number of states met.
func (g *Graph) Len() int { return g.states.Len() }

// State returns a state by number: first those that were added, then as they were met.
func (g *Graph) State(id int) []uint32 { return g.states.Vector(uint32(id)) }

// Discover looks at the states that can be reached from those added. It reports false if there are more than the
// limit, or than memory allows, or if it was to stop.
func (g *Graph) Discover() (all bool, err error) {
	for len(g.nodes) < g.Len() {
		from, n := len(g.nodes), min(g.Len()-len(g.nodes), lookedAtOnce)
		if g.Len() > g.Limit || g.Ended() || !g.Allows(0) {
			return false, nil
		}
		seen := make([]Sight, n)
		err := g.Each(n, func(l Looker, i int) (err error) {
			seen[i], err = l.Look(g.State(from + i))
			return err
		})
		if err != nil {
			return false, err
		}
		for i := range seen {
			if !g.note(&seen[i]) {
				return false, nil
			}
		}
	}
	g.nodes = append(g.nodes, node{edges: len(g.edges)})
	return true, nil
}

// note keeps what was seen of the next state. It reports false if memory is short.
func (g *Graph) note(x *Sight) bool {
	n := node{Traits: x.Traits, edges: len(g.edges)}
	var err error
	if n.rep, _, err = g.reps.Insert(x.Rep); err != nil {
		return false
	}
	for i, violated := range x.Violated {
		to, _, err := g.states.Insert(x.Next[i*g.Words : (i+1)*g.Words])
		if err != nil {
			return false
		}
		g.edges = append(g.edges, edge{to, violated})
	}
	g.nodes = append(g.nodes, n)
	return true
}

// Differing returns the first state that differs from its representative, after all states were discovered. It is
// negative if all are like theirs, or if it was to stop.
func (g *Graph) Differing() (id int, err error) {
	want := make([]uint64, g.reps.Len())
	var key []uint32
	for from := 0; from < len(want); from += lookedAtOnce {
		if g.Ended() {
			return -1, nil
		}
		seen := make([]Sight, min(lookedAtOnce, len(want)-from))
		err := g.Each(len(seen), func(l Looker, i int) (err error) {
			rep := g.reps.Vector(uint32(from + i))
			if _, ok := g.states.Lookup(rep); ok {
				return nil
			}
			if seen[i], err = l.Look(rep); err != nil { // steps lead only to others of its orbit
				return err
			}
			return l.Represent(&seen[i])
		})
		if err != nil {
			return -1, err
		}
		for i := range seen {
			want[from+i], key = g.conductOfRep(uint32(from+i), &seen[i], key)
		}
	}
	for id := range len(g.nodes) - 1 {
		var own uint64
		if own, key = g.conduct(uint32(id), key); own != want[g.nodes[id].rep] {
			return id, nil
		}
	}
	return -1, nil
}

// conduct returns a hash of what a state does: equal for states that do the same, and not 0.
func (g *Graph) conduct(id uint32, key []uint32) (uint64, []uint32) {
	steps := slices.Clone(g.edges[g.nodes[id].edges:g.nodes[id+1].edges])
	for i := range steps {
		steps[i].to = g.nodes[steps[i].to].rep
	}
	return g.nodes[id].hash(steps, key)
}

// conductOfRep returns the hash of what a representative does, which is 0 if it cannot be one. x is what was
// seen of it if it is no state that was met.
func (g *Graph) conductOfRep(rep uint32, x *Sight, key []uint32) (uint64, []uint32) {
	if id, ok := g.states.Lookup(g.reps.Vector(rep)); ok {
		if g.nodes[id].rep != rep {
			return 0, key
		}
		return g.conduct(id, key)
	}
	if !x.Inside || !slices.Equal(x.Rep, g.reps.Vector(rep)) {
		return 0, key
	}
	var steps []edge
	for i, violated := range x.Violated {
		to, ok := g.reps.Lookup(x.Next[i*g.Words : (i+1)*g.Words])
		if !ok {
			return 0, key // no state leads there
		}
		steps = append(steps, edge{to, violated})
	}
	return x.hash(steps, key)
}

// hash returns a hash of traits and steps, which it sorts.
func (t *Traits) hash(steps []edge, key []uint32) (uint64, []uint32) {
	slices.SortFunc(steps, edge.compare)
	key = append(key[:0], uint32(t.Holds), uint32(t.Holds>>32), bit(t.Terminal), bit(t.Bounded))
	for _, x := range slices.Compact(steps) {
		key = append(key, x.to, uint32(x.violated), uint32(x.violated>>32))
	}
	return max(visited.Hash(key), 1), key
}

func bit(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}
