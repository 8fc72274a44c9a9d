package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/cli/internal/render"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/trace"
)

func runCheck(ctx context.Context, c *Call) (int, error) {
	return c.search(ctx, func(m *erased.Model, p progress) (*erased.Result, *render.Profile, error) {
		o := c.settings.checkOptions()
		o.Progress, o.ProgressEvery = p.report, p.every
		if !c.settings.why {
			r, err := m.Check(ctx, o)
			return r, nil, err
		}
		recorder, err := m.Profile()
		if err != nil {
			return nil, nil, err
		}
		o.Visitor = recorder.Visitor()
		r, err := m.Check(ctx, o)
		found := &render.Profile{Parts: recorder.Parts()}
		found.Sampled, found.Visited = recorder.Sampled()
		return r, found, err
	}, render.Search{Verb: "check"})
}

func runSimulate(ctx context.Context, c *Call) (int, error) {
	return c.search(ctx, func(m *erased.Model, p progress) (*erased.Result, *render.Profile, error) {
		o := c.settings.simulateOptions()
		o.Progress, o.ProgressEvery = p.report, p.every
		r, err := m.Simulate(ctx, o)
		return r, nil, err
	}, render.Search{Verb: "simulate", Random: true})
}

// searcher searches a model as one of the verbs does. The result is nil if no search was possible.
type searcher func(m *erased.Model, p progress) (*erased.Result, *render.Profile, error)

// search runs a search and reports on it.
func (c *Call) search(ctx context.Context, run searcher, q render.Search) (int, error) {
	s, err := c.build(c.Words, trace.Header{})
	if err != nil {
		return 0, err
	}
	if err := c.settings.check(s.model); err != nil {
		return 0, usageError{err}
	}
	q.Strategy, q.Store, q.Stop = c.settings.strategy, c.settings.store, c.settings.stop
	q.Symmetry, q.Workers, q.Seed = c.settings.symmetry, c.settings.workers, c.settings.seed
	if c.JSON {
		c.Emit(render.StartEvent(&s.about, q))
	} else {
		render.Start(c.out, c.view(), &s.about, q)
	}
	p := c.startProgress(ctx)
	defer p.end() // also when the search panics: the line must not garble the report of that
	r, profile, err := run(s.model, p)
	p.end()
	if r == nil {
		if err == nil {
			err = errors.New("the search returned neither a result nor an error")
		}
		return 0, err
	}
	if m, ok := errors.AsType[*allways.ModelError](err); ok {
		if r.Misbehaviour == nil {
			r.Misbehaviour = m
		}
		err = nil
	}
	o := &render.Outcome{Result: r, Profile: profile}
	return c.report(s, q, o, err)
}

// report writes the files that the flags ask for and prints the outcome of a search. The failure is
// what went wrong besides.
func (c *Call) report(s *selection, q render.Search, o *render.Outcome, failure error) (int, error) {
	o.Exit = exitOf(o.Result)
	unwritten := c.writeFiles(s, o)
	failure = errors.Join(failure, unwritten)
	if failure != nil && o.Exit == ExitHolds {
		o.Exit = ExitInternal
	}
	o.Meaning = meaning(o.Exit)
	if c.JSON {
		for _, e := range render.OutcomeEvents(&s.about, o) {
			c.Emit(e)
		}
	} else {
		render.Summary(c.out, c.view(), &s.about, q, o)
	}
	if path := c.settings.trace; path != "" && len(o.Traces) == 0 && unwritten == nil && !c.Quiet {
		c.say("there is no counterexample, so %s was not written", path)
	}
	return o.Exit, failure
}

// say prints a remark that belongs to no report.
func (c *Call) say(format string, args ...any) {
	fmt.Fprintf(c.Stderr, "%s: %s\n", c.program.name, fmt.Sprintf(format, args...))
}

// misbehaved reports a model that could not be searched, and returns the exit code.
func (c *Call) misbehaved(m *allways.ModelError) int {
	s := c.chosen
	if s == nil {
		c.say("%v", m)
		return ExitModel
	}
	r := &erased.Result{StopReason: allways.StopReasonModel, Misbehaviour: m}
	o := &render.Outcome{Result: r, Exit: ExitModel, Meaning: meaning(ExitModel)}
	for _, p := range s.about.Properties {
		o.Properties = append(o.Properties, erased.PropertyResult{Name: p.Name, Kind: p.Kind, Reason: "the model misbehaved"})
	}
	if err := c.writeFiles(s, o); err != nil {
		c.say("%v", err)
	}
	if c.JSON {
		for _, e := range render.OutcomeEvents(&s.about, o) {
			c.Emit(e)
		}
	} else {
		render.Misbehaved(c.out, c.view(), &s.about, o)
	}
	return ExitModel
}

// exitOf returns the exit code of a result.
func exitOf(r *erased.Result) int {
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
