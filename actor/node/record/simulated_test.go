package record

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
	"github.com/allways-go/allways/internal/longtest"
)

// token is passed around by stations, which count and save how often they have had it.
type station struct{ Next actor.ID }

type tokens struct{ Had, Seen int }

func (s station) Start(c *actor.Context[int], st *tokens) {
	if c.Self() == 0 {
		c.Send(s.Next, 1)
	}
}

func (s station) Restart(c *actor.Context[int], st *tokens) {
	st.Had, _ = actor.Load[int](c)
}

func (s station) Receive(c *actor.Context[int], st *tokens, from actor.ID, m int) {
	st.Had, st.Seen = st.Had+1, m
	c.Save(st.Had)
	c.Send(s.Next, m+1)
}

// stations returns a ring in which the token is never seen with a larger number behind than before.
func stations(n int, config actor.Config) *actor.System[int] {
	sys := actor.NewSystem[int](config)
	var all []actor.Ref[tokens]
	for i := range n {
		all = append(all, actor.Spawn(sys, fmt.Sprint("station-", i), station{actor.ID((i + 1) % n)}))
	}
	sys.Always("numbers grow", func(s *actor.State[int]) bool {
		for i := 1; i < n; i++ {
			if a, b := all[i-1].In(s), all[i].In(s); !all[i-1].Down(s) && !all[i].Down(s) &&
				a.Seen != 0 && b.Seen > a.Seen+1 {
				return false
			}
		}
		return true
	})
	sys.Always("the last one counts", func(s *actor.State[int]) bool { return all[n-1].In(s).Had >= 0 })
	return sys
}

// simulation runs a system event by event and records it, as a node does.
type simulation struct {
	p       *program.Program
	dir     string
	limits  Limits
	lives   []*program.Live
	writers []*Writer
	clocks  [][]uint64
	saved   []*program.Stable
	flight  []flying
	now     int64
	steps   int
}

type flying struct {
	program.Sent
	clock []uint64
}

func newSimulation(t testing.TB, sys actor.Program, dir string, limits Limits) *simulation {
	p, err := program.Of(sys)
	check(t, err)
	s := &simulation{p: p, dir: dir, limits: limits}
	n := p.Len()
	s.lives, s.writers, s.clocks = make([]*program.Live, n), make([]*Writer, n), make([][]uint64, n)
	s.saved = make([]*program.Stable, n)
	for id := range n {
		s.boot(t, id, false)
	}
	return s
}

func check(t testing.TB, err error) {
	if err != nil {
		t.Helper()
		t.Fatal(err)
	}
}

// boot starts an actor, or restarts it.
func (s *simulation) boot(t testing.TB, id int, again bool) {
	live, err := s.p.Live(actor.ID(id))
	check(t, err)
	w, err := Open(s.dir, s.p, actor.ID(id))
	check(t, err)
	w.Limit(s.limits)
	s.lives[id], s.writers[id], s.clocks[id] = live, w, w.Clock()
	if !again {
		fx, err := live.Start()
		check(t, err)
		s.handled(t, id, Entry{Kind: actor.Start.String()}, nil, fx)
		return
	}
	e := Entry{Kind: actor.Restart.String()}
	if s.saved[id] != nil {
		e.Stored = Digest(s.saved[id].Content)
	}
	fx, err := live.Restart(s.saved[id])
	check(t, err)
	s.handled(t, id, e, nil, fx)
}

// handled records an event, and puts what was sent in flight.
func (s *simulation) handled(t testing.TB, id int, e Entry, seen []uint64, fx *program.Effects) {
	clock := slices.Clone(s.clocks[id])
	for i, x := range seen {
		clock[i] = max(clock[i], x)
	}
	clock[id]++
	s.clocks[id] = clock
	s.now++
	s.steps++
	if fx.Stored != nil {
		stored := *fx.Stored
		s.saved[id], e.Saved = &stored, Digest(stored.Content)
	}
	e.Time, e.Actor, e.Clock, e.Digest, e.Text = s.now, actor.ID(id), clock, hex(s.lives[id].Digest()), "step"
	check(t, s.writers[id].Add(e))
	check(t, s.writers[id].Flush())
	if s.writers[id].Full() {
		check(t, s.writers[id].Next(Snapshot{clock, s.lives[id].Snapshot()}))
	}
	for _, x := range fx.Sends {
		s.flight = append(s.flight, flying{x, clock})
	}
}

// deliver delivers a message in flight.
func (s *simulation) deliver(t testing.TB, i int) {
	m := s.flight[i]
	s.flight = slices.Delete(s.flight, i, i+1)
	fx, err := s.lives[m.To].Receive(m.From, m.Content)
	check(t, err)
	s.handled(t, int(m.To), Entry{
		Kind: actor.Deliver.String(), From: m.From, Sent: m.clock[m.From], Msg: []byte(m.Content),
	}, m.clock, fx)
}

func (s *simulation) close(t testing.TB) {
	for _, w := range s.writers {
		check(t, w.Close())
	}
}

// A run with restarts is validated alike from files and from memory, whether or not its files are rotated; what
// was deleted is said, and what is known is judged.
func TestSimulated(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp("", "record")
		check(t, err)
		defer os.RemoveAll(dir)
		sys := stations(3, actor.Config{Crashes: true, MaxCrashes: 1})
		limits := Limits{FileBytes: rapid.SampledFrom([]int64{500, 2000, 1 << 20}).Draw(rt, "bytes"),
			Files: rapid.IntRange(2, 6).Draw(rt, "files")}
		s := newSimulation(t, sys, dir, limits)
		for range rapid.IntRange(0, 60).Draw(rt, "steps") {
			if id := rapid.IntRange(0, 19).Draw(rt, "crash"); id < 3 {
				check(t, s.writers[id].Close())
				s.boot(t, id, true)
				continue
			}
			s.deliver(t, rapid.IntRange(0, len(s.flight)-1).Draw(rt, "message"))
		}
		s.close(t)
		r, err := ValidateDir(sys, dir)
		if err != nil || !r.Conforms() {
			rt.Fatalf("%v, %v", r, err)
		}
		all, err := ReadDir(dir)
		check(t, err)
		steps, whole := 0, true
		for _, x := range all {
			steps += len(x.Entries)
			whole = whole && x.Header.Snapshot == nil
		}
		if r.Steps != steps || whole && (steps != s.steps || len(r.Held) != 2) {
			rt.Fatalf("%d steps in files, %d of %d followed: %v", steps, r.Steps, s.steps, r)
		}
		if m, err := Validate(sys, all); err != nil || m.String() != r.String() {
			rt.Fatalf("in memory %v, %v; from files %v", m, err, r)
		}
	})
}

// TestLongReplay replays many steps, in a time in proportion to them and in little memory.
func TestLongReplay(t *testing.T) {
	dir, sys := t.TempDir(), stations(3, actor.Config{})
	s := newSimulation(t, sys, dir, Limits{FileBytes: 1 << 20, Files: 1 << 20})
	steps := longtest.Size(10_000, 400_000)
	for range steps {
		s.deliver(t, rand.IntN(len(s.flight)))
	}
	s.close(t)
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	r, err := ValidateDir(sys, dir)
	if err != nil || !r.Conforms() || r.Steps != steps+3 {
		t.Fatalf("%v, %v", r, err)
	}
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	files, _ := filepath.Glob(dir + "/*" + suffix)
	t.Logf("%d steps in %d files replayed in %v; heap of %d KiB from the system, %d KiB before", steps, len(files),
		took, after.HeapSys>>10, before.HeapSys>>10)
}
