package storage

import (
	"errors"
	"os"
)

// disk is what is done to files; tests put one in its place that forgets what was not synced.
type disk interface {
	read(path string) ([]byte, error)
	writeSynced(path string, data []byte) error // the file is on the disk, its name perhaps not
	rename(from, to string) error
	syncFolder(path string) error // the names are on the disk, too
}

// osDisk is the disk of the operating system.
type osDisk struct{}

func (osDisk) read(path string) ([]byte, error) { return os.ReadFile(path) }

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

// unsynced is a disk that is never synced.
type unsynced struct{ osDisk }

func (unsynced) writeSynced(path string, data []byte) error { return os.WriteFile(path, data, 0o600) }
func (unsynced) syncFolder(string) error                    { return nil }
