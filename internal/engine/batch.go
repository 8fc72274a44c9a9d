package engine

import "github.com/allways-go/allways/internal/visited"

// Batch collects states that are looked up together, so that their cache misses overlap. Make one
// with [NewBatch].
//
// States stand back to back in one slice. A Space writes a successor straight to its place there,
// by Slot and Commit; nothing is copied and, once the batch has its size, nothing is allocated.
type Batch struct {
	words  int
	n      int
	vecs   []uint32
	slot   []uint32 // place of the next state in vecs
	hashes []uint64 // one for each state
	edges  []edge   // the step that led to each state
	src    uint32   // rank of the source of the states committed next

	recent *visited.Recent // filters out repetitions; nil for no filter
	known  int             // number of repetitions filtered out
	seed   uint64          // seed of hashes; zero if they do not matter
}

// edge is a step.
type edge struct {
	src   uint32 // rank of the source state in its level
	act   uint32 // index of the action in the source state
	steps Mask   // step properties that the step violates
	name  uint16 // name of the action
}

// NewBatch returns an empty batch of states of the given width.
func NewBatch(words int) *Batch {
	b := &Batch{words: words}
	b.aim()
	return b
}

// newBatch returns an empty batch of states that are to be inserted in tables of the run.
func newBatch(words int, budget *Budget) *Batch {
	b := NewBatch(words)
	b.seed = budget.seed
	return b
}

// Len returns the number of states.
func (b *Batch) Len() int { return b.n }

// Reset empties the batch.
func (b *Batch) Reset() {
	b.n, b.known = 0, 0
	b.aim()
}

// Slot returns the place of the next state, to be filled before Commit. Without a Commit it is used
// again.
func (b *Batch) Slot() []uint32 { return b.slot }

// aim sets slot to the place after the last state.
func (b *Batch) aim() {
	if b.n == len(b.edges) {
		n := max(2*b.n, 64)
		b.vecs = append(b.vecs, make([]uint32, n*b.words-len(b.vecs))...)
		b.hashes = append(b.hashes, make([]uint64, n-b.n)...)
		b.edges = append(b.edges, make([]edge, n-b.n)...)
	}
	lo := b.n * b.words
	b.slot = b.vecs[lo : lo+b.words : lo+b.words]
}

// Commit adds the state that was written to Slot. act is the index of the action that led to it,
// name the number of the action's name, and steps the step properties that the step violates. A
// state with violations is never filtered out, even as a repetition: another step to the same state
// may have been harmless.
func (b *Batch) Commit(act int, name uint16, steps Mask) {
	h := visited.Seeded(b.slot, b.seed)
	if b.recent != nil && b.recent.Met(h, b.slot) && steps == 0 {
		b.known++
		return
	}
	b.hashes[b.n] = h
	b.edges[b.n] = edge{src: b.src, act: uint32(act), steps: steps, name: name}
	b.n++
	b.aim()
}

// take adds the i-th state of another batch, without its step.
func (b *Batch) take(from *Batch, i int) {
	visited.Copy(b.slot, from.Vector(i))
	b.hashes[b.n] = from.hashes[i]
	b.n++
	b.aim()
}

// Vector returns the i-th state.
func (b *Batch) Vector(i int) []uint32 { return b.vecs[i*b.words : (i+1)*b.words : (i+1)*b.words] }

// Steps returns the step properties that the step to the i-th state violates.
func (b *Batch) Steps(i int) Mask { return b.edges[i].steps }

// Act returns the index of the i-th state's action.
func (b *Batch) Act(i int) int { return int(b.edges[i].act) }
