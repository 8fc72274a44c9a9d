package node

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/codec"
	"github.com/allways-go/allways/actor/node/internal/places"
	"github.com/allways-go/allways/actor/node/record"
	"github.com/allways-go/allways/actor/node/storage"
	"github.com/allways-go/allways/actor/node/transport"
)

// Config describes a process. A process that hosts all actors needs only System.
type Config struct {
	// System is the system of actors, with the same parameters in all processes.
	System actor.Program
	// Actors are the names of the actors to host; nil means all.
	Actors []string
	// Peers maps the names of all actors to addresses. Actors of one process have the same address.
	Peers map[string]string
	// Transport carries messages between processes; nil means there is only this process.
	Transport transport.Transport
	// Codec encodes messages; nil means [codec.JSON]. All processes must have the same one.
	Codec codec.Codec
	// Storage keeps what actors save. With nil it is lost when the process ends: such a process
	// must not be started again while the others run, because its actors would forget their
	// promises.
	Storage storage.Storage
	// Migrate is called with what an actor has saved, before it restarts. It returns the value in the form that this
	// version of the program loads, or nil if that is what was saved. [SavedAs] reads values of earlier types. A
	// recording cannot go on past a change of types: record into another directory from then on.
	Migrate func(Saved) (any, error)
	// Record is a directory for recordings of the actors' steps, for [record.Validate]; "" means
	// none. All processes of a system should record: the steps of one that does not are unknown.
	Record string
	// RecordLimits bounds the size and the number of the files of each recording.
	RecordLimits record.Limits
	// RecordOptional lets the node go on if it cannot write a recording, such as on a full disk. What happens
	// until it can again is not recorded, and recordings are validated from there on. Otherwise the node ends.
	RecordOptional bool
	// HTTP is an address at which to serve clients, such as "127.0.0.1:8080"; "" means none, and
	// without a host it is 127.0.0.1, which only programs on the same machine reach. See [Node.Handler].
	HTTP string
	// HTTPHosts are the host names, without ports, under which clients may ask for this node, besides
	// localhost, the host in HTTP and the addresses of this machine. "*" means any.
	HTTPHosts []string
	// HTTPToken is a secret that clients over HTTP must send: "Authorization: Bearer TOKEN". ""
	// means that none is needed.
	HTTPToken string
	// HTTPTLS has the certificate with which HTTP is served, over TLS 1.3; nil means without TLS. If
	// ClientCAs is set, clients must present a certificate, too.
	HTTPTLS *tls.Config
	// AcceptClients lets programs that are not actors send messages in datagrams.
	AcceptClients bool
	// StopOnPanic ends the node when a handler panics on a message from outside: from a client or
	// from another process. Otherwise such a message is dropped and counted.
	StopOnPanic bool

	// Strict refuses what the model does not cover; see [Uncovered]. Otherwise it is logged, unless Acknowledged
	// says that the caller has shown it.
	Strict, Acknowledged bool

	// Seed determines timers and choices; 0 means a random seed.
	Seed uint64
	// MinChoiceDelay and MaxChoiceDelay bound the time from a call of c.Choose until a choice is
	// made. If both are 0, the maximum is 10 ms.
	MinChoiceDelay, MaxChoiceDelay time.Duration

	// MaxMessage is the size limit of a message with its envelope, in bytes; 0 means
	// [transport.DefaultMaxFrame].
	MaxMessage int
	// InboxSize is the number of messages that may wait for an actor; 0 means 1024. Half of them may
	// be of clients, and an eighth of clients at one address.
	InboxSize int
	// MaxConns is the number of connections of clients over HTTP, and of connections that have not
	// identified themselves as those of other processes; 0 means 256 each, or fewer if the process may
	// open few files.
	MaxConns int
	// MaxBatch is the number of waiting events that are committed together, with one write to the
	// disk; 0 means 1.
	MaxBatch int

	// Log receives warnings and events such as restarts; nil means [slog.Default].
	Log *slog.Logger
}

const (
	defaultInbox  = 1024
	defaultChoice = 10 * time.Millisecond
	maxEvents     = 1 << 20 // limit of InboxSize and MaxBatch
)

// defaults returns c with its defaults filled in, or an error for values out of range.
func (c Config) defaults() (Config, error) {
	if c.System == nil {
		return c, errors.New("node: Config.System is nil")
	}
	if c.Codec == nil {
		c.Codec = codec.JSON
	}
	if c.Seed == 0 {
		c.Seed = rand.Uint64()
	}
	if c.MinChoiceDelay == 0 && c.MaxChoiceDelay == 0 {
		c.MaxChoiceDelay = defaultChoice
	}
	if c.MinChoiceDelay < 0 || c.MaxChoiceDelay < c.MinChoiceDelay {
		return c, fmt.Errorf("node: Config.MinChoiceDelay is %v and MaxChoiceDelay %v: want 0 or more, and the minimum first",
			c.MinChoiceDelay, c.MaxChoiceDelay)
	}
	for _, x := range []struct {
		name     string
		value    *int
		standard int
		limit    int
	}{
		{"MaxMessage", &c.MaxMessage, transport.DefaultMaxFrame, 1<<31 - 1},
		{"InboxSize", &c.InboxSize, defaultInbox, maxEvents},
		{"MaxBatch", &c.MaxBatch, 1, maxEvents},
		{"MaxConns", &c.MaxConns, places.Limit(0), maxEvents},
	} {
		if *x.value == 0 {
			*x.value = x.standard
		}
		if *x.value < 0 || *x.value > x.limit {
			return c, fmt.Errorf("node: Config.%s is %d: want 1 to %d, or 0 for the default", x.name, *x.value, x.limit)
		}
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c, nil
}
