package explore

import (
	"hash/maphash"
	"sync"
)

// maxKnown bounds the states that are remembered.
const maxKnown = 1 << 18

// known remembers the states that were shown, by a hash of their content, so that pages can mark
// where a step leads back. It is a hint for people and decides nothing.
type known struct {
	seed maphash.Seed

	mu     sync.Mutex
	states map[uint64]string // shortest path by which the state was shown
}

func newKnown() *known { return &known{seed: maphash.MakeSeed(), states: map[uint64]string{}} }

// id returns a short name for the content of a state, the same until the server ends.
func (k *known) id(tree []byte) uint64 { return maphash.Bytes(k.seed, tree) }

// visit remembers that a path led to a state.
func (k *known) visit(tree []byte, path string) {
	id := k.id(tree)
	k.mu.Lock()
	defer k.mu.Unlock()
	was, ok := k.states[id]
	if !ok && len(k.states) < maxKnown || ok && len(path) < len(was) {
		k.states[id] = path
	}
}

// visited reports whether a state was shown.
func (k *known) visited(tree []byte) bool {
	id := k.id(tree)
	k.mu.Lock()
	defer k.mu.Unlock()
	_, ok := k.states[id]
	return ok
}
