// Package storage keeps what one actor has saved in a folder of its own, through crashes of the process and of the machine. It
// is no database: there is one value, and every write replaces it.
package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// dir is the stable storage of one actor. It is not safe for concurrent use; another process cannot open it meanwhile.
type dir struct {
	path string
	disk disk
	lock *os.File
}

// Value is what is kept.
type Value struct {
	Saved   bool   // the actor has saved something; else it has merely started
	Schema  string // says of what type the content is
	Content string
}

// The files in a folder.
const (
	current   = "state"
	temporary = "state.new"
	lockFile  = "lock"
)

// CorruptError says that a file is not as it was written.
type CorruptError struct{ Path, Reason string }

// Error says what can be done.
func (e *CorruptError) Error() string {
	return fmt.Sprintf("%s is damaged: %s. Put a backup in its place; or remove the folder %s, whereupon the actor starts anew and may break what it has promised to others",
		e.Path, e.Reason, filepath.Dir(e.Path))
}

// openDir opens a folder, and makes it if there is none.
func openDir(path string) (*dir, error) {
	if err := makeFolder(path); err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	lock, err := lockFolder(filepath.Join(path, lockFile))
	if err != nil {
		return nil, fmt.Errorf("storage: the folder %s cannot be locked, perhaps because another process runs the same actor: %w", path, err)
	}
	return &dir{path: path, disk: osDisk{}, lock: lock}, nil
}

// makeFolder makes a folder, and all above it, that a crash of the machine cannot take back.
func makeFolder(path string) error {
	if info, err := os.Stat(path); err == nil {
		if !info.IsDir() {
			return fmt.Errorf("%s is no folder", path)
		}
		return nil
	}
	parent := filepath.Dir(path)
	if parent != path {
		if err := makeFolder(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return osDisk{}.syncFolder(parent)
}

// Load returns what was stored last. ok is false if nothing ever was. A damaged file is a [*CorruptError].
func (f *dir) Load() (r Value, ok bool, err error) {
	path := filepath.Join(f.path, current)
	b, err := f.disk.read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return r, false, nil
	}
	if err != nil {
		return r, false, fmt.Errorf("storage: %w", err)
	}
	r, reason := parse(b)
	if reason != "" {
		return Value{}, false, &CorruptError{path, reason}
	}
	return r, true, nil
}

// Save replaces what is kept. When it returns nil, r is on the disk and stays there; when it fails, either r or what was there
// before is kept, and the actor must not go on.
func (f *dir) Save(r Value) error {
	b, err := r.append(nil)
	if err == nil {
		err = f.replace(b)
	}
	if err != nil {
		return fmt.Errorf("storage: what was saved is perhaps not kept: %w", err)
	}
	return nil
}

func (f *dir) replace(b []byte) error {
	path := filepath.Join(f.path, temporary)
	if err := f.disk.writeSynced(path, b); err != nil {
		return err
	}
	if err := f.disk.rename(path, filepath.Join(f.path, current)); err != nil {
		return err
	}
	return f.disk.syncFolder(f.path)
}

// Close lets others open the folder.
func (f *dir) Close() error { return f.lock.Close() }
