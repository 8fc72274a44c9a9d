package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/safefile"
	"github.com/allways-go/allways/trace"
)

// search runs the verbs check and simulate.
func (c *command) search(verb string, words []string) error {
	s, err := c.pick(words, c.modelFlags)
	if err != nil {
		return err
	}
	if err := c.build(s); err != nil {
		return c.refuse(s, err)
	}
	if err := c.settings.settle(s.about); err != nil {
		return usageError{err}
	}
	c.start(verb, s)
	stop := c.startProgress()
	defer stop() // also when the search panics: the line must not garble the report of that
	r, err := s.instance.run(c.ctx, &c.settings, verb == "simulate")
	stop()
	if r == nil {
		return c.refuse(s, err)
	}
	var failures []error
	if m, ok := errors.AsType[*allways.ModelError](err); ok && r.Misbehaviour == nil {
		r.Misbehaviour = m
	} else if err != nil && !ok {
		failures = append(failures, err)
	}
	c.code = r.exitCode()
	saved, unwritten := c.writeFiles(s, r)
	failures = append(failures, unwritten...)
	if len(failures) > 0 && c.code == ExitHolds {
		c.code = ExitInternal
	}
	if c.settings.json {
		c.emitResult(s, r)
	} else {
		c.summarize(s, r, saved)
	}
	for _, f := range failures {
		fmt.Fprintf(c.stderr, "%s: %v\n", c.app.Name, f)
	}
	if path := c.settings.trace; path != "" && len(saved) == 0 && len(unwritten) == 0 && !c.settings.quiet {
		fmt.Fprintf(c.stderr, "%s: there is no counterexample, so %s was not written\n", c.app.Name, path)
	}
	return nil
}

// refuse ends a run that had no result. A model that misbehaves is reported; any other error is one of usage.
func (c *command) refuse(s *selection, err error) error {
	m, ok := errors.AsType[*allways.ModelError](err)
	if !ok {
		if err == nil {
			err = errors.New("the search returned neither a result nor an error")
		}
		return usageError{err}
	}
	r := &report{Cut: allways.StopReasonModel, Misbehaviour: m}
	for _, p := range s.about.Properties {
		p.Reason = "the model misbehaved"
		r.Properties = append(r.Properties, p)
	}
	c.code = ExitModel
	if _, failures := c.writeFiles(s, r); len(failures) > 0 {
		fmt.Fprintf(c.stderr, "%s: %v\n", c.app.Name, errors.Join(failures...))
	}
	if c.settings.json {
		c.emitResult(s, r)
	} else {
		c.misbehaviour(s, r)
	}
	return nil
}

// exitCode is what the process returns for a result.
func (r *report) exitCode() int {
	switch {
	case r.Misbehaviour != nil:
		return ExitModel
	case r.Verdict == allways.Violated:
		return ExitViolated
	case r.Verdict == allways.Inconclusive, len(r.Properties) == 0 && !r.Complete:
		return ExitInconclusive
	}
	return ExitHolds
}

// violated returns the violated properties that have a counterexample.
func (r *report) violated() (out []propertyReport) {
	for _, p := range r.Properties {
		if p.Verdict == allways.Violated && p.Path != nil {
			out = append(out, p)
		}
	}
	return out
}

// writeFiles writes what -trace and -junit ask for. It returns the trace files by property, and what could not be written.
func (c *command) writeFiles(s *selection, r *report) (saved map[string]string, failures []error) {
	saved = map[string]string{}
	if path := c.settings.trace; path != "" {
		for i, p := range r.violated() {
			to := path
			if i > 0 {
				to = besides(path, p.Name, saved)
			}
			h := s.header(c.app)
			h.Property, h.Kind, h.Verdict = p.Name, p.Kind.String(), p.Verdict.String()
			if err := saveTrace(to, p.Path, h); err != nil {
				failures = append(failures, err)
				continue
			}
			saved[p.Name] = to
		}
		if r.MisPath != nil && len(r.violated()) == 0 {
			if err := saveTrace(path, r.MisPath, s.header(c.app)); err != nil {
				failures = append(failures, err)
			} else {
				saved[""] = path
			}
		}
	}
	if err := c.drawResult(r); err != nil {
		failures = append(failures, err)
	}
	if path := c.settings.junit; path != "" {
		data, err := c.junit(s, r)
		if err == nil {
			err = safefile.Write(path, data)
		}
		if err != nil {
			failures = append(failures, err)
		}
	}
	return saved, failures
}

func saveTrace(path string, r *route, h trace.Header) error {
	f, err := r.file(h)
	if err != nil {
		return err
	}
	return trace.Save(path, f)
}

// besides returns the path of the trace file of a further property, next to that of the first one.
func besides(path, property string, taken map[string]string) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>| `, r) || r < ' ' {
			return '-'
		}
		return r
	}, property)
	ext := filepath.Ext(path)
	base := strings.TrimSuffix(path, ext) + "-" + name
	for n := 2; ; n++ {
		free := true
		for _, t := range taken {
			free = free && t != base+ext
		}
		if free {
			return base + ext
		}
		base = fmt.Sprintf("%s-%d", strings.TrimSuffix(path, ext)+"-"+name, n)
	}
}
