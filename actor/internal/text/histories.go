package text

import (
	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/actor/internal/core"
)

// Histories returns the histories of a state as data.
func Histories(sys *core.System, s *core.State) (out []diagram.History) {
	for k, content := range s.Aux {
		h, ok := sys.History(k)
		if !ok {
			continue
		}
		v := h.Decode(content)
		d := diagram.History{Name: h.Name(), Conflict: h.Explain(v, len(sys.Actors), sys.Name)}
		for _, e := range h.Texts(v) {
			d.Events = append(d.Events, diagram.Event{
				Client: clientName(sys, e.Client), Return: e.Verb == "returns", Text: e.Text,
			})
		}
		out = append(out, d)
	}
	return out
}
