package diskrun

import (
	"io"
	"os"
)

// FS is what runs need of a file system. Tests put one in the place of [OS] that fails.
type FS interface {
	Create(name string) (File, error)
	Open(name string) (File, error)
	Remove(name string) error
}

// File is an open file.
type File interface {
	io.Writer
	io.ReaderAt
	io.Closer
}

// OS is the file system of the operating system.
type OS struct{}

// Create implements [FS]. The file must not exist yet.
func (OS) Create(name string) (File, error) {
	return os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
}

// Open implements [FS].
func (OS) Open(name string) (File, error) { return os.Open(name) }

// Remove implements [FS].
func (OS) Remove(name string) error { return os.Remove(name) }
