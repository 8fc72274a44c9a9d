package allwaystest

import (
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
	c := newChecker(t, m, o)
	return c.run(func() (*allways.Result[S, A], error) {
		t.Helper()
		o := shorter(t, c.options.Check, c.options.Short)
		c.settings.apply(&o.Workers, nil)
		c.limit(&o.Timeout)
		return allways.Check(t.Context(), m, o)
	})
}

// Simulate is like [Check] with the random walks of [allways.Simulate]. Walks prove nothing: properties without
// counterexample or witness are inconclusive.
func Simulate[S, A any](t *testing.T, m allways.Model[S, A], o Options) *allways.Result[S, A] {
	t.Helper()
	c := newChecker(t, m, o)
	return c.run(func() (*allways.Result[S, A], error) {
		t.Helper()
		o := shorter(t, c.options.Simulate, c.options.ShortSimulate)
		c.settings.apply(&o.Workers, &o.Seed)
		c.limit(&o.Timeout)
		return allways.Simulate(t.Context(), m, o)
	})
}

// checker is one call of Check or Simulate.
type checker[S, A any] struct {
	t        *testing.T
	options  Options
	settings settings
	stepper  *allways.Stepper[S, A]
}

func newChecker[S, A any](t *testing.T, m allways.Model[S, A], o Options) *checker[S, A] {
	t.Helper()
	c := &checker[S, A]{t: t, options: o}
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

func (c *checker[S, A]) run(search func() (*allways.Result[S, A], error)) *allways.Result[S, A] {
	c.t.Helper()
	if c.settings.path != "" {
		replayPath(c.t, c.stepper, c.settings.path)
		c.t.SkipNow()
	}
	c.replayStored()
	result, err := search()
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

// shorter returns the options of a search: those for short tests if there are any and -short is given.
func shorter[O any](t testing.TB, o O, short *O) O {
	t.Helper()
	if testing.Short() && short != nil {
		t.Log("-short: the search has the options for short tests")
		return *short
	}
	return o
}

// limit cuts the time of a search so that it ends before the test binary would be stopped.
func (c *checker[S, A]) limit(timeout *time.Duration) {
	c.t.Helper()
	if c.settings.timeout != nil {
		*timeout = *c.settings.timeout
	}
	deadline, ok := c.t.Deadline()
	if !ok {
		return
	}
	left := time.Until(deadline)
	left = max(left-min(margin, left/4), time.Millisecond)
	if *timeout == 0 || *timeout > left {
		*timeout = left
		c.t.Logf("the search is limited to %v by the deadline of the test (-timeout)", left.Round(time.Second))
	}
}
