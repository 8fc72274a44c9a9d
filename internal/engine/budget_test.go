package engine_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways/internal/beyond"
	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/graphtest"
	"github.com/allways-go/allways/internal/random"
	"github.com/allways-go/allways/internal/stategraph"
	"github.com/allways-go/allways/internal/visited"
	"github.com/allways-go/allways/internal/walks"
)

// canceled returns contexts that have ended, by the reason that a budget gives for it.
func canceled(t *testing.T) map[engine.StopReason]context.Context {
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancelLate := context.WithDeadline(t.Context(), time.Unix(0, 0))
	t.Cleanup(cancelLate)
	return map[engine.StopReason]context.Context{engine.StopReasonCanceled: gone, engine.StopReasonTime: late}
}

// pass is a search of any kind, reduced to why it ended.
type pass struct {
	name string
	run  func(t *testing.T, g *graphtest.Space, b *engine.Budget) engine.StopReason
}

// passes are all the ways to spend a budget.
func passes() (all []pass) {
	for workers := 1; workers <= 2; workers++ {
		for _, fingerprint := range []bool{false, true} {
			cfg := engine.Config{
				Workers: workers, Fingerprints: fingerprint, Want: graphtest.WantStates, Steps: graphtest.WantSteps,
			}
			for deep, search := range searches {
				name := map[bool]string{false: "bfs", true: "dfs"}[deep]
				all = append(all, pass{fmt.Sprintf("%s/fingerprint=%t/workers=%d", name, fingerprint, workers),
					func(t *testing.T, g *graphtest.Space, b *engine.Budget) engine.StopReason {
						cfg := cfg
						cfg.Budget = b
						out, err := search(g, &cfg)
						if err != nil {
							t.Fatal(err)
						}
						return out.StopReason
					}})
			}
		}
		all = append(all, pass{fmt.Sprintf("spill/workers=%d", workers),
			func(t *testing.T, g *graphtest.Space, b *engine.Budget) engine.StopReason {
				out, err := engine.BreadthFirst(g, &engine.Config{
					Workers: workers, Want: graphtest.WantStates, Steps: graphtest.WantSteps, Budget: b,
					Spill: beyond.Place{Dir: t.TempDir()},
				})
				if err != nil {
					t.Fatal(err)
				}
				return out.StopReason
			}})
		all = append(all, pass{fmt.Sprintf("eventually/workers=%d", workers),
			func(t *testing.T, g *graphtest.Space, b *engine.Budget) engine.StopReason {
				l := stategraph.Eventually(g, graphtest.Eventually, engine.Config{Workers: workers, Budget: b})
				if l.Complete != (l.StopReason == engine.StopReasonNone && l.Refuted == nil) {
					t.Errorf("complete %t, stop reason %d, refuted %v", l.Complete, l.StopReason, l.Refuted)
				}
				return l.StopReason
			}}, pass{fmt.Sprintf("collect/workers=%d", workers),
			func(_ *testing.T, g *graphtest.Space, b *engine.Budget) engine.StopReason {
				states := stategraph.Collect(g, stategraph.Collecting{}, engine.Config{Workers: workers, Budget: b})
				defer states.Close()
				return states.StopReason
			}}, pass{fmt.Sprintf("walk/workers=%d", workers), func(
			t *testing.T, g *graphtest.Space, b *engine.Budget) engine.StopReason {
			out, err := walks.Simulate(g, &walks.WalkConfig{
				Config: engine.Config{Workers: workers, Want: graphtest.WantStates, Budget: b}, Walks: 200, NewSchedule: pickFirst,
			})
			if err != nil {
				t.Fatal(err)
			}
			return out.StopReason
		}})
	}
	return all
}

func pickFirst(engine.Worker, *random.Rand, int) walks.Schedule { return graphtest.First{} }

// Every limit ends every kind of pass, and the reason is the limit's own.
func TestEveryLimitEndsEveryPass(t *testing.T) {
	for _, c := range []struct {
		name   string
		limits engine.Limits
		want   engine.StopReason
	}{
		{"none", engine.Limits{}, engine.StopReasonNone},
		{"generous", engine.Limits{MaxStates: 1 << 40, MaxGenerated: 1 << 40, MaxMemory: 1 << 40, Timeout: time.Hour,
			MaxDepth: 1 << 20}, engine.StopReasonNone},
		{"depth", engine.Limits{MaxDepth: 5}, engine.StopReasonDepth},
		{"states", engine.Limits{MaxStates: 20}, engine.StopReasonStates},
		{"generated", engine.Limits{MaxGenerated: 20}, engine.StopReasonGenerated},
		{"no memory at all", engine.Limits{MaxMemory: 1}, engine.StopReasonMemory},
		{"memory", engine.Limits{MaxMemory: 40 << 10}, engine.StopReasonMemory},
	} {
		for _, p := range passes() {
			t.Run(c.name+"/"+p.name, func(t *testing.T) {
				g := graphtest.Mesh(30, 100)
				b := graphtest.Budget(t, g, c.limits)
				got := p.run(t, g, b)
				want := c.want
				if p.name[:4] == "walk" {
					want = walkReason(c.limits, want)
				}
				if got != want {
					// What is refuted needs no complete search.
					if p.name[:4] != "even" || got != engine.StopReasonCondition {
						t.Errorf("stop reason %d, want %d", got, want)
					}
				}
				if b.Ended() != engine.StopReasonNone {
					t.Error("the whole run has ended, and not this pass only")
				}
				if size := b.Memory(); size != 0 {
					t.Errorf("%d bytes are still held after the pass", size)
				}
			})
		}
	}
}

func walkReason(l engine.Limits, want engine.StopReason) engine.StopReason {
	switch want {
	case engine.StopReasonDepth:
		return engine.StopReasonNone // it ends each walk, not the simulation
	case engine.StopReasonMemory:
		if l.MaxMemory > 16<<10 {
			return engine.StopReasonNone // walks keep fingerprints alone, and meet few states here
		}
	case engine.StopReasonStates:
		return engine.StopReasonStates
	}
	return want
}

func TestEndedContext(t *testing.T) {
	for want, ctx := range canceled(t) {
		for _, p := range passes() {
			b := engine.NewBudget(ctx, graphtest.Chain(50), engine.Limits{})
			if got := p.run(t, graphtest.Chain(50), b); got != want || b.Ended() != want {
				t.Errorf("%s: stop reason %d, ended %d, want %d", p.name, got, b.Ended(), want)
			}
			b.Close()
		}
	}
}

// The first reason to end is the one that stays.
func TestFirstReasonStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		b := engine.NewBudget(ctx, graphtest.Chain(3), engine.Limits{Timeout: time.Minute})
		defer b.Close()
		if b.Ended() != engine.StopReasonNone || b.Check() != engine.StopReasonNone {
			t.Errorf("it has ended before it began: %d", b.Ended())
		}
		time.Sleep(59 * time.Second)
		synctest.Wait()
		if b.Ended() != engine.StopReasonNone {
			t.Errorf("it has ended too early: %d", b.Ended())
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if b.Ended() != engine.StopReasonTime {
			t.Errorf("after the time: %d", b.Ended())
		}
		cancel()
		synctest.Wait()
		b.End(engine.StopReasonMemory)
		if b.Ended() != engine.StopReasonTime || b.Check() != engine.StopReasonTime {
			t.Errorf("the reason became %d", b.Ended())
		}
	})
}

// A deadline of the context is a time limit, and Close lets go of both clocks.
func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		open := engine.NewBudget(ctx, graphtest.Chain(3), engine.Limits{})
		closed := engine.NewBudget(ctx, graphtest.Chain(3), engine.Limits{Timeout: time.Second})
		closed.Close()
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if open.Ended() != engine.StopReasonTime {
			t.Errorf("after the deadline: %d", open.Ended())
		}
		if closed.Ended() != engine.StopReasonNone {
			t.Errorf("a closed budget has ended: %d", closed.Ended())
		}
		open.Close()
	})
}

type fixedTable int64

func (f *fixedTable) Size() int64 { return int64(*f) }

func TestMemoryOfTables(t *testing.T) {
	g := graphtest.Chain(3)
	g.Held = 100
	b := graphtest.Budget(t, g, engine.Limits{MaxMemory: 1000})
	first, second := new(fixedTable), new(fixedTable)
	*first, *second = 300, 400
	release := b.Hold(first)
	b.Hold(second)
	if b.Memory() != 800 {
		t.Errorf("%d bytes, want those of the space and two tables", b.Memory())
	}
	if !b.Allows(200) || b.Allows(201) {
		t.Error("the limit is another one")
	}
	if b.Peak() != 1000 {
		t.Errorf("peak %d, want what was granted", b.Peak())
	}
	release()
	if b.Memory() != 500 || !b.Allows(500) || b.Peak() != 1000 {
		t.Errorf("%d bytes after one table is gone, peak %d", b.Memory(), b.Peak())
	}
	g.Held = 5000
	if b.Check() != engine.StopReasonMemory || b.Ended() != engine.StopReasonNone {
		t.Errorf("the space outgrew the limit: the pass ends with %d, the run with %d", b.Check(), b.Ended())
	}
}

// Want of memory ends a pass, and not the run: the next pass has what this one gives back.
func TestOutOfRoom(t *testing.T) {
	for _, c := range []struct {
		err  error
		want engine.StopReason
	}{
		{visited.ErrFull, engine.StopReasonIDs},
		{visited.ErrMemory, engine.StopReasonMemory},
		{errors.New("anything else"), engine.StopReasonMemory},
	} {
		if r := engine.OutOfRoom(c.err); r != c.want {
			t.Errorf("%v: reason %d, want %d", c.err, r, c.want)
		}
	}
}
