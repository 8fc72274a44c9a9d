package search

import (
	"encoding/binary"

	"github.com/allways-go/allways/actor/internal/core"
)

// environmentOf returns the environment that has an id, and environmentID is its inverse.
func (sp *space) environmentOf(id uint32) *environment {
	m := sp.now()
	if w := m.environments.Get(id); w != nil {
		return w
	}
	b := sp.environments.Bytes(id)
	r := core.NewReader(b)
	w := &environment{}
	for _, x := range []*int{&w.Losses, &w.Duplicates, &w.Crashes, &w.Partitions, &w.Split, &w.down} {
		*x = int(r.Uint())
	}
	w.strays = sp.contents(uint32(r.Uint()))
	return m.environments.Put(id, w, boxBytes+len(b))
}

func (sp *space) environmentID(w *environment) uint32 {
	b := w.appendCounts(nil)
	return must(sp.environments.Intern(binary.AppendUvarint(b, uint64(sp.boxID(w.strays)))))
}

// appendCounts appends all but the strays.
func (w *environment) appendCounts(b []byte) []byte {
	for _, x := range []int{w.Losses, w.Duplicates, w.Crashes, w.Partitions, w.Split, w.down} {
		b = binary.AppendUvarint(b, uint64(x))
	}
	return b
}

// changed returns the environment after a change, or denied. Limits of faults are counted here and not in the
// step, since the steps of a component are the same in every environment: if they were not, each would have to
// be computed once for every number of crashes so far.
func (sp *space) changed(id uint32, c change) uint32 {
	w := *sp.environmentOf(id)
	if !sp.sys.Config.Change(&w.Faults, &w.down, c.kind(), c.split()) {
		return denied
	}
	return sp.environmentID(&w)
}

// strayed returns the environment with one more message to an id that no actor has.
func (sp *space) strayed(id, event uint32) uint32 {
	w := *sp.environmentOf(id)
	w.strays = sp.with(w.strays, sp.n, event)
	return sp.environmentID(&w)
}

// separated reports whether a partition in force keeps a delivery from being made. It looks at the step alone,
// without its event, because the expander asks in each state of a system with partitions.
func (sp *space) separated(id uint32, actor int, s *step) bool {
	return s.kind == core.Deliver && sp.sys.Separates(sp.environmentOf(id).Split, int(s.from), actor)
}
