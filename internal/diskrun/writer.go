package diskrun

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
)

// blockLen is the number of bytes from which on a block is written. It is small enough for a search that looks for few
// records to pass over most of a run, and large enough for what the system takes for a call not to matter.
const blockLen = 16 << 10

// sumLen is the length of the checksum behind each block.
const sumLen = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Writer writes a run. After an error only Abandon is of use.
type Writer struct {
	run   *Run
	file  File
	block []byte
	last  []uint32
	bytes int64
}

// Create begins a run of records of the given number of words in a new file.
func Create(fs FS, path string, words int) (*Writer, error) {
	f, err := fs.Create(path)
	if err != nil {
		return nil, err
	}
	r := &Run{fs: fs, path: path, words: words}
	return &Writer{run: r, file: f, last: make([]uint32, words)}, nil
}

// Append adds a record, which is copied.
func (w *Writer) Append(rec []uint32) error {
	if len(w.block) == 0 {
		clear(w.last)
		w.run.starts = append(w.run.starts, w.run.count)
		w.run.firsts = append(w.run.firsts, rec...)
	}
	w.block = appendDiff(w.block, w.last, rec)
	copy(w.last, rec)
	w.run.count++
	if len(w.block) < blockLen {
		return nil
	}
	return w.flush()
}

// flush writes the current block.
func (w *Writer) flush() error {
	if len(w.block) == 0 {
		return nil
	}
	w.block = binary.LittleEndian.AppendUint32(w.block, crc32.Checksum(w.block, castagnoli))
	w.run.offsets = append(w.run.offsets, w.bytes)
	n, err := w.file.Write(w.block)
	if err == nil && n < len(w.block) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return fmt.Errorf("%s cannot be written, after %d bytes: %w", w.run.path, w.bytes, err)
	}
	w.bytes += int64(n)
	w.block = w.block[:0]
	return nil
}

// Close ends the run. If it fails, the run is abandoned.
func (w *Writer) Close() (*Run, error) {
	if err := w.flush(); err != nil {
		w.Abandon()
		return nil, err
	}
	if err := w.file.Close(); err != nil {
		w.file = nil
		w.Abandon()
		return nil, fmt.Errorf("%s cannot be written: %w", w.run.path, err)
	}
	r := w.run
	r.offsets = append(r.offsets, w.bytes)
	r.starts, r.firsts, r.offsets = slices.Clip(r.starts), slices.Clip(r.firsts), slices.Clip(r.offsets)
	return r, nil
}

// Abandon removes what was written. What fails then does not matter: the reason to abandon was first.
func (w *Writer) Abandon() {
	if w.file != nil {
		_ = w.file.Close()
	}
	_ = w.run.fs.Remove(w.run.path)
}
