package symbolic

import (
	"encoding/binary"
	"math/big"
	"slices"

	"github.com/allways-go/allways/internal/mdd"
)

// counter counts the states of a set and their steps, without visiting any. A step that may be forbidden counts in
// the states whose last number permits it.
type counter struct {
	y         *images
	states    *mdd.Counts
	permitted map[guarded]*big.Int
	open      map[guarded]mdd.Node // states in which nothing but some guarded steps is possible, and none of these is
	sets      map[string]uint32    // sets of guards, numbered
	members   [][]uint32
}

// guarded is a node, and a change that may forbid a step, or a set of these.
type guarded struct {
	n mdd.Node
	g uint32
}

func newCounter(y *images) *counter {
	return &counter{
		y: y, states: y.NewCounts(), permitted: map[guarded]*big.Int{}, open: map[guarded]mdd.Node{},
		sets: map[string]uint32{"": 0}, members: [][]uint32{nil},
	}
}

// permits returns the number of tuples below a node whose last number permits a step.
func (c *counter) permits(n mdd.Node, guard uint32) *big.Int {
	key := guarded{n, guard}
	if x, ok := c.permitted[key]; ok {
		return x
	}
	sum, last := new(big.Int), c.y.Level(n) == len(c.y.places)-1
	for _, e := range c.y.Edges(n) {
		switch {
		case !last:
			sum.Add(sum, c.permits(e.Child, guard))
		case c.allows(guard, e.Value):
			sum.Add(sum, big.NewInt(1))
		}
	}
	c.permitted[key] = sum
	return sum
}

func (c *counter) allows(guard, value uint32) bool {
	_, ok, err := c.y.w.Changed(guard, value)
	return ok && err == nil
}

// stepCounts are numbers of steps: by number of name, those that were possible, and those that stayed inside of the
// boundary; and whether any left it.
type stepCounts struct {
	enabled, taken []*big.Int
	inside         *big.Int
	bounded        bool
}

// steps counts the steps of the states of a set.
func (c *counter) steps(root mdd.Node) stepCounts {
	y, paths, byProfile := c.y, map[mdd.Node]*big.Int{root: big.NewInt(1)}, map[guarded]*big.Int{}
	product := new(big.Int)
	y.Below(func(n mdd.Node) {
		level, above := y.Level(n), paths[n]
		delete(paths, n)
		for _, e := range y.Edges(n) {
			if y.moves[level] {
				c.note(level, e)
				c.addSteps(byProfile, y.known(level, e.Value).profile, e.Child, above, product)
			}
			p := paths[e.Child]
			if p == nil {
				p = new(big.Int)
				paths[e.Child] = p
			}
			p.Add(p, above)
		}
	}, root)
	out := stepCounts{inside: new(big.Int)}
	for key, states := range byProfile {
		for _, t := range y.profiles[key.n] {
			if t.guard != key.g || states.Sign() == 0 {
				continue
			}
			product.Mul(states, product.SetUint64(uint64(t.n)))
			out.bounded = out.bounded || t.outside
			for int(t.name) >= len(out.enabled) {
				out.enabled, out.taken = append(out.enabled, new(big.Int)), append(out.taken, new(big.Int))
			}
			out.enabled[t.name].Add(out.enabled[t.name], product)
			if !t.outside {
				out.taken[t.name].Add(out.taken[t.name], product)
				out.inside.Add(out.inside, product)
			}
		}
	}
	return out
}

// note tells the space of the steps of an edge that it wants to know of.
func (c *counter) note(level int, e mdd.Edge) {
	for _, s := range c.y.noted[number{level, e.Value}] {
		if s.guard == 0 || c.permits(e.Child, s.guard-1).Sign() > 0 {
			c.y.w.Took(e.Value, s.after)
		}
	}
}

// addSteps adds to the number of states in which steps of a profile are possible, by what may forbid them. The keys
// have the profile in the place of a node.
func (c *counter) addSteps(sums map[guarded]*big.Int, profile uint32, child mdd.Node, above, product *big.Int) {
	last := ^uint32(0)
	for _, t := range c.y.profiles[profile] {
		if t.guard == last {
			continue
		}
		last = t.guard
		states := c.states.Of(child)
		if t.guard != 0 {
			states = c.permits(child, t.guard-1)
		}
		key := guarded{mdd.Node(profile), t.guard}
		if sums[key] == nil {
			sums[key] = new(big.Int)
		}
		sums[key].Add(sums[key], product.Mul(above, states))
	}
}

// terminal returns the states of a set in which no step is possible.
func (c *counter) terminal(n mdd.Node) mdd.Node { return c.closed(n, 0) }

// closed returns the tuples of a node without steps but those of a set of guards, which forbid them.
func (c *counter) closed(n mdd.Node, set uint32) mdd.Node {
	if n <= mdd.Unit {
		return n
	}
	key := guarded{n, set}
	if r, ok := c.open[key]; ok {
		return r
	}
	y, out := c.y, []mdd.Edge(nil)
	level := y.Level(n)
	last := level == len(y.places)-1
	for _, e := range y.Edges(n) {
		more, free := set, false
		if y.moves[level] {
			more, free = c.guards(set, y.tallies(level, e.Value))
		}
		if free || last && c.anyAllows(more, e.Value) {
			continue
		}
		if child := c.closed(e.Child, more); child != mdd.None {
			out = append(out, mdd.Edge{Value: e.Value, Child: child})
		}
	}
	r := y.Make(level, out)
	c.open[key] = r
	return r
}

// guards adds the guards of some steps to a set. It reports whether nothing can forbid one of the steps.
func (c *counter) guards(set uint32, p profile) (more uint32, free bool) {
	all := slices.Clone(c.members[set])
	for _, t := range p {
		if t.guard == 0 {
			return set, true
		}
		all = append(all, t.guard-1)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	var key []byte
	for _, g := range all {
		key = binary.LittleEndian.AppendUint32(key, g)
	}
	more, ok := c.sets[string(key)]
	if !ok {
		more = uint32(len(c.members))
		c.sets[string(key)] = more
		c.members = append(c.members, all)
	}
	return more, false
}

func (c *counter) anyAllows(set, value uint32) bool {
	return slices.ContainsFunc(c.members[set], func(g uint32) bool { return c.allows(g, value) })
}
