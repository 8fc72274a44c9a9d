package codec

import (
	"fmt"
	"math"

	"github.com/fxamacker/cbor/v2"

	"github.com/allways-go/allways/actor"
)

// CBOR is the [Codec] that writes messages as CBOR (RFC 8949), which is shorter than JSON and can
// represent any string. If the message type is an interface, a message is written as an array of
// the type's name and the value. Unknown fields are errors. A message that would not come back the
// same, such as one with a pointer to nil or with more than 9,990 levels, is an error of the sender.
func CBOR(p actor.Program) (Encoding, error) {
	u, err := newUnion(p)
	if err == nil {
		var c *cborEncoding
		if c, err = newCBOR(u); err == nil {
			return newFaithful(c, u.program, u, c.dec.Wellformed), nil
		}
	}
	return nil, fmt.Errorf("codec cbor: %w", err)
}

func newCBOR(u *union) (*cborEncoding, error) {
	enc, err := cbor.EncOptions{Time: cbor.TimeRFC3339Nano, String: cbor.StringToTextString}.EncMode()
	if err != nil {
		return nil, err
	}
	dec, err := cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, UTF8: cbor.UTF8DecodeInvalid,
		MaxNestedLevels: maxNesting, MaxArrayElements: math.MaxInt32, MaxMapPairs: math.MaxInt32,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
	}.DecMode()
	if err != nil {
		return nil, err
	}
	s, err := newShadows(u, cborTagged{}, enc.Marshal, dec.Unmarshal)
	if err != nil {
		return nil, err
	}
	c := &cborEncoding{s, enc, dec, map[string][]byte{}}
	for name := range u.types {
		head, err := enc.Marshal(name)
		if err != nil {
			return nil, err
		}
		c.heads[name] = append([]byte{pairHead}, head...)
	}
	return c, nil
}

// cborTagged is a message with the name of its type.
type cborTagged struct {
	_     struct{} `cbor:",toarray"`
	Type  string
	Value cbor.RawMessage
}

type cborEncoding struct {
	*shadows
	enc   cbor.EncMode
	dec   cbor.DecMode
	heads map[string][]byte // bytes before the value, by type name
}

func (cborEncoding) Name() string { return "cbor" }
func (cborEncoding) Text() bool   { return false }

// pairHead is the first byte of an array of two elements.
const pairHead = 0x82

func (c cborEncoding) Append(dst []byte, m any) ([]byte, error) {
	start := dst
	if c.union.tagged {
		name, err := c.name(m)
		if err != nil {
			return start, err
		}
		dst = append(dst, c.heads[name]...)
	}
	b, err := c.encode(m)
	if err != nil {
		return start, err
	}
	return append(dst, b...), nil
}

func (c cborEncoding) Decode(b []byte) (any, error) {
	if !c.union.tagged {
		return decodeAs(c.message, b, c.dec.Unmarshal)
	}
	if name, value, ok := c.cutPlain(b); ok {
		return c.decodeNamed(name, value)
	}
	var tag cborTagged
	if err := c.dec.Unmarshal(b, &tag); err != nil {
		return nil, err
	}
	return c.decodeNamed(tag.Type, tag.Value)
}

// cutPlain splits messages in the exact form that Append writes for short names. All else is left
// to Decode.
func (c cborEncoding) cutPlain(b []byte) (name string, value []byte, ok bool) {
	const shortText, maxShort = 0x60, 23
	if len(b) < 2 || b[0] != pairHead || b[1] < shortText || b[1] > shortText+maxShort {
		return "", nil, false
	}
	end := 2 + int(b[1]-shortText)
	if len(b) <= end {
		return "", nil, false
	}
	t, ok := c.types[string(b[2:end])]
	return c.names[t], b[end:], ok
}
