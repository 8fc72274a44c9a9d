package allwaystest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/allways-go/allways"
)

// Check checks m with [allways.Check] and reports each property as a subtest of its name. It first replays the traces
// stored in testdata/allways/TEST/*.trace, where TEST is the name of t.
//
// A violated property fails its subtest, which prints the counterexample with what each step changed, the file it was
// written to and the command that replays it. A property that the search did not decide, say for a limit, is logged with
// the reason and skipped, or fails if o.Complete is set; it never shows as passed. Nothing is cut silently: when
// -short replaces the options, or the deadline of the test binary ends the search, the test says so.
//
// A model that misbehaves fails t itself, with the path that leads there and the stack. When no search is possible, for
// a broken declaration or unusable options, Check stops the test; otherwise it returns the result of the search for
// further questions. With the flag -allways.path it replays that path instead, and stops the test.
func Check[S, A any](t *testing.T, m allways.Model[S, A], o Options) *allways.Result[S, A] {
	t.Helper()
	return newChecker(t, m, o).run(allways.Check[S, A])
}

// Simulate is like [Check] with the random walks of [allways.Simulate]. Walks prove nothing: properties without
// counterexample or witness are inconclusive.
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
		c.t.Logf("the search was ended after %v, before it was complete", result.Stats.Elapsed.Round(time.Millisecond))
	}
	names := fileNames(result)
	for i := range result.Properties {
		c.t.Run(result.Properties[i].Name, func(t *testing.T) {
			t.Helper()
			c.judge(t, result, i, names[i])
		})
	}
	return result
}

// margin is the time that is left for reports before the test binary would be stopped.
const margin = 5 * time.Second

// limits returns the options of the search, cut so that it ends in time.
func (c *checker[S, A]) limits() allways.Options {
	c.t.Helper()
	o := c.options.Check
	if testing.Short() && c.options.Short != nil {
		o = *c.options.Short
		c.t.Log("-short: the search has the options for short tests")
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
