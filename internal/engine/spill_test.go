package engine_test

import (
	"errors"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"os"
	"reflect"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/allways-go/allways/internal/beyond"
	"github.com/allways-go/allways/internal/diskrun"
	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/graphtest"
)

// A breadth-first search that goes on on disk, from wherever on, is the sequential one: the same counts, the same
// states in the same order, and the same trails, for any number of workers and partitions. It leaves no file and holds
// no memory.
func TestSpilledSearchIsSequential(t *testing.T) {
	graphtest.Each(t, 300, 40, func(t *testing.T, g *graphtest.Space, r *rand.Rand) {
		depth := graphtest.RandomDepth(r)
		want := g.Search(depth)
		for workers := 1; workers <= 3; workers++ {
			place := beyond.Place{Dir: t.TempDir(), Partitions: 1 + r.IntN(5), Most: 1 + r.IntN(1+r.IntN(40))}
			name := fmt.Sprintf("workers=%d/partitions=%d/most=%d", workers, place.Partitions, place.Most)
			cfg := engine.Config{
				Workers: workers, Want: graphtest.WantStates, Steps: graphtest.WantSteps, Spill: place,
				Budget: graphtest.Budget(t, g, engine.Limits{MaxDepth: depth, Seed: r.Uint64()}),
			}
			checkSequential(t, name, g, &cfg, want)
			if left, err := os.ReadDir(place.Dir); err != nil || len(left) > 0 {
				t.Errorf("%s: files are left: %v, %v", name, left, err)
			}
			if size := cfg.Budget.Memory(); size != g.Memory() {
				t.Errorf("%s: %d bytes are still held", name, size)
			}
		}
	})
}

// What decides that a search may stop, and what a model does wrong, is the same as in memory, and so is the level at
// whose end the search stops.
func TestSpilledSearchStopsAsInMemory(t *testing.T) {
	graphtest.Each(t, 300, 30, func(t *testing.T, g *graphtest.Space, r *rand.Rand) {
		for range r.IntN(4) {
			g.Panics[r.IntN(len(g.Edges))] = true
		}
		enough, tolerant := r.IntN(4), r.IntN(2) == 0
		search := func(workers int, place beyond.Place) *engine.Outcome {
			out, err := engine.BreadthFirst(g, &engine.Config{
				Workers: workers, Want: graphtest.WantStates, Steps: graphtest.WantSteps, Spill: place,
				Budget: graphtest.Budget(t, g, engine.Limits{}),
				Stop: func(decided engine.Mask, m *engine.Misbehaviour) bool {
					return enough > 0 && bits.OnesCount64(uint64(decided)) >= enough || m != nil && !tolerant
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		want := search(1, beyond.Place{})
		for workers := 1; workers <= 3; workers++ {
			got := search(workers, beyond.Place{Dir: t.TempDir(), Partitions: 1 + r.IntN(3), Most: 1 + r.IntN(30)})
			got.PeakMemory, got.Written, got.Read = want.PeakMemory, 0, 0
			if !reflect.DeepEqual(got, want) {
				t.Errorf("workers=%d: %+v, want %+v", workers, got, want)
			}
		}
	})
}

// full is a file system without room after a number of bytes.
type full struct {
	diskrun.OS
	left *atomic.Int64
}

func (f full) Create(name string) (diskrun.File, error) {
	file, err := f.OS.Create(name)
	return fullFile{file, f.left}, err
}

type fullFile struct {
	diskrun.File
	left *atomic.Int64
}

func (f fullFile) Write(b []byte) (int, error) {
	if f.left.Add(-int64(len(b))) < 0 {
		return 0, syscall.ENOSPC
	}
	return f.File.Write(b)
}

// A disk that is full is an error and no result, and leaves nothing behind.
func TestSpilledSearchOnAFullDisk(t *testing.T) {
	g := graphtest.Mesh(12, 50)
	for i := range g.Bad {
		g.Bad[i], g.Good[i] = i%7 == 3, true
	}
	for room := int64(0); ; room += 3000 {
		left := &atomic.Int64{}
		left.Store(room)
		place := beyond.Place{Dir: t.TempDir(), Partitions: 2, Most: 20, FS: full{left: left}}
		b := graphtest.Budget(t, g, engine.Limits{})
		out, err := engine.BreadthFirst(g, &engine.Config{
			Workers: 2, Spill: place, Budget: b, Want: graphtest.WantStates, Steps: graphtest.WantSteps,
		})
		if files, _ := os.ReadDir(place.Dir); len(files) > 0 || b.Memory() != g.Memory() {
			t.Fatalf("room %d: %d files and %d bytes are left", room, len(files), b.Memory())
		}
		if err == nil {
			if out.StopReason != engine.StopReasonNone || room == 0 {
				t.Errorf("room %d: stop reason %d", room, out.StopReason)
			}
			return
		}
		if out != nil || !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("room %d: %v, %v", room, out, err)
		}
	}
}

// Wherever a search is ended from outside or by a limit, it says so, and what it has found is true.
func TestSpilledSearchIsEnded(t *testing.T) {
	graphtest.Each(t, 0, 60, func(t *testing.T, g *graphtest.Space, r *rand.Rand) {
		want := g.Search(0)
		limit := 1 + r.Int64N(want.Generated)
		limits := []engine.Limits{{}, {MaxGenerated: limit}, {MaxStates: min(limit, want.Distinct)}}[r.IntN(3)]
		b := graphtest.Budget(t, g, limits)
		cfg := engine.Config{
			Workers: 2, Want: graphtest.WantStates, Steps: graphtest.WantSteps, Budget: b,
			Spill: beyond.Place{Dir: t.TempDir(), Partitions: 2, Most: 1 + r.IntN(200)},
		}
		cfg.Stop = func(engine.Mask, *engine.Misbehaviour) bool {
			if limits == (engine.Limits{}) && b.Generated.Load() > limit {
				b.End(engine.StopReasonCanceled)
			}
			return false
		}
		out, err := engine.BreadthFirst(g, &cfg)
		if err != nil {
			t.Fatal(err)
		}
		if out.StopReason == engine.StopReasonNone && out.Distinct != want.Distinct {
			t.Errorf("stop reason %d after %d states of %d", out.StopReason, out.Distinct, want.Distinct)
		}
		for i, d := range out.Discoveries {
			if want.First[i] == nil || d.Trail != nil && g.Flaw(d.Trail, i) != "" {
				t.Errorf("property %d: %v", i, d.Trail)
			}
		}
	})
}
