package codec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/allways-go/allways/actor"
)

// JSON is the [Codec] that writes messages by the rules of encoding/json. If the message type is an
// interface, a message is written as {"type":"Put","value":{...}}, where the value may be missing
// for a zero message. Unknown fields are errors. A message that would not come back the same, such as
// one with a pointer to nil or with more than 9,990 levels, is an error of the sender.
func JSON(p actor.Program) (Encoding, error) {
	u, err := newUnion(p)
	if err == nil {
		var s *shadows
		if s, err = newShadows(u, jsonTagged{}, json.Marshal, strictJSON); err == nil {
			return newFaithful(jsonEncoding{s}, u.program, u, nestedJSON), nil
		}
	}
	return nil, fmt.Errorf("codec json: %w", err)
}

type jsonEncoding struct{ *shadows }

// jsonTagged is a message with the name of its type.
type jsonTagged struct {
	Type  string          `json:"type"`
	Value json.RawMessage `json:"value"`
}

func (jsonEncoding) Name() string { return "json" }
func (jsonEncoding) Text() bool   { return true }

func (c jsonEncoding) Append(dst []byte, m any) ([]byte, error) {
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
		return start, fmt.Errorf("a string in a %T is not UTF-8, which JSON cannot represent: use codec.CBOR", m)
	}
	if dst = append(dst, b...); c.union.tagged {
		dst = append(dst, '}')
	}
	return dst, nil
}

// replaced reports whether json.Marshal has replaced invalid UTF-8. It writes the escape \ufffd for
// what it replaces, but a replacement character that was there before as it is.
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

func (c jsonEncoding) Decode(b []byte) (any, error) {
	if !c.union.tagged {
		return decodeAs(c.message, b, strictJSON)
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

// decodePlain decodes messages in the exact form that Append writes, which is faster than a search
// for the fields. All else is left to Decode, errors included.
func (c jsonEncoding) decodePlain(b []byte) (m any, ok bool) {
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

// strictJSON is json.Unmarshal with unknown fields as errors.
func strictJSON(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if len(bytes.TrimSpace(b[d.InputOffset():])) > 0 {
		return errors.New("unexpected data after the message")
	}
	return nil
}
