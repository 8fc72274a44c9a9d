package storage

import (
	"errors"
	"io"
	"os"
)

// disk is what a [dir] does to files. Tests replace it with one that loses what was not synced.
type disk interface {
	// read syncs the content of a file and returns it.
	read(path string) ([]byte, error)
	// writeSynced writes a file and syncs its content, but not its name.
	writeSynced(path string, data []byte) error
	rename(from, to string) error
	// syncDir syncs the names in a directory.
	syncDir(path string) error
}

// osDisk is the disk of the operating system.
type osDisk struct{}

func (osDisk) read(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0) // some systems sync only files that are open for writing
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(f)
	return b, errors.Join(err, f.Sync(), f.Close())
}

func (osDisk) writeSynced(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err = f.Write(data); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func (osDisk) rename(from, to string) error { return os.Rename(from, to) }

// unsyncedDisk leaves it to the operating system when to write.
type unsyncedDisk struct{ osDisk }

func (unsyncedDisk) read(path string) ([]byte, error) { return os.ReadFile(path) }

func (unsyncedDisk) writeSynced(path string, data []byte) error {
	return os.WriteFile(path, data, 0o600)
}
func (unsyncedDisk) syncDir(string) error { return nil }
