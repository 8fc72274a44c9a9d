package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
	"github.com/allways-go/allways/internal/filelock"
)

// Writer writes the recording of an actor. It is not safe for concurrent use. Use [Open] to make
// one.
type Writer struct {
	folder  string
	header  Header // header of the file being written
	limits  Limits
	lock    *os.File
	file    *os.File // nil while there is a gap: see Flush
	lines   []byte   // lines that were added since the last Flush
	size    int64    // bytes of complete lines in the file
	clock   []uint64 // vector clock of the last entry when the recording was opened
	resumed bool     // whether there were entries then
}

// Limits bounds the files of a recording. A recording consists of several files, of which each but
// the first begins with a snapshot of the actor. When there are too many, the oldest one is deleted.
type Limits struct {
	FileBytes int64 // size after which a new file begins; 0 means 64 MiB
	Files     int   // number of files kept, at least 2; 0 means 16
}

// The defaults of [Limits].
const (
	defaultFileBytes = 64 << 20
	defaultFiles     = 16
)

// GapJump is how far the clock of an actor advances when it restarts after a gap in its recording, so
// that no step has the number of one that was not recorded.
const GapJump = 1 << 32

// Open opens the recording of an actor in a directory, which it creates if necessary. An
// existing recording is continued: what is there stays as it is. Only a last line that is cut off is
// removed: its step was not committed, so nothing of it has left the process. Open fails, and changes
// nothing, while another process records the same actor.
func Open(dir string, sys actor.Program, id actor.ID) (*Writer, error) {
	p, err := program.Of(sys)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	w := &Writer{folder: dir, limits: Limits{defaultFileBytes, defaultFiles}, clock: make([]uint64, p.Len())}
	w.header = Header{Allways: version, Actor: id}
	for i := range p.Len() {
		w.header.Actors = append(w.header.Actors, p.Name(actor.ID(i)))
	}
	lock := filepath.Join(dir, fileName(p.Name(id))+lockSuffix)
	if w.lock, err = filelock.Open(lock); err != nil {
		return nil, fmt.Errorf("cannot lock %s; another process may be recording the same actor: %w", lock, err)
	}
	if err := w.open(); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// Limit sets the limits from now on.
func (w *Writer) Limit(l Limits) {
	if l.FileBytes > 0 {
		w.limits.FileBytes = l.FileBytes
	}
	if l.Files > 0 {
		w.limits.Files = max(l.Files, 2)
	}
}

// open continues the last file, or begins the first one.
func (w *Writer) open() (err error) {
	numbers, err := segments(w.folder, w.name())
	if err != nil {
		return err
	}
	if n := len(numbers); n > 0 {
		w.header.Segment = numbers[n-1]
	}
	w.file, err = os.OpenFile(w.path(), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err = w.resume(); err != nil {
		return err
	}
	if err = w.file.Truncate(w.size); err == nil {
		_, err = w.file.Seek(w.size, io.SeekStart)
	}
	if err == nil && w.size == 0 {
		if w.header.Segment > 0 { // the process died before it had written the snapshot
			return errors.Join(os.Remove(w.path()), w.file.Close(), w.open())
		}
		if err = w.line(w.header); err == nil {
			err = w.Flush()
		}
	}
	if _, e := os.Stat(w.gap()); err == nil && e == nil {
		w.clock[w.header.Actor] += GapJump
		err = w.Skip()
	}
	return err
}

// resume reads how the file ends: its size without a line that is cut off, and the last clock. It reads
// only the first and the last line.
func (w *Writer) resume() error {
	first, last, size, err := ends(w.file)
	if err != nil || size == 0 {
		return err
	}
	var h Header
	if err := h.parse(first); err != nil {
		return fmt.Errorf("%s, line 1: %w", w.path(), err)
	}
	if !slices.Equal(h.Actors, w.header.Actors) || h.Actor != w.header.Actor {
		return fmt.Errorf("%s is a recording of another system: record into another directory", w.path())
	}
	w.size, w.header = size, h
	clock := h.clock()
	if len(last) > 0 {
		var e Entry
		if err := e.parse(last, h); err != nil {
			return fmt.Errorf("%s, last line: %w", w.path(), err)
		}
		clock = e.Clock
	}
	copy(w.clock, clock)
	w.resumed = len(last) > 0 || h.Snapshot != nil
	return nil
}

// ends returns the first line of a file and the last complete one, if it is another, and the size up to
// its end.
func ends(f *os.File) (first, last []byte, size int64, err error) {
	info, err := f.Stat()
	if err != nil {
		return nil, nil, 0, err
	}
	for block := int64(1 << 16); ; block *= 4 {
		from := max(info.Size()-block, 0)
		tail := make([]byte, info.Size()-from)
		if _, err := f.ReadAt(tail, from); err != nil && !errors.Is(err, io.EOF) {
			return nil, nil, 0, err
		}
		end := bytes.LastIndexByte(tail, '\n')
		begin := bytes.LastIndexByte(tail[:max(end, 0)], '\n')
		switch {
		case begin >= 0:
			first, err := firstLine(f)
			return first, tail[begin+1 : end+1], from + int64(end) + 1, err
		case from > 0:
			continue
		}
		return tail[:end+1], nil, int64(end) + 1, nil
	}
}

func firstLine(f *os.File) ([]byte, error) {
	for block := 1 << 12; ; block *= 4 {
		b := make([]byte, block)
		n, err := f.ReadAt(b, 0)
		if i := bytes.IndexByte(b[:n], '\n'); i >= 0 {
			return b[:i+1], nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// name returns the name of the actor, and path that of the file being written.
func (w *Writer) name() string { return w.header.Actors[w.header.Actor] }
func (w *Writer) path() string { return segmentPath(w.folder, w.name(), w.header.Segment) }

// gap returns the path of a file that is there while steps are not recorded.
func (w *Writer) gap() string { return filepath.Join(w.folder, fileName(w.name())+gapSuffix) }

// Resumed reports whether the recording had entries when it was opened.
func (w *Writer) Resumed() bool { return w.resumed }

// Clock returns the vector clock of the last entry when the recording was opened, zeros for a new
// one.
func (w *Writer) Clock() []uint64 { return slices.Clone(w.clock) }

// Add adds an entry. [Writer.Flush] writes it. In a gap it does nothing.
func (w *Writer) Add(e Entry) error {
	if w.file == nil {
		return nil
	}
	return w.line(e)
}

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
// not a crash of the machine. An error leaves the file as it was before.
func (w *Writer) Flush() error {
	if len(w.lines) == 0 {
		return nil
	}
	n, err := w.file.Write(w.lines)
	w.lines = w.lines[:0]
	if err == nil {
		w.size += int64(n)
		return nil
	}
	if e := w.file.Truncate(w.size); e == nil {
		_, e = w.file.Seek(w.size, io.SeekStart)
		return errors.Join(err, e)
	}
	return err // Open removes what is cut off
}

// Skip gives up the file, after an error of [Writer.Flush]: what follows is a gap, in which nothing is
// recorded, until [Writer.Next] begins another file.
func (w *Writer) Skip() error {
	err := w.file.Close()
	w.file, w.lines = nil, w.lines[:0]
	return errors.Join(err, os.WriteFile(w.gap(), nil, 0o600))
}

// Full reports whether [Writer.Next] should begin another file: this one has reached its limit, or there
// is a gap.
func (w *Writer) Full() bool { return w.file == nil || w.size >= w.limits.FileBytes }

// Next begins another file with a snapshot of the actor, after a commit, and deletes files beyond the
// limit. An error leaves the recording as it was.
func (w *Writer) Next(s Snapshot) error {
	h := w.header
	h.Segment, h.Snapshot = h.Segment+1, &s
	old, file := w.file, (*os.File)(nil)
	path := segmentPath(w.folder, w.name(), h.Segment)
	err := w.line(h)
	if err == nil {
		file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	}
	if err != nil {
		w.lines = w.lines[:0]
		return err
	}
	size, err := file.Write(w.lines)
	w.lines = w.lines[:0]
	if err != nil {
		return errors.Join(err, file.Close(), os.Remove(path))
	}
	w.file, w.header, w.size = file, h, int64(size)
	if old != nil {
		err = old.Close()
	} else if err = os.Remove(w.gap()); errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, w.shorten())
}

// shorten deletes the oldest files beyond the limit.
func (w *Writer) shorten() error {
	numbers, err := segments(w.folder, w.name())
	for ; err == nil && len(numbers) > w.limits.Files; numbers = numbers[1:] {
		err = os.Remove(segmentPath(w.folder, w.name(), numbers[0]))
	}
	return err
}

// Close flushes and closes the recording.
func (w *Writer) Close() (err error) {
	if w.file != nil {
		err = errors.Join(w.Flush(), w.file.Close())
	}
	return errors.Join(err, w.lock.Close())
}
