package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/cli/internal/render"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/safefile"
	"github.com/allways-go/allways/trace"
)

// writeFiles writes what -trace, -diagram and -junit ask for, and notes the trace files in the
// outcome. The error says what could not be written.
func (c *Call) writeFiles(s *selection, o *render.Outcome) error {
	failures := []error{c.writeTraces(s, o), c.drawOutcome(o)}
	if path := c.settings.junit; path != "" {
		data, err := render.JUnit(&s.about, o)
		if err == nil {
			err = safefile.Write(path, data)
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// violated returns the violated properties that have a counterexample.
func violated(r *erased.Result) (out []erased.PropertyResult) {
	for _, p := range r.Properties {
		if p.Verdict == allways.Violated && p.Path != nil {
			out = append(out, p)
		}
	}
	return out
}

// writeTraces writes every counterexample, or else the way to a misbehaviour.
func (c *Call) writeTraces(s *selection, o *render.Outcome) error {
	o.Traces = map[string]string{}
	path := c.settings.trace
	if path == "" {
		return nil
	}
	var failures []error
	save := func(property, to string, p *erased.Path, h trace.Header) {
		if err := trace.Save(to, p.Trace(h)); err != nil {
			failures = append(failures, err)
			return
		}
		o.Traces[property] = to
	}
	all := violated(o.Result)
	var names []string
	for _, p := range all {
		names = append(names, p.Name)
	}
	names = safefile.Names(names)
	for i, p := range all {
		to := path
		if i > 0 {
			to = besides(path, names[i])
		}
		h := s.header()
		h.Property, h.Kind, h.Verdict = p.Name, p.Kind.String(), p.Verdict.String()
		save(p.Name, to, p.Path, h)
	}
	if o.MisbehaviourPath != nil && len(all) == 0 {
		save("", path, o.MisbehaviourPath, s.header())
	}
	return errors.Join(failures...)
}

// besides returns the path of the trace file of a further property, next to that of the first one.
func besides(path, name string) string {
	ext := filepath.Ext(path)
	return strings.TrimSuffix(path, ext) + "-" + name + ext
}

// drawOutcome draws the first counterexample of a result, or else the way to a misbehaviour.
func (c *Call) drawOutcome(o *render.Outcome) error {
	path := c.settings.diagram
	all := violated(o.Result)
	switch {
	case path == "":
	case len(all) > 0:
		return c.draw(all[0].Path)
	case o.MisbehaviourPath != nil:
		return c.draw(o.MisbehaviourPath)
	case !c.Quiet:
		c.say("there is no counterexample, so %s was not written", path)
	}
	return nil
}

// draw writes the diagram that -diagram asks for.
func (c *Call) draw(p *erased.Path) error {
	path := c.settings.diagram
	if path == "" {
		return nil
	}
	data, err := render.Diagram(p, filepath.Ext(path))
	if err != nil {
		return fmt.Errorf("-diagram %s: %w", path, err)
	}
	return safefile.Write(path, data)
}
