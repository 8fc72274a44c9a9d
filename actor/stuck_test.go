package actor_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// waiting returns a system whose handlers and predicates call at with their names.
func waiting(at func(where string)) *actor.System[any] {
	sys := actor.NewSystem[any](actor.Config{})
	actor.Spawn(sys, "node", node{
		start: func(c *actor.Context[any], s *nodeState) {
			at("Start of node")
			c.SetTimer("t", 0, 0)
			c.Choose("key", 1, 2)
		},
		receive: func(_ *actor.Context[any], s *nodeState, _ actor.ID, _ any) { at("Receive of node"); s.N++ },
		timeout: func(*actor.Context[any], *nodeState, string) { at("Timeout of node") },
		chosen:  func(_ *actor.Context[any], s *nodeState, _ string, x any) { at("Choose of node"); s.N += x.(int) },
	})
	sys.InFlight(actor.NoActor, 0, 1)
	sys.Always("true", func(*actor.State[any]) bool { at(`property "true"`); return true })
	return sys
}

// A handler or a property that does not return is named, in the search and when it is asked again after it.
func TestHandlersThatDoNotReturn(t *testing.T) {
	o := allways.Options{Workers: 1, Timeout: time.Second}
	for _, place := range []string{
		"Start of node", "Receive of node", "Timeout of node", "Choose of node", `property "true"`,
	} {
		total := 0
		count := func(where string) {
			if where == place {
				total++
			}
		}
		if _, err := allways.Check(t.Context(), waiting(count), o); err != nil || total < 3 {
			t.Fatalf("%s: %d calls, %v", place, total, err)
		}
		for _, n := range []int{1, total / 2, total - 1} {
			synctest.Test(t, func(t *testing.T) {
				calls, never, start := 0, make(chan struct{}), time.Now()
				_, err := allways.Check(t.Context(), waiting(func(where string) {
					if where != place {
						return
					}
					if calls++; calls == n {
						<-never
					}
				}), o)
				took := time.Since(start) - o.Timeout
				close(never)
				e, ok := errors.AsType[*allways.ModelError](err)
				if !ok || e.Kind != allways.ErrorStuck || took > 1200*time.Millisecond || e.Stack == "" {
					t.Errorf("%s at call %d of %d, %v after the limit: %v", place, n, total, took, err)
				}
				if ok && n > 1 && e.Where != place {
					t.Errorf("%s at call %d of %d: %v", place, n, total, err)
				}
			})
		}
	}
}
