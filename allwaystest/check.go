package allwaystest

import (
	"errors"
	"testing"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
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
// A warning of the result is logged, or fails t: see [Options.Strict].
//
// A model that misbehaves fails t itself, with a path to the misbehaviour and the stack. If no
// search is possible, because of a wrong declaration or wrong options, Check stops the test.
// Otherwise it returns the result for further assertions. With the flag -allways.path, Check
// replays that path and stops the test.
func Check[S, A any](t *testing.T, m allways.Model[S, A], o Options) *allways.Result[S, A] {
	t.Helper()
	c := newChecker(t, erased.Of(m), labels{o.Complete, o.Strict, o.Allow, o.Name, o.Params, o.Command})
	options := shorter(t, o.Check, o.Short)
	c.settings.apply(&options.Workers, &options.Timeout)
	c.limit(&options.Timeout)
	result, err := allways.Check(t.Context(), erased.Typed[S, A](c.model), options)
	c.reportAll(erased.ResultOf(c.model, result), err)
	return result
}

// Simulate is [Check] with random walks instead of an exhaustive search: see [allways.Simulate].
// Walks cannot prove a property, so that a property without a counterexample or a witness is
// inconclusive, and skipped.
func Simulate[S, A any](t *testing.T, m allways.Model[S, A], o SimulateOptions) *allways.Result[S, A] {
	t.Helper()
	c := newChecker(t, erased.Of(m), labels{o.Complete, o.Strict, o.Allow, o.Name, o.Params, o.Command})
	options := shorter(t, o.Simulate, o.Short)
	if options.Walks == 0 && options.Timeout == 0 {
		options.Walks = defaultWalks
	}
	c.settings.apply(&options.Workers, &options.Timeout)
	if c.settings.seed != nil {
		options.Seed = *c.settings.seed
	}
	c.limit(&options.Timeout)
	result, err := allways.Simulate(t.Context(), erased.Typed[S, A](c.model), options)
	c.reportAll(erased.ResultOf(c.model, result), err)
	return result
}

// defaultWalks is that of [allways.SimulateOptions], where neither walks nor a time limit are given.
// It is set here, since the deadline of the test binary and the flags only bound what a test asks for:
// they would otherwise be the time limit without which walks end by their number.
const defaultWalks = 1000

// checker is one call of Check or Simulate.
type checker struct {
	t        *testing.T
	model    *erased.Model
	labels   labels
	settings settings
	lowered  time.Duration // time limit that the deadline of the test binary set; 0 if it did not
}

// newChecker compiles the model and replays traces. It stops the test if there is to be no search.
func newChecker(t *testing.T, m *erased.Model, l labels) *checker {
	t.Helper()
	c := &checker{t: t, model: m, labels: l}
	var err error
	if c.settings, err = readSettings(); err != nil {
		t.Fatal(err)
	}
	compile(t, m)
	c.settings.ready(t)
	if c.settings.path != "" {
		replayPath(t, m, c.settings, l)
		t.SkipNow()
	}
	c.replayStored()
	return c
}

// compile stops the test if the model is not valid.
func compile(t testing.TB, m *erased.Model) {
	t.Helper()
	if err := m.Compile(); err != nil {
		t.Fatal(err)
	}
}

// reportAll reports the result of a search, each property in a subtest.
func (c *checker) reportAll(result *erased.Result, err error) {
	c.t.Helper()
	if e, ok := errors.AsType[*allways.ModelError](err); ok {
		c.t.Error(misbehaviourText(e, result))
	} else if err != nil {
		c.t.Fatal(err)
	}
	if result == nil {
		c.t.FailNow()
	}
	if result.StopReason == allways.StopReasonTime {
		if c.lowered != 0 {
			c.t.Logf("the search is limited to %v by the deadline of the test (-timeout)", c.lowered.Round(time.Second))
		}
		elapsed := result.Stats.Elapsed.Round(time.Millisecond)
		c.t.Logf("the search was stopped after %v, before it was complete", elapsed)
	}
	c.warn(result.Warnings)
	names := fileNames(result)
	for i := range result.Properties {
		c.t.Run(result.Properties[i].Name, func(t *testing.T) {
			t.Helper()
			c.report(t, &result.Properties[i], names[i])
		})
	}
	c.settings.show(c.t, c.model, c.labels, failing(result))
}

// failing returns the first path of a result that shows a failure; nil without one.
func failing(r *erased.Result) *erased.Path {
	for _, p := range r.Properties {
		if p.Verdict == allways.Violated && p.Path != nil {
			return p.Path
		}
	}
	return r.MisbehaviourPath
}

// shorter returns the options of a search: with -short those for short tests, if there are any.
func shorter[O any](t testing.TB, o O, short *O) O {
	t.Helper()
	if testing.Short() && short != nil {
		t.Log("-short: the search uses the options for short tests")
		return *short
	}
	return o
}

// margin is the time between the end of the search and the deadline of the test binary, for reports.
const margin = 5 * time.Second

// limit lowers a time limit, so that the search ends before the deadline of the test binary.
func (c *checker) limit(timeout *time.Duration) {
	c.t.Helper()
	deadline, ok := c.t.Deadline()
	if !ok {
		return
	}
	left := time.Until(deadline)
	left = max(left-min(margin, left/4), time.Millisecond)
	if *timeout == 0 || *timeout > left {
		*timeout, c.lowered = left, left
	}
}
