package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/allways-go/allways/internal/filelock"
)

// Dir returns a storage that keeps each actor's value in a directory below path. A value that is
// saved survives a crash of the machine. A store that is open cannot be opened a second time, not
// even by another process, on systems with locks that end with a process: all but Windows and a few
// others.
func Dir(path string) Storage { return dirs{path, osDisk{}} }

// DirWithoutSync is like [Dir] without waiting for the disk. A value that is saved survives the end
// of the process, but a crash of the machine may lose or damage it.
func DirWithoutSync(path string) Storage { return dirs{path, unsyncedDisk{}} }

// dirs is a directory with a directory for each actor.
type dirs struct {
	path string
	disk disk
}

func (d dirs) Open(actor string) (Store, error) {
	store, err := openDir(filepath.Join(d.path, dirName(actor)), d.disk)
	if err != nil {
		return nil, err // not a nil *dir, which would be a Store that is not nil
	}
	return store, nil
}

// dirName returns the name of an actor's directory. Different actors have different ones, and no
// name leads out of the parent.
func dirName(actor string) string {
	escape := strings.NewReplacer("%", "%25", "/", "%2f", `\`, "%5c", ":", "%3a", "\x00", "%00")
	return "actor-" + escape.Replace(actor)
}

// dir is the directory of one actor.
type dir struct {
	path string
	disk disk
	lock *os.File // open and locked as long as the store is
}

// The files in the directory of an actor.
const (
	current   = "state"
	temporary = "state.new"
	lockFile  = "lock"
)

// openDir opens a directory, which it creates if necessary.
func openDir(path string, d disk) (*dir, error) {
	if err := makeDir(path); err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	lock, err := filelock.Open(filepath.Join(path, lockFile))
	if err != nil {
		return nil, fmt.Errorf("storage: cannot lock the directory %s; another process may be running the same actor: %w",
			path, err)
	}
	return &dir{path: path, disk: d, lock: lock}, nil
}

// makeDir makes a directory and its parents. It syncs each parent, because otherwise a crash of the
// machine could remove the new directory together with all that was saved in it. The last two levels
// are synced even if they are there: a process that made them may have died before it synced them.
func makeDir(path string) error {
	parent := filepath.Dir(path)
	if info, err := os.Stat(path); err == nil {
		if !info.IsDir() {
			return fmt.Errorf("%s is not a directory", path)
		}
		for _, folder := range []string{parent, filepath.Dir(parent)} {
			if err := (osDisk{}).syncDir(folder); err != nil && !errors.Is(err, fs.ErrPermission) {
				return err
			}
		}
		return nil
	}
	if parent != path {
		if err := makeDir(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return osDisk{}.syncDir(parent)
}

// Load syncs before it returns: the process that wrote the value may have died before it synced the
// name, and what the caller does with the value must not outlive the value.
func (d *dir) Load() (v Value, ok bool, err error) {
	path := filepath.Join(d.path, current)
	b, err := d.disk.read(path)
	missing := errors.Is(err, fs.ErrNotExist)
	if err == nil || missing {
		if e := d.disk.syncDir(d.path); e != nil {
			err, missing = e, false
		}
	}
	if missing {
		return v, false, nil
	}
	if err != nil {
		return v, false, fmt.Errorf("storage: %w", err)
	}
	v, reason := parse(b)
	if reason != "" {
		return Value{}, false, &CorruptError{path, reason}
	}
	return v, true, nil
}

func (d *dir) Save(v Value) error {
	b, err := v.append(nil)
	if err == nil {
		err = d.replace(b)
	}
	if err != nil {
		return fmt.Errorf("storage: the value may not have been saved: %w", err)
	}
	return nil
}

// replace puts new content in the place of the old. A rename is atomic, but only for what is on the
// disk: a file that is renamed before it is synced may be empty after a crash, and a name that is
// not synced may be the old one again. Hence the order: sync the content, rename, sync the name.
func (d *dir) replace(b []byte) error {
	path := filepath.Join(d.path, temporary)
	if err := d.disk.writeSynced(path, b); err != nil {
		return err
	}
	if err := d.disk.rename(path, filepath.Join(d.path, current)); err != nil {
		return err
	}
	return d.disk.syncDir(d.path)
}

func (d *dir) Close() error { return d.lock.Close() }
