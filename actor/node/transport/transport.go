// Package transport carries frames of bytes between addresses, over UDP, TCP, TLS, or within a process with faults of choice. It
// knows nothing of actors, messages or encodings, and promises little: a frame arrives whole or not at all, and may be
// lost without a word.
package transport

import (
	"errors"
	"fmt"
)

// Transport carries frames. It is opened once, and closed once. Send and Addr are safe for concurrent use.
type Transport interface {
	// Open starts to receive.
	Open(Options) error
	// Addr returns the address on which the transport receives, once it is open.
	Addr() string
	// Send sends a frame to an address, and takes the bytes at once. It does not wait: what cannot be sent soon is an error,
	// and what can may still be lost.
	Send(to string, frame []byte) error
	// Close ends everything, and returns when nothing runs any more: Receive is not called after it.
	Close() error
}

// Options is what a transport needs to know when it is opened.
type Options struct {
	// Receive is called with every frame, from several goroutines. The bytes are valid during the call only.
	Receive func(from Source, frame []byte)
	// Problem is called with what went wrong and was survived. It must not wait. Nil drops it.
	Problem func(Problem)
	// Self is the address by which peers know this end; "" is for that on which it receives.
	Self string
	// Peers are known from the start. Frames of others are received, too.
	Peers []Peer
	// MaxFrame is the size of the largest frame in bytes; 0 is for [DefaultMaxFrame].
	MaxFrame int
	// Greeting must be equal on both ends of a connection, where there are connections.
	Greeting string
}

// DefaultMaxFrame is the size of the largest frame if nothing else is said: it fits into a datagram of UDP.
const DefaultMaxFrame = 65_000

// Peer is an address with the names for which certificates have to vouch, where there are certificates.
type Peer struct {
	Addr  string
	Names []string
}

// Source says where a frame comes from.
type Source struct {
	Peer     int    // index in Options.Peers, or -1
	Addr     string // to which an answer may be sent, "" for none
	MayBlock bool   // Receive may wait, which makes the sender wait
}

// Problem is what went wrong and was survived.
type Problem struct {
	Kind string // one of the constants
	Addr string // "" if it is not known
	Err  error
}

// The kinds of trouble.
const (
	ProblemOversized  = "oversized"  // a frame was too large
	ProblemRefused    = "refused"    // a connection was not as it must be
	ProblemConnection = "connection" // a connection was lost, or could not be made
	ProblemResolving  = "resolving"  // the name of a host has no address
)

// Errors of Send.
var (
	ErrFull     = errors.New("the queue to this address is full")
	ErrTooLarge = errors.New("the frame is too large")
	ErrClosed   = errors.New("the transport is closed")
	ErrNoRoute  = errors.New("this address cannot be reached now")
)

// options returns o with defaults.
func (o Options) defaults() (Options, error) {
	if o.Receive == nil {
		return o, errors.New("transport: Options.Receive is nil")
	}
	if o.Problem == nil {
		o.Problem = func(Problem) {}
	}
	if o.MaxFrame < 0 {
		return o, fmt.Errorf("transport: Options.MaxFrame is %d", o.MaxFrame)
	}
	if o.MaxFrame == 0 {
		o.MaxFrame = DefaultMaxFrame
	}
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
