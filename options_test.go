package allways_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/allways-go/allways"
)

// Settings that make no sense, or would have no effect, are refused with the name of the option,
// and every number says what its zero means.
func TestRefusedOptions(t *testing.T) {
	for _, c := range []struct {
		o               allways.Options
		option, message string
	}{
		{allways.Options{Workers: -1}, "Workers", "must not be negative (0 means one per CPU)"},
		{allways.Options{Workers: 5000}, "Workers", "must be at most 1024"},
		{allways.Options{MaxDepth: -1}, "MaxDepth", "must not be negative (0 means no limit)"},
		{allways.Options{MaxStates: -1}, "MaxStates", "must not be negative (0 means no limit)"},
		{allways.Options{MaxGenerated: -1}, "MaxGenerated", "must not be negative (0 means no limit)"},
		{allways.Options{Timeout: -time.Second}, "Timeout", "must not be negative (0 means no limit)"},
		{allways.Options{MaxMemory: -1}, "MaxMemory", "must not be negative (0 means what the machine allows)"},
		{allways.Options{Strategy: 7}, "Strategy", "there is no Strategy(7)"},
		{allways.Options{Store: 7}, "Store", "there is no StateStore(7)"},
		{allways.Options{ProgressEvery: time.Second}, "ProgressEvery", "it has no effect without Progress"},
		{
			allways.Options{Stop: "later"}, "Stop",
			`there is no "later"; use a constant, StopAllOf, StopAnyOf or ParseStop`,
		},
	} {
		_, err := allways.Check(context.Background(), chainModel(2), c.o)
		if e, ok := errors.AsType[*allways.OptionError](err); !ok || e.Option != c.option || e.Message != c.message {
			t.Errorf("%v, want option %s: %s", err, c.option, c.message)
		}
	}
	for option, o := range map[string]allways.SimulateOptions{
		"Walks": {Walks: -1}, "MaxDepth": {MaxDepth: -1}, "Workers": {Workers: -1}, "Symmetry": {Symmetry: true},
		"ProgressEvery": {ProgressEvery: time.Second}, "Stop": {Stop: allways.StopAnyOf()},
	} {
		_, err := allways.Simulate(context.Background(), chainModel(2), o)
		if e, ok := errors.AsType[*allways.OptionError](err); !ok || e.Option != option {
			t.Errorf("%v, want option %s", err, option)
		}
	}
}
