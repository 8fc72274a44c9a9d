package explore

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore/find"
	"github.com/allways-go/allways/internal/explore/paths"
)

// The limits of a search for states.
const (
	maxFound      = 100 // results
	maxSought     = 200_000
	defaultSought = 20_000
	maxSeeking    = 60 // seconds
)

// foundJSON is what a search for states has found.
type foundJSON struct {
	Results  []resultJSON `json:"results"`
	Looked   int          `json:"looked"`        // states that were looked at
	Complete bool         `json:"complete"`      // no further state is in scope
	Cut      string       `json:"cut,omitempty"` // reason why not

	// Unknown lists names in the question that no state has, if nothing was found: they are probably misspelt.
	Unknown []string `json:"unknown,omitempty"`
}

// resultJSON is a state that was found: the last one of a path.
type resultJSON struct {
	Steps   int    `json:"steps"`          // length of its path
	On      string `json:"on,omitempty"`   // steps after the path asked for, or the whole path; empty on the path itself
	Text    string `json:"text,omitempty"` // last step; empty for an initial state
	Outside bool   `json:"outside"`        // the path is no run of the model
}

// question is what is asked of each state.
type question func(p *erased.Path, i int, tree []byte) (bool, error)

// getFind finds states in which an expression is true, or a property is not satisfied: on a path,
// reachable from its end, or reachable at all.
func (s *host) getFind(w http.ResponseWriter, r *http.Request) error {
	sought, err := s.sought(r)
	if err != nil {
		return err
	}
	seconds, err := number(r, "seconds", 10, maxSeeking)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), time.Duration(seconds)*time.Second)
	defer cancel()
	out := foundJSON{Results: []resultJSON{}, Complete: true}
	if sought.within != nil {
		err = out.along(sought)
	} else {
		err = s.find(ctx, &out, sought)
	}
	if err != nil {
		return err
	}
	if len(out.Results) == 0 {
		out.Unknown = sought.names.Unknown()
	}
	return writeJSON(w, out)
}

// sought is what is looked for, where, and how far.
type sought struct {
	area
	names                *find.Names
	ask, before          question // before is or was true on the path; nil if that does not matter
	states, depth, limit int
}

// sought reads what is looked for.
func (s *host) sought(r *http.Request) (q sought, err error) {
	expr, before, err := find.After(r.FormValue("expr"))
	if err != nil {
		return q, badRequest("%v", err)
	}
	q.names = new(find.Names)
	if q.ask, err = s.question(q.names, expr, r.FormValue("breaks"), r.FormValue("satisfies")); err != nil {
		return q, err
	}
	if before != "" {
		if q.before, err = s.question(q.names, before, "", ""); err != nil {
			return q, err
		}
	}
	if q.states, err = number(r, "states", defaultSought, maxSought); err != nil {
		return q, err
	}
	if q.depth, err = number(r, "depth", 0, 1<<20); err != nil {
		return q, err
	}
	if q.limit, err = number(r, "limit", maxFound, maxFound); err != nil {
		return q, err
	}
	q.area, err = s.scope(r.FormValue("scope"), r.FormValue("path"))
	return q, err
}

// find looks at the states that can be reached from some paths.
func (s *host) find(ctx context.Context, out *foundJSON, q sought) error {
	if q.before == nil {
		return s.spreads.Use(q.from, q.states, q.depth, func(sp *paths.Spread) error { return out.beyond(ctx, sp, q) })
	}
	sp := paths.NewSpread(q.from, q.states, q.depth)
	sp.Mark = func(p *erased.Path, tree []byte) (bool, error) {
		if slices.Contains(q.from, p) {
			return q.was(p)
		}
		return q.before(p, p.Len(), tree)
	}
	return out.beyond(ctx, sp, q)
}

// was reports whether the second part of the question is or was true on a path.
func (q sought) was(p *erased.Path) (ok bool, err error) {
	for i := 0; i <= p.Len() && !ok && err == nil; i++ {
		ok, err = q.before(p, i, erased.StateTree(p, i))
	}
	return ok, err
}

// area is where to look: from the ends of some paths on, or on one path.
type area struct {
	from   []*erased.Path
	within *erased.Path
	base   int // steps of the path that was asked for; -1 without one
}

// after returns the steps of a path after the one that was asked for.
func (in area) after(p *erased.Path) string {
	if in.base < 0 {
		return p.Encode()
	}
	return paths.After(p, in.base)
}

// scope returns where to look.
func (s *host) scope(scope, path string) (area, error) {
	if scope == "all" {
		from, err := s.model.Init()
		return area{from: from, base: -1}, err
	}
	e, err := s.path(path)
	switch {
	case err != nil:
		return area{}, err
	case scope == "trace":
		return area{within: e.Path, base: e.Path.Len()}, nil
	case scope == "forward" || scope == "":
		return area{from: []*erased.Path{e.Path}, base: e.Path.Len()}, nil
	}
	return area{}, badRequest("scope %q: want trace, forward or all", scope)
}

// question compiles what is asked of each state.
func (s *host) question(names *find.Names, expr, breaks, satisfies string) (question, error) {
	if (expr != "" && breaks+satisfies != "") || (breaks != "" && satisfies != "") {
		return nil, badRequest("ask for an expression or for a property, not for both")
	}
	if property := breaks + satisfies; property != "" {
		return func(p *erased.Path, i int, _ []byte) (bool, error) {
			holds, err := p.Holds(i, property)
			if err != nil {
				return false, misused(err)
			}
			return holds == (satisfies != ""), nil
		}, nil
	}
	q, err := find.Compile(expr)
	if err != nil {
		return nil, badRequest("%v", err)
	}
	return func(p *erased.Path, i int, tree []byte) (bool, error) {
		subject, err := subjectOf(p, i, tree)
		if err != nil {
			return false, err
		}
		subject.Names = names
		ok, err := q.Match(subject)
		if err != nil {
			return false, misused(err)
		}
		return ok, nil
	}, nil
}

// subjectOf returns what a query looks at.
func subjectOf(p *erased.Path, i int, tree []byte) (find.Subject, error) {
	state, err := find.Decode(tree)
	if err != nil {
		return find.Subject{}, err
	}
	action := ""
	if i > 0 {
		action = p.ActionText(i - 1)
	}
	named := func(name string) (bool, error) { return erased.Named(p, i, name) }
	return find.Subject{State: state, Action: action, Named: named}, nil
}

// along looks at the states of a path.
func (out *foundJSON) along(q sought) (err error) {
	p, may := q.within, q.before == nil
	for i := range p.Len() + 1 {
		tree := erased.StateTree(p, i)
		if !may {
			if may, err = q.before(p, i, tree); err != nil {
				return err
			}
		}
		if !may {
			out.Looked++
			continue
		}
		if err := out.look(q, p, i, tree); err != nil {
			return err
		}
		if len(out.Results) >= q.limit {
			out.Complete, out.Cut = i == p.Len(), cutResults
			return nil
		}
	}
	return nil
}

const cutResults = "limit of results"

// beyond looks at the states that can be reached from some paths.
func (out *foundJSON) beyond(ctx context.Context, sp *paths.Spread, q sought) error {
	var failure error
	err := sp.Run(ctx, func(n *paths.Node) bool {
		if q.before != nil && !n.Marked {
			out.Looked++
			return true
		}
		failure = out.look(q, n.Path, n.Path.Len(), n.Tree)
		if failure == nil && len(out.Results) >= q.limit {
			out.Cut = cutResults
			return false
		}
		return failure == nil
	})
	if out.Cut == "" {
		out.Cut = sp.Cut
	}
	out.Complete = out.Cut == ""
	return cmp.Or(err, failure)
}

// look asks the question of a state.
func (out *foundJSON) look(q sought, p *erased.Path, i int, tree []byte) error {
	out.Looked++
	ok, err := q.ask(p, i, tree)
	if !ok {
		return err
	}
	r := resultJSON{Steps: i, Outside: isOutside(p, i)}
	if q.within == nil {
		r.On = q.after(p)
	}
	if i > 0 {
		r.Text = p.ActionText(i - 1)
	}
	out.Results = append(out.Results, r)
	return err
}
