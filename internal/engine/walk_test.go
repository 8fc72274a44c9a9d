package engine

import (
	"fmt"
	"github.com/allways-go/allways/internal/random"
	"math/rand/v2"
	"slices"
	"testing"
)

// uniform picks any candidate.
type uniform struct{ r *random.Rand }

func (u uniform) Pick(_ []uint32, _ Worker, candidates []int) (int, error) {
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
func (g *graphSpace) walk(seed uint64, walks int64, maxDepth, enough int) *walked {
	f := &walked{first: map[int][]int{}, loop: map[int]int{}}
	seen := map[int]bool{}
	for ; f.walks < walks && (enough == 0 || len(f.first) < enough); f.walks++ {
		g.walkOnce(random.New(seed, uint64(f.walks)), maxDepth, f, seen)
	}
	f.distinct = int64(len(seen))
	return f
}

// walkingOnce is a walk under way.
type walkingOnce struct {
	*graphSpace
	*walked
	seen  map[int]bool
	nodes []int
	owes  bool // propEventually is not satisfied yet
}

func (g *graphSpace) walkOnce(r *random.Rand, maxDepth int, f *walked, seen map[int]bool) {
	var inits []int
	for _, n := range g.inits {
		if !g.outside[n] {
			inits = append(inits, n)
		}
	}
	w := &walkingOnce{graphSpace: g, walked: f, seen: seen, owes: true}
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
	if at := slices.Index(w.nodes, n); at >= 0 && w.owes && !w.good[n] {
		w.decide(propEventually, at)
		return false
	}
	w.nodes = append(w.nodes, n)
	w.generated++
	w.depth = max(w.depth, len(w.nodes))
	if act >= 0 {
		w.taken[nameOf(act)]++
	}
	if !w.seen[n] {
		w.seen[n] = true
		if act >= 0 {
			w.fresh[nameOf(act)]++
		}
	}
	if w.bad[n] {
		w.decide(propAlways, -1)
	}
	if w.good[n] {
		w.decide(propSometimes, -1)
		w.owes = false
	}
	return true
}

func (w *walkingOnce) step(r *random.Rand) (goOn bool) {
	n := w.nodes[len(w.nodes)-1]
	if w.panics[n] {
		if w.misbehaviour == nil {
			w.misbehaviour = slices.Clone(w.nodes)
		}
		return false
	}
	var left []int
	for act := range w.edges[n] {
		left = append(left, act)
		w.enabled[nameOf(act)]++
	}
	outside := false
	for len(left) > 0 {
		k := r.IntN(len(left))
		act := left[k]
		to := w.edges[n][act]
		if to >= 0 && !w.graphSpace.outside[to] {
			if _, ok := w.forbidden[arc{n, to}]; ok {
				w.decide(propStep, -1)
			}
			return w.enter(to, act)
		}
		outside = outside || to >= 0
		left = slices.Delete(left, k, k+1)
	}
	w.boundary = w.boundary || outside
	if !outside {
		if !w.good[n] {
			w.decide(propDeadlock, -1)
		}
		if w.owes {
			w.decide(propEventually, -1)
		}
	}
	return false
}

// A simulation is its walks one after the other, whatever the number of workers: the same counts,
// the same findings, the same trails, and no walk after the one that was asked to be the last.
func TestSimulateIsSequential(t *testing.T) {
	eachGraph(t, 1200, 10, func(t *testing.T, g *graphSpace, r *rand.Rand) {
		for i := range g.panics {
			g.panics[i] = r.IntN(30) == 0
		}
		seed, depth, enough := r.Uint64(), 1+r.IntN(20), r.IntN(4)
		want := g.walk(seed, 40, depth, enough)
		for workers := 1; workers <= 3; workers++ {
			visited := map[int]int{}
			cfg := &WalkConfig{
				Config: Config{
					Workers: workers, Want: wantStates, Steps: wantSteps, Budget: budget(t, g, Limits{MaxDepth: depth}),
					Stop:  func(m Mask, _ *Misbehaviour) bool { return enough > 0 && maskLen(m) >= enough },
					Visit: func(v *Visit) { visited[g.node(v.State)]++ },
				},
				Eventually: 1 << propEventually, Seed: seed, Walks: 40,
				NewSchedule: func(_ Worker, r *random.Rand, _ int) Schedule { return uniform{r} },
			}
			out, err := Simulate(g, cfg)
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

func maskLen(m Mask) (n int) {
	for i := range propCount {
		if m.Has(i) {
			n++
		}
	}
	return n
}

func compareWalks(t *testing.T, name string, g *graphSpace, out *WalkOutcome, want *walked) {
	t.Helper()
	got := &walked{
		walks: out.Walks, generated: out.Generated, distinct: out.Distinct, depth: out.Depth, boundary: out.Bounded,
		enabled: [3]int64(out.Enabled), taken: [3]int64(out.Taken), fresh: [3]int64(out.NewByName),
		first: map[int][]int{}, loop: map[int]int{},
	}
	for i, d := range out.Discoveries {
		got.first[i], got.loop[i] = g.nodes(d.Trail), d.Trail.Loop
		if flaw := g.flaw(d.Trail, i); flaw != "" {
			t.Errorf("%s: property %d: %v, back to %d: %s", name, i, g.nodes(d.Trail), d.Trail.Loop, flaw)
		}
	}
	if out.Misbehaviour != nil {
		got.misbehaviour = g.nodes(out.Misbehaviour.Trail)
	}
	if a, b := fmt.Sprintf("%+v", *got), fmt.Sprintf("%+v", *want); a != b {
		t.Errorf("%s: got\n%s, want\n%s", name, a, b)
	}
}

// Without a limit of walks, a limit of states or generated states ends a simulation; without any
// depth, walks end by themselves.
func TestWalkLimits(t *testing.T) {
	ring := newGraphSpace([]int{0}, []int{1}, []int{2}, []int{0})
	for _, c := range []struct {
		limits Limits
		want   StopReason
		depth  int
	}{
		{Limits{MaxGenerated: 5000}, StopReasonGenerated, DefaultWalkDepth},
		{Limits{MaxStates: 3}, StopReasonStates, DefaultWalkDepth},
		{Limits{MaxGenerated: 50, MaxDepth: 7}, StopReasonGenerated, 7},
	} {
		for workers := 1; workers <= 3; workers++ {
			out, err := Simulate(ring, &WalkConfig{Config: Config{Workers: workers, Budget: budget(t, ring, c.limits)},
				NewSchedule: pickFirst})
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
