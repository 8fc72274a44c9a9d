package diskrun

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// BufferLen is about the number of bytes that a reader or a writer holds.
const BufferLen = blockLen + blockLen/8

// Reader reads a run. It is for one goroutine. Close it.
type Reader struct {
	run   *Run
	file  File
	block int    // number of the block that was read last, -1 for none
	rest  []byte // part of it that was not read yet
	buf   []byte
	rec   []uint32 // current record
	at    int64    // its number, -1 before the first one
	bytes int64
}

// NewReader returns a reader before the first record of a run.
func (r *Run) NewReader() (*Reader, error) {
	f, err := r.fs.Open(r.path)
	if err != nil {
		return nil, err
	}
	return &Reader{run: r, file: f, block: -1, at: -1, rec: make([]uint32, r.words)}, nil
}

// Close closes the file.
func (r *Reader) Close() error { return r.file.Close() }

// Bytes returns the number of bytes read.
func (r *Reader) Bytes() int64 { return r.bytes }

// Next returns the next record, valid until the next call of a method; nil at the end.
func (r *Reader) Next() ([]uint32, error) {
	if r.at+1 >= r.run.count {
		r.at = r.run.count
		return nil, nil
	}
	if len(r.rest) == 0 {
		if err := r.load(r.block + 1); err != nil {
			return nil, err
		}
	}
	rest, err := applyDiff(r.rest, r.rec)
	if err != nil {
		return nil, r.damaged(err)
	}
	r.rest = rest
	r.at++
	return r.rec, nil
}

// load reads a block, and goes before its first record.
func (r *Reader) load(block int) error {
	from, to := r.run.offsets[block], r.run.offsets[block+1]
	n := int(to - from)
	if cap(r.buf) < n {
		r.buf = make([]byte, max(n, BufferLen))
	}
	r.buf, r.block = r.buf[:n], block
	read, err := r.file.ReadAt(r.buf, from)
	r.bytes += int64(read)
	if read < n {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return fmt.Errorf("%s cannot be read, at byte %d: %w", r.run.path, from+int64(read), err)
	}
	body := r.buf[:n-sumLen]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(r.buf[n-sumLen:]) {
		return r.damaged(errors.New("its checksum is wrong"))
	}
	clear(r.rec)
	r.rest, r.at = body, r.run.starts[block]-1
	return nil
}

// damaged says that the current block is not what was written.
func (r *Reader) damaged(why error) error {
	return fmt.Errorf("%s is damaged, in the block at byte %d: %w: look at the disk, and start again with another one",
		r.run.path, r.run.offsets[r.block], why)
}

// At returns the record with a number, valid until the next call of a method. It is fast for a number that is a little
// greater than that of the current record.
func (r *Reader) At(i int64) ([]uint32, error) {
	if block := r.run.blockOf(i); block != r.block || i < r.at {
		if err := r.load(block); err != nil {
			return nil, err
		}
	}
	for r.at < i {
		if _, err := r.Next(); err != nil {
			return nil, err
		}
	}
	return r.rec, nil
}

// Seek goes to the first record, from the current one on, that is not less than rec, and reports whether it is equal.
// The run must be sorted. Records that are sought for one after the other must ascend.
func (r *Reader) Seek(rec []uint32) (found bool, err error) {
	if r.run.count == 0 {
		return false, nil
	}
	if block := r.skip(rec); block != r.block {
		if err := r.load(block); err != nil {
			return false, err
		}
	}
	for {
		if r.at >= r.run.count {
			return false, nil
		}
		if r.at >= r.run.starts[r.block] { // and not before the first record of the block
			if c := Compare(r.rec, rec); c >= 0 {
				return c == 0, nil
			}
		}
		if _, err := r.Next(); err != nil {
			return false, err
		}
	}
}

// skip returns the last block, from the current one on, whose first record is not greater than rec; the first block of
// all if the reader is before it. Blocks are passed over in steps that double.
func (r *Reader) skip(rec []uint32) int {
	lo, step := max(r.block, 0), 1
	for lo+step < r.run.blocks() && Compare(r.run.first(lo+step), rec) <= 0 {
		lo, step = lo+step, step*2
	}
	for ; step > 1; step /= 2 {
		if half := lo + step/2; half < r.run.blocks() && Compare(r.run.first(half), rec) <= 0 {
			lo = half
		}
	}
	return lo
}
