package engine

import (
	"context"
	"errors"
	"fmt"
	"github.com/allways-go/allways/internal/random"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways/internal/visited"
)

// chain is a graph of n nodes in a row.
func chain(n int) *graphSpace {
	edges := make([][]int, n)
	for i := range n - 1 {
		edges[i] = []int{i + 1}
	}
	return newGraphSpace([]int{0}, edges...)
}

// mesh is a graph of n levels of width nodes, each of which leads to all nodes of the next level.
func mesh(n, width int) *graphSpace {
	edges := make([][]int, n*width)
	for i := range (n - 1) * width {
		for k := range width {
			edges[i] = append(edges[i], (i/width+1)*width+k)
		}
	}
	return newGraphSpace([]int{0}, edges...)
}

// canceled returns contexts that have ended, by the reason that a budget gives for it.
func canceled(t *testing.T) map[StopReason]context.Context {
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancelLate := context.WithDeadline(t.Context(), time.Unix(0, 0))
	t.Cleanup(cancelLate)
	return map[StopReason]context.Context{StopReasonCanceled: gone, StopReasonTime: late}
}

// pass is a search of any kind, reduced to why it ended.
type pass struct {
	name string
	run  func(t *testing.T, g *graphSpace, b *Budget) StopReason
}

// passes are all the ways to spend a budget.
func passes() (all []pass) {
	for workers := 1; workers <= 2; workers++ {
		for _, fingerprint := range []bool{false, true} {
			cfg := Config{Workers: workers, Fingerprints: fingerprint, Want: wantStates, Steps: wantSteps}
			for deep, search := range searches {
				name := map[bool]string{false: "bfs", true: "dfs"}[deep]
				all = append(all, pass{fmt.Sprintf("%s/fingerprint=%t/workers=%d", name, fingerprint, workers),
					func(t *testing.T, g *graphSpace, b *Budget) StopReason {
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
		all = append(all, pass{fmt.Sprintf("eventually/workers=%d", workers),
			func(t *testing.T, g *graphSpace, b *Budget) StopReason {
				l, err := Eventually(g, propEventually, Config{Workers: workers, Budget: b})
				if err != nil {
					t.Fatal(err)
				}
				if l.Complete != (l.StopReason == StopReasonNone && l.Refuted == nil) {
					t.Errorf("complete %t, stop reason %d, refuted %v", l.Complete, l.StopReason, l.Refuted)
				}
				return l.StopReason
			}}, pass{fmt.Sprintf("walk/workers=%d", workers), func(t *testing.T, g *graphSpace, b *Budget) StopReason {
			out, err := Simulate(g, &WalkConfig{
				Config: Config{Workers: workers, Want: wantStates, Budget: b}, Walks: 200, NewSchedule: pickFirst,
			})
			if err != nil {
				t.Fatal(err)
			}
			return out.StopReason
		}})
	}
	return all
}

// firstAction takes the first action that has an effect.
type firstAction struct{}

func (firstAction) Pick([]uint32, Worker, []int) (int, error) { return 0, nil }

func pickFirst(Worker, *random.Rand, int) Schedule { return firstAction{} }

// Every limit ends every kind of pass, and the reason is the limit's own.
func TestEveryLimitEndsEveryPass(t *testing.T) {
	for _, c := range []struct {
		name   string
		limits Limits
		want   StopReason
	}{
		{"none", Limits{}, StopReasonNone},
		{"generous", Limits{MaxStates: 1 << 40, MaxGenerated: 1 << 40, MaxMemory: 1 << 40, Timeout: time.Hour,
			MaxDepth: 1 << 20}, StopReasonNone},
		{"depth", Limits{MaxDepth: 5}, StopReasonDepth},
		{"states", Limits{MaxStates: 20}, StopReasonStates},
		{"generated", Limits{MaxGenerated: 20}, StopReasonGenerated},
		{"no memory at all", Limits{MaxMemory: 1}, StopReasonMemory},
		{"memory", Limits{MaxMemory: 40 << 10}, StopReasonMemory},
	} {
		for _, p := range passes() {
			t.Run(c.name+"/"+p.name, func(t *testing.T) {
				g := mesh(30, 100)
				b := budget(t, g, c.limits)
				got := p.run(t, g, b)
				want := c.want
				if p.name[:4] == "walk" {
					want = walkReason(c.limits, want)
				}
				if got != want {
					// What is refuted needs no complete search.
					if p.name[:4] != "even" || got != StopReasonCondition {
						t.Errorf("stop reason %d, want %d", got, want)
					}
				}
				if b.Ended() != StopReasonNone {
					t.Error("the whole run has ended, and not this pass only")
				}
				if size := b.tables.size(); size != 0 {
					t.Errorf("%d bytes are still held after the pass", size)
				}
			})
		}
	}
}

func walkReason(l Limits, want StopReason) StopReason {
	switch want {
	case StopReasonDepth:
		return StopReasonNone // it ends each walk, not the simulation
	case StopReasonMemory:
		if l.MaxMemory > 16<<10 {
			return StopReasonNone // walks keep fingerprints alone, and meet few states here
		}
	case StopReasonStates:
		return StopReasonStates
	}
	return want
}

func TestEndedContext(t *testing.T) {
	for want, ctx := range canceled(t) {
		for _, p := range passes() {
			b := NewBudget(ctx, chain(50), Limits{})
			if got := p.run(t, chain(50), b); got != want || b.Ended() != want {
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
		b := NewBudget(ctx, chain(3), Limits{Timeout: time.Minute})
		defer b.Close()
		if b.Ended() != StopReasonNone || b.check() != StopReasonNone {
			t.Errorf("it has ended before it began: %d", b.Ended())
		}
		time.Sleep(59 * time.Second)
		synctest.Wait()
		if b.Ended() != StopReasonNone {
			t.Errorf("it has ended too early: %d", b.Ended())
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if b.Ended() != StopReasonTime {
			t.Errorf("after the time: %d", b.Ended())
		}
		cancel()
		synctest.Wait()
		b.End(StopReasonMemory)
		if b.Ended() != StopReasonTime || b.check() != StopReasonTime {
			t.Errorf("the reason became %d", b.Ended())
		}
	})
}

// A deadline of the context is a time limit, and Close lets go of both clocks.
func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		open, closed := NewBudget(ctx, chain(3), Limits{}), NewBudget(ctx, chain(3), Limits{Timeout: time.Second})
		closed.Close()
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if open.Ended() != StopReasonTime {
			t.Errorf("after the deadline: %d", open.Ended())
		}
		if closed.Ended() != StopReasonNone {
			t.Errorf("a closed budget has ended: %d", closed.Ended())
		}
		open.Close()
	})
}

type fixedTable int64

func (f *fixedTable) Size() int64 { return int64(*f) }

func TestMemoryOfTables(t *testing.T) {
	g := chain(3)
	g.memory = 100
	b := budget(t, g, Limits{MaxMemory: 1000})
	first, second := new(fixedTable), new(fixedTable)
	*first, *second = 300, 400
	b.hold(first)
	b.hold(second)
	if b.Memory() != 800 {
		t.Errorf("%d bytes, want those of the space and two tables", b.Memory())
	}
	if !b.allow(200) || b.allow(201) {
		t.Error("the limit is another one")
	}
	if b.Peak() != 1000 {
		t.Errorf("peak %d, want what was granted", b.Peak())
	}
	b.drop(first)
	if b.Memory() != 500 || !b.allow(500) || b.Peak() != 1000 {
		t.Errorf("%d bytes after one table is gone, peak %d", b.Memory(), b.Peak())
	}
	g.memory = 5000
	if b.check() != StopReasonMemory || b.Ended() != StopReasonNone {
		t.Errorf("the space outgrew the limit: the pass ends with %d, the run with %d", b.check(), b.Ended())
	}
}

// Want of memory ends a pass, and not the run: the next pass has what this one gives back.
func TestOutOfRoom(t *testing.T) {
	for _, c := range []struct {
		err  error
		want StopReason
	}{
		{visited.ErrFull, StopReasonIDs},
		{visited.ErrMemory, StopReasonMemory},
		{errors.New("anything else"), StopReasonMemory},
	} {
		if r := outOfRoom(c.err); r != c.want {
			t.Errorf("%v: reason %d, want %d", c.err, r, c.want)
		}
	}
}
