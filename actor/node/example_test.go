package node_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node"
	"github.com/allways-go/allways/actor/node/storage"
	"github.com/allways-go/allways/actor/node/transport"
)

// frontend forwards a client's request to the backend, again and again until there is an answer: the
// network may lose messages.
type frontend struct{ backend actor.ID }

type pending struct {
	Client  actor.ID
	Request string
}

func (frontend) Start(*actor.Context[string], *pending) {}

func (f frontend) Receive(c *actor.Context[string], s *pending, from actor.ID, m string) {
	if from == f.backend {
		c.CancelTimer("retry")
		c.Send(s.Client, m)
		return
	}
	*s = pending{Client: from, Request: m}
	f.Timeout(c, s, "retry")
}

func (f frontend) Timeout(c *actor.Context[string], s *pending, timer string) {
	c.Send(f.backend, s.Request)
	c.SetTimer(timer, time.Millisecond, 2*time.Millisecond)
}

// backend answers in capital letters, and counts the requests.
type backend struct{}

func (backend) Start(*actor.Context[string], *int) {}

func (backend) Receive(c *actor.Context[string], s *int, from actor.ID, m string) {
	*s++
	c.Send(from, fmt.Sprint(strings.ToUpper(m), " ", *s))
}

// start runs a node. The function that it returns ends the node and returns its error.
func start(n *node.Node) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx) }()
	<-n.Started()
	return func() error {
		cancel()
		return <-ended
	}
}

// Two processes host an actor each. Here they are in one program and share a network in memory; with
// [transport.UDP] or [transport.TCP] they would run on two machines.
func ExampleRun() {
	sys := actor.NewSystem[string](actor.Config{})
	actor.Spawn(sys, "frontend", frontend{backend: 1})
	actor.Spawn(sys, "backend", backend{})

	network := transport.NewNetwork(1, transport.Faults{})
	peers := map[string]string{"frontend": "here", "backend": "there"}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		ended <- node.Run(ctx, node.Config{
			System: sys, Actors: []string{"backend"}, Peers: peers, Transport: network.Transport("there"), Log: quiet,
		})
	}()

	n, err := node.New(node.Config{
		System: sys, Actors: []string{"frontend"}, Peers: peers, Transport: network.Transport("here"), Log: quiet,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	stop := start(n)
	answer, err := n.Ask(context.Background(), "frontend", "hello")
	fmt.Println(answer, err)
	cancel()
	fmt.Println(<-ended, stop())
	// Output:
	// HELLO 1 <nil>
	// <nil> <nil>
}

// newBackend returns a node that hosts a system of one actor, to which clients may send any message that is a string.
func newBackend() (*node.Node, error) {
	sys := actor.NewSystem[string](actor.Config{})
	actor.RegisterClientMessages(sys, "")
	actor.Spawn(sys, "backend", backend{})
	return node.New(node.Config{System: sys, Log: quiet})
}

// A process that hosts all actors needs neither a transport nor addresses.
func ExampleNew() {
	sys := actor.NewSystem[string](actor.Config{})
	actor.Spawn(sys, "backend", backend{})
	n, err := node.New(node.Config{System: sys, Log: quiet})
	if err != nil {
		fmt.Println(err)
		return
	}
	stop := start(n)
	fmt.Println(n.Ask(context.Background(), "backend", "hello"))
	fmt.Println(stop())

	_, err = node.New(node.Config{System: sys, Actors: []string{"fronted"}})
	fmt.Println(err)
	// Output:
	// HELLO 1 <nil>
	// <nil>
	// node: Config.Actors has "fronted", want some of [backend]
}

// Ask waits for the first message that is sent back to the client. The context limits the time.
func ExampleNode_Ask() {
	n, err := newBackend()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer start(n)()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	fmt.Println(n.Ask(ctx, "backend", "hello"))
	fmt.Println(n.Ask(ctx, "frontend", "hello"))
	// Output:
	// HELLO 1 <nil>
	// <nil> no actor "frontend" is hosted here
}

// Tell does not wait. Messages to an actor are handled in the order in which they are sent.
func ExampleNode_Tell() {
	n, err := newBackend()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer start(n)()
	for _, m := range []string{"a", "b", "c"} {
		if err := n.Tell("backend", m); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(n.Ask(context.Background(), "backend", "d"))
	// Output: D 4 <nil>
}

// Clients talk to actors over HTTP.
func ExampleNode_Handler() {
	n, err := newBackend()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer start(n)()
	server := httptest.NewServer(n.Handler())
	defer server.Close()

	r, err := http.Post(server.URL+"/actors/backend?wait=10s", "application/json", strings.NewReader(`"hello"`))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Body.Close()
	answer, err := io.ReadAll(r.Body)
	fmt.Printf("%d %q %v\n", r.StatusCode, answer, err)
	// Output: 200 "\"HELLO 1\"\n" <nil>
}

// The statistics are also served at /metrics and /debug/vars.
func ExampleNode_Stats() {
	n, err := newBackend()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer start(n)()
	n.Ask(context.Background(), "backend", "hello")
	n.Ask(context.Background(), "backend", "again")

	s := n.Stats()
	fmt.Println(s.Clients, "messages from clients,", s.Events, "events") // the start is an event
	// Output: 2 messages from clients, 3 events
}

// A node over UDP does what a model without duplicates does not have.
func ExampleUncovered() {
	sys := actor.NewSystem[string](actor.Config{})
	actor.Spawn(sys, "frontend", frontend{backend: 1})
	actor.Spawn(sys, "backend", backend{})
	differences, err := node.Uncovered(node.Config{
		System: sys, Actors: []string{"backend"}, Transport: transport.UDP("127.0.0.1:0"),
		Peers: map[string]string{"frontend": "127.0.0.1:7000", "backend": "127.0.0.1:7001"},
	})
	for _, text := range differences {
		said, _, _ := strings.Cut(text, ". Set")
		fmt.Println(said)
	}
	fmt.Println(err)
	// Output:
	// the transport may deliver a message twice, and the model does not: no promise is covered then
	// <nil>
}

// accountV1 is what the first version of the program has saved, and account what this one saves.
type (
	accountV1 struct{ Balance int }
	account   struct {
		Balance  int
		Currency string
	}
)

// keeper saves an account when it starts, and tells what it loads when it restarts.
type keeper[T any] struct{ first T }

func (k keeper[T]) Start(c *actor.Context[string], _ *int) { c.Save(k.first) }
func (k keeper[T]) Restart(c *actor.Context[string], _ *int) {
	v, _ := actor.Load[T](c)
	fmt.Printf("loaded %+v\n", v)
}
func (keeper[T]) Receive(*actor.Context[string], *int, actor.ID, string) {}

// keep runs a keeper for a moment.
func keep[T any](memory storage.Storage, first T, migrate func(node.Saved) (any, error)) error {
	sys := actor.NewSystem[string](actor.Config{Crashes: true})
	actor.Spawn(sys, "keeper", keeper[T]{first})
	n, err := node.New(node.Config{System: sys, Storage: memory, Migrate: migrate, Log: quiet})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		for n.Stats().Saves+n.Stats().Restarts == 0 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	return n.Run(ctx)
}

// A new version of a program reads what the old one has saved. Without Migrate, it is an error that names the
// field.
func ExampleSavedAs() {
	memory := storage.Memory()
	fmt.Println(keep(memory, accountV1{Balance: 7}, nil))
	err := keep(memory, account{}, nil)
	_, field, _ := strings.Cut(err.Error(), "different fields: ")
	field, _, _ = strings.Cut(field, ".")
	fmt.Println(field)
	fmt.Println(keep(memory, account{}, func(s node.Saved) (any, error) {
		if s.Type != "accountV1" {
			return nil, nil
		}
		v1, err := node.SavedAs[accountV1](s)
		return account{Balance: v1.Balance, Currency: "EUR"}, err
	}))
	// Output:
	// <nil>
	// the value has "accountV1{Balance int;}" where the program has "account{Balance int;Currency string;}"
	// loaded {Balance:7 Currency:EUR}
	// <nil>
}
