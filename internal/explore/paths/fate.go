package paths

import (
	"context"

	"github.com/allways-go/allways/internal/erased"
)

// maxFates bounds the states of a search for the step from which a broken promise was inevitable.
const maxFates = 50_000

// Fate says when a broken promise became inevitable.
type Fate struct {
	Broken int          // first state of the path that breaks the promise; -1 if none does
	Known  bool         // Step is certain; otherwise a limit came first
	Step   int          // first state from which every run breaks it; the broken one itself if not known
	Good   *erased.Path // a run that is like the path until Step, and keeps the promise; nil if none is known
	Looked int          // states that were looked at
}

// FateOf finds the step of a path from which a property was bound to break.
func FateOf(ctx context.Context, cache *Cache, p *erased.Path, property string) (Fate, error) {
	f := &fate{ctx: ctx, cache: cache, property: property, doomed: map[uint64]bool{}}
	return f.of(p)
}

// fate decides from which states a promise can still be kept: there is a run to a state without
// steps, or into a cycle, along which no state breaks it. It searches depth first for such a run; a
// state is doomed when all of its successors are, and no cycle was met on the way.
type fate struct {
	ctx      context.Context
	cache    *Cache
	property string
	doomed   map[uint64]bool
	looked   int
}

// of looks at the states of a path, from its first broken one back.
func (f *fate) of(p *erased.Path) (out Fate, err error) {
	out.Broken = -1
	for i := range p.Len() + 1 {
		holds, err := p.Holds(i, f.property)
		if err != nil {
			return out, err
		}
		if !holds {
			out.Broken = i
			break
		}
	}
	if out.Broken < 0 {
		return out, nil
	}
	out.Step = out.Broken
	f.doomed[f.id(p, out.Broken)] = true
	for i := out.Broken - 1; i >= 0; i-- {
		from, err := f.cache.Get(Prefix(p, i))
		if err != nil {
			return out, err
		}
		good, known, err := f.good(from.Path)
		if err != nil {
			return out, err
		}
		out.Looked, out.Good = f.looked, good
		if good != nil {
			like, err := f.nearest(p, from.Path, i)
			if like != nil {
				out.Good = like
			}
			out.Known = true
			return out, err
		}
		if !known {
			return out, nil
		}
		out.Step = i
	}
	out.Known = true // even the initial state is doomed
	return out, nil
}

func (f *fate) id(p *erased.Path, i int) uint64 { return hash(erased.StateTree(p, i)) }

// frame is a state on the way of the search.
type frame struct {
	id   uint64
	next []*erased.Path
}

// good returns a run from the end of p that keeps the promise; nil without one. known is false if a
// limit, or the boundary of the model, leaves that open.
func (f *fate) good(p *erased.Path) (run *erased.Path, known bool, err error) {
	var stack []frame
	on := map[uint64]bool{}
	push := func(p *erased.Path) (end bool, err error) {
		next, ends, err := f.next(p)
		if err != nil || ends {
			return ends, err
		}
		id := f.id(p, p.Len())
		on[id] = true
		stack = append(stack, frame{id, next})
		f.looked++
		return false, nil
	}
	if end, err := push(p); end || err != nil {
		return p, true, err
	}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if len(top.next) == 0 {
			f.doomed[top.id] = true
			delete(on, top.id)
			stack = stack[:len(stack)-1]
			continue
		}
		q := top.next[0]
		top.next = top.next[1:]
		id := f.id(q, q.Len())
		switch holds, err := q.Holds(q.Len(), f.property); {
		case err != nil:
			return nil, false, err
		case f.doomed[id] || !holds:
			continue
		case on[id]:
			return q, true, nil
		}
		if f.looked >= maxFates || f.ctx.Err() != nil {
			return nil, false, nil
		}
		if end, err := push(q); end || err != nil {
			return q, true, err
		}
	}
	return nil, true, nil
}

// next returns the paths one step further. ends says that the run may stop here: nothing is
// enabled. A step out of the boundary leaves open what follows, and counts as a good end.
func (f *fate) next(p *erased.Path) (next []*erased.Path, ends bool, err error) {
	enabled, err := p.Transitions()
	if err != nil {
		return nil, false, err
	}
	ends = true
	for _, t := range enabled {
		if t.Effect && !t.Within {
			return nil, true, nil
		}
		ends = ends && !t.Effect
	}
	if ends {
		return nil, true, nil
	}
	next, err = p.Successors()
	return next, false, err
}
