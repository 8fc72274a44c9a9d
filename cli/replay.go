package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/trace"
)

// replay runs the verb replay: it shows a path, and what it shows about the properties.
func (c *command) replay(words []string) error {
	if c.settings.path == "" && isRecording(words) {
		return c.replayRecording(words)
	}
	var file *trace.File
	flags := c.modelFlags
	if c.settings.path == "" {
		if len(words) == 0 {
			return usage("want a path or a trace file, as in \"%[1]s replay -path 0:3.1.4\" or \"%[1]s replay FILE\"", c.program)
		}
		f, err := c.load(words[len(words)-1])
		if err != nil {
			return err
		}
		file, words = &f, words[:len(words)-1]
		if len(words) == 0 && len(flags) == 0 {
			if words, flags, err = c.storedParams(f); err != nil {
				return err
			}
		}
	}
	s, err := c.pick(words, flags)
	if err != nil {
		return err
	}
	if err := c.build(s); err != nil {
		return c.refuse(s, err)
	}
	if err := c.settings.settle(s.about); err != nil {
		return usageError{err}
	}
	r, err := c.again(s, file)
	if err != nil {
		return c.refuse(s, err)
	}
	return c.show(s, r)
}

// load reads a trace file, and helps whoever meant something else.
func (c *command) load(path string) (trace.File, error) {
	f, err := trace.Load(path)
	switch {
	case errors.Is(err, os.ErrNotExist) && strings.Contains(path, ":"):
		return f, usage("there is no trace file %s: a path goes behind -path", path)
	case errors.Is(err, os.ErrNotExist):
		return f, usage("there is no trace file %s: want \"%[2]s replay FILE\" or \"%[2]s replay -path PATH\"", path, c.program)
	case err != nil:
		return f, usageError{err}
	case f.Model != "" && f.Model != c.app.Name:
		return f, usageError{f.Matches(trace.Header{Model: c.app.Name})}
	}
	return f, nil
}

// storedParams returns the words and the model's flags that a trace file holds.
func (c *command) storedParams(f trace.File) (words []string, flags map[string]string, err error) {
	flags = map[string]string{}
	for _, p := range f.Params {
		if !c.isModelFlag(p) {
			words = append(words, p)
			continue
		}
		name, value, _ := strings.Cut(p[1:], "=")
		flags[name] = value
	}
	return words, flags, nil
}

// again makes the path once more, from the trace file if there is one.
func (c *command) again(s *selection, file *trace.File) (*route, error) {
	if file == nil {
		return s.instance.parsePath(c.settings.path)
	}
	err := file.Matches(s.header(c.app))
	if m, ok := errors.AsType[*trace.MismatchError](err); ok && !m.Advisory() {
		return nil, err
	} else if ok {
		fmt.Fprintf(c.stderr, "%s: note: %v\n", c.app.Name, err)
	}
	r, err := s.instance.replay(*file)
	if err != nil && file.Property != "" {
		return nil, fmt.Errorf("the trace is no run of this model any more: %w", err)
	}
	return r, err
}

// show prints a path and judges it.
func (c *command) show(s *selection, r *route) error {
	var judged []propertyReport
	for _, p := range s.about.Properties {
		v, err := r.judge(p.Name)
		if err != nil {
			return c.refuse(s, err)
		}
		p.Verdict = v
		judged = append(judged, p)
		if v == allways.Violated {
			c.code = ExitViolated
		}
	}
	if path := c.settings.trace; path != "" {
		if err := saveTrace(path, r, c.headerOf(s, judged)); err != nil {
			fmt.Fprintf(c.stderr, "%s: %v\n", c.app.Name, err)
			c.code = max(c.code, ExitInternal)
		}
	}
	c.drawPath(r)
	if c.settings.json {
		c.emitReplay(s, r, judged)
		return nil
	}
	if !c.settings.quiet {
		fmt.Fprintf(c.out, "%s  %s\n\n", c.paint.strong(c.title(s)), plural(r.Len, "step"))
		c.route(r)
		enabled, err := r.enabled()
		if err != nil {
			return c.refuse(s, err)
		}
		fmt.Fprintf(c.out, "%s  %s\n\n", c.paint.faint("enabled next"), printable(orElse(strings.Join(enabled, ", "), "nothing")))
	}
	rows := make([][]string, len(judged))
	for i, p := range judged {
		rows[i] = []string{c.shows(p.Verdict), p.Kind.String(), printable(p.Name)}
	}
	if len(rows) > 0 {
		fmt.Fprint(c.out, grid([]string{"THE PATH", "KIND", "PROPERTY"}, rows))
	}
	return nil
}

// headerOf describes a replayed path by the first property about which it shows something.
func (c *command) headerOf(s *selection, judged []propertyReport) trace.Header {
	h := s.header(c.app)
	for _, want := range []allways.Verdict{allways.Violated, allways.Holds} {
		if i := slices.IndexFunc(judged, func(p propertyReport) bool { return p.Verdict == want }); i >= 0 {
			h.Property, h.Kind, h.Verdict = judged[i].Name, judged[i].Kind.String(), want.String()
			return h
		}
	}
	return h
}

// shows says what a path shows about a property.
func (c *command) shows(v allways.Verdict) string {
	switch v {
	case allways.Violated:
		return c.paint.bad("VIOLATES it")
	case allways.Holds:
		return c.paint.good("is a witness")
	}
	return "shows nothing"
}

type replayJSON struct {
	Event      string         `json:"event"` // "done"
	Verdict    string         `json:"verdict"`
	Path       string         `json:"path"`
	Enabled    []string       `json:"enabled"`
	Properties []propertyJSON `json:"properties"`
	*routeJSON
	Exit int `json:"exit"`
}

func (c *command) emitReplay(s *selection, r *route, judged []propertyReport) {
	c.emit(startEvent{
		Event: "start", Verb: "replay", Model: c.app.Name, Variant: s.variant.Name, Params: s.params, Types: s.about.Types,
		Optional: notNil(s.about.Optional),
	})
	enabled, err := r.enabled()
	e := replayJSON{
		Event: "done", Verdict: allways.Inconclusive.String(), Path: r.Encoded, Enabled: notNil(enabled), Properties: []propertyJSON{},
		routeJSON: r.json(), Exit: c.code,
	}
	if err != nil {
		e.Error = err.Error()
	}
	for _, p := range judged {
		if p.Verdict == allways.Violated {
			e.Verdict = p.Verdict.String()
		}
		e.Properties = append(e.Properties, propertyJSON{Name: p.Name, Kind: p.Kind.String(), Verdict: p.Verdict.String()})
	}
	c.emit(e)
}
