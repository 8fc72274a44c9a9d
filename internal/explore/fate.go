package explore

import (
	"context"
	"net/http"
	"time"

	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore/paths"
)

// maxFating bounds the time to find the step from which a broken promise was inevitable.
const maxFating = 20 * time.Second

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
func (s *host) getFate(w http.ResponseWriter, r *http.Request) error {
	e, err := s.path(r.FormValue("path"))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), maxFating)
	defer cancel()
	p, step := e.Path, erased.Supposed(e.Path)
	if step > 0 {
		p = erased.First(p, step-1) // what follows counts for nothing
	}
	f, err := paths.FateOf(ctx, s.paths, p, r.FormValue("breaks"))
	if err != nil {
		return misused(err)
	}
	if step > 0 && f.Broken < 0 {
		return badRequest("step %d is outside of the model's assumptions, and no state before it breaks the promise",
			step)
	}
	out := fateJSON{Broken: f.Broken, Known: f.Known, Step: f.Step, Looked: f.Looked}
	if f.Good != nil {
		out.Good = s.paths.Add(f.Good).Name
	}
	return writeJSON(w, out)
}
