package actor

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"slices"
)

// orbits finds the representative of a vector: of all vectors that renamings make of it the least one, by content. It is
// for one goroutine.
type orbits[M any] struct {
	*space[M]
	y          *symmetries[M]
	components []pairs // by renaming: (component, 0) to the component with the actor's new name
	values     []pairs // by renaming: (value, number of the auxiliary)
	worlds     []pairs
	best, next []uint32
	asked      int
}

func newOrbits[M any](sp *space[M]) *orbits[M] {
	if sp.symmetries == nil {
		return nil
	}
	n := len(sp.symmetries.to)
	o := &orbits[M]{
		space: sp, y: sp.symmetries, components: make([]pairs, n), values: make([]pairs, n), worlds: make([]pairs, n),
		best: make([]uint32, sp.Words()), next: make([]uint32, sp.Words()),
	}
	for _, all := range [][]pairs{o.components, o.values, o.worlds} {
		for i := range all {
			all[i].size = &sp.keySize
		}
	}
	return o
}

// represent replaces a vector by its representative.
func (o *orbits[M]) represent(vec []uint32) {
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
func (o *orbits[M]) rename(dst, vec []uint32, k int) {
	to := o.y.to[k]
	for i := range o.n {
		dst[to[i]] = o.renamed(&o.components[k], vec[i], 0, func() uint32 { return o.componentAs(vec[i], to) })
	}
	for i := range o.sys.aux {
		v := vec[o.n+i]
		dst[o.n+i] = o.renamed(&o.values[k], v, uint32(i), func() uint32 { return o.valueAs(i, v, to) })
	}
	dst[o.world] = o.renamed(&o.worlds[k], vec[o.world], 0, func() uint32 { return o.worldAs(vec[o.world], k) })
}

// sampled reports whether to look if something holds alike with names exchanged: always up to four actors, else for the
// first evaluations, and then for one of many.
func (o *orbits[M]) sampled() bool {
	o.asked++
	return len(o.y.to) <= maxChecked || o.asked <= 256 || o.asked%64 == 0
}

// agrees panics if a predicate of states does not hold alike in a state and in the same with names exchanged.
func (o *orbits[M]) agrees(w *worker[M], where string, vec []uint32, holds bool, test func(*State[M]) bool) {
	if !o.sampled() {
		return
	}
	o.y.checked(func(k int) {
		o.rename(o.next, vec, k)
		if test(w.view(2, o.next)) != holds {
			panic(disagreement(where, holds, o.sys.stateText(w.state(vec)), o.sys.stateText(w.state(o.next))))
		}
	})
}

// agreesStep is agrees for a step.
func (o *orbits[M]) agreesStep(w *worker[M], p *property[M], before []uint32, a Action[M], after []uint32, holds bool) {
	if !o.sampled() {
		return
	}
	o.y.checked(func(k int) {
		o.rename(o.best, before, k)
		o.rename(o.next, after, k)
		if b := o.y.action(a, k); p.step(w.view(2, o.best), b, w.view(3, o.next)) != holds {
			text := func(a Action[M], before []uint32) string {
				return o.sys.FormatAction(a) + " from " + o.sys.stateText(w.state(before))
			}
			panic(disagreement(p.where, holds, text(a, before), text(b, o.best)))
		}
	})
}

func disagreement(where string, holds bool, first, second string) *Asymmetry {
	return &Asymmetry{
		First: fmt.Sprintf("%s is %t in %s", where, holds, first), Second: fmt.Sprintf("it is %t", !holds), Difference: second,
	}
}

// agreesObserver panics if an observer does not do alike with names exchanged.
func (o *orbits[M]) agreesObserver(where string, aux *auxiliary[M], value string, a Action[M], after string) {
	o.y.checked(func(k int) {
		to, b := o.y.to[k], o.y.action(a, k)
		if got, want := aux.observe(aux.rename(value, to), b), aux.rename(after, to); got != want {
			panic(&Asymmetry{
				First:      fmt.Sprintf("%s, on %s, makes of %s %s", where, o.sys.FormatAction(a), aux.text(value), aux.text(after)),
				Second:     o.sys.FormatAction(b),
				Difference: fmt.Sprintf("it makes %s of %s", aux.text(got), aux.text(aux.rename(value, to))),
			})
		}
	})
}

// agreesHistory panics if a history is not judged like the same with names exchanged.
func (o *orbits[M]) agreesHistory(p *property[M], value uint32, holds bool) {
	o.y.checked(func(k int) {
		other := o.valueAs(p.aux, value, o.y.to[k])
		if text := o.sys.aux[p.aux].text; o.histories[p.aux].allows(o.space.values[p.aux].Bytes(other)) != holds {
			panic(disagreement(p.where, holds, text(o.auxContent(p.aux, value)), text(o.auxContent(p.aux, other))))
		}
	})
}

func (o *orbits[M]) renamed(p *pairs, id, which uint32, compute func() uint32) uint32 {
	to, ok := p.find(id, which)
	if !ok {
		to = p.keep(id, which, compute())
	}
	return to
}

func (o *orbits[M]) componentAs(component uint32, to []int) uint32 {
	local, box := o.parts(component)
	actor, l := o.local(local)
	return o.component(o.localID(o.y.actor(actor, to), o.y.local(actor, l, to)), o.boxID(o.contentsAs(o.boxInfo(box).contents, to)))
}

func (o *orbits[M]) contentsAs(c contents, to []int) (r contents) {
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
	slices.SortStableFunc(r.queues, func(a, b uint32) int { return int(o.event(a).from) - int(o.event(b).from) })
	return r
}

func (o *orbits[M]) valueAs(aux int, value uint32, to []int) uint32 {
	return o.auxID(aux, o.sys.aux[aux].rename(o.auxContent(aux, value), to))
}

func (o *orbits[M]) worldAs(world uint32, k int) uint32 {
	w := *o.worldState(world)
	w.Split = o.y.splits[k][w.Split]
	w.void = o.contentsAs(w.void, o.y.to[k])
	return o.worldID(&w)
}

// less orders vectors by content: by hashes of it, and where these are equal by the content itself.
func (o *orbits[M]) less(a, b []uint32) bool {
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

// contentKey is content that does not depend on ids.
type contentKey struct {
	hash    uint64
	content []byte
}

func (o *orbits[M]) key(place int, id uint32) *contentKey {
	keys := &o.contentKeys[place]
	if place < o.n { // components are those of all actors
		keys = &o.contentKeys[0]
	}
	if k := keys.get(id); k != nil {
		return k
	}
	var b []byte
	switch {
	case place < o.n:
		local, box := o.parts(id)
		b = o.appendContents(slices.Clone(o.locals.Bytes(local)), o.boxInfo(box).contents)
	case place < o.world:
		b = []byte(o.auxContent(place-o.n, id))
	default:
		w := *o.worldState(id)
		for _, x := range []int{w.Losses, w.Duplicates, w.Crashes, w.Partitions, w.Split, w.down} {
			b = binary.AppendUvarint(b, uint64(x))
		}
		b = o.appendContents(b, w.void)
	}
	h := fnv.New64a()
	h.Write(b)
	return keys.put(id, &contentKey{h.Sum64(), b}, valueBytes+len(b))
}

func (o *orbits[M]) appendContents(b []byte, c contents) []byte {
	bag := make([]string, len(c.bag))
	for i, id := range c.bag {
		bag[i] = string(o.events.Bytes(id))
	}
	slices.Sort(bag)
	b = binary.AppendUvarint(b, uint64(len(bag)))
	for _, e := range bag {
		b = appendString(b, e)
	}
	for _, id := range c.queues {
		b = appendString(b, string(o.events.Bytes(id)))
	}
	return b
}
