package node

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/codec"
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
	// Record is a directory for recordings of the actors' steps, for [record.Validate]; "" means
	// none. All processes of a system should record: the steps of one that does not are unknown.
	Record string
	// RecordLimits bounds the size and the number of the files of each recording.
	RecordLimits record.Limits
	// RecordOptional lets the node go on if it cannot write a recording, such as on a full disk. What happens
	// until it can again is not recorded, and recordings are validated from there on. Otherwise the node ends.
	RecordOptional bool
	// HTTP is an address at which to serve clients, such as "127.0.0.1:8080"; "" means none. See
	// [Node.Handler].
	HTTP string
	// AcceptClients lets programs that are not actors send messages in datagrams.
	AcceptClients bool

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
	// InboxSize is the number of messages that may wait for an actor; 0 means 1024.
	InboxSize int
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
