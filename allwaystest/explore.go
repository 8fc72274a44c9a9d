package allwaystest

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"testing"
	"time"

	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore/offer"
	"github.com/allways-go/allways/trace"
)

// ready stops the test if -allways.explore asks for what cannot be done, rather than after the search.
func (s settings) ready(t testing.TB) {
	t.Helper()
	switch {
	case !s.explore:
	case offer.Explorer == nil:
		t.Fatalf("-allways.explore: this test binary has no explorer; add an import to one of its test files:\n" +
			"\timport _ \"github.com/allways-go/allways/explorer\"")
	case !testing.Verbose() && !terminal():
		t.Fatalf("-allways.explore: add -v, so that go test prints the link at once")
	}
}

// terminal reports whether the output is seen at once.
func terminal() bool {
	info, err := os.Stdout.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// show serves the explorer with a path, if -allways.explore asks for it, until the test is interrupted or its
// deadline is near. There is nothing to show of a nil path.
func (s settings) show(t testing.TB, m *erased.Model, l labels, p *erased.Path) {
	t.Helper()
	if !s.explore {
		return
	}
	if p == nil {
		t.Log("-allways.explore: there is no counterexample to show")
		return
	}
	ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt)
	defer stop()
	until := "Press Ctrl-C to end."
	if deadline, ok := deadlineOf(t); ok {
		left := time.Until(deadline)
		left = max(left-min(margin, left/4), 0)
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, left)
		defer cancel()
		until += fmt.Sprintf(" Otherwise the deadline of the test ends it in %v; -timeout=0 means no deadline.",
			left.Round(time.Second))
	}
	err := offer.Explorer(ctx, offer.Request{
		Model: m, Path: p.Encode(), Header: trace.Header{Model: l.name, Params: l.params},
		Title: strings.Join(append([]string{cmp.Or(l.name, t.Name())}, l.params...), " "),
		Ready: func(link string) { fmt.Printf("%s\n\n%s\n", link, until) }, // at once, which a log is not
	})
	if err != nil {
		t.Errorf("-allways.explore: %v", err)
	}
}

// deadlineOf returns the deadline of the test binary. Fuzz tests have none.
func deadlineOf(t testing.TB) (time.Time, bool) {
	if d, ok := t.(interface{ Deadline() (time.Time, bool) }); ok {
		return d.Deadline()
	}
	return time.Time{}, false
}
