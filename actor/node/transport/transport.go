// Package transport carries frames of bytes between addresses: over UDP, TCP or TLS, or within a
// process with faults on demand. It knows nothing about actors, messages or encodings, and it is
// not reliable: a frame arrives whole or not at all, and any frame may be lost without an error.
package transport

import (
	"errors"
	"fmt"

	"github.com/allways-go/allways/actor/node/internal/places"
)

// Transport carries frames. It is opened once and closed once. Send and Addr are safe for
// concurrent use once it is open.
type Transport interface {
	// Open starts to receive.
	Open(Options) error
	// Addr returns the address at which the transport receives.
	Addr() string
	// Send sends a frame to an address. It copies the frame and never waits: a frame that cannot be
	// sent soon is an error, and one that is accepted may still be lost.
	Send(to string, frame []byte) error
	// Close stops the transport. Receive is not called after Close has returned.
	Close() error
}

// Options says how a [Transport] is opened. Only Receive is required.
type Options struct {
	// Receive is called with each frame, from several goroutines. The bytes are valid only during
	// the call.
	Receive func(from Source, frame []byte)
	// Problem is called with each failure that the transport survives. It must not block. Nil
	// ignores them.
	Problem func(Problem)
	// Self is the address under which peers know this transport; "" means the one at which it
	// receives.
	Self string
	// Peers are the known senders and receivers. UDP and memory also carry the frames of others.
	Peers []Peer
	// MaxFrame is the size limit of a frame in bytes; 0 means [DefaultMaxFrame].
	MaxFrame int
	// MaxStrangers is the number of connections that have not identified themselves as a peer's yet;
	// 0 means 256, or fewer if the process may open few files. Beyond it, the address that has most of
	// them loses its oldest one. UDP and memory ignore it.
	MaxStrangers int
	// Greeting must be equal at both ends of a connection. UDP and memory have no connections and
	// ignore it.
	Greeting string
}

// DefaultMaxFrame is the default size limit of a frame in bytes. A UDP datagram has room for it.
const DefaultMaxFrame = 65_000

// Peer is another end of the network.
type Peer struct {
	Addr  string   // address as the transport takes it, such as host:port
	Names []string // DNS names that its TLS certificate must cover
}

// Source is the origin of a frame.
type Source struct {
	Peer     int    // index in Options.Peers, -1 for strangers
	Addr     string // address for answers, "" for none
	MayBlock bool   // whether Receive may block, which slows the sender down
}

// Problem is a failure that a transport survives.
type Problem struct {
	Kind string // one of the constants, such as ProblemRefused
	Addr string // the other end, "" if unknown
	Err  error  // the cause
}

// The kinds of a [Problem].
const (
	ProblemOversized  = "oversized"  // a frame exceeded the size limit
	ProblemRefused    = "refused"    // a connection did not authenticate or greet as required
	ProblemConnection = "connection" // a connection broke or could not be made
	ProblemResolving  = "resolving"  // a host name has no address
)

// Errors of [Transport.Send].
var (
	ErrFull     = errors.New("the queue for this address is full")
	ErrTooLarge = errors.New("the frame is too large")
	ErrClosed   = errors.New("the transport is closed")
	ErrNoRoute  = errors.New("no route to this address")
)

// defaults returns o with its defaults filled in.
func (o Options) defaults() (Options, error) {
	if o.Receive == nil {
		return o, errors.New("transport: Options.Receive is nil")
	}
	if o.Problem == nil {
		o.Problem = func(Problem) {}
	}
	if o.MaxFrame < 0 {
		return o, fmt.Errorf("transport: Options.MaxFrame is %d, want a positive number or 0 for the default", o.MaxFrame)
	}
	if o.MaxFrame == 0 {
		o.MaxFrame = DefaultMaxFrame
	}
	if o.MaxStrangers < 0 {
		return o, fmt.Errorf("transport: Options.MaxStrangers is %d, want a positive number or 0 for the default",
			o.MaxStrangers)
	}
	o.MaxStrangers = places.Limit(o.MaxStrangers)
	return o, nil
}

// peer returns the index of the peer at an address, or -1.
func (o *Options) peer(addr string) int {
	for i, p := range o.Peers {
		if p.Addr == addr {
			return i
		}
	}
	return -1
}
