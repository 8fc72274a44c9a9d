package storage

import (
	"path/filepath"
	"strings"
	"sync"
)

// Place is where the actors of a process keep what they save.
type Place interface {
	// Open opens the storage of an actor, which nobody else may use until it is closed.
	Open(actor string) (Store, error)
}

// Store is the storage of one actor, such as a [Folder].
type Store interface {
	Load() (r Record, ok bool, err error)
	Store(Record) error
	Close() error
}

// Folders keeps what is saved in a folder for each actor, below one that is given.
func Folders(path string) Place { return folders{path, osDisk{}} }

// Unsynced is like [Folders], and survives the end of the process, but not that of the machine.
func Unsynced(path string) Place { return folders{path, unsynced{}} }

type folders struct {
	path string
	disk disk
}

func (p folders) Open(actor string) (Store, error) {
	f, err := Open(filepath.Join(p.path, folderName(actor)))
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
func Memory() Place { return &memory{records: map[string]*Record{}} }

type memory struct {
	mu      sync.Mutex
	records map[string]*Record
}

func (m *memory) Open(actor string) (Store, error) { return &memoryStore{m, actor}, nil }

type memoryStore struct {
	*memory
	actor string
}

func (s *memoryStore) Load() (r Record, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.records[s.actor]; p != nil {
		return *p, true, nil
	}
	return Record{}, false, nil
}

func (s *memoryStore) Store(r Record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records[s.actor] = &r
	return nil
}

func (s *memoryStore) Close() error { return nil }
