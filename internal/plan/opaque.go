package plan

import (
	"encoding/binary"
	"fmt"
	"math/big"
	"net/netip"
	"reflect"
	"time"
	"unsafe"
)

// Encoder and Decoder let a type bring its own encoding; it needs both. AppendCanonical appends bytes that are equal for
// equal contents and different for different ones.
type Encoder interface{ AppendCanonical(dst []byte) []byte }

// Decoder is implemented on the pointer to the type; DecodeCanonical reads what AppendCanonical wrote.
type Decoder interface{ DecodeCanonical(src []byte) error }

// codec encodes a type as a whole.
type codec struct {
	append func(dst []byte, v unsafe.Pointer) []byte
	decode func(src []byte, v unsafe.Pointer) error
	text   func(v unsafe.Pointer) string
}

var (
	encoderType = reflect.TypeFor[Encoder]()
	decoderType = reflect.TypeFor[Decoder]()
)

// Opaque reports whether values of t are encoded as a whole, so that nobody should look at its fields.
func Opaque(t reflect.Type) bool {
	c, err := opaqueOf(t, "")
	return c != nil && err == nil
}

// opaqueOf returns the codec of a type that is known or brings its own encoding, or nil.
func opaqueOf(t reflect.Type, path string) (*codec, error) {
	if c, ok := known[t]; ok {
		return c, nil
	}
	if t.Kind() == reflect.Interface || t.Kind() == reflect.Pointer {
		return nil, nil
	}
	ptr := reflect.PointerTo(t)
	enc, dec := ptr.Implements(encoderType), ptr.Implements(decoderType)
	if enc != dec {
		return nil, &TypeError{Path: path, Type: t.String(), Reason: "it has one of the methods AppendCanonical and DecodeCanonical", Remedy: "give it both, the second on its pointer"}
	}
	if !enc {
		return nil, nil
	}
	return &codec{
		append: func(dst []byte, v unsafe.Pointer) []byte {
			return reflect.NewAt(t, v).Interface().(Encoder).AppendCanonical(dst)
		},
		decode: func(src []byte, v unsafe.Pointer) error {
			return reflect.NewAt(t, v).Interface().(Decoder).DecodeCanonical(src)
		},
		text: func(v unsafe.Pointer) string {
			if s, ok := reflect.NewAt(t, v).Interface().(fmt.Stringer); ok {
				return s.String()
			}
			return fmt.Sprintf("%x", reflect.NewAt(t, v).Interface().(Encoder).AppendCanonical(nil))
		},
	}, nil
}

// known are the types of the standard library with private fields that are encoded here. A time is an instant: it
// decodes in UTC and without a monotonic reading.
var known = map[reflect.Type]*codec{
	reflect.TypeFor[time.Time](): newCodec(
		func(dst []byte, t *time.Time) []byte {
			return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(dst, uint64(t.Unix())), uint32(t.Nanosecond()))
		},
		func(src []byte, t *time.Time) error {
			if len(src) != 12 {
				return errGarbage
			}
			*t = time.Unix(int64(binary.BigEndian.Uint64(src)), int64(binary.BigEndian.Uint32(src[8:]))).UTC()
			return nil
		},
		func(t *time.Time) string { return t.UTC().Format(time.RFC3339Nano) }),
	reflect.TypeFor[netip.Addr]():     textCodec[netip.Addr](),
	reflect.TypeFor[netip.AddrPort](): textCodec[netip.AddrPort](),
	reflect.TypeFor[netip.Prefix]():   textCodec[netip.Prefix](),
	reflect.TypeFor[big.Int]():        textCodec[big.Int](),
	reflect.TypeFor[big.Rat]():        textCodec[big.Rat](),
}

func newCodec[T any](enc func([]byte, *T) []byte, dec func([]byte, *T) error, text func(*T) string) *codec {
	return &codec{
		append: func(dst []byte, v unsafe.Pointer) []byte { return enc(dst, (*T)(v)) },
		decode: func(src []byte, v unsafe.Pointer) error { return dec(src, (*T)(v)) },
		text:   func(v unsafe.Pointer) string { return text((*T)(v)) },
	}
}

// textCodec encodes a type by its own text, which it reads back.
func textCodec[T any, P interface {
	*T
	MarshalText() ([]byte, error)
	UnmarshalText([]byte) error
}]() *codec {
	text := func(v *T) []byte {
		b, err := P(v).MarshalText()
		if err != nil {
			panic(fmt.Sprintf("plan: %T without a text: %v", *v, err))
		}
		return b
	}
	return newCodec(
		func(dst []byte, v *T) []byte { return append(dst, text(v)...) },
		func(src []byte, v *T) error { return P(v).UnmarshalText(src) },
		func(v *T) string { return string(text(v)) })
}
