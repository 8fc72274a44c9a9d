package stategraph

import (
	"encoding/binary"
	"slices"

	"github.com/allways-go/allways/internal/adjacency"
	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/walks"
)

// Walks collects the graphs of walks, for one goroutine. Make one with [NewWalks].
type Walks struct {
	Collecting
	Ended func() bool // reports whether to stop

	worker engine.Worker
	batch  *engine.Batch
	room   []byte
}

// NewWalks returns a Walks for states of a width, on which a worker computes. It has no table of labels yet.
func NewWalks(predicates []int, w engine.Worker, words int) *Walks {
	return &Walks{Collecting: Collecting{Predicates: predicates}, worker: w, batch: engine.NewBatch(words)}
}

// Position is a state of a walk, and the step that the walk takes there.
type Position struct {
	Holds   uint64   // predicates that hold in the state, as bits
	Enabled []uint32 // labels of the steps that are possible
	Label   uint32   // label of the step to the next state
	Place   int      // place of that step among those that the state has inside the boundary
}

// Position returns the i-th position of a walk, which is not the last one. Of the steps to the next state it takes
// the first. It is valid until the next call. The error is a *engine.Misbehaviour.
func (c *Walks) Position(x *walks.Walked, i int) (p Position, err error) {
	outside, _, err := c.expand(x, i)
	if err != nil {
		return p, err
	}
	if p.Holds, err = c.holding(c.worker, x.States[i]); err != nil {
		return p, err
	}
	p.Enabled, p.Place = outside, -1
	next := string(c.key(x.States[i+1]))
	for k := range c.batch.Len() {
		label := uint32(c.batch.Steps(k))
		p.Enabled = append(p.Enabled, label)
		if p.Place < 0 && string(c.key(c.batch.Vector(k))) == next {
			p.Place, p.Label = k, label
		}
	}
	return p, nil
}

// Collect returns the graph of the states from one place of a walk to before another. Its nodes are numbered in the
// order of the walk, the first one being initial. All their steps are known, and those that lead to other states
// count as leading out. It returns nil if it had to stop; the error is a *engine.Misbehaviour.
func (c *Walks) Collect(x *walks.Walked, from, to int) (*Graph, error) {
	v := &visits{walk: x}
	g := &Graph{
		Inits: 1, OutsideAt: []uint32{0}, Places: [][]uint32{}, vectors: v,
		StopReason: engine.StopReasonStates, // there may be others
	}
	number := map[string]uint32{}
	for i := from; i < to; i++ {
		k := c.key(x.States[i])
		if _, ok := number[string(k)]; !ok {
			number[string(k)] = uint32(len(v.first))
			v.first = append(v.first, i)
		}
	}
	var lists [][]adjacency.Edge
	for _, i := range v.first {
		if c.Ended() {
			return nil, nil
		}
		outside, flags, err := c.expand(x, i)
		if err != nil {
			return nil, err
		}
		g.Outside = append(g.Outside, outside...)
		var list []adjacency.Edge
		var places []uint32
		for k := range c.batch.Len() {
			label := uint32(c.batch.Steps(k))
			if node, ok := number[string(c.key(c.batch.Vector(k)))]; ok {
				list, places = append(list, adjacency.NewEdge(node, label)), append(places, uint32(k))
			} else {
				g.Outside = append(g.Outside, label)
			}
		}
		holds, err := c.holding(c.worker, x.States[i])
		if err != nil {
			return nil, err
		}
		g.Holds, g.Flags = append(g.Holds, holds), append(g.Flags, flags)
		lists, g.Places = append(lists, list), append(g.Places, places)
		g.OutsideAt = append(g.OutsideAt, uint32(len(g.Outside)))
	}
	g.Edges = adjacency.New(lists...)
	return g, nil
}

// expand puts the successors of a state of a walk into the batch, with the labels of the steps that lead there.
func (c *Walks) expand(x *walks.Walked, i int) (outside []uint32, f NodeFlags, err error) {
	x.At(i)
	c.batch.Reset()
	e, err := c.worker.Expand(x.States[i], engine.ExpandOptions{SelfLoops: true, Labels: c.Labels}, c.batch)
	if f = Expanded; e.Terminal {
		f |= Ends
	}
	if e.Bounded {
		f |= Leaves
	}
	return e.Outside, f, err
}

// key returns a state as the key of a map, until the next call.
func (c *Walks) key(state []uint32) []byte {
	c.room = c.room[:0]
	for _, w := range state {
		c.room = binary.LittleEndian.AppendUint32(c.room, w)
	}
	return c.room
}

// visits are the nodes of a walk.
type visits struct {
	walk  *walks.Walked
	first []int // place of the first visit of each node
}

func (v *visits) state(node uint32) []uint32 { return v.walk.States[v.first[node]] }

func (v *visits) trail(node uint32) (copies [][]uint32) {
	for _, state := range v.walk.States[:v.first[node]+1] {
		copies = append(copies, slices.Clone(state))
	}
	return copies
}
