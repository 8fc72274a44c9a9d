package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/codec"
	"github.com/allways-go/allways/actor/node/transport"
)

// Node is a process that hosts actors. The zero value is not ready: use [New]. Its methods but Run are safe for concurrent use.
type Node struct {
	config    Config
	table     *table
	codec     codec.Encoding
	public    codec.Encoding // of clients
	frames    frames
	processes []*process // by actor; nil for those that are not hosted here
	guests    guests
	counters  counters
	limiter   limiter
	used      atomic.Bool
	running   atomic.Bool
	begun     atomic.Int64 // actors that have started
	started   chan struct{}
	address   string        // of HTTP
	done      chan struct{} // closed when the node stops
}

// New returns a node that does not run yet. An error says what is wrong with the config: messages that the codec would change are
// found here, too.
func New(c Config) (n *Node, err error) {
	if c, err = c.defaults(); err != nil {
		return nil, err
	}
	n = &Node{config: c, started: make(chan struct{}), done: make(chan struct{}), limiter: limiter{log: c.Log, all: map[string]*limited{}}}
	if n.table, err = newTable(&c); err != nil {
		return nil, err
	}
	if _, err := c.System.Live(n.table.hosted[0]); err != nil {
		return nil, fmt.Errorf("node: the system is not as it must be: %w", err)
	}
	if err := n.makeCodecs(); err != nil {
		return nil, fmt.Errorf("node: %w", err)
	}
	n.frames = newFrames(n.table, n.codec != nil && n.codec.Text())
	n.guests = newGuests(n.table)
	n.processes = make([]*process, len(n.table.names))
	for _, id := range n.table.hosted {
		n.processes[id] = newProcess(n, id)
	}
	return n, nil
}

// makeCodecs makes the codec of messages, which is not needed where all is within one process, and that of clients: JSON if
// that can hold the messages.
func (n *Node) makeCodecs() (err error) {
	make := func(m codec.Codec) (codec.Encoding, error) {
		c, err := m(n.config.System)
		if err == nil {
			err = codec.Check(c, n.config.System)
		}
		return c, err
	}
	alone := n.config.Transport == nil
	if n.codec, err = make(n.config.Codec); err != nil && !alone {
		return err
	}
	if err != nil {
		n.codec = nil
	}
	if n.public, err = make(codec.JSON); err != nil {
		n.public = n.codec
	}
	return nil
}

// Run hosts actors until ctx is done, and returns nil then; or until something fails that cannot be survived, such as a handler
// that panics or a disk.
func Run(ctx context.Context, c Config) error {
	n, err := New(c)
	if err != nil {
		return err
	}
	return n.Run(ctx)
}

// Run runs the node, once; see the function [Run]. When it returns, nothing of the node runs any more.
func (n *Node) Run(ctx context.Context) error {
	if n.used.Swap(true) {
		return errors.New("node: a node runs once only")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	served, err := n.listen()
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	if err := n.open(); err != nil {
		served(nil)
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
	served(nil)
	for e := range failed {
		err = errors.Join(err, e)
		n.logFailure(e)
	}
	return err
}

func (n *Node) logFailure(err error) {
	if h, ok := errors.AsType[*actor.HandlerError](err); ok {
		n.config.Log.Error("a handler panicked, so the process ends", "actor", h.Actor, "handler", h.Handler, "panic", h.Panic, "stack", h.Stack)
		return
	}
	n.config.Log.Error("the process ends", "error", err)
}

// Started returns a channel that is closed when the node receives messages and its actors are about to start.
func (n *Node) Started() <-chan struct{} { return n.started }

// open opens the transport.
func (n *Node) open() error {
	if n.config.Transport == nil {
		return nil
	}
	return n.config.Transport.Open(transport.Options{
		Receive: n.receive,
		Problem: func(t transport.Problem) {
			n.counters.trouble.Add(1)
			n.limiter.warn("trouble with the network: "+t.Kind, "address", t.Addr, "error", t.Err)
		},
		Self: n.table.addrs[n.table.hosted[0]], Peers: n.table.peers, MaxFrame: n.config.MaxMessage, Greeting: n.table.greeting(n.codec.Name()),
	})
}

// listen serves clients, and returns how to end that.
func (n *Node) listen() (end func(error), err error) {
	if n.config.HTTP == "" {
		return func(error) {}, nil
	}
	l, err := net.Listen("tcp", n.config.HTTP)
	if err != nil {
		return nil, err
	}
	n.address = l.Addr().String()
	server := &http.Server{Handler: n.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, MaxHeaderBytes: 1 << 16}
	var served sync.WaitGroup
	served.Go(func() { server.Serve(l) })
	return func(error) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			server.Close()
		}
		served.Wait()
	}, nil
}
