package paths

import (
	"cmp"
	"slices"

	"github.com/allways-go/allways/internal/erased"
)

// maxNear bounds the steps that are taken to find a good run that is like a bad one.
const maxNear = 3000

// near is a run that may become a good one that is like a bad one.
type near struct {
	path *erased.Path
	kept int // steps that it has in common with the bad one
}

// nearest returns a run that keeps the promise, has the first i steps of p, and as many of the later ones as was
// found; nil if a limit came first. The step i+1 of p is left out, or another one comes before it.
func (f *fate) nearest(p, from *erased.Path, i int) (*erased.Path, error) {
	next, ends, err := f.next(from)
	if err != nil || ends {
		return nil, err
	}
	left := maxNear
	first, err := f.follow(from, p, i+1, &left)
	if err != nil {
		return nil, err
	}
	all := []near{first}
	for _, q := range next {
		if holds, err := q.Holds(q.Len(), f.property); err != nil || !holds {
			continue // where it fails, the search for a good run has said so
		}
		n, err := f.follow(q, p, i, &left)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	slices.SortStableFunc(all, func(a, b near) int {
		return cmp.Or(cmp.Compare(b.kept, a.kept), cmp.Compare(a.path.Len(), b.path.Len()))
	})
	for _, n := range all {
		if f.doomed[f.id(n.path, n.path.Len())] {
			continue
		}
		if run, known, err := f.good(n.path); run != nil || !known || err != nil {
			return run, err
		}
	}
	return nil, nil
}

// follow goes on from q with the steps of p after the i-th, as far as they are enabled and keep the promise.
func (f *fate) follow(q, p *erased.Path, i int, left *int) (near, error) {
	out := near{path: q}
	for k := i; k < p.Len() && *left > 0 && f.ctx.Err() == nil; k++ {
		*left--
		next, err := out.path.Successors()
		if err != nil {
			return out, err
		}
		text := p.ActionText(k)
		at := slices.IndexFunc(next, func(r *erased.Path) bool { return r.ActionText(r.Len()-1) == text })
		if at < 0 {
			continue
		}
		holds, err := next[at].Holds(next[at].Len(), f.property)
		if err != nil {
			return out, err
		}
		if holds && !f.doomed[f.id(next[at], next[at].Len())] {
			out.path, out.kept = next[at], out.kept+1
		}
	}
	return out, nil
}
