package node

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// reason is a reason for dropping a message.
type reason int

const (
	badFrame      reason = iota // the bytes are not a frame
	badMessage                  // the frame does not hold a message
	unknownPeer                 // the sender's address belongs to no peer
	wrongSender                 // the peer does not host the actor that it names as the sender
	notHosted                   // the receiver is not hosted here
	fullInbox                   // the inbox of the receiver is full
	fullQueue                   // the queue of the connection is full
	tooLarge                    // the frame exceeds the size limit
	notEncoded                  // the codec cannot encode the message
	unreachable                 // there is no route to the receiver
	goneClient                  // the client no longer waits, or has been forgotten
	refusedClient               // the request has a wrong host, origin, token or content type
	undeclared                  // clients may not send messages of this type
	badClock                    // the vector clock cannot be that of the sender
	handlerPanic                // a handler panicked on a message from outside
	reasons                     // number of reasons
)

var reasonNames = [reasons]string{
	"bad_frame", "bad_message", "unknown_peer", "wrong_sender", "not_hosted", "full_inbox", "full_queue", "too_large",
	"not_encoded", "unreachable", "gone_client", "refused_client", "undeclared", "bad_clock", "handler_panic",
}

// counters count what happens in a node.
type counters struct {
	in, out, local    atomic.Int64
	bytesIn, bytesOut atomic.Int64
	dropped           [reasons]atomic.Int64
	problems          atomic.Int64
	events            atomic.Int64
	handling          atomic.Int64 // nanoseconds
	saves             atomic.Int64
	saving            atomic.Int64 // nanoseconds
	restarts          atomic.Int64
	clients           atomic.Int64
}

// Stats counts what has happened in a node since it was made.
type Stats struct {
	In, Out, Local    int64            // messages from other processes, to them, and within this one
	BytesIn, BytesOut int64            // bytes of frames from other processes, and to them
	Dropped           map[string]int64 // messages that were dropped, by reason, such as "full_inbox"
	Problems          int64            // failures of connections and sockets that the transport survived
	Events            int64            // events that actors have handled
	Handling          time.Duration    // time spent in handlers
	Saves             int64            // writes to stable storage
	Saving            time.Duration    // time spent in these writes
	Restarts          int64            // actors that had run before and were restarted
	Clients           int64            // messages from clients
	Waiting           int              // messages in inboxes now
}

// stats returns the counts so far.
func (c *counters) stats() Stats {
	s := Stats{
		In: c.in.Load(), Out: c.out.Load(), Local: c.local.Load(),
		BytesIn: c.bytesIn.Load(), BytesOut: c.bytesOut.Load(),
		Dropped: map[string]int64{}, Problems: c.problems.Load(),
		Events: c.events.Load(), Handling: time.Duration(c.handling.Load()),
		Saves: c.saves.Load(), Saving: time.Duration(c.saving.Load()),
		Restarts: c.restarts.Load(), Clients: c.clients.Load(),
	}
	for i := range c.dropped {
		if x := c.dropped[i].Load(); x > 0 {
			s.Dropped[reasonNames[i]] = x
		}
	}
	return s
}

// writeMetrics writes the statistics in the text format of Prometheus.
func (s *Stats) writeMetrics(w io.Writer) {
	one := func(name, kind, help string, value float64) {
		fmt.Fprintf(w, "# HELP allways_%s %s\n# TYPE allways_%s %s\nallways_%s %v\n", name, help, name, kind, name, value)
	}
	count := func(name, help string, value int64) { one(name, "counter", help, float64(value)) }
	count("messages_in_total", "Messages from other processes.", s.In)
	count("messages_out_total", "Messages to other processes.", s.Out)
	count("messages_local_total", "Messages within the process.", s.Local)
	count("messages_clients_total", "Messages from clients that are not actors.", s.Clients)
	count("bytes_in_total", "Bytes of frames from other processes.", s.BytesIn)
	count("bytes_out_total", "Bytes of frames to other processes.", s.BytesOut)
	count("problems_total", "Failures of connections and sockets that were survived.", s.Problems)
	count("events_total", "Events that actors have handled.", s.Events)
	one("handling_seconds_total", "counter", "Time spent in handlers.", s.Handling.Seconds())
	count("saves_total", "Writes to stable storage.", s.Saves)
	one("saving_seconds_total", "counter", "Time spent in writes to stable storage.", s.Saving.Seconds())
	count("restarts_total", "Actors that had run before and were restarted.", s.Restarts)
	one("inbox_messages", "gauge", "Messages that wait for actors.", float64(s.Waiting))
	fmt.Fprint(w, "# HELP allways_dropped_total Messages that were dropped.\n# TYPE allways_dropped_total counter\n")
	for _, name := range reasonNames {
		fmt.Fprintf(w, "allways_dropped_total{reason=%q} %d\n", name, s.Dropped[name])
	}
}
