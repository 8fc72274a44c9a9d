// Package safefile replaces files as a whole. It is not for files that grow or that are read while
// they are written.
package safefile

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

// Write makes data the content of the file at path. It either succeeds or leaves a file that was
// there as it was, on all systems, and it keeps that file's permissions. A symbolic link is
// followed, and what is no regular file, such as a pipe or a device, is written to and not
// replaced. The error names the path and the cause.
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
	case err == nil:
		err = replace(path, data, info)
	case errors.Is(err, fs.ErrNotExist):
		err = replace(path, data, nil)
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, cause(err))
	}
	return nil
}

// replace writes a new file beside path, to the disk, and gives it the name and the permissions of
// the old one, if there is one. Renaming replaces atomically on POSIX systems, and in one call to
// the system on Windows, where it fails while another program has the old file open.
func replace(path string, data []byte, old fs.FileInfo) (err error) {
	temporary := filepath.Join(filepath.Dir(path), ".safefile-"+strconv.FormatUint(rand.Uint64(), 36))
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(temporary)
		}
	}()
	if _, err = f.Write(data); err == nil && old != nil {
		err = f.Chmod(old.Mode().Perm())
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(temporary, path)
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
	if l, ok := errors.AsType[*os.LinkError](err); ok {
		return l.Err
	}
	return err
}
