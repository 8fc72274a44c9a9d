package node

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/allways-go/allways/actor"
)

// envelope is what a frame holds besides the message.
type envelope struct {
	from, to actor.ID // ids of the sender and the receiver; NoActor is a client
	clock    []uint64 // vector clock of the sender, nil unless it records
}

// frames turns envelopes and encoded messages into frames and back. If the encoding is text, a
// frame is a JSON object, which people can write by hand:
//
//	{"from":"client-1","to":"server-1","msg":{"type":"Get","value":{"Request":4}}}
//
// Clients that are not actors omit "from". Otherwise a frame is a byte for the version, the sender,
// the receiver, the clock with its length, and the message.
type frames struct {
	*table
	text   bool
	quoted []string // names of actors as JSON strings
}

func newFrames(t *table, text bool) frames {
	f := frames{table: t, text: text}
	for _, name := range t.names {
		b, _ := json.Marshal(name) // cannot fail for a string
		f.quoted = append(f.quoted, string(b))
	}
	return f
}

// jsonFrame is a frame in text form.
type jsonFrame struct {
	From  string          `json:"from,omitempty"`
	To    string          `json:"to,omitempty"`
	Clock []uint64        `json:"clock,omitempty"`
	Msg   json.RawMessage `json:"msg"`
}

const frameVersion = 1

// head appends the part of a frame before the message.
func (f frames) head(dst []byte, e envelope) []byte {
	if !f.text {
		dst = append(dst, frameVersion)
		dst = binary.AppendVarint(dst, int64(e.from))
		dst = binary.AppendVarint(dst, int64(e.to))
		dst = binary.AppendUvarint(dst, uint64(len(e.clock)))
		for _, x := range e.clock {
			dst = binary.AppendUvarint(dst, x)
		}
		return dst
	}
	dst = append(dst, `{"from":`...)
	dst = f.appendName(dst, e.from)
	dst = append(dst, `,"to":`...)
	dst = f.appendName(dst, e.to)
	if len(e.clock) > 0 {
		dst = append(dst, `,"clock":[`...)
		for i, x := range e.clock {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = strconv.AppendUint(dst, x, 10)
		}
		dst = append(dst, ']')
	}
	return append(dst, `,"msg":`...)
}

// tail appends the part of a frame after the message.
func (f frames) tail(dst []byte) []byte {
	if f.text {
		return append(dst, '}')
	}
	return dst
}

// reply returns the frame of a message to a client.
func (f frames) reply(message []byte) []byte {
	if !f.text {
		return f.tail(append(f.head(nil, envelope{from: actor.NoActor, to: actor.NoActor}), message...))
	}
	return append(append([]byte(`{"msg":`), message...), "}\n"...)
}

// clientMark begins the name of a client, followed by its id.
const clientMark = "#"

// appendName appends the name of an actor or a client as a JSON string.

func (f frames) appendName(dst []byte, id actor.ID) []byte {
	if id >= 0 && int(id) < len(f.names) {
		return append(dst, f.quoted[id]...)
	}
	dst = append(dst, '"')
	dst = append(dst, clientMark...)
	return append(strconv.AppendInt(dst, int64(id), 10), '"')
}

// named is the inverse of appendName.
func (f frames) named(name string) (actor.ID, error) {
	if id, ok := f.ids[name]; ok {
		return id, nil
	}
	if digits, ok := strings.CutPrefix(name, clientMark); ok {
		n, err := strconv.Atoi(digits)
		if err == nil && n >= len(f.names) {
			return actor.ID(n), nil
		}
	}
	return actor.NoActor, fmt.Errorf("no actor is named %q", name)
}

var errFrame = errors.New("malformed frame")

// open splits a frame into its envelope and the encoded message, which is a part of b.
func (f frames) open(b []byte) (e envelope, msg []byte, err error) {
	if !f.text {
		return f.openBinary(b)
	}
	if e, msg, ok := f.openPlain(b); ok {
		return e, msg, nil
	}
	var j jsonFrame
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&j); err != nil {
		return e, nil, fmt.Errorf("%w: %w", errFrame, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return e, nil, fmt.Errorf("%w: data after the end", errFrame)
	}
	e = envelope{from: actor.NoActor, clock: j.Clock}
	if j.From != "" {
		if e.from, err = f.named(j.From); err != nil {
			return e, nil, err
		}
	}
	if e.to, err = f.named(j.To); err != nil {
		return e, nil, err
	}
	return e, j.Msg, f.fits(e)
}

// openPlain splits frames in the exact form that head writes for actors that do not record, which
// is most of them, without the cost of a JSON decoder. All else is left to open.
func (f frames) openPlain(b []byte) (e envelope, msg []byte, ok bool) {
	rest, ok := bytes.CutPrefix(b, []byte(`{"from":`))
	if !ok {
		return e, nil, false
	}
	if e.from, rest, ok = f.cutName(rest); !ok {
		return e, nil, false
	}
	if rest, ok = bytes.CutPrefix(rest, []byte(`,"to":`)); !ok {
		return e, nil, false
	}
	if e.to, rest, ok = f.cutName(rest); !ok {
		return e, nil, false
	}
	if rest, ok = bytes.CutPrefix(rest, []byte(`,"msg":`)); !ok || !bytes.HasSuffix(rest, []byte("}")) {
		return e, nil, false
	}
	msg = rest[:len(rest)-1]
	return e, msg, json.Valid(msg)
}

// cutName cuts the name of an actor from the beginning of b.
func (f frames) cutName(b []byte) (id actor.ID, rest []byte, ok bool) {
	for i, quoted := range f.quoted {
		if len(b) >= len(quoted) && string(b[:len(quoted)]) == quoted {
			return actor.ID(i), b[len(quoted):], true
		}
	}
	return 0, nil, false
}

func (f frames) openBinary(b []byte) (e envelope, msg []byte, err error) {
	if len(b) == 0 || b[0] != frameVersion {
		return e, nil, errFrame
	}
	b = b[1:]
	for _, id := range []*actor.ID{&e.from, &e.to} {
		x, n := binary.Varint(b)
		if n <= 0 || int64(actor.ID(x)) != x || x < -1 {
			return e, nil, errFrame
		}
		*id, b = actor.ID(x), b[n:]
	}
	length, n := binary.Uvarint(b)
	if n <= 0 || length > uint64(len(f.names)) {
		return e, nil, errFrame
	}
	b = b[n:]
	for range length {
		x, n := binary.Uvarint(b)
		if n <= 0 {
			return e, nil, errFrame
		}
		e.clock, b = append(e.clock, x), b[n:]
	}
	return e, b, f.fits(e)
}

// fits checks the clock of an envelope.
func (f frames) fits(e envelope) error {
	if len(e.clock) != 0 && len(e.clock) != len(f.names) {
		return fmt.Errorf("%w: the clock counts %d actors, want %d", errFrame, len(e.clock), len(f.names))
	}
	return nil
}
