// Package storage keeps what an actor saves across crashes of the process and of the machine. It is
// not a database: an actor has one value, and each write replaces it.
package storage

import (
	"fmt"
	"path/filepath"
)

// Storage opens the stores of the actors of a process. [Dir], [DirWithoutSync] and [Memory] return
// one.
type Storage interface {
	// Open opens the store of an actor. It fails while the same store is open elsewhere, as far as
	// that can be seen.
	Open(actor string) (Store, error)
}

// Store holds what one actor has saved. It is not safe for concurrent use.
type Store interface {
	// Load returns the value that was saved last; ok is false if there has never been one. Damaged
	// data is an error, never an empty store: an actor that starts afresh breaks its promises to
	// the others.
	Load() (v Value, ok bool, err error)
	// Save replaces the value. After an error either the new value or the old one is kept, and the
	// actor must not go on.
	Save(Value) error
	// Close lets others open the store.
	Close() error
}

// Value is what a [Store] keeps.
type Value struct {
	Saved   bool   // whether the actor has saved anything; false marks an actor that has only started
	Schema  string // description of the type of the content
	Content string // encoded value
}

// CorruptError reports a file that differs from what was written.
type CorruptError struct {
	Path   string // the damaged file
	Reason string // the difference from what was written
}

// Error says what is wrong and what to do about it.
func (e *CorruptError) Error() string {
	return fmt.Sprintf("%s is damaged: %s. Restore it from a backup, or delete the directory %s: "+
		"the actor then starts afresh and may break its promises to other actors", e.Path, e.Reason, filepath.Dir(e.Path))
}
