package allwaystest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/allways-go/allways"
)

// Check checks m with [allways.Check] and reports each property as a subtest: a violated property
// fails, a property that holds passes, and an inconclusive one is skipped, or fails if o.Complete
// is set.
//
// A violated property prints the counterexample with the changes of each step, the file with its
// trace, and a command that replays it. An inconclusive property prints the reason, such as a limit
// of the search. The test logs when -short replaces the options, or when the deadline of the test
// binary ends the search.
//
// Before the search, Check replays the traces in testdata/allways/TEST/*.trace, where TEST is the
// name of t. A trace that still shows a violation fails.
//
// A model that misbehaves fails t itself, with a path to the misbehaviour and the stack. If no
// search is possible, because of a wrong declaration or wrong options, Check stops the test.
// Otherwise it returns the result for further assertions. With the flag -allways.path, Check
// replays that path and stops the test.
func Check[S, A any](t *testing.T, m allways.Model[S, A], o Options) *allways.Result[S, A] {
	t.Helper()
	return newChecker(t, m, o).run(allways.Check[S, A])
}

// Simulate is [Check] with random walks instead of an exhaustive search: see [allways.Simulate].
// Walks cannot prove a property, so that a property without a counterexample or a witness is
// inconclusive, and skipped.
func Simulate[S, A any](t *testing.T, m allways.Model[S, A], o Options) *allways.Result[S, A] {
	t.Helper()
	return newChecker(t, m, o).run(allways.Simulate[S, A])
}

// checker is one call of Check or Simulate.
type checker[S, A any] struct {
	t        *testing.T
	model    allways.Model[S, A]
	options  Options
	settings settings
	stepper  *allways.Stepper[S, A]
}

// search is allways.Check or allways.Simulate.
type search[S, A any] func(context.Context, allways.Model[S, A], allways.Options) (*allways.Result[S, A], error)

func newChecker[S, A any](t *testing.T, m allways.Model[S, A], o Options) *checker[S, A] {
	t.Helper()
	c := &checker[S, A]{t: t, model: m, options: o}
	var err error
	if c.settings, err = readSettings(); err != nil {
		t.Fatal(err)
	}
	c.stepper = newStepper(t, m)
	return c
}

func newStepper[S, A any](t testing.TB, m allways.Model[S, A]) *allways.Stepper[S, A] {
	t.Helper()
	stepper, err := allways.NewStepper(m)
	if err != nil {
		t.Fatal(err)
	}
	return stepper
}

func (c *checker[S, A]) run(search search[S, A]) *allways.Result[S, A] {
	c.t.Helper()
	if c.settings.path != "" {
		replayPath(c.t, c.stepper, c.settings.path)
		c.t.SkipNow()
	}
	c.replayStored()
	result, err := search(c.t.Context(), c.model, c.limits())
	if e, ok := errors.AsType[*allways.ModelError](err); ok {
		c.t.Error(misbehaviourText(e, result))
	} else if err != nil {
		c.t.Fatal(err)
	}
	if result == nil {
		c.t.FailNow()
	}
	if result.StopReason == allways.StopReasonTime {
		c.t.Logf("the search was stopped after %v, before it was complete",
			result.Stats.Elapsed.Round(time.Millisecond))
	}
	names := fileNames(result)
	for i := range result.Properties {
		c.t.Run(result.Properties[i].Name, func(t *testing.T) {
			t.Helper()
			c.report(t, result, i, names[i])
		})
	}
	return result
}

// margin is the time between the end of the search and the deadline of the test binary, for reports.
const margin = 5 * time.Second

// limits returns the options of the search, with a time limit before the deadline of the test binary.
func (c *checker[S, A]) limits() allways.Options {
	c.t.Helper()
	o := c.options.Check
	if testing.Short() && c.options.Short != nil {
		o = *c.options.Short
		c.t.Log("-short: the search uses the options for short tests")
	}
	c.settings.apply(&o)
	deadline, ok := c.t.Deadline()
	if !ok {
		return o
	}
	left := time.Until(deadline)
	left = max(left-min(margin, left/4), time.Millisecond)
	if o.Timeout == 0 || o.Timeout > left {
		o.Timeout = left
		c.t.Logf("the search is limited to %v by the deadline of the test (-timeout)", left.Round(time.Second))
	}
	return o
}
