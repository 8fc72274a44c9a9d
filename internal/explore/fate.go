package explore

import (
	"context"
	"net/http"
	"time"

	"github.com/allways-go/allways/internal/erased"
)

// The limits of a search for the step from which a broken promise was inevitable.
const (
	maxFates  = 50_000
	maxFating = 20 * time.Second
)

// fateJSON says when a broken promise became inevitable. Step is the first state of the path from
// which every run breaks the promise, and Good a run that shares the steps before it and does not.
type fateJSON struct {
	Broken int    `json:"broken"`         // first state of the path that breaks the promise; -1 if none does
	Known  bool   `json:"known"`          // Step is certain; otherwise a limit came first
	Step   int    `json:"step"`           // state from which it is inevitable; the broken one itself if not known
	Good   string `json:"good,omitempty"` // a run that keeps the promise to its end, or into a cycle
	Looked int    `json:"looked"`         // states that were looked at
}

// getFate finds the step of a path from which a property was bound to break.
func (s *Server) getFate(w http.ResponseWriter, r *http.Request) error {
	e, err := s.paths.get(r.FormValue("path"))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), maxFating)
	defer cancel()
	f := &fate{server: s, ctx: ctx, property: r.FormValue("breaks"), doomed: map[uint64]bool{}}
	out, err := f.of(e.path)
	if err != nil {
		return err
	}
	return writeJSON(w, out)
}

// fate decides from which states a promise can still be kept: there is a run to a state without
// steps, or into a cycle, along which no state breaks it. It searches depth first for such a run; a
// state is doomed when all of its successors are, and no cycle was met on the way.
type fate struct {
	server   *Server
	ctx      context.Context
	property string
	doomed   map[uint64]bool
	looked   int
}

// of looks at the states of a path, from its first broken one back.
func (f *fate) of(p *erased.Path) (out fateJSON, err error) {
	out.Broken = -1
	for i := range p.Len() + 1 {
		holds, err := p.Holds(i, f.property)
		if err != nil {
			return out, misused(err)
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
		from, err := f.server.paths.get(prefix(p, i))
		if err != nil {
			return out, err
		}
		good, known, err := f.good(from.path)
		if err != nil {
			return out, err
		}
		if out.Looked = f.looked; good != nil {
			out.Good = f.server.paths.add(good).name
		}
		if good != nil || !known {
			out.Known = known
			return out, nil
		}
		out.Step = i
	}
	out.Known = true // even the initial state is doomed
	return out, nil
}

func (f *fate) id(p *erased.Path, i int) uint64 { return f.server.known.id(p.StateTree(i)) }

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
