package storage

import (
	"path/filepath"
	"strings"
	"sync"
)

// Storage is where the actors of a process keep what they save.
type Storage interface {
	// Open opens the storage of an actor, which nobody else may use until it is closed.
	Open(actor string) (Store, error)
}

// Store is the storage of one actor, such as a [dir].
type Store interface {
	Load() (r Value, ok bool, err error)
	Save(Value) error
	Close() error
}

// Dir keeps what is saved in a folder for each actor, below one that is given.
func Dir(path string) Storage { return folders{path, osDisk{}} }

// DirWithoutSync is like [Dir], and survives the end of the process, but not that of the machine.
func DirWithoutSync(path string) Storage { return folders{path, unsynced{}} }

type folders struct {
	path string
	disk disk
}

func (p folders) Open(actor string) (Store, error) {
	f, err := openDir(filepath.Join(p.path, folderName(actor)))
	if err != nil {
		return nil, err
	}
	f.disk = p.disk
	return f, nil
}

// folderName keeps names apart, and below their folder.
func folderName(actor string) string {
	return "actor-" + strings.NewReplacer("%", "%25", "/", "%2f", `\`, "%5c", ":", "%3a", "\x00", "%00").Replace(actor)
}

// Memory returns a place that lasts as long as it is referred to: for tests, in which actors restart within a process.
func Memory() Storage { return &memory{records: map[string]*Value{}} }

type memory struct {
	mu      sync.Mutex
	records map[string]*Value
}

func (m *memory) Open(actor string) (Store, error) { return &memoryStore{m, actor}, nil }

type memoryStore struct {
	*memory
	actor string
}

func (s *memoryStore) Load() (r Value, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.records[s.actor]; p != nil {
		return *p, true, nil
	}
	return Value{}, false, nil
}

func (s *memoryStore) Save(r Value) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records[s.actor] = &r
	return nil
}

func (s *memoryStore) Close() error { return nil }
