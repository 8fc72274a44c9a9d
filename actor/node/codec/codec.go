// Package codec turns messages into bytes and back: JSON that people can read and write, CBOR that is short, or two functions
// of the user's own. It is not the encoding by which the checker knows content, and frames, senders and receivers are not
// its business.
package codec

import (
	"fmt"
	"reflect"

	"github.com/allways-go/allways/actor"
)

// Encoding turns messages into bytes and back. It is safe for concurrent use. Decode is given bytes from anywhere, must not keep
// them, and must not panic.
type Encoding interface {
	// Name tells the codec from others: two processes that do not use the same one refuse each other.
	Name() string
	// Text reports whether a message is one JSON value.
	Text() bool
	// Append appends the bytes of a message. On an error, what it returns is dst.
	Append(dst []byte, m any) ([]byte, error)
	// Decode returns the message that b is as a whole.
	Decode(b []byte) (any, error)
}

// Codec makes the codec of a system's messages. [JSON] and [CBOR] are makers, [Functions] returns one.
type Codec func(actor.Program) (Encoding, error)

// Functions makes a codec of two functions, which must be safe for concurrent use. The second one is given bytes from
// anywhere and must not keep them; if it panics, that counts as an error.
func Functions[M any](name string, encode func(dst []byte, m M) ([]byte, error), decode func(b []byte) (M, error)) Codec {
	return func(p actor.Program) (Encoding, error) {
		if reflect.TypeFor[M]() != p.MessageType() {
			return nil, fmt.Errorf("codec %s is for messages of type %v, not %v", name, reflect.TypeFor[M](), p.MessageType())
		}
		return functions[M]{name, encode, decode}, nil
	}
}

type functions[M any] struct {
	name   string
	encode func([]byte, M) ([]byte, error)
	decode func([]byte) (M, error)
}

func (f functions[M]) Name() string { return f.name }
func (f functions[M]) Text() bool   { return false }

func (f functions[M]) Append(dst []byte, m any) ([]byte, error) {
	x, ok := m.(M)
	if !ok {
		return dst, fmt.Errorf("codec %s: a message of type %T", f.name, m)
	}
	b, err := f.encode(dst, x)
	if err != nil {
		return dst, fmt.Errorf("codec %s: %w", f.name, err)
	}
	return b, nil
}

func (f functions[M]) Decode(b []byte) (m any, err error) {
	defer func() {
		if r := recover(); r != nil {
			m, err = nil, fmt.Errorf("codec %s: decoding panicked: %v", f.name, r)
		}
	}()
	x, err := f.decode(b)
	if err != nil {
		return nil, fmt.Errorf("codec %s: %w", f.name, err)
	}
	return x, nil
}
