package core

import (
	"encoding/binary"
	"fmt"
)

// AppendString appends the length of s and s. With the length first, strings in sequence are unambiguous, so that
// different lists have different encodings: an encoding is compared in place of the value.
func AppendString(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// Reader takes apart encodings that this module has made. It panics if they are broken.
type Reader struct{ b []byte }

// NewReader returns a reader of b.
func NewReader(b []byte) *Reader { return &Reader{b} }

// Len returns the number of bytes left.
func (r *Reader) Len() int { return len(r.b) }

// Byte reads a byte.
func (r *Reader) Byte() byte {
	b := r.b[0]
	r.b = r.b[1:]
	return b
}

// Uint reads what [binary.AppendUvarint] wrote.
func (r *Reader) Uint() uint64 {
	x, n := binary.Uvarint(r.b)
	r.skip(n)
	return x
}

// Int reads what [binary.AppendVarint] wrote.
func (r *Reader) Int() int64 {
	x, n := binary.Varint(r.b)
	r.skip(n)
	return x
}

func (r *Reader) skip(n int) {
	if n <= 0 {
		panic(fmt.Sprintf("actor: broken encoding %x", r.b))
	}
	r.b = r.b[n:]
}

// String reads what [AppendString] wrote.
func (r *Reader) String() string {
	n := r.Uint()
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}
