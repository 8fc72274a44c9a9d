package engine

import (
	"sync/atomic"
	"testing"

	"github.com/allways-go/allways/internal/ranks"
)

// tree is a space of the numbers below its size, each with two children; the last number violates
// property 0.
type tree struct {
	size     uint32
	expanded atomic.Int64 // expansions
}

func (t *tree) Words() int        { return 1 }
func (t *tree) Memory() int64     { return 0 }
func (t *tree) NewWorker() Worker { return &treeWorker{tree: t} }

type treeWorker struct {
	*tree
	Worker // single steps are not taken
}

func (w *treeWorker) Call() uint64 { return 0 }

func (w *treeWorker) Init(out *Batch) error {
	out.Slot()[0] = 1
	out.Commit(0, NoName, 0)
	return nil
}

func (w *treeWorker) Expand(state []uint32, _ ExpandOptions, out *Batch) (Expansion, error) {
	w.expanded.Add(1)
	for act := range uint32(2) {
		if child := 2*state[0] + act; child < w.size {
			out.Slot()[0] = child
			out.Commit(int(act), 0, 0)
		}
	}
	return Expansion{}, nil
}

func (w *treeWorker) Eval(state []uint32, want Mask, _ bool) (Mask, error) {
	if state[0] == w.size-1 {
		return want & 1, nil
	}
	return 0, nil
}

// What a search with fingerprints keeps for paths is counted, and takes little more than a byte for each state.
func TestLineageIsCounted(t *testing.T) {
	const size = 1 << 16
	cfg := &Config{Fingerprints: true, Budget: NewBudget(t.Context(), &tree{size: size}, Limits{})}
	store, err := newFingerprintStore(1, cfg.Budget)
	if err != nil {
		t.Fatal(err)
	}
	s := newBFS(&tree{size: size}, cfg, store, &deciding{byName: make([]int64, NoName+1)})
	defer s.close()
	s.run()
	held := int64(cap(s.lineage.scratch))
	for _, level := range s.lineage.levels {
		held += int64(cap(level.(ranks.Births))) + sliceBytes
	}
	if got := s.lineage.bytes.Size(); got != held || got > 2*size {
		t.Errorf("%d bytes for %d states, want %d", got, size-1, held)
	}
}

// A path is found without a second search, whatever the numbers of workers, and the search ends in time if there is no
// memory for one.
func TestLineageGivesPaths(t *testing.T) {
	bits := 18
	if testing.Short() {
		bits = 14
	}
	size := uint32(1) << bits
	run := func(workers int, limit int64) *Outcome {
		space, searched := &tree{size: size}, int64(0)
		budget := NewBudget(t.Context(), space, Limits{MaxMemory: limit})
		defer budget.Close()
		out, err := BreadthFirst(space, &Config{Workers: workers, Fingerprints: true, Want: 1, Budget: budget,
			Retrace: func() { searched = space.expanded.Load() }})
		if again := space.expanded.Load() - searched; searched > 0 && again > int64(bits) {
			t.Errorf("%d states are expanded again", again)
		}
		if err != nil || len(budget.tables.load()) != 0 {
			t.Fatalf("%v, %d tables are left", err, len(budget.tables.load()))
		}
		return out
	}
	for workers := 1; workers <= 3; workers++ {
		out := run(workers, 0)
		if d := out.Discoveries[0]; d == nil || d.Trail == nil || len(d.Trail.States) != bits {
			t.Fatalf("%d workers: %+v", workers, d)
		}
		for i, state := range out.Discoveries[0].Trail.States {
			if want := (size - 1) >> (bits - 1 - i); state[0] != want {
				t.Errorf("%d workers: state %d is %d, want %d", workers, i, state[0], want)
			}
		}
		for _, less := range []int64{1, int64(size) / 2, int64(size), 4 * int64(size)} {
			limited := run(workers, out.PeakMemory-less)
			if d := limited.Discoveries[0]; limited.StopReason != StopReasonMemory && (d == nil || d.Trail == nil) {
				t.Errorf("%d bytes less: %+v, %+v", less, limited, d)
			}
		}
	}
}
