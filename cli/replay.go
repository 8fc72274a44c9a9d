package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/cli/internal/render"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/trace"
)

// runReplay shows a path, and what it shows about the properties.
func runReplay(_ context.Context, c *Call) (int, error) {
	words, file, err := c.traceFile()
	if err != nil {
		return 0, err
	}
	stored := trace.Header{}
	if file != nil {
		stored = file.Header
	}
	s, err := c.build(words, stored)
	if err != nil {
		return 0, err
	}
	if err := c.settings.check(s.model); err != nil {
		return 0, usageError{err}
	}
	p, err := c.replayed(s, file)
	if err != nil {
		return 0, err
	}
	r, err := evaluate(s, p)
	if err != nil {
		return 0, err
	}
	var failures []error
	if path := c.settings.trace; path != "" {
		failures = append(failures, trace.Save(path, p.Trace(headerOf(s, r.Shows))))
	}
	failure := errors.Join(append(failures, c.draw(p))...)
	if failure != nil {
		r.Exit = max(r.Exit, ExitInternal)
	}
	if c.JSON {
		for _, e := range render.ReplayEvents(&s.about, r) {
			c.Emit(e)
		}
	} else {
		render.Replay(c.out, c.view(), &s.about, r)
	}
	return r.Exit, failure
}

// traceFile reads the trace file that the last word names, unless -path gives the path. It returns
// the other words.
func (c *Call) traceFile() (words []string, file *trace.File, err error) {
	if c.settings.path != "" {
		return c.Words, nil, nil
	}
	if len(c.Words) == 0 {
		const want = "want a path or a trace file: \"%[1]s replay -path 0:3.1.4\" or \"%[1]s replay FILE\""
		return nil, nil, usage(want, c.Program)
	}
	words, path := c.Words[:len(c.Words)-1], c.Words[len(c.Words)-1]
	f, err := trace.Load(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, nil, c.noTraceFile(words, path)
	case err != nil && isFolder(path):
		return nil, nil, usage("%s is a folder without recordings, or the program cannot follow them: "+
			"a system of actors makes and follows them, with run -record, if App.Verbs is actorcli.Verbs", path)
	case err != nil:
		return nil, nil, usageError{err}
	case f.Model != "" && f.Model != c.program.name:
		return nil, nil, usageError{f.Matches(trace.Header{Model: c.program.name})}
	}
	return words, &f, nil
}

// noTraceFile says what to write if the last word names no file.
func (c *Call) noTraceFile(words []string, path string) error {
	for _, w := range words {
		if _, err := trace.Load(w); err == nil {
			return usage("there is no trace file %s: write the trace file %s last, after a variant and parameters", path, w)
		}
	}
	if strings.Contains(path, ":") {
		return usage("there is no trace file %s: write a path after -path", path)
	}
	return usage("there is no trace file %s: \"%s replay -h\" shows how to replay", path, c.Program)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// replayed makes the path once more, from the trace file if there is one.
func (c *Call) replayed(s *selection, file *trace.File) (*erased.Path, error) {
	if file == nil {
		return s.model.ParsePath(c.settings.path)
	}
	err := file.Matches(s.header())
	if m, ok := errors.AsType[*trace.MismatchError](err); ok && !m.Advisory() {
		return nil, err
	} else if ok {
		c.say("note: %v", err)
	}
	p, err := s.model.Replay(*file)
	if err != nil && file.Property != "" {
		return nil, fmt.Errorf("the trace is no longer a run of this model: %w", err)
	}
	return p, err
}

// evaluate finds out what a path shows.
func evaluate(s *selection, p *erased.Path) (*render.Replayed, error) {
	r := &render.Replayed{Path: p}
	for _, q := range s.about.Properties {
		v, err := p.Evaluate(q.Name)
		if err != nil {
			return nil, err
		}
		if v == allways.Violated {
			r.Exit = ExitViolated
		}
		a, err := erased.Abstract(p, q.Name)
		if err != nil {
			return nil, err
		}
		r.Shows = append(r.Shows, erased.PropertyResult{Name: q.Name, Kind: q.Kind, Verdict: v, Abstract: a})
	}
	enabled, err := p.Transitions()
	for _, e := range enabled {
		if e.Effect {
			r.Next = append(r.Next, render.Enabled{Index: e.Index, Text: e.Text})
		}
	}
	return r, err
}

// headerOf describes a replayed path by the first property about which it shows something.
func headerOf(s *selection, all []erased.PropertyResult) trace.Header {
	h := s.header()
	for _, want := range []allways.Verdict{allways.Violated, allways.Holds} {
		i := slices.IndexFunc(all, func(p erased.PropertyResult) bool { return p.Verdict == want })
		if i >= 0 {
			h.Property, h.Kind, h.Verdict = all[i].Name, all[i].Kind.String(), want.String()
			return h
		}
	}
	return h
}
