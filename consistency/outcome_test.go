package consistency_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/allways-go/allways/consistency"
)

// A check that was canceled knows nothing, and its verdict says nothing else.
func TestCanceledCheckIsUnknown(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h := must(consistency.FromEvents(registers().record(seeded(1), shape{clients: 7, ops: 3000, corrupt: 1})))
	for _, check := range []func(context.Context, consistency.Spec[int, registerOp, int], registerHistory) (
		consistency.Verdict[registerOp, int], error){
		consistency.Linearizable[int, registerOp, int], consistency.SequentiallyConsistent[int, registerOp, int],
	} {
		v, err := check(ctx, registers().spec, h)
		if !errors.Is(err, context.Canceled) || v.Outcome != consistency.Unknown {
			t.Errorf("error %v and outcome %v, want context.Canceled and unknown", err, v.Outcome)
		}
		requireUnknownText(t, v.String())
	}
	var zero consistency.Verdict[registerOp, int]
	requireUnknownText(t, zero.String())
}

func requireUnknownText(t *testing.T, text string) {
	t.Helper()
	if !strings.HasPrefix(text, "unknown") || strings.Contains(text, "not linear") ||
		strings.Contains(text, "not seq") {
		t.Errorf("text %q, want one that says unknown", text)
	}
}

// Errors of the spec leave the outcome unknown too.
func TestRefusedSpecIsUnknown(t *testing.T) {
	v, err := consistency.SequentiallyConsistent(t.Context(), misspelt{}, consistency.History[string, int]{})
	if err == nil || v.Outcome != consistency.Unknown || v.Condition != consistency.SequentialConsistency {
		t.Errorf("error %v, verdict %v of %v", err, v.Outcome, v.Condition)
	}
}

func TestOutcomeText(t *testing.T) {
	for o, want := range map[consistency.Outcome]string{
		consistency.Unknown: "unknown", consistency.Satisfied: "satisfied", consistency.Violated: "violated",
		9: "unknown",
	} {
		if o.String() != want {
			t.Errorf("%d is %q, want %q", o, o, want)
		}
	}
}

// TestZeroTester: a Tester that was not made by NewTester says so.
func TestZeroTester(t *testing.T) {
	defer func() {
		if text, _ := recover().(string); !strings.Contains(text, "create one with NewTester") {
			t.Errorf("panic %q", text)
		}
	}()
	new(consistency.Tester[int, consistency.RegisterOp[int], int]).AllowsEvents(nil)
}
