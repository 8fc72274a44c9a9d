package paths

import (
	"hash/maphash"
	"sync"
)

// maxKnown bounds the states that are remembered.
const maxKnown = 1 << 18

// Known remembers states by a hash of their content, so that pages can mark where a step leads back.
// It is a hint for people and decides nothing. It is safe for concurrent use.
type Known struct {
	mu     sync.Mutex
	states map[uint64]bool
}

// NewKnown returns a memory that is empty.
func NewKnown() *Known { return &Known{states: map[uint64]bool{}} }

var seed = maphash.MakeSeed()

// hash returns a short name for the content of a state, the same until the program ends.
func hash(tree []byte) uint64 { return maphash.Bytes(seed, tree) }

// Visit remembers a state.
func (k *Known) Visit(tree []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.states) < maxKnown {
		k.states[hash(tree)] = true
	}
}

// Visited reports whether a state is remembered.
func (k *Known) Visited(tree []byte) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.states[hash(tree)]
}
