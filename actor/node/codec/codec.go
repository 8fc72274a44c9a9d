// Package codec turns messages into bytes and back: as JSON for people, as CBOR for short messages,
// or by two functions of the user. It does not write senders and receivers, and it has nothing to
// do with the encoding by which the checker compares messages.
package codec

import (
	"reflect"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
)

// Codec makes the encoding of a system's messages. [JSON] and [CBOR] are codecs, [Functions]
// returns one. An error says which message type cannot be encoded without loss, and what to do
// about it.
type Codec func(actor.Program) (Encoding, error)

// Encoding turns the messages of one system into bytes and back. It is safe for concurrent use.
type Encoding interface {
	// Name identifies the format. Processes whose encodings have different names refuse to talk to
	// each other.
	Name() string
	// Text reports whether each message is a JSON value.
	Text() bool
	// Append appends the bytes of a message. On an error it returns dst unchanged.
	Append(dst []byte, m any) ([]byte, error)
	// Decode returns the message that b holds, which must end where b ends. The bytes may come from
	// anywhere: Decode must not panic, and it must not keep b.
	Decode(b []byte) (any, error)
}

// MessageTypes returns the types that were passed to [actor.System.RegisterMessages] and
// [actor.RegisterClientMessages], in that order.
func MessageTypes(sys actor.Program) ([]reflect.Type, error) {
	p, err := program.Of(sys)
	if err != nil {
		return nil, err
	}
	return p.Messages().Types(), nil
}

// ClientTypes returns the types that were passed to [actor.RegisterClientMessages], in that order, for programs that
// show their users what they can send.
func ClientTypes(sys actor.Program) ([]reflect.Type, error) {
	p, err := program.Of(sys)
	if err != nil {
		return nil, err
	}
	return p.Messages().ClientTypes(), nil
}
