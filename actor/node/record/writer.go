package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
)

// Writer writes the recording of an actor. It is not safe for concurrent use. Use [Open] to make
// one.
type Writer struct {
	file    *os.File
	lines   []byte   // lines that were added since the last Flush
	clock   []uint64 // vector clock of the last entry when the recording was opened
	resumed bool     // whether there were entries then
}

// suffix is the end of the file names of recordings.
const suffix = ".ndjson"

// Open opens the recording of an actor in a directory, which it creates if necessary. An
// existing recording is continued. A last line that is cut off is removed: its step was not
// committed, so nothing of it has left the process.
func Open(dir string, sys actor.Program, id actor.ID) (*Writer, error) {
	p, err := program.Of(sys)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, fileName(p.Name(id))+suffix)
	w := &Writer{clock: make([]uint64, p.Len())}
	header := Header{Allways: version, Actor: id}
	for i := range p.Len() {
		header.Actors = append(header.Actors, p.Name(actor.ID(i)))
	}
	whole, err := w.resume(path, header)
	if err != nil {
		return nil, err
	}
	if w.file, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o644); err != nil {
		return nil, err
	}
	if err = w.file.Truncate(whole); err == nil {
		_, err = w.file.Seek(whole, 0)
	}
	if err == nil && whole == 0 {
		if err = w.line(header); err == nil {
			err = w.Flush()
		}
	}
	if err != nil {
		w.file.Close()
		return nil, err
	}
	return w, nil
}

// fileName returns a file name for an actor. Characters with a meaning in paths are escaped, as are
// all unusual ones.
func fileName(name string) string {
	b := []byte(name)
	var out []byte
	for _, c := range b {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' {
			out = append(out, c)
		} else {
			out = fmt.Appendf(out, "%%%02x", c)
		}
	}
	return string(out)
}

// resume reads the clock with which a recording ends. It returns the length of the complete lines.
func (w *Writer) resume(path string, header Header) (whole int64, err error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	b = b[:bytes.LastIndexByte(b, '\n')+1]
	r, err := parse(path, b)
	switch {
	case len(b) == 0:
		return 0, nil
	case err != nil:
		return 0, err
	case !slices.Equal(r.Header.Actors, header.Actors) || r.Header.Actor != header.Actor:
		return 0, fmt.Errorf("%s is a recording of another system: record into another directory", path)
	}
	if n := len(r.Entries); n > 0 {
		copy(w.clock, r.Entries[n-1].Clock)
		w.resumed = true
	}
	return int64(len(b)), nil
}

// Resumed reports whether the recording had entries when it was opened.
func (w *Writer) Resumed() bool { return w.resumed }

// Clock returns the vector clock of the last entry when the recording was opened, zeros for a new
// one.
func (w *Writer) Clock() []uint64 { return slices.Clone(w.clock) }

// Add adds an entry. [Writer.Flush] writes it.
func (w *Writer) Add(e Entry) error { return w.line(e) }

func (w *Writer) line(v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // keeps the arrows in texts readable
	if err := e.Encode(v); err != nil {
		return err
	}
	w.lines = append(w.lines, b.Bytes()...)
	return nil
}

// Flush writes the entries that were added to the file. They survive the end of the process, but
// not a crash of the machine.
func (w *Writer) Flush() error {
	if len(w.lines) == 0 {
		return nil
	}
	_, err := w.file.Write(w.lines)
	w.lines = w.lines[:0]
	return err
}

// Close flushes and closes the recording.
func (w *Writer) Close() error { return errors.Join(w.Flush(), w.file.Close()) }
