package transport

import (
	"encoding/binary"
	"fmt"
	"io"
)

// A connection carries each frame behind its length, 4 bytes in big-endian order. The length is
// checked against the limit before anything is allocated, so a stranger cannot make a process
// reserve memory by announcing a huge frame.

// appendLength appends the length of a frame.
func appendLength(dst []byte, frame []byte) []byte {
	return binary.BigEndian.AppendUint32(dst, uint32(len(frame)))
}

func writeFrame(w io.Writer, frame []byte) error {
	var head [4]byte
	if _, err := w.Write(appendLength(head[:0], frame)); err != nil {
		return err
	}
	_, err := w.Write(frame)
	return err
}

// readFrame reads a frame into buffer, or into a larger one that it returns.
func readFrame(r io.Reader, buffer []byte, limit int) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return buffer, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if int64(n) > int64(limit) {
		return buffer, fmt.Errorf("%w: %d bytes, the limit is %d", ErrTooLarge, n, limit)
	}
	if int(n) > cap(buffer) {
		buffer = make([]byte, n)
	}
	buffer = buffer[:n]
	_, err := io.ReadFull(r, buffer)
	return buffer, err
}
