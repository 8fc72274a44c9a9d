package search

import (
	"bytes"
	"encoding/binary"
	"hash/fnv"
	"slices"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/tables"
)

// orbits finds the representative of a vector: the least of all vectors that renamings make of it. It is for one
// goroutine.
//
// Least is by content, since ids depend on the order in which contents arrived: a search with other workers
// would otherwise choose other representatives. Comparing hashes of contents first keeps that cheap; contents
// themselves are compared where hashes are equal, so that the order is total. What a renaming makes of a
// component, a value or a environment is remembered by id, so that a renaming costs as many look-ups as the vector
// has places.
type orbits struct {
	*space
	y            *symmetries
	components   []tables.Pairs // (component, 0), by renaming, to the component with the actor's new name
	values       []tables.Pairs // (value, number of the auxiliary), by renaming, to the value
	environments []tables.Pairs // (environment, 0), by renaming, to the environment
	best, next   []uint32
}

// newOrbits returns nil for a search without symmetry reduction.
func newOrbits(sp *space) *orbits {
	if sp.symmetries == nil {
		return nil
	}
	n, words := len(sp.symmetries.to), sp.env+1
	o := &orbits{
		space: sp, y: sp.symmetries,
		components: make([]tables.Pairs, n), values: make([]tables.Pairs, n), environments: make([]tables.Pairs, n),
		best: make([]uint32, words), next: make([]uint32, words),
	}
	for _, all := range [][]tables.Pairs{o.components, o.values, o.environments} {
		for i := range all {
			all[i].CountIn(&sp.keySize)
		}
	}
	return o
}

// represent replaces a vector by its representative. It tries all renamings: sorting the actors by their
// components would be faster, but would not do where components mention ids of other actors, which a renaming
// changes, too.
func (o *orbits) represent(vec []uint32) {
	copy(o.best, vec)
	for k := range o.y.to {
		o.rename(o.next, vec, k)
		if o.less(o.next, o.best) {
			o.best, o.next = o.next, o.best
		}
	}
	copy(vec, o.best)
}

// rename writes to dst what the k-th renaming makes of a vector.
func (o *orbits) rename(dst, vec []uint32, k int) {
	to := o.y.to[k]
	for i := range o.n {
		dst[to[i]] = o.renamed(&o.components[k], vec[i], 0, func() uint32 { return o.componentAs(vec[i], to) })
	}
	for i := range o.sys.Aux {
		v := vec[o.n+i]
		dst[o.n+i] = o.renamed(&o.values[k], v, uint32(i), func() uint32 { return o.valueAs(i, v, to) })
	}
	dst[o.env] = o.renamed(&o.environments[k], vec[o.env], 0, func() uint32 { return o.environmentAs(vec[o.env], k) })
}

func (o *orbits) renamed(p *tables.Pairs, id, which uint32, compute func() uint32) uint32 {
	to, ok := p.Find(id, which)
	if !ok {
		to = p.Keep(id, which, compute())
	}
	return to
}

func (o *orbits) componentAs(component uint32, to []int) uint32 {
	local, box := o.parts(component)
	l := o.local(local)
	renamed := o.localID(o.y.actor(l.actor, to), o.y.local(l.actor, &l.Local, to))
	return o.component(renamed, o.boxID(o.contentsAs(o.boxInfo(box).contents, to)))
}

func (o *orbits) contentsAs(c contents, to []int) (r contents) {
	event := func(id uint32) uint32 {
		e := o.y.event(o.event(id), to)
		return o.eventID(&e)
	}
	for _, id := range c.bag {
		r.bag = append(r.bag, event(id))
	}
	slices.Sort(r.bag)
	for _, id := range c.queues {
		r.queues = append(r.queues, event(id))
	}
	slices.SortStableFunc(r.queues, func(a, b uint32) int { return o.event(a).From - o.event(b).From })
	return r
}

func (o *orbits) valueAs(aux int, value uint32, to []int) uint32 {
	return o.auxID(aux, o.sys.Aux[aux].Rename(o.auxContent(aux, value), to))
}

func (o *orbits) environmentAs(id uint32, k int) uint32 {
	w := *o.environmentOf(id)
	w.Split = o.y.splits[k][w.Split]
	w.strays = o.contentsAs(w.strays, o.y.to[k])
	return o.environmentID(&w)
}

// less orders vectors by content: by hashes of the first parts that differ, and by the parts themselves if the
// hashes are equal.
func (o *orbits) less(a, b []uint32) bool {
	for i, x := range a {
		if x == b[i] {
			continue
		}
		p, q := o.key(i, x), o.key(i, b[i])
		if p.hash != q.hash {
			return p.hash < q.hash
		}
		return bytes.Compare(p.content, q.content) < 0
	}
	return false
}

// hash returns a hash of the content of a vector.
func (o *orbits) hash(vec []uint32) (h uint64) {
	for i, x := range vec {
		h = h*31 + o.key(i, x).hash
	}
	return h
}

func (o *orbits) key(place int, id uint32) *contentKey {
	keys := &o.contentKeys[place]
	if place < o.n { // components have one table
		keys = &o.contentKeys[0]
	}
	if k := keys.Get(id); k != nil {
		return k
	}
	var b []byte
	switch {
	case place < o.n:
		local, box := o.parts(id)
		b = o.appendContents(slices.Clone(o.locals.Bytes(local)), o.boxInfo(box).contents)
	case place < o.env:
		b = []byte(o.auxContent(place-o.n, id))
	default:
		w := o.environmentOf(id)
		b = o.appendContents(w.appendCounts(nil), w.strays)
	}
	h := fnv.New64a()
	h.Write(b)
	return keys.Put(id, &contentKey{h.Sum64(), b}, valueBytes+len(b))
}

func (o *orbits) appendContents(b []byte, c contents) []byte {
	bag := make([]string, len(c.bag))
	for i, id := range c.bag {
		bag[i] = string(o.events.Bytes(id))
	}
	slices.Sort(bag)
	b = binary.AppendUvarint(b, uint64(len(bag)))
	for _, e := range bag {
		b = core.AppendString(b, e)
	}
	for _, id := range c.queues {
		b = core.AppendString(b, string(o.events.Bytes(id)))
	}
	return b
}
