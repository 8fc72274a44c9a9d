package codec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/allways-go/allways/actor"
)

// JSON makes a codec that writes messages as JSON by the rules of encoding/json. A message whose type is an interface is written
// as {"type":"Put","value":{...}}; value may be left out for that which is zero. Fields that are unknown are
// refused.
func JSON(p actor.Program) (Encoding, error) {
	u, err := newUnion(p)
	if err != nil {
		return nil, fmt.Errorf("codec json: %w", err)
	}
	s, err := u.shadows(jsonTagged{}, json.Marshal, strictJSON)
	if err != nil {
		return nil, fmt.Errorf("codec json: %w", err)
	}
	return jsonCodec{s}, nil
}

type jsonCodec struct{ *shadows }

// jsonTagged is a message with its tag.
type jsonTagged struct {
	Type  string          `json:"type"`
	Value json.RawMessage `json:"value"`
}

func (jsonCodec) Name() string { return "json" }
func (jsonCodec) Text() bool   { return true }

func (c jsonCodec) Append(dst []byte, m any) ([]byte, error) {
	start := dst
	if c.union.tagged {
		name, err := c.name(m)
		if err != nil {
			return start, err
		}
		dst = append(dst, `{"type":"`...)
		dst = append(append(dst, name...), `","value":`...)
	}
	b, err := c.encode(m)
	if err != nil {
		return start, err
	}
	if replaced(b) {
		return start, fmt.Errorf("a string in a %T is no UTF-8, which JSON cannot hold: use CBOR", m)
	}
	if dst = append(dst, b...); c.union.tagged {
		dst = append(dst, '}')
	}
	return dst, nil
}

// replaced reports whether json.Marshal has replaced what is no UTF-8. It writes a replacement character as it is, and an
// escape for what it replaces.
func replaced(b []byte) bool {
	escape := []byte(`\ufffd`)
	for at := 0; ; at++ {
		i := bytes.Index(b[at:], escape)
		if i < 0 {
			return false
		}
		at += i
		slashes := 0
		for j := at; j >= 0 && b[j] == '\\'; j-- {
			slashes++
		}
		if slashes%2 == 1 {
			return true
		}
	}
}

func (c jsonCodec) Decode(b []byte) (any, error) {
	if !c.union.tagged {
		return decodeAs(c.single, b, strictJSON)
	}
	if m, ok := c.decodePlain(b); ok {
		return m, nil
	}
	var tag jsonTagged
	if err := strictJSON(b, &tag); err != nil {
		return nil, err
	}
	return c.decodeNamed(tag.Type, tag.Value)
}

// decodePlain decodes what is written as Append does it; anything else, also what is no message, is left to Decode.
func (c jsonCodec) decodePlain(b []byte) (m any, ok bool) {
	rest, ok := bytes.CutPrefix(b, []byte(`{"type":"`))
	if !ok {
		return nil, false
	}
	name, rest, ok := bytes.Cut(rest, []byte(`","value":`))
	if !ok || !bytes.HasSuffix(rest, []byte("}")) || len(rest) == 1 {
		return nil, false
	}
	if _, known := c.types[string(name)]; !known {
		return nil, false
	}
	m, err := c.decodeNamed(string(name), rest[:len(rest)-1])
	return m, err == nil
}

// strictJSON refuses fields that are unknown, and anything after the value.
func strictJSON(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if len(bytes.TrimSpace(b[d.InputOffset():])) > 0 {
		return errors.New("something follows the message")
	}
	return nil
}
