package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/allways-go/allways/actor/internal/program"
	"github.com/allways-go/allways/actor/node/codec"
	"github.com/allways-go/allways/actor/node/transport"
)

// Node is a process that hosts actors. Use [New] to make one. Its methods are safe for concurrent
// use.
type Node struct {
	config    Config
	program   *program.Program // the snapshot of Config.System
	table     *table
	encoding  codec.Encoding // encoding between processes; nil if no message leaves this one
	public    codec.Encoding // encoding for clients; nil without clients
	frames    frames
	processes []*process // hosted actors by id; nil for actors that another node hosts
	clients   clients
	counters  counters
	limiter   limiter
	used      atomic.Bool   // whether Run was called
	running   atomic.Bool   // whether the node handles messages
	begun     atomic.Int64  // number of actors that have started
	started   chan struct{} // closed when the actors are about to start
	address   string        // address at which HTTP is served
	done      chan struct{} // closed when the node stops
}

// HandlerError is the error with which a node ends when a handler panics, and which [Node.Ask] returns if the handler
// panics on the message that it sends.
type HandlerError = program.HandlerError

// New returns a node that does not run yet. It fails if the config is wrong, if the system is, or
// if the codec does not preserve all messages.
func New(c Config) (n *Node, err error) {
	if c, err = c.defaults(); err != nil {
		return nil, err
	}
	n = &Node{
		config: c, started: make(chan struct{}), done: make(chan struct{}),
		limiter: newLimiter(c.Log),
	}
	if n.program, err = program.Of(c.System); err != nil {
		return nil, fmt.Errorf("node: Config.System: %w", err)
	}
	if n.table, err = newTable(&c, n.program); err != nil {
		return nil, err
	}
	if err := n.compare(); err != nil {
		return nil, err
	}
	if err := n.makeEncodings(); err != nil {
		return nil, fmt.Errorf("node: %w", err)
	}
	n.frames = newFrames(n.table, n.encoding != nil && n.encoding.Text())
	n.clients = newClients(n.table)
	n.processes = make([]*process, len(n.table.names))
	for _, id := range n.table.hosted {
		n.processes[id] = newProcess(n, id)
	}
	return n, nil
}

// compare says what the model does not cover, or refuses it.
func (n *Node) compare() error {
	all, err := Uncovered(n.config)
	switch {
	case err != nil || len(all) == 0:
		return err
	case n.config.Strict:
		return fmt.Errorf("node: the model does not cover what the node does:\n%s", strings.Join(all, "\n"))
	case !n.config.Acknowledged:
		for _, text := range all {
			n.config.Log.Warn("not covered by the model", "difference", text)
		}
	}
	return nil
}

// makeEncodings makes the encodings for other processes and for clients. A process without others
// needs no encoding, so messages that cannot be encoded are an error only if there is a transport.
// Clients use JSON if that preserves all messages.
func (n *Node) makeEncodings() (err error) {
	make := func(c codec.Codec) (codec.Encoding, error) {
		e, err := c(n.program)
		if err == nil {
			err = codec.Check(e, n.program)
		}
		return e, err
	}
	alone := n.config.Transport == nil
	if n.encoding, err = make(n.config.Codec); err != nil && !alone {
		return err
	}
	if err != nil {
		n.encoding = nil
	}
	if n.public, err = make(codec.JSON); err != nil {
		n.public = n.encoding
	}
	return nil
}

// Run hosts actors until ctx is done, and then returns nil. It returns an error if a node cannot be
// made from c, or if something fails that an actor cannot survive: a handler panics, other than on a
// message from outside, or a disk fails.
func Run(ctx context.Context, c Config) error {
	n, err := New(c)
	if err != nil {
		return err
	}
	return n.Run(ctx)
}

// Run runs the node as the function [Run] does. It must be called only once. When it returns, all
// goroutines of the node have ended.
func (n *Node) Run(ctx context.Context) error {
	if n.used.Swap(true) {
		return errors.New("node: Run was called before: make a new node to run again")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stopServing, err := n.listen()
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	if err := n.open(); err != nil {
		stopServing()
		return fmt.Errorf("node: %w", err)
	}
	var all sync.WaitGroup
	failed := make(chan error, len(n.table.hosted))
	for _, id := range n.table.hosted {
		all.Go(func() {
			if err := n.processes[id].run(ctx); err != nil {
				failed <- err
				cancel()
			}
		})
	}
	n.running.Store(true)
	close(n.started)
	<-ctx.Done()
	n.running.Store(false)
	close(n.done)
	all.Wait()
	close(failed)
	if n.config.Transport != nil {
		n.config.Transport.Close()
	}
	stopServing()
	for e := range failed {
		err = errors.Join(err, e)
		n.logFailure(e)
	}
	return err
}

// logFailure logs the error with which the node ends.
func (n *Node) logFailure(err error) {
	if h, ok := errors.AsType[*program.HandlerError](err); ok {
		n.config.Log.Error("node ends: handler panicked",
			"actor", h.Actor, "handler", h.Handler, "panic", h.Panic, "stack", h.Stack)
		return
	}
	n.config.Log.Error("node ends", "error", err)
}

// Started returns a channel that is closed once the node receives messages. Its actors are about to
// start then.
func (n *Node) Started() <-chan struct{} { return n.started }

// open opens the transport.
func (n *Node) open() error {
	if n.config.Transport == nil {
		return nil
	}
	return n.config.Transport.Open(transport.Options{
		Receive: n.receive,
		Problem: func(p transport.Problem) {
			n.counters.problems.Add(1)
			n.limiter.warn("network problem: "+p.Kind, "address", p.Addr, "error", p.Err)
		},
		Self: n.table.address(), Peers: n.table.peers, MaxStrangers: n.config.MaxConns,
		MaxFrame: n.config.MaxMessage, Greeting: n.table.greeting(n.encoding.Name()),
	})
}

// Stats returns what has happened so far.
func (n *Node) Stats() Stats {
	s := n.counters.stats()
	for _, id := range n.table.hosted {
		s.Waiting += len(n.processes[id].waiting)
	}
	return s
}

// String returns the statistics as JSON, so a Node is an [expvar.Var].
func (n *Node) String() string {
	b, err := json.Marshal(n.Stats())
	if err != nil {
		return "{}"
	}
	return string(b)
}
