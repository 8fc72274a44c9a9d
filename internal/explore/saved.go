package explore

import (
	"encoding/json"
	"strings"

	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore/background"
	"github.com/allways-go/allways/internal/explore/paths"
)

// savedJSON is what a saved page holds: the answers about a path.
type savedJSON struct {
	Model   modelJSON     `json:"model"`
	Trace   traceJSON     `json:"trace"`
	States  []stateJSON   `json:"states"` // the states of the path, without what may happen in them
	History historiesJSON `json:"history"`
	Log     logJSON       `json:"log"`

	Status background.Status `json:"status"` // state of the search when the page was saved
}

// savedPolicy lets a saved page load nothing at all.
const savedPolicy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; ` +
	`script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">`

// savedPage returns the page with a path in it, as one file that works without a server.
func savedPage(s *host, e *paths.Entry) ([]byte, error) {
	if e.Path.Len() > maxWindow {
		return nil, badRequest("a saved page holds paths of up to %d steps; this one has %d", maxWindow, e.Path.Len())
	}
	held, err := s.held(e)
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(held) // it writes the character < as an escape, so that no text ends the element
	if err != nil {
		return nil, err
	}
	var file [3]string
	for i, name := range []string{"index.html", "style.css", "main.js"} {
		b, err := page.ReadFile("page/" + name)
		if err != nil {
			return nil, err
		}
		file[i] = string(b)
	}
	script := strings.ReplaceAll(file[2], "</script", `<\/script`)
	out := strings.NewReplacer(
		`<meta charset="utf-8">`, `<meta charset="utf-8">`+savedPolicy,
		`<link rel="icon" href="/icon.svg">`, "",
		`<link rel="stylesheet" href="/style.css">`, "<style>"+file[1]+"</style>",
		`<script type="module" src="/main.js"></script>`, `<script type="application/json" id="data">`+string(data)+
			"</script>"+`<script type="module">`+script+"</script>",
	).Replace(file[0])
	return []byte(out), nil
}

// held returns the answers about a path.
func (s *host) held(e *paths.Entry) (out savedJSON, err error) {
	if out.Model, err = s.describe(); err != nil {
		return out, err
	}
	out.Trace = s.trace(e, 0, e.Path.Len())
	if out.History, err = histories(e); err != nil {
		return out, err
	}
	out.Log = logged(e.Path, 0)
	out.Status, _ = s.search.Now()
	for i := range e.Path.Len() + 1 {
		at := s.paths.Add(erased.First(e.Path, i))
		state := stateJSON{
			Path: at.Name, Depth: i, Text: e.Path.StateText(i), Tree: erased.StateTree(e.Path, i),
			Holds: s.holds(e.Path, i), Next: []nextJSON{}, Suppose: []supposeJSON{}, Outside: outside(at.Path),
		}
		state.State = paths.Fingerprint(state.Tree)
		out.States = append(out.States, state)
	}
	return out, nil
}
