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
}

// resultJSON is a state that was found: the last one of a path.
type resultJSON struct {
	Path    string `json:"path"`
	Steps   int    `json:"steps"`
	Outside bool   `json:"outside"` // the path is no run of the model
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
	from, within, err := s.scope(r.FormValue("scope"), r.FormValue("path"))
	if err != nil {
		return err
	}
	out := foundJSON{Results: []resultJSON{}, Complete: true}
	if within != nil {
		err = out.along(within, sought)
	} else {
		err = s.find(ctx, &out, from, sought)
	}
	if err != nil {
		return err
	}
	return writeJSON(w, out)
}

// sought is what is looked for, and how far.
type sought struct {
	ask, before          question // before is or was true on the path; nil if that does not matter
	states, depth, limit int
}

// sought reads what is looked for.
func (s *host) sought(r *http.Request) (q sought, err error) {
	expr, before, err := find.After(r.FormValue("expr"))
	if err != nil {
		return q, badRequest("%v", err)
	}
	if q.ask, err = s.question(expr, r.FormValue("breaks"), r.FormValue("satisfies")); err != nil {
		return q, err
	}
	if before != "" {
		if q.before, err = s.question(before, "", ""); err != nil {
			return q, err
		}
	}
	if q.states, err = number(r, "states", defaultSought, maxSought); err != nil {
		return q, err
	}
	if q.depth, err = number(r, "depth", 0, 1<<20); err != nil {
		return q, err
	}
	q.limit, err = number(r, "limit", maxFound, maxFound)
	return q, err
}

// find looks at the states that can be reached from some paths.
func (s *host) find(ctx context.Context, out *foundJSON, from []*erased.Path, q sought) error {
	if q.before == nil {
		return s.spreads.Use(from, q.states, q.depth, func(sp *paths.Spread) error { return out.beyond(ctx, sp, q) })
	}
	sp := paths.NewSpread(from, q.states, q.depth)
	sp.Mark = func(p *erased.Path, tree []byte) (bool, error) {
		if slices.Contains(from, p) {
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

// scope returns the paths from which to look, or the one on which to look.
func (s *host) scope(scope, path string) (from []*erased.Path, within *erased.Path, err error) {
	if scope == "all" {
		from, err = s.model.Init()
		return from, nil, err
	}
	e, err := s.path(path)
	switch {
	case err != nil:
		return nil, nil, err
	case scope == "trace":
		return nil, e.Path, nil
	case scope == "forward" || scope == "":
		return []*erased.Path{e.Path}, nil, nil
	}
	return nil, nil, badRequest("scope %q: want trace, forward or all", scope)
}

// question compiles what is asked of each state.
func (s *host) question(expr, breaks, satisfies string) (question, error) {
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
func (out *foundJSON) along(p *erased.Path, q sought) (err error) {
	may := q.before == nil
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
		if err := out.look(p, i, tree, q.ask); err != nil {
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
		failure = out.look(n.Path, n.Path.Len(), n.Tree, q.ask)
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
func (out *foundJSON) look(p *erased.Path, i int, tree []byte, ask question) error {
	out.Looked++
	ok, err := ask(p, i, tree)
	if ok {
		out.Results = append(out.Results, resultJSON{paths.Prefix(p, i), i, isOutside(p, i)})
	}
	return err
}
