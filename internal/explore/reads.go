package explore

import (
	"net/http"
	"time"

	"github.com/allways-go/allways/internal/explore/reads"
)

// readsLimits bound the experiments on one state. They take some milliseconds, but a search beside them may need the
// processors, and what is found should not depend on that.
var readsLimits = reads.Limits{Trials: 5000, Time: 2 * time.Second}

// readsJSON says what the verdict of a property on one state depends on.
type readsJSON struct {
	Property string        `json:"property"`
	Holds    bool          `json:"holds"`
	Exact    bool          `json:"exact"` // the parts of the kind read are all that the property has read
	Parts    []findingJSON `json:"parts"`
	Tried    int           `json:"tried"`         // altered states that were judged
	Cut      string        `json:"cut,omitempty"` // reason why not all parts were tried
}

// findingJSON is what experiments have shown of a part of the state. The kinds are read: without it, the
// property fails; decides: a change of it alone changes the verdict; fails: a change of it alone makes the property
// panic; together: no part decides alone, and a change of all parts of this kind does.
type findingJSON struct {
	Path string `json:"path"` // as find names it
	Kind string `json:"kind"`
	With string `json:"with,omitempty"` // a value that changes the verdict
}

// getReads finds which parts of the last state of a path the verdict of a property depends on.
func (s *host) getReads(w http.ResponseWriter, r *http.Request) error {
	e, err := s.path(r.FormValue("path"))
	if err != nil {
		return err
	}
	name := r.FormValue("property")
	found, err := reads.Find(r.Context(), e.Path, e.Path.Len(), name, readsLimits)
	if err != nil {
		return misused(err)
	}
	out := readsJSON{
		Property: name, Holds: found.Holds, Exact: found.Exact, Parts: []findingJSON{}, Tried: found.Tried, Cut: found.Cut,
	}
	for _, f := range found.Findings {
		out.Parts = append(out.Parts, findingJSON{f.Path, string(f.Kind), f.With})
	}
	return writeJSON(w, out)
}
