package render

import (
	"errors"
	"fmt"
	"slices"

	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/internal/erased"
)

// The formats of diagrams, by the ending of their files.
const (
	svg     = ".svg"
	mermaid = ".mmd"
	text    = ".txt"

	// DiagramFiles says what a file may be called.
	DiagramFiles = "*" + svg + ", *" + mermaid + " (Mermaid) or *" + text
)

// IsDiagram reports whether a file with this ending can be drawn.
func IsDiagram(ending string) bool { return ending == svg || ending == mermaid || ending == text }

// CheckDiagram says why paths of the model cannot be drawn in a format, before there are any.
func CheckDiagram(m *erased.Model, format string) error {
	switch {
	case m.Sequential():
	case format != text:
		return fmt.Errorf("only systems of actors are drawn as *%s: use *%s for a model with a Diagram method",
			format, text)
	case !slices.Contains(m.Optional(), "Diagram"):
		return errors.New("the model has no Diagram method: add one, or leave the flag out")
	}
	return nil
}

// Diagram draws a path in a format. Systems of actors have sequence diagrams; other models are
// drawn by their method Diagram, as text.
func Diagram(p *erased.Path, format string) ([]byte, error) {
	drawn := ""
	switch s := p.Sequence(); {
	case s != nil && format == svg:
		drawn = s.SVG()
	case s != nil && format == mermaid:
		drawn = s.Mermaid()
	case s != nil:
		drawn = s.Text(diagram.TextOptions{})
	case format == text:
		drawn = p.Diagram()
	}
	if drawn == "" {
		return nil, fmt.Errorf("the model draws no diagrams as *%s", format)
	}
	return []byte(drawn), nil
}
