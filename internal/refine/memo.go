package refine

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
)

// memo keeps answers about contents. When it has grown to its bound it forgets all of them, and begins anew: the
// answers can be had again. The zero value is empty, and its bound is to be set. It is safe for concurrent use.
type memo struct {
	size, bound atomic.Int64 // bytes
	shards      [64]shard
}

type shard struct {
	sync.RWMutex
	known map[string]bool
	bytes int64
}

// The most bytes that the pairs of one abstraction take, and roughly what an entry takes beside its key.
const (
	maxPairs   = 64 << 20
	entryBytes = 64
)

var seed = maphash.MakeSeed()

func (m *memo) shard(key []byte) *shard {
	return &m.shards[maphash.Bytes(seed, key)%uint64(len(m.shards))]
}

// get returns the answer for a key, if it is known.
func (m *memo) get(key []byte) (answer, known bool) {
	s := m.shard(key)
	s.RLock()
	defer s.RUnlock()
	answer, known = s.known[string(key)]
	return answer, known
}

// put keeps an answer.
func (m *memo) put(key []byte, answer bool) {
	bytes := int64(len(key) + entryBytes)
	switch bound := m.bound.Load(); {
	case bytes > bound:
		return
	case m.size.Load()+bytes > bound:
		m.forget()
	}
	s := m.shard(key)
	s.Lock()
	defer s.Unlock()
	if _, known := s.known[string(key)]; known {
		return
	}
	if s.known == nil {
		s.known = map[string]bool{}
	}
	s.known[string(key)] = answer
	s.bytes += bytes
	m.size.Add(bytes)
}

func (m *memo) forget() {
	for i := range m.shards {
		s := &m.shards[i]
		s.Lock()
		m.size.Add(-s.bytes)
		s.known, s.bytes = nil, 0
		s.Unlock()
	}
}
