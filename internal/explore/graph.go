package explore

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore/find"
	"github.com/allways-go/allways/internal/explore/paths"
)

// maxNodes bounds the states of a drawn graph, and maxDrawing the time to collect them.
const (
	maxNodes   = 2000
	maxDrawing = 10 * time.Second
)

// graphJSON is a part of the state graph.
type graphJSON struct {
	Nodes []nodeJSON `json:"nodes"`
	Edges []edgeJSON `json:"edges"`
	Cut   string     `json:"cut,omitempty"` // reason why not all states are there
	// Outside is true of a graph that begins where a supposed step has led: its states need not be reachable.
	Outside bool `json:"outside"`
}

type nodeJSON struct {
	ID     int      `json:"id"`
	On     string   `json:"on"`    // the steps of a shortest path after the one asked for; the whole path without one
	State  string   `json:"state"` // fingerprint: equal states have the same
	Depth  int      `json:"depth"`
	Label  string   `json:"label"` // value of the expression to group by; else empty
	Breaks []string `json:"breaks"`
	Ends   bool     `json:"ends"` // no step leads on
	More   int      `json:"more"` // steps that lead to states that are not in the graph
}

type edgeJSON struct {
	From int    `json:"from"`
	To   int    `json:"to"`
	Name string `json:"name"`
	Text string `json:"text"`
}

// getGraph returns the states that can be reached from a path, or from all initial states.
func (s *host) getGraph(w http.ResponseWriter, r *http.Request) error {
	nodes, err := number(r, "nodes", 300, maxNodes)
	if err != nil {
		return err
	}
	depth, err := number(r, "depth", 0, 1<<20)
	if err != nil {
		return err
	}
	label, err := labels(r.FormValue("group"))
	if err != nil {
		return err
	}
	scope := "all"
	if r.FormValue("path") != "" {
		scope = "forward"
	}
	in, err := s.scope(scope, r.FormValue("path"))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), maxDrawing)
	defer cancel()
	out := graphJSON{Nodes: []nodeJSON{}, Edges: []edgeJSON{}}
	for _, p := range in.from {
		out.Outside = out.Outside || erased.Supposed(p) > 0
	}
	err = s.spreads.Use(in.from, nodes, depth, func(sp *paths.Spread) error {
		if err := sp.Run(ctx, func(*paths.Node) bool { return true }); err != nil {
			return err
		}
		out.Cut = sp.Cut
		for _, n := range sp.Nodes {
			if err := out.add(s, in, n, label); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return writeJSON(w, out)
}

// add adds a node and its edges. Steps of the same name to the same state are one edge.
func (out *graphJSON) add(s *host, in area, n *paths.Node, label func(*paths.Node) (string, error)) error {
	text, err := label(n)
	if err != nil {
		return err
	}
	j := nodeJSON{
		ID: n.ID, On: in.after(n.Path), State: paths.Fingerprint(n.Tree),
		Depth: n.Depth, Label: text, Breaks: s.breaks(n.Path), Ends: len(n.Edges) == 0,
	}
	drawn := map[[2]any]bool{}
	for _, e := range n.Edges {
		if e.To < 0 {
			j.More++
			continue
		}
		step := e.Path.Step(e.Path.Len() - 1)
		if key := [2]any{e.To, step.Name}; !drawn[key] {
			drawn[key] = true
			out.Edges = append(out.Edges, edgeJSON{n.ID, e.To, step.Name, step.Text})
		}
	}
	if n.More && len(n.Edges) == 0 { // its steps were not taken
		next, err := n.Path.Successors()
		if err != nil {
			return err
		}
		j.More = len(next)
		j.Ends = j.More == 0
	}
	out.Nodes = append(out.Nodes, j)
	return nil
}

// breaks returns the promises that the last state of a path breaks.
func (s *host) breaks(p *erased.Path) []string {
	out := []string{}
	for _, prop := range s.model.Properties() {
		if !promises(prop.Kind) {
			continue
		}
		if holds, err := p.Holds(p.Len(), prop.Name); err == nil && !holds {
			out = append(out, prop.Name)
		}
	}
	return out
}

// labels returns the function that labels nodes by an expression.
func labels(group string) (func(*paths.Node) (string, error), error) {
	if group == "" {
		return func(*paths.Node) (string, error) { return "", nil }, nil
	}
	q, err := find.Compile(group)
	if err != nil {
		return nil, badRequest("%v", err)
	}
	return func(n *paths.Node) (string, error) {
		subject, err := subjectOf(n.Path, n.Path.Len(), n.Tree)
		if err != nil {
			return "", err
		}
		v, err := q.Value(subject)
		if err != nil {
			return "", badRequest("%v", err)
		}
		if text, ok := v.(string); ok {
			return text, nil
		}
		b, err := json.Marshal(v)
		return string(b), err
	}, nil
}
