package dead

// graph is what was collected, by places of local states in a list.
type graph struct {
	locals        []uint32
	next, earlier [][]int32          // steps, forward and backward
	dropped       map[uint32][]int32 // places by event that was dropped there

	mark       []mark
	met, alive []int32 // marked places: where an event may be, and where it is alive
	reached    []int32 // places where it is known to be alive, or has an effect
}

type mark uint8

const (
	met   mark = 1 << iota // an event that was dropped may come here
	alive                  // and may have an effect here or later
)

func newGraph(steps, dropped map[pair]struct{}) *graph {
	g := &graph{dropped: map[uint32][]int32{}}
	places := map[uint32]int32{}
	place := func(local uint32) int32 {
		i, ok := places[local]
		if !ok {
			i = int32(len(g.locals))
			places[local] = i
			g.locals = append(g.locals, local)
			g.next, g.earlier = append(g.next, nil), append(g.earlier, nil)
		}
		return i
	}
	for p := range steps {
		from, to := place(p.local), place(p.other)
		g.next[from], g.earlier[to] = append(g.next[from], to), append(g.earlier[to], from)
	}
	for p := range dropped {
		g.dropped[p.other] = append(g.dropped[p.other], place(p.local))
	}
	g.mark = make([]mark, len(g.locals))
	return g
}

// aliveWhere returns the pairs of a local state and an event that was dropped somewhere, which may come to that state,
// and from there to one in which it is alive.
func (g *graph) aliveWhere(isAlive func(local, event uint32) bool) map[pair]struct{} {
	all := map[pair]struct{}{}
	for event, at := range g.dropped {
		g.follow(at, func(local uint32) bool { return isAlive(local, event) })
		for _, i := range g.alive {
			all[pair{g.locals[i], event}] = struct{}{}
		}
		g.clear()
	}
	return all
}

// follow marks the places that an event which was dropped at some places may come to, up to those where it is alive.
func (g *graph) follow(at []int32, isAlive func(local uint32) bool) {
	for _, i := range at {
		g.meet(i)
	}
	for k := 0; k < len(g.met); k++ {
		if i := g.met[k]; isAlive(g.locals[i]) {
			g.reached = append(g.reached, i)
			continue
		}
		for _, to := range g.next[g.met[k]] {
			g.meet(to)
		}
	}
	for _, i := range g.reached {
		g.back(i)
	}
}

func (g *graph) meet(i int32) {
	if g.mark[i]&met == 0 {
		g.mark[i] |= met
		g.met = append(g.met, i)
	}
}

// back marks a place as one where the event is alive, and all marked places from which it may come there.
func (g *graph) back(i int32) {
	if g.mark[i]&alive != 0 {
		return
	}
	g.mark[i] |= alive
	first := len(g.alive)
	g.alive = append(g.alive, i)
	for k := first; k < len(g.alive); k++ {
		for _, from := range g.earlier[g.alive[k]] {
			if g.mark[from] == met {
				g.mark[from] |= alive
				g.alive = append(g.alive, from)
			}
		}
	}
}

// clear removes all marks.
func (g *graph) clear() {
	for _, i := range g.met {
		g.mark[i] = 0
	}
	g.met, g.alive, g.reached = g.met[:0], g.alive[:0], g.reached[:0]
}
