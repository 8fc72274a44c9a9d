package codec

import (
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"github.com/allways-go/allways/actor"
)

// CBOR makes a codec that writes messages as CBOR (RFC 8949), which is shorter than JSON and takes any string. A message whose
// type is an interface is written as an array of the type's name and the value. Fields that are unknown are refused.
func CBOR(p actor.Program) (Encoding, error) {
	u, err := newUnion(p)
	if err != nil {
		return nil, fmt.Errorf("codec cbor: %w", err)
	}
	enc, err := cbor.EncOptions{Time: cbor.TimeRFC3339Nano, String: cbor.StringToTextString}.EncMode()
	if err != nil {
		return nil, fmt.Errorf("codec cbor: %w", err)
	}
	dec, err := cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, MaxNestedLevels: 64, UTF8: cbor.UTF8DecodeInvalid,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
	}.DecMode()
	if err != nil {
		return nil, fmt.Errorf("codec cbor: %w", err)
	}
	s, err := u.shadows(cborTagged{}, enc.Marshal, dec.Unmarshal)
	if err != nil {
		return nil, fmt.Errorf("codec cbor: %w", err)
	}
	c := cborCodec{s, enc, dec, map[string][]byte{}}
	for name := range u.types {
		head, err := enc.Marshal(name)
		if err != nil {
			return nil, fmt.Errorf("codec cbor: %w", err)
		}
		c.heads[name] = append([]byte{pairHead}, head...)
	}
	return c, nil
}

// cborTagged is a message with its tag.
type cborTagged struct {
	_     struct{} `cbor:",toarray"`
	Type  string
	Value cbor.RawMessage
}

type cborCodec struct {
	*shadows
	enc   cbor.EncMode
	dec   cbor.DecMode
	heads map[string][]byte // by name: what comes before the value
}

func (cborCodec) Name() string { return "cbor" }
func (cborCodec) Text() bool   { return false }

// pairHead begins an array of two elements.
const pairHead = 0x82

func (c cborCodec) Append(dst []byte, m any) ([]byte, error) {
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

func (c cborCodec) Decode(b []byte) (any, error) {
	if !c.union.tagged {
		return decodeAs(c.single, b, c.dec.Unmarshal)
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

// cutPlain takes apart what begins as Append has it, with a short name; anything else is left to Decode.
func (c cborCodec) cutPlain(b []byte) (name string, value []byte, ok bool) {
	const shortText, mostShort = 0x60, 23
	if len(b) < 2 || b[0] != pairHead || b[1] < shortText || b[1] > shortText+mostShort {
		return "", nil, false
	}
	end := 2 + int(b[1]-shortText)
	if len(b) <= end {
		return "", nil, false
	}
	t, ok := c.types[string(b[2:end])]
	return c.names[t], b[end:], ok
}
