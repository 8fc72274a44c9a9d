package storage

import "sync"

// Memory returns a storage that lasts as long as the process. It is for tests in which actors crash
// and restart within one process. A store may be opened while it is open elsewhere.
func Memory() Storage { return &memory{values: map[string]Value{}} }

type memory struct {
	mu     sync.Mutex
	values map[string]Value // keyed by actor
}

func (m *memory) Open(actor string) (Store, error) { return &memoryStore{m, actor}, nil }

type memoryStore struct {
	*memory
	actor string
}

func (s *memoryStore) Load() (v Value, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok = s.values[s.actor]
	return v, ok, nil
}

func (s *memoryStore) Save(v Value) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values[s.actor] = v
	return nil
}

func (s *memoryStore) Close() error { return nil }
