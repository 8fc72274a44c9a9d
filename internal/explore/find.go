package explore

import (
	"context"
	"net/http"
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
	ask, err := s.question(r.FormValue("expr"), r.FormValue("breaks"), r.FormValue("satisfies"))
	if err != nil {
		return err
	}
	states, err := number(r, "states", defaultSought, maxSought)
	if err != nil {
		return err
	}
	depth, err := number(r, "depth", 0, 1<<20)
	if err != nil {
		return err
	}
	limit, err := number(r, "limit", maxFound, maxFound)
	if err != nil {
		return err
	}
	seconds, err := number(r, "seconds", 10, maxSeeking)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), time.Duration(seconds)*time.Second)
	defer cancel()
	in, err := s.scope(r.FormValue("scope"), r.FormValue("path"))
	if err != nil {
		return err
	}
	out := foundJSON{Results: []resultJSON{}, Complete: true}
	if in.within != nil {
		err = out.along(in, limit, ask)
	} else {
		err = s.spreads.Use(in.from, states, depth, func(sp *paths.Spread) error {
			return out.beyond(ctx, in, sp, limit, ask)
		})
	}
	if err != nil {
		return err
	}
	return writeJSON(w, out)
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
			return false, badRequest("%v", err)
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
	return find.Subject{State: state, Action: action}, nil
}

// along looks at the states of a path.
func (out *foundJSON) along(in area, limit int, ask question) error {
	p := in.within
	for i := range p.Len() + 1 {
		if err := out.look(in, p, i, erased.StateTree(p, i), ask); err != nil {
			return err
		}
		if len(out.Results) >= limit {
			out.Complete, out.Cut = i == p.Len(), cutResults
			return nil
		}
	}
	return nil
}

const cutResults = "limit of results"

// beyond looks at the states that can be reached from some paths.
func (out *foundJSON) beyond(ctx context.Context, in area, sp *paths.Spread, limit int, ask question) error {
	var failure error
	err := sp.Run(ctx, func(n *paths.Node) bool {
		failure = out.look(in, n.Path, n.Path.Len(), n.Tree, ask)
		if failure == nil && len(out.Results) >= limit {
			out.Cut = cutResults
			return false
		}
		return failure == nil
	})
	if out.Cut == "" {
		out.Cut = sp.Cut
	}
	out.Complete = out.Cut == ""
	if err == nil {
		err = failure
	}
	return err
}

// look asks the question of a state.
func (out *foundJSON) look(in area, p *erased.Path, i int, tree []byte, ask question) error {
	out.Looked++
	ok, err := ask(p, i, tree)
	if !ok {
		return err
	}
	supposed := erased.Supposed(p)
	r := resultJSON{Steps: i, Outside: supposed > 0 && i >= supposed}
	if in.within == nil {
		r.On = in.after(p)
	}
	if i > 0 {
		r.Text = p.ActionText(i - 1)
	}
	out.Results = append(out.Results, r)
	return err
}
