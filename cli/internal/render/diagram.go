package render

import (
	"fmt"

	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/internal/erased"
)

// The formats of diagrams, by the ending of their files.
const (
	SVG     = ".svg"
	Mermaid = ".mmd"
	Text    = ".txt"
)

// Diagram draws a path in a format. Systems of actors have sequence diagrams; other models are
// drawn by their method Diagram, as text.
func Diagram(p *erased.Path, format string) ([]byte, error) {
	text := ""
	switch s := p.Sequence(); {
	case s != nil && format == SVG:
		text = s.SVG()
	case s != nil && format == Mermaid:
		text = s.Mermaid()
	case s != nil:
		text = s.Text(diagram.TextOptions{})
	case format == Text:
		text = p.Diagram()
	}
	if text == "" {
		return nil, fmt.Errorf("the model draws no diagrams as *%s", format)
	}
	return []byte(text), nil
}
