package temporal

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/allways-go/allways/internal/digraph"
)

// reduce makes an automaton smaller and leaves what it accepts as it is.
func reduce(a *Automaton) {
	for {
		size := a.size()
		a.settle()
		a.dropStates()
		a.dropSets()
		a.merge()
		a.dropEdges()
		if a.size() == size {
			break
		}
	}
	a.settle()
}

// size is what reduce makes smaller.
func (a *Automaton) size() [3]int {
	edges := 0
	for _, e := range a.States {
		edges += len(e)
	}
	return [3]int{len(a.States), edges, a.Sets}
}

// settle finds the strongly connected components, says which states are accepting, and clears the
// acceptance of edges on which it means nothing: those that no accepted walk takes again and again.
// They then do not keep states apart.
func (a *Automaton) settle() {
	component, cyclic := a.components()
	marks := make([]uint64, len(a.States))
	a.inner(component, func(from int, e *Edge) { marks[component[from]] |= e.Accept })
	a.Accepting = make([]bool, len(a.States))
	for v := range a.States {
		a.Accepting[v] = cyclic[v] && marks[component[v]] == a.All()
	}
	for v, edges := range a.States {
		for i := range edges {
			if !a.Accepting[v] || component[edges[i].To] != component[v] {
				edges[i].Accept = 0
			}
		}
	}
}

// components returns the strongly connected component of each state, and whether the state is on a
// cycle.
func (a *Automaton) components() (component []uint32, cyclic []bool) {
	g := &digraph.Graph{At: []uint32{0}, Ended: func() bool { return false }}
	for _, edges := range a.States {
		for i := range edges {
			g.To = append(g.To, uint32(edges[i].To))
		}
		g.At = append(g.At, uint32(len(g.To)))
	}
	return g.Components()
}

// inner calls visit for the edges that do not leave their component.
func (a *Automaton) inner(component []uint32, visit func(from int, e *Edge)) {
	for v, edges := range a.States {
		for i := range edges {
			if component[edges[i].To] == component[v] {
				visit(v, &edges[i])
			}
		}
	}
}

// dropStates drops the states that no walk from an initial state reaches, and those from which no
// accepting state is reached. It numbers the rest in breadth-first order.
func (a *Automaton) dropStates() {
	useful := a.useful()
	number := map[int]int{}
	var order, initial []int
	visit := func(v int) int {
		if _, ok := number[v]; !ok {
			number[v] = len(order)
			order = append(order, v)
		}
		return number[v]
	}
	for _, v := range a.Initial {
		if useful[v] {
			initial = append(initial, visit(v))
		}
	}
	var states [][]Edge
	for i := 0; i < len(order); i++ {
		var kept []Edge
		for _, e := range a.States[order[i]] {
			if useful[e.To] {
				e.To = visit(e.To)
				kept = append(kept, e)
			}
		}
		states = append(states, kept)
	}
	a.Initial, a.States = initial, states
}

// useful returns the states from which an accepting one can be reached.
func (a *Automaton) useful() []bool {
	useful := slices.Clone(a.Accepting)
	for changed := true; changed; {
		changed = false
		for v, edges := range a.States {
			if !useful[v] && slices.ContainsFunc(edges, func(e Edge) bool { return useful[e.To] }) {
				useful[v], changed = true, true
			}
		}
	}
	return useful
}

// dropSets drops the acceptance sets that have all edges of another one: who takes edges of the
// smaller set again and again takes those of the larger.
func (a *Automaton) dropSets() {
	within := make([]uint64, a.Sets) // bit j of within[i]: all edges of set i are in set j
	for i := range within {
		within[i] = a.All()
	}
	for _, edges := range a.States {
		for _, e := range edges {
			for i := range within {
				if e.Accept>>i&1 != 0 {
					within[i] &= e.Accept
				}
			}
		}
	}
	var kept []int
	for j := range a.Sets {
		superfluous := false
		for i := range a.Sets {
			includes, equal := within[i]>>j&1 != 0, within[j]>>i&1 != 0
			superfluous = superfluous || i != j && includes && (!equal || i < j)
		}
		if !superfluous {
			kept = append(kept, j)
		}
	}
	for _, edges := range a.States {
		for i := range edges {
			var accept uint64
			for n, j := range kept {
				accept |= edges[i].Accept >> j & 1 << n
			}
			edges[i].Accept = accept
		}
	}
	a.Sets = len(kept)
}

// merge makes one state of those that can do the same: whose edges have the same conditions and
// acceptance, and lead to states that can do the same.
func (a *Automaton) merge() {
	class := make([]int, len(a.States))
	for count := 1; ; {
		numbers := map[string]int{}
		next := make([]int, len(a.States))
		for v := range a.States {
			key := a.signature(v, class)
			if _, ok := numbers[key]; !ok {
				numbers[key] = len(numbers)
			}
			next[v] = numbers[key]
		}
		class = next
		if len(numbers) == count || len(numbers) == 0 {
			break
		}
		count = len(numbers)
	}
	var states [][]Edge
	for v, edges := range a.States {
		if class[v] < len(states) {
			continue
		}
		for i := range edges {
			edges[i].To = class[edges[i].To]
		}
		states = append(states, edges)
	}
	for i, v := range a.Initial {
		a.Initial[i] = class[v]
	}
	slices.Sort(a.Initial)
	a.Initial = slices.Compact(a.Initial)
	a.States = states
}

// signature returns a text that is equal for states that belong to the same class and whose edges
// lead to the same classes.
func (a *Automaton) signature(v int, class []int) string {
	var edges []string
	for _, e := range a.States[v] {
		var b []byte
		for _, l := range []Literals{e.State, e.Step, e.Enabled, {e.Accept, uint64(class[e.To])}} {
			b = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, l.Must), l.Not)
		}
		edges = append(edges, string(b))
	}
	slices.Sort(edges)
	text := binary.BigEndian.AppendUint64(nil, uint64(class[v]))
	for _, e := range slices.Compact(edges) {
		text = append(text, e...)
	}
	return string(text)
}

// dropEdges drops the edges beside which another one leads to the same state, under a weaker
// condition and with the same acceptance or more.
func (a *Automaton) dropEdges() {
	for v, edges := range a.States {
		// What is more general comes first. Of equal edges, only the first is kept.
		slices.SortStableFunc(edges, func(e, f Edge) int {
			return cmp.Or(cmp.Compare(e.literals(), f.literals()),
				cmp.Compare(bits.OnesCount64(f.Accept), bits.OnesCount64(e.Accept)))
		})
		var kept []Edge
		for _, e := range edges {
			if !slices.ContainsFunc(kept, func(f Edge) bool {
				return f.To == e.To && f.impliedBy(&e.Condition) && e.Accept&^f.Accept == 0
			}) {
				kept = append(kept, e)
			}
		}
		a.States[v] = kept
	}
}

// literals counts the atoms of a condition.
func (c *Condition) literals() int {
	n := 0
	for _, l := range []Literals{c.State, c.Step, c.Enabled} {
		n += bits.OnesCount64(l.Must) + bits.OnesCount64(l.Not)
	}
	return n
}
