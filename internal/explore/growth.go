package explore

import (
	"net/http"
	"strings"
)

// The most parts that are listed, and the most bytes of a value.
const (
	maxParts  = 200
	maxLatest = 200
)

// growthJSON says which parts of the states take how many values.
type growthJSON struct {
	Looked  int64      `json:"looked"`  // states that were looked at
	Visited int64      `json:"visited"` // states that the search has met
	Parts   []partJSON `json:"parts"`   // those that grow come first
	More    int        `json:"more"`    // parts that are left out
}

type partJSON struct {
	Path    string `json:"path"`
	Values  int    `json:"values"`
	Late    int    `json:"late"` // values that were met first in the deepest third of the levels
	Latest  string `json:"latest"`
	Counter bool   `json:"counter"` // it counts up without end, as far as the search has come
}

// getGrowth tells what makes the state space large, as far as the search has come.
func (s *host) getGrowth(w http.ResponseWriter, _ *http.Request) error {
	out := growthJSON{Parts: []partJSON{}}
	g := s.search.Growth()
	if g == nil {
		return writeJSON(w, out)
	}
	out.Looked, out.Visited = g.Sampled()
	parts := g.Parts()
	if len(parts) > maxParts {
		out.More = len(parts) - maxParts
		parts = parts[:maxParts]
	}
	for _, p := range parts {
		latest := p.Latest
		if len(latest) > maxLatest {
			latest = strings.ToValidUTF8(latest[:maxLatest], "") + "…"
		}
		out.Parts = append(out.Parts, partJSON{p.Path, p.Values, p.Late, latest, p.Counter})
	}
	return writeJSON(w, out)
}
