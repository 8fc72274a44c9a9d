package node

import (
	"encoding/json"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// reason says why a message was dropped.
type reason int

const (
	noFrame     reason = iota // what came is no frame
	noMessage                 // what is in the frame is no message
	unknownPeer               // it comes from an address that is no peer's
	wrongSender               // the peer does not host the actor that it names as the sender
	wrongPlace                // the receiver is not hosted here
	fullInbox                 // the inbox of the receiver is full
	fullQueue                 // the queue to a peer is full
	tooLarge                  // it is larger than allowed
	notEncoded                // the codec cannot encode it
	unreachable               // there is no way to the receiver
	goneGuest                 // the client that it is for has gone
	reasons                   // how many there are
)

var reasonNames = [reasons]string{
	"no_frame", "no_message", "unknown_peer", "wrong_sender", "wrong_place", "full_inbox", "full_queue", "too_large", "not_encoded",
	"unreachable", "gone_guest",
}

// counters count what happens in a node.
type counters struct {
	in, out, local    atomic.Int64 // messages
	bytesIn, bytesOut atomic.Int64
	dropped           [reasons]atomic.Int64
	trouble           atomic.Int64 // of the transport
	events            atomic.Int64 // that were handled
	handling          atomic.Int64 // nanoseconds in handlers
	saves             atomic.Int64
	saving            atomic.Int64 // nanoseconds
	recoveries        atomic.Int64
	guests            atomic.Int64 // messages of clients
}

// Stats is what has happened in a node so far.
type Stats struct {
	In, Out, Local    int64 // messages from, to other processes, and within
	BytesIn, BytesOut int64
	Dropped           map[string]int64 // messages, by why
	Problems          int64            // of connections and sockets, that was survived
	Events            int64            // handled by actors
	Handling          time.Duration    // in handlers
	Saves             int64            // to stable storage
	Saving            time.Duration
	Recoveries        int64 // of actors that had run before
	Clients           int64 // messages of clients
	Waiting           int   // messages in inboxes now
}

// Stats returns what has happened so far. It is safe for concurrent use.
func (n *Node) Stats() Stats {
	c := &n.counters
	s := Stats{
		In: c.in.Load(), Out: c.out.Load(), Local: c.local.Load(), BytesIn: c.bytesIn.Load(), BytesOut: c.bytesOut.Load(),
		Dropped: map[string]int64{}, Problems: c.trouble.Load(), Events: c.events.Load(), Handling: time.Duration(c.handling.Load()),
		Saves: c.saves.Load(), Saving: time.Duration(c.saving.Load()), Recoveries: c.recoveries.Load(), Clients: c.guests.Load(),
	}
	for i := range c.dropped {
		if x := c.dropped[i].Load(); x > 0 {
			s.Dropped[reasonNames[i]] = x
		}
	}
	for _, p := range n.processes {
		if p != nil {
			s.Waiting += len(p.waiting)
		}
	}
	return s
}

// String returns the statistics as JSON, so that a Node is an expvar.Var: publish it under a name of your own.
func (n *Node) String() string {
	b, err := json.Marshal(n.Stats())
	if err != nil {
		return "{}"
	}
	return string(b)
}

// writeMetrics writes the statistics in the text format of Prometheus.
func (n *Node) writeMetrics(w io.Writer) {
	s := n.Stats()
	one := func(name, kind, help string, value float64) {
		fmt.Fprintf(w, "# HELP allways_%s %s\n# TYPE allways_%s %s\nallways_%s %v\n", name, help, name, kind, name, value)
	}
	one("messages_in_total", "counter", "Messages from other processes.", float64(s.In))
	one("messages_out_total", "counter", "Messages to other processes.", float64(s.Out))
	one("messages_local_total", "counter", "Messages within the process.", float64(s.Local))
	one("messages_guests_total", "counter", "Messages of clients that are no actors.", float64(s.Clients))
	one("bytes_in_total", "counter", "Bytes of frames from other processes.", float64(s.BytesIn))
	one("bytes_out_total", "counter", "Bytes of frames to other processes.", float64(s.BytesOut))
	one("trouble_total", "counter", "Errors of connections and sockets that were survived.", float64(s.Problems))
	one("events_total", "counter", "Events that actors have handled.", float64(s.Events))
	one("handling_seconds_total", "counter", "Time in handlers.", s.Handling.Seconds())
	one("saves_total", "counter", "Writes to stable storage.", float64(s.Saves))
	one("saving_seconds_total", "counter", "Time of writes to stable storage.", s.Saving.Seconds())
	one("recoveries_total", "counter", "Actors that had run before when they were started.", float64(s.Recoveries))
	one("inbox_messages", "gauge", "Messages that wait for actors.", float64(s.Waiting))
	fmt.Fprintf(w, "# HELP allways_dropped_total Messages that were dropped.\n# TYPE allways_dropped_total counter\n")
	for i, name := range reasonNames {
		fmt.Fprintf(w, "allways_dropped_total{reason=%q} %d\n", name, n.counters.dropped[i].Load())
	}
}
