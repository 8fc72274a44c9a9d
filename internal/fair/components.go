package fair

import "math"

// endedEvery is the number of steps between two checks whether the search has to end.
const endedEvery = 1 << 12

// What the marks of a search say about a pair. Below: 0 for pairs not visited yet, else the order of
// visits, or that of the first visited pair that is known to be reachable.
const (
	done      = math.MaxUint32     // in a component that is dealt with
	current   = math.MaxUint32 - 1 // in the component that is looked at
	firstFair = math.MaxUint32 - 2 // in the first fair component; the next ones have lower marks
)

// components finds the strongly connected components of a product, with one word for each pair: the
// algorithm is Tarjan's, in the form of Pearce (A space-efficient algorithm for finding strongly
// connected components, Inform. Process. Lett. 2016). It uses an explicit stack instead of recursion,
// since a path may have as many pairs as the product.
type components struct {
	*product
	mark  []uint32
	leave func(members []uint32, cyclic bool) // called with each component; it sets the marks
	enter func(w *walk)                       // called with each pair on its first visit

	count uint32
	stack []uint32 // visited pairs whose component is not known yet, and that are not on the path
	path  []frame
	at    walk // through the steps from the last pair of the path

	clock
}

// frame is a pair on the path of a depth-first search. It is small, since a path may be long.
type frame struct {
	id     uint32
	edge   uint32 // place to go on from, with choice, while the search is farther down the path
	choice uint32
	inner  bool // an earlier pair of the path can be reached: the pair is not the first of its component
	loop   bool // it has a step to itself
}

// visit visits the pairs that can be reached from root and were not visited before.
func (c *components) visit(root uint32) {
	if c.mark[root] != 0 {
		return
	}
	c.push(root)
	for len(c.path) > 0 && !c.tick() {
		s, ok := c.next(&c.at)
		if !ok {
			c.pop()
			continue
		}
		f := &c.path[len(c.path)-1]
		switch mark := c.mark[s.to]; {
		case s.to == f.id:
			f.loop = true
		case mark == 0:
			f.edge, f.choice = c.at.edge, c.at.choice
			c.push(s.to)
		case mark < c.mark[f.id]:
			c.mark[f.id], f.inner = mark, true
		}
	}
}

func (c *components) push(id uint32) {
	c.count++
	c.mark[id] = c.count
	c.path = append(c.path, frame{id: id})
	c.at = c.from(id)
	c.enter(&c.at)
}

// pop leaves the last pair of the path, and its component if the pair is the first of it.
func (c *components) pop() {
	f := c.path[len(c.path)-1]
	c.path = c.path[:len(c.path)-1]
	c.stack = append(c.stack, f.id)
	mark := c.mark[f.id]
	if !f.inner {
		first := len(c.stack) - 1
		for first > 0 && c.mark[c.stack[first-1]] >= mark {
			first--
		}
		c.leave(c.stack[first:], f.loop || len(c.stack)-first > 1)
		c.stack = c.stack[:first]
	}
	if len(c.path) == 0 {
		return
	}
	parent := &c.path[len(c.path)-1]
	if f.inner && mark < c.mark[parent.id] {
		c.mark[parent.id], parent.inner = mark, true
	}
	c.at = c.from(parent.id)
	c.at.edge, c.at.choice = parent.edge, parent.choice
}

// clock says when a search has to end.
type clock struct {
	ended func() bool
	steps uint64
	late  bool
}

// tick reports whether the search has to end. It is called at each step.
func (c *clock) tick() bool {
	c.steps++
	if c.steps%endedEvery == 0 {
		c.late = c.late || c.ended != nil && c.ended()
	}
	return c.late
}
