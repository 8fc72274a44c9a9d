package explore

import (
	"encoding/json"
	"fmt"
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
	"svg":     {"image/svg+xml", drawing((*diagram.Sequence).SVG, "<!-- %s -->")},
	"html":    {"text/html; charset=utf-8", savedPage},
	"mermaid": {"text/plain; charset=utf-8", drawing((*diagram.Sequence).Mermaid, "%%%% %s")},
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

func plainText(_ *host, e *paths.Entry) ([]byte, error) { return []byte(e.Path.String()), nil }

func traceFile(s *host, e *paths.Entry) ([]byte, error) {
	f, err := s.stored(e.Path)
	return f.Format(), err
}

func wholeTrace(s *host, e *paths.Entry) ([]byte, error) {
	all, err := s.trace(e, 0, e.Path.Len())
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(all, "", "\t")
}

// drawing draws a path as a sequence diagram. In the last line, which is a comment, a path says that it is
// no run of the model.
func drawing(draw func(*diagram.Sequence) string, comment string) func(*host, *paths.Entry) ([]byte, error) {
	return func(_ *host, e *paths.Entry) ([]byte, error) {
		d := e.Drawn()
		if d == nil {
			return nil, badRequest("only systems of actors have sequence diagrams")
		}
		out := draw(d)
		if step := erased.Supposed(e.Path); step > 0 {
			out = strings.TrimRight(out, "\n") + "\n" +
				fmt.Sprintf(comment, fmt.Sprintf("outside of the model's assumptions from step %d on", step)) + "\n"
		}
		return []byte(out), nil
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
	out := map[string]any{
		"#meta":  map[string]any{"format": "ITF", "description": s.o.Title},
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
	if step := erased.Supposed(p); step > 0 && i >= step {
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
