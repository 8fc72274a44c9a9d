package allways_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
)

// late is a model that counts to ten, a method of which does not return from its nth call on.
type late struct {
	place string
	n     int
	calls int
	never chan struct{}
}

func (l *late) at(where string, _ int) {
	if where != l.place {
		return
	}
	if l.calls++; l.calls == l.n {
		<-l.never
	}
}

// model is symmetric in nothing, so that its representatives are the states.
func (l *late) model() allways.Funcs[int, string] {
	m := counting(l.at)
	m.RepresentativeFunc = func(s int) int { l.at("Representative", s); return s }
	return m
}

// ways are the ways to run a model with one worker.
func ways(limit time.Duration) map[string]func(ctx context.Context, m allways.Model[int, string]) error {
	all := map[string]func(ctx context.Context, m allways.Model[int, string]) error{}
	for _, o := range matrix() {
		if o.Timeout = limit; o.Workers > 1 {
			continue
		}
		for _, o.Symmetry = range []bool{false, true} {
			all[optionsName(o)+map[bool]string{true: "/symmetry"}[o.Symmetry]] = func(
				ctx context.Context, m allways.Model[int, string],
			) error {
				_, err := allways.Check(ctx, m, o)
				return err
			}
		}
	}
	all["simulate"] = func(ctx context.Context, m allways.Model[int, string]) error {
		_, err := allways.Simulate(ctx, m, allways.SimulateOptions{Walks: 3, Workers: 1, Timeout: limit})
		return err
	}
	return all
}

// A method that does not return is named wherever that happens: in the search, when the model is asked again after
// it, and when states are compared with their representatives. The run has a second, by a limit or a cancellation.
func TestMethodsThatDoNotReturnLater(t *testing.T) {
	skipUnderRaceDetector(t)
	const limit = time.Second
	for name := range ways(0) {
		for _, place := range append([]string{"Representative"}, places...) {
			total := late{place: place}
			if err := ways(0)[name](t.Context(), total.model()); err != nil || total.calls == 0 {
				if place != "Representative" || err != nil {
					t.Fatalf("%s, %s: %v, %d calls", name, place, err, total.calls)
				}
				continue
			}
			for _, n := range []int{total.calls / 3, total.calls / 2, total.calls - 1} {
				synctest.Test(t, func(t *testing.T) {
					ctx, timeout := t.Context(), limit
					if n%2 == 0 {
						c, cancel := context.WithCancel(ctx)
						defer time.AfterFunc(limit, cancel).Stop()
						ctx, timeout = c, 0
					}
					l, start := late{place: place, n: max(n, 1), never: make(chan struct{})}, time.Now()
					err := ways(timeout)[name](ctx, l.model())
					took := time.Since(start) - limit
					close(l.never)
					e, ok := errors.AsType[*allways.ModelError](err)
					if !ok || e.Kind != allways.ErrorStuck || e.Where != place || took > 1200*time.Millisecond || e.Stack == "" {
						t.Errorf("%s, %s at call %d of %d, %v after the limit: %v", name, place, n, total.calls, took, err)
					}
				})
			}
		}
	}
}

// A background search ends, too, when its context does, or the explorer is closed.
func TestExplorersDoNotWait(t *testing.T) {
	for _, by := range []string{"context", "close"} {
		synctest.Test(t, func(t *testing.T) {
			l := late{place: "Next", n: 5, never: make(chan struct{})}
			x, err := allways.NewExplorer[int, string](l.model())
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			x.Search(ctx, allways.Options{Workers: 1})
			synctest.Wait() // until the search is stuck
			start := time.Now()
			if by == "context" {
				cancel()
				_, err := x.Wait()
				if e, ok := errors.AsType[*allways.ModelError](err); !ok || e.Kind != allways.ErrorStuck || e.Where != "Next" {
					t.Error(err)
				}
			}
			x.Close()
			if took := time.Since(start); took > 1200*time.Millisecond {
				t.Errorf("%s: %v", by, took)
			}
			close(l.never)
		})
	}
}

// recursive is the name of the variable that makes a test the child that calls itself without end.
const recursive = "ALLWAYS_TEST_RECURSION"

type deeper struct{ next *deeper }

func (d *deeper) depth(n int) int {
	if d == nil {
		return n
	}
	return d.next.depth(n+1) + 1
}

// A call that calls itself without end ends the run with an error that names it. If Go ends the process before, it
// prints the stack, with the method.
func TestEndlessRecursion(t *testing.T) {
	if os.Getenv(recursive) != "" {
		circle := &deeper{}
		circle.next = circle
		_, err := allways.Check(t.Context(), counting(func(where string, s int) {
			if where == "Next" && s == 5 {
				circle.depth(0)
			}
		}), allways.Options{})
		t.Fatal(err)
	}
	longtest.Run(t) // it takes a gigabyte
	cmd := exec.Command(os.Args[0], "-test.run=^TestEndlessRecursion$")
	cmd.Env = append(os.Environ(), recursive+"=1", "GOTRACEBACK=single")
	out, err := cmd.CombinedOutput()
	text := string(out)
	named := strings.Contains(text, "stuck in Next (action add)") && strings.Contains(text, "calls itself without end")
	if err == nil || !named && !strings.Contains(text, "deeper).depth(") {
		t.Errorf("%v\n%s", err, text[:min(len(text), 4000)])
	}
}
