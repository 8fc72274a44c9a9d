package explore

import (
	"net/http"

	"github.com/allways-go/allways/internal/erased"
)

// maxLog bounds the lines of a log.
const maxLog = 20_000

// logJSON is what was logged on a path: by actors with Context.Log, or the notes of the steps of other models.
type logJSON struct {
	Lines []lineJSON `json:"lines"`
	Cut   string     `json:"cut,omitempty"` // reason why later lines are missing
}

type lineJSON struct {
	Step  int    `json:"step"`  // number of the step; 0 for the start of the actors
	Actor int    `json:"actor"` // -1 for none
	Text  string `json:"text"`
}

// getLog returns what was logged on a path, or after its first steps.
func (s *host) getLog(w http.ResponseWriter, r *http.Request) error {
	from, err := number(r, "from", 0, 1<<30)
	if err != nil {
		return err
	}
	e, err := s.path(r.FormValue("path"))
	if err != nil {
		return err
	}
	return writeJSON(w, logged(e.Path, from))
}

// logged returns what was logged after the first steps of a path.
func logged(p *erased.Path, from int) logJSON {
	out := logJSON{Lines: []lineJSON{}}
	erased.Log(p, from, func(step, actor int, text string) bool {
		if len(out.Lines) == maxLog {
			out.Cut = "limit of lines"
			return false
		}
		out.Lines = append(out.Lines, lineJSON{step, actor, text})
		return true
	})
	return out
}
