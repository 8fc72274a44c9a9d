package engine

import "testing"

// tree is a space of the numbers below its size, each with two children; the last number violates
// property 0.
type tree struct{ size uint32 }

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

// The edges that a repeated search keeps are counted.
func TestKeptEdgesAreCounted(t *testing.T) {
	const size = 1 << 16
	cfg := &Config{Fingerprints: true, Budget: NewBudget(t.Context(), &tree{size}, Limits{}), Repeat: true}
	store, err := newFingerprintStore(1, cfg.Budget)
	if err != nil {
		t.Fatal(err)
	}
	task := &retrace{store: store, bytes: &tally{}}
	s := newBFS(&tree{size}, cfg, store, task)
	defer s.close()
	s.run()
	if want := int64(8 * (size - 1)); task.bytes.Size() != want {
		t.Errorf("%d bytes of edges, want %d", task.bytes.Size(), want)
	}
}

// A repeated search that finds no room for its edges gives up the trail, and not the finding.
func TestKeptEdgesFitTheLimit(t *testing.T) {
	const size = 1 << 18
	budget := NewBudget(t.Context(), &tree{size}, Limits{})
	defer budget.Close()
	repeated := 0
	out, err := BreadthFirst(&tree{size}, &Config{Workers: 1, Fingerprints: true, Want: 1, Budget: budget,
		Retrace: func() { repeated++ }})
	if err != nil || repeated != 1 || out.Discoveries[0].Trail == nil || len(out.Discoveries[0].Trail.States) != 18 ||
		len(budget.tables.load()) != 0 {
		t.Fatalf("%d times, %v, %+v", repeated, err, out.Discoveries[0])
	}
	limited := NewBudget(t.Context(), &tree{size}, Limits{MaxMemory: out.PeakMemory - 8*(size-1)/2})
	defer limited.Close()
	out, err = BreadthFirst(&tree{size}, &Config{Workers: 1, Fingerprints: true, Want: 1, Budget: limited})
	if err != nil || out.Discoveries[0] == nil || out.Discoveries[0].Trail != nil {
		t.Errorf("%+v, %v", out.Discoveries[0], err)
	}
}
