package cli

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/internal/safefile"
)

// sequencer is a model whose paths are sequence diagrams, as those of systems of actors are.
type sequencer[S, A any] interface {
	Sequence(p *allways.Path[S, A]) *diagram.Sequence
}

// The formats of diagrams, by the ending of their files.
const (
	formatSVG     = ".svg"
	formatMermaid = ".mmd"
	formatText    = ".txt"
)

func setDiagram(to *string) func(string) error {
	return func(path string) error {
		if !slices.Contains([]string{formatSVG, formatMermaid, formatText}, filepath.Ext(path)) {
			return fmt.Errorf("want a file called *.svg, *.mmd (Mermaid) or *.txt")
		}
		*to = path
		return nil
	}
}

// draw draws a path in a format. Models that make no sequence diagrams are drawn by their method Diagram, as text.
func draw[S, A any](m allways.Model[S, A], p *allways.Path[S, A], format string) (data []byte, err error) {
	err = guard("Diagram or Sequence", func() {
		s, ok := m.(sequencer[S, A])
		switch {
		case ok && format == formatSVG:
			data = []byte(s.Sequence(p).SVG())
		case ok && format == formatMermaid:
			data = []byte(s.Sequence(p).Mermaid())
		case ok:
			data = []byte(s.Sequence(p).Text(diagram.TextOptions{}))
		case format == formatText:
			data = []byte(p.Diagram())
		}
	})
	if err == nil && len(data) == 0 {
		err = fmt.Errorf("the model draws no diagrams as *%s", format)
	}
	return data, err
}

// saveDiagram writes the diagram that -diagram asks for.
func (c *command) saveDiagram(r *route) error {
	path := c.settings.diagram
	if path == "" {
		return nil
	}
	data, err := r.draw(filepath.Ext(path))
	if err != nil {
		return fmt.Errorf("-diagram %s: %w", path, err)
	}
	return safefile.Write(path, data)
}

// drawPath draws a path that is replayed.
func (c *command) drawPath(r *route) {
	if err := c.saveDiagram(r); err != nil {
		fmt.Fprintf(c.stderr, "%s: %v\n", c.app.Name, err)
		c.code = max(c.code, ExitInternal)
	}
}

// drawResult draws the first counterexample of a result, or else the way to where the model misbehaved.
func (c *command) drawResult(r *report) error {
	if c.settings.diagram == "" {
		return nil
	}
	if violated := r.violated(); len(violated) > 0 {
		return c.saveDiagram(violated[0].Path)
	}
	if r.MisPath != nil {
		return c.saveDiagram(r.MisPath)
	}
	if !c.settings.quiet {
		fmt.Fprintf(c.stderr, "%s: there is no counterexample, so %s was not written\n", c.app.Name, c.settings.diagram)
	}
	return nil
}
