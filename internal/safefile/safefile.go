// Package safefile replaces files as a whole. It is not for files that grow or that are read while they are written.
package safefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2/maybe"
)

// Write makes data the content of the file at path. It either succeeds or leaves a file that was there as it was (on
// Windows, which cannot replace a file atomically, a failure may tear it). A symbolic link is followed, and what is no
// regular file, such as a pipe or a device, is written to and not replaced. The error names the path and the cause.
func Write(path string, data []byte) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("cannot write %s: it is a folder", path)
	case err == nil && !info.Mode().IsRegular():
		err = writeThrough(path, data)
	case err == nil || errors.Is(err, fs.ErrNotExist):
		err = maybe.WriteFile(path, data, 0o644)
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, cause(err))
	}
	return nil
}

func writeThrough(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// cause strips the name of a temporary file, which means nothing to the reader, from an error.
func cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}
