package codec

import (
	"fmt"
	"reflect"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
)

// Functions returns a codec made of two functions. Both must be safe for concurrent use. The second
// must not keep b, which may come from anywhere; if it panics, that counts as an error.
func Functions[M any](
	name string, encode func(dst []byte, m M) ([]byte, error), decode func(b []byte) (M, error),
) Codec {
	return func(sys actor.Program) (Encoding, error) {
		p, err := program.Of(sys)
		if err != nil {
			return nil, err
		}
		if reflect.TypeFor[M]() != p.Messages().Type() {
			return nil, fmt.Errorf("codec %s encodes messages of type %v, but the system's have type %v",
				name, reflect.TypeFor[M](), p.Messages().Type())
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
		return dst, fmt.Errorf("codec %s: cannot encode a message of type %T", f.name, m)
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
