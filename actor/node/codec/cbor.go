package codec

import (
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"github.com/allways-go/allways/actor"
)

// CBOR makes a codec that writes messages as CBOR (RFC 8949), which is shorter than JSON and takes any string. A message whose
// type is an interface is written as an array of the type's name and the value. Fields that are unknown are refused.
func CBOR(p actor.Program) (Codec, error) {
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
	return cborCodec{s, enc, dec}, nil
}

// cborTagged is a message with its tag.
type cborTagged struct {
	_     struct{} `cbor:",toarray"`
	Type  string
	Value cbor.RawMessage
}

type cborCodec struct {
	*shadows
	enc cbor.EncMode
	dec cbor.DecMode
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
		head, err := c.enc.Marshal(name)
		if err != nil {
			return start, err
		}
		dst = append(append(dst, pairHead), head...)
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
	var tag cborTagged
	if err := c.dec.Unmarshal(b, &tag); err != nil {
		return nil, err
	}
	return c.decodeNamed(tag.Type, tag.Value)
}
