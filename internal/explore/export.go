package explore

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore/paths"
)

// form is one in which a path leaves the page.
type form struct {
	media string
	write func(s *host, e *paths.Entry) ([]byte, error)
}

// formats are the forms of export, by name.
var formats = map[string]form{
	"text":    {"text/plain; charset=utf-8", plainText},
	"trace":   {"text/plain; charset=utf-8", traceFile},
	"go":      {"text/plain; charset=utf-8", goTest},
	"json":    {"application/json", wholeTrace},
	"itf":     {"application/json", informalTrace},
	"svg":     {"image/svg+xml", drawing((*diagram.Sequence).SVG)},
	"html":    {"text/html; charset=utf-8", savedPage},
	"mermaid": {"text/plain; charset=utf-8", drawing((*diagram.Sequence).Mermaid)},
}

// formatNames lists the forms of export.
func formatNames() string {
	names := slices.Sorted(maps.Keys(formats))
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// getExport returns a path in one of the formats.
func (s *host) getExport(w http.ResponseWriter, r *http.Request) error {
	f, ok := formats[r.FormValue("format")]
	if !ok {
		return badRequest("format %q: want %s", r.FormValue("format"), formatNames())
	}
	e, err := s.path(r.FormValue("path"))
	if err != nil {
		return err
	}
	b, err := f.write(s, e)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", f.media)
	w.Header().Set("Content-Disposition", "attachment")
	w.Write(b) // the client has gone if this fails
	return nil
}

func plainText(_ *host, e *paths.Entry) ([]byte, error) {
	text := e.Path.String()
	if c := caveat(e.Path); c != "" {
		text = c + "\n\n" + text
	}
	return []byte(text), nil
}

func traceFile(s *host, e *paths.Entry) ([]byte, error) {
	f, err := s.stored(e.Path)
	return f.Format(), err
}

func wholeTrace(s *host, e *paths.Entry) ([]byte, error) {
	return json.MarshalIndent(s.trace(e, 0, e.Path.Len()), "", "\t")
}

// drawing draws a path as a sequence diagram, which says itself where it is no run of the model.
func drawing(draw func(*diagram.Sequence) string) func(*host, *paths.Entry) ([]byte, error) {
	return func(_ *host, e *paths.Entry) ([]byte, error) {
		d := e.Drawn()
		if d == nil {
			return nil, badRequest("only systems of actors have sequence diagrams")
		}
		return []byte(draw(d)), nil
	}
}

// informalTrace writes the states of a path in the Informal Trace Format, which tools of TLA+ and
// Quint read; see https://apalache-mc.org/docs/adr/015adr-trace.html.
func informalTrace(s *host, e *paths.Entry) ([]byte, error) {
	p := e.Path
	states := make([]any, p.Len()+1)
	vars := map[string]bool{}
	for i := range states {
		state, err := itfState(p, i)
		if err != nil {
			return nil, err
		}
		for name := range state {
			vars[name] = true
		}
		states[i] = state
	}
	delete(vars, "#meta")
	about := map[string]any{"format": "ITF", "description": s.o.Title}
	if c := caveat(p); c != "" {
		about["outside"] = c
	}
	out := map[string]any{
		"#meta":  about,
		"vars":   slices.Sorted(maps.Keys(vars)),
		"states": states,
	}
	if start, ok := p.Loop(); ok {
		out["loop"] = start
	}
	return json.MarshalIndent(out, "", " ")
}

// itfState returns a state as ITF writes it: an object of variables, with what led to it.
func itfState(p *erased.Path, i int) (map[string]any, error) {
	subject, err := subjectOf(p, i, erased.StateTree(p, i))
	if err != nil {
		return nil, err
	}
	state, ok := itfValue(subject.State).(map[string]any)
	if !ok {
		state = map[string]any{"state": itfValue(subject.State)}
	}
	state["action"] = subject.Action
	meta := map[string]any{"index": i}
	if isOutside(p, i) {
		meta["outside"] = true
	}
	state["#meta"] = meta
	return state, nil
}

// itfValue writes numbers as ITF wants them.
func itfValue(v any) any {
	switch v := v.(type) {
	case int64:
		return map[string]any{"#bigint": strconv.FormatInt(v, 10)}
	case []any:
		for i := range v {
			v[i] = itfValue(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = itfValue(v[k])
		}
	case nil:
		return "null"
	}
	return v
}
