package walks_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/graphtest"
	"github.com/allways-go/allways/internal/random"
	"github.com/allways-go/allways/internal/walks"
)

// uniform picks any candidate.
type uniform struct{ r *random.Rand }

func (u uniform) Pick(_ []uint32, _ engine.Worker, candidates []int) (int, error) {
	return u.r.IntN(len(candidates)), nil
}

// walked is what a simulation must find.
type walked struct {
	walks, generated, distinct int64
	depth                      int
	boundary                   bool
	enabled, taken, fresh      [3]int64
	first                      map[int][]int // nodes of the trail to the first finding, by property
	loop                       map[int]int
	misbehaviour               []int
}

// walk makes one walk after the other, until enough properties are found.
func walk(g *graphtest.Space, seed uint64, walks int64, maxDepth, enough int) *walked {
	f := &walked{first: map[int][]int{}, loop: map[int]int{}}
	seen := map[int]bool{}
	for ; f.walks < walks && (enough == 0 || len(f.first) < enough); f.walks++ {
		walkOnce(g, random.New(seed, uint64(f.walks)), maxDepth, f, seen)
	}
	f.distinct = int64(len(seen))
	return f
}

// walkingOnce is a walk under way.
type walkingOnce struct {
	*graphtest.Space
	*walked
	seen  map[int]bool
	nodes []int
	owes  bool // Eventually is not satisfied yet
}

func walkOnce(g *graphtest.Space, r *random.Rand, maxDepth int, f *walked, seen map[int]bool) {
	var inits []int
	for _, n := range g.Inits {
		if !g.Outside[n] {
			inits = append(inits, n)
		}
	}
	w := &walkingOnce{Space: g, walked: f, seen: seen, owes: true}
	for goOn := w.enter(inits[r.IntN(len(inits))], -1); goOn && len(w.nodes) < maxDepth; {
		goOn = w.step(r)
	}
}

func (w *walkingOnce) decide(property, loop int) {
	if _, ok := w.first[property]; !ok {
		w.first[property], w.loop[property] = slices.Clone(w.nodes), loop
	}
}

func (w *walkingOnce) enter(n, act int) (goOn bool) {
	if at := slices.Index(w.nodes, n); at >= 0 && w.owes && !w.Good[n] {
		w.decide(graphtest.Eventually, at)
		return false
	}
	w.nodes = append(w.nodes, n)
	w.generated++
	w.depth = max(w.depth, len(w.nodes))
	if act >= 0 {
		w.taken[graphtest.NameOf(act)]++
	}
	if !w.seen[n] {
		w.seen[n] = true
		if act >= 0 {
			w.fresh[graphtest.NameOf(act)]++
		}
	}
	if w.Bad[n] {
		w.decide(graphtest.Always, -1)
	}
	if w.Good[n] {
		w.decide(graphtest.Sometimes, -1)
		w.owes = false
	}
	return true
}

func (w *walkingOnce) step(r *random.Rand) (goOn bool) {
	n := w.nodes[len(w.nodes)-1]
	if w.Panics[n] {
		if w.misbehaviour == nil {
			w.misbehaviour = slices.Clone(w.nodes)
		}
		return false
	}
	var left []int
	for act := range w.Edges[n] {
		left = append(left, act)
		w.enabled[graphtest.NameOf(act)]++
	}
	outside := false
	for len(left) > 0 {
		k := r.IntN(len(left))
		act := left[k]
		to := w.Edges[n][act]
		if to >= 0 && !w.Space.Outside[to] {
			if w.Forbidden[graphtest.Arc{From: n, To: to}] {
				w.decide(graphtest.Step, -1)
			}
			return w.enter(to, act)
		}
		outside = outside || to >= 0
		left = slices.Delete(left, k, k+1)
	}
	w.boundary = w.boundary || outside
	if !outside {
		if !w.Good[n] {
			w.decide(graphtest.Deadlock, -1)
		}
		if w.owes {
			w.decide(graphtest.Eventually, -1)
		}
	}
	return false
}

// A simulation is its walks one after the other, whatever the number of workers: the same counts,
// the same findings, the same trails, and no walk after the one that was asked to be the last.
func TestSimulateIsSequential(t *testing.T) {
	graphtest.Each(t, 1200, 10, func(t *testing.T, g *graphtest.Space, r *rand.Rand) {
		for i := range g.Panics {
			g.Panics[i] = r.IntN(30) == 0
		}
		seed, depth, enough := r.Uint64(), 1+r.IntN(20), r.IntN(4)
		want := walk(g, seed, 40, depth, enough)
		for workers := 1; workers <= 3; workers++ {
			visited := map[int]int{}
			cfg := &walks.WalkConfig{
				Config: engine.Config{
					Workers: workers, Want: graphtest.WantStates, Steps: graphtest.WantSteps,
					Budget: graphtest.Budget(t, g, engine.Limits{MaxDepth: depth}),
					Stop:   func(m engine.Mask, _ *engine.Misbehaviour) bool { return enough > 0 && maskLen(m) >= enough },
					Visit:  func(v *engine.Visit) { visited[g.Node(v.State)]++ },
				},
				Eventually: 1 << graphtest.Eventually, Seed: seed, Walks: 40,
				NewSchedule: func(_ engine.Worker, r *random.Rand, _ int) walks.Schedule { return uniform{r} },
			}
			out, err := walks.Simulate(g, cfg)
			if err != nil {
				t.Fatal(err)
			}
			compareWalks(t, fmt.Sprintf("workers=%d", workers), g, out, want)
			if int64(len(visited)) != want.distinct {
				t.Errorf("workers=%d: %d nodes visited, want %d", workers, len(visited), want.distinct)
			}
		}
	})
}

// pickFirst is a schedule of the first actions.
func pickFirst(engine.Worker, *random.Rand, int) walks.Schedule { return graphtest.First{} }

func maskLen(m engine.Mask) (n int) {
	for i := range graphtest.Count {
		if m.Has(i) {
			n++
		}
	}
	return n
}

func compareWalks(t *testing.T, name string, g *graphtest.Space, out *walks.WalkOutcome, want *walked) {
	t.Helper()
	got := &walked{
		walks: out.Walks, generated: out.Generated, distinct: out.Distinct, depth: out.Depth, boundary: out.Bounded,
		enabled: [3]int64(out.Enabled), taken: [3]int64(out.Taken), fresh: [3]int64(out.NewByName),
		first: map[int][]int{}, loop: map[int]int{},
	}
	for i, d := range out.Discoveries {
		got.first[i], got.loop[i] = g.Nodes(d.Trail), d.Trail.Loop
		if flaw := g.Flaw(d.Trail, i); flaw != "" {
			t.Errorf("%s: property %d: %v, back to %d: %s", name, i, g.Nodes(d.Trail), d.Trail.Loop, flaw)
		}
	}
	if out.Misbehaviour != nil {
		got.misbehaviour = g.Nodes(out.Misbehaviour.Trail)
	}
	if a, b := fmt.Sprintf("%+v", *got), fmt.Sprintf("%+v", *want); a != b {
		t.Errorf("%s: got\n%s, want\n%s", name, a, b)
	}
}

// Without a limit of walks, a limit of states or generated states ends a simulation; without any
// depth, walks end by themselves.
func TestWalkLimits(t *testing.T) {
	ring := graphtest.New([]int{0}, []int{1}, []int{2}, []int{0})
	for _, c := range []struct {
		limits engine.Limits
		want   engine.StopReason
		depth  int
	}{
		{engine.Limits{MaxGenerated: 5000}, engine.StopReasonGenerated, walks.DefaultWalkDepth},
		{engine.Limits{MaxStates: 3}, engine.StopReasonStates, walks.DefaultWalkDepth},
		{engine.Limits{MaxGenerated: 50, MaxDepth: 7}, engine.StopReasonGenerated, 7},
	} {
		for workers := 1; workers <= 3; workers++ {
			b := graphtest.Budget(t, ring, c.limits)
			out, err := walks.Simulate(ring, &walks.WalkConfig{
				Config: engine.Config{Workers: workers, Budget: b}, NewSchedule: pickFirst,
			})
			if err != nil {
				t.Fatal(err)
			}
			if out.StopReason != c.want || out.Depth != c.depth || out.Generated != out.Walks*int64(c.depth) ||
				out.Distinct != 3 {
				t.Errorf("%+v, workers=%d: %+v", c, workers, out.Outcome.StopReason)
			}
		}
	}
}
