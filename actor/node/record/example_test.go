package record_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node"
	"github.com/allways-go/allways/actor/node/record"
)

// client asks a server once; server counts the requests.
type (
	client struct{}
	server struct{}
)

func (client) Start(c *actor.Context[string], _ *int)                         { c.Send(1, "hello") }
func (client) Receive(_ *actor.Context[string], s *int, _ actor.ID, _ string) { *s++ }

func (server) Start(*actor.Context[string], *int) {}
func (server) Receive(c *actor.Context[string], s *int, from actor.ID, _ string) {
	*s++
	c.Send(from, "welcome")
}

func newSystem() *actor.System[string] {
	sys := actor.NewSystem[string](actor.Config{})
	actor.Spawn(sys, "client", client{})
	actor.Spawn(sys, "server", server{})
	return sys
}

// run runs the system with recordings in a directory, until both messages have arrived.
func run(dir string) error {
	n, err := node.New(node.Config{System: newSystem(), Record: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx) }()
	for n.Stats().Events < 4 { // two starts and two deliveries
		select {
		case err := <-ended:
			return err
		case <-time.After(time.Millisecond):
		}
	}
	stop()
	return <-ended
}

// recorded returns a new directory with recordings of a run.
func recorded() string {
	dir, err := os.MkdirTemp("", "record")
	if err == nil {
		err = run(dir)
	}
	if err != nil {
		panic(err)
	}
	return dir
}

// A system runs, and the model confirms that it could have run like this.
func Example() {
	dir := recorded()
	defer os.RemoveAll(dir)
	all, err := record.ReadDir(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := record.Validate(newSystem(), all)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report)
	fmt.Println("conforms:", report.Conforms())
	// Output:
	// 4 steps of 2 actors
	// the model allows this run
	// conforms: true
}

// A directory of recordings is validated without reading all of it into memory. An actor without a recording is
// named.
func ExampleValidateDir() {
	dir := recorded()
	defer os.RemoveAll(dir)
	os.Remove(filepath.Join(dir, "server.ndjson"))
	fmt.Println(record.ValidateDir(newSystem(), dir))
	// Output:
	// 2 steps of 1 actors
	// the model allows this run
	// note: server has no recording: its steps are unknown; promises over it are not judged, and nor are histories
	// note: messages from actors without a recording, which were taken as they came: 1 <nil>
}

// Each recorded step is shown with the steps of the model that follow it: none for a start, as the actors of a model
// have started in its initial state.
func ExampleWatch() {
	dir := recorded()
	defer os.RemoveAll(dir)
	taken := map[string][]string{}
	_, err := record.Watch(newSystem(), dir, func(e record.Event) {
		for _, t := range e.Taken {
			taken[e.Entry.Kind] = append(taken[e.Entry.Kind], t.Text())
		}
	})
	fmt.Println(taken, err)
	// Output:
	// map[deliver:[client -> server: "hello" server -> client: "welcome"]] <nil>
}

// A recording lists the events that an actor has handled.
func ExampleRead() {
	dir := recorded()
	defer os.RemoveAll(dir)
	r, err := record.Read(filepath.Join(dir, "client.ndjson"))
	for _, e := range r.Entries {
		fmt.Println(e.Kind, e.Clock)
	}
	fmt.Println(err)
	// Output:
	// start [1 0]
	// deliver [2 2]
	// <nil>
}

// There is one recording for each actor.
func ExampleReadDir() {
	dir := recorded()
	defer os.RemoveAll(dir)
	all, err := record.ReadDir(dir)
	for _, r := range all {
		fmt.Printf("%s: %d entries\n", r.Header.Actors[r.Header.Actor], len(r.Entries))
	}
	fmt.Println(err)
	// Output:
	// client: 2 entries
	// server: 2 entries
	// <nil>
}

// A recording is continued when it is opened again.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "record")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	for i := range uint64(2) {
		w, err := record.Open(dir, newSystem(), 0)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(w.Resumed(), w.Clock())
		e := record.NewEntry(time.Unix(1, 0), 0, actor.Start, 0)
		e.Clock = []uint64{i + 1, 0}
		if err := w.Add(e); err != nil {
			fmt.Println(err)
		}
		if err := w.Close(); err != nil {
			fmt.Println(err)
		}
	}
	r, err := record.Read(filepath.Join(dir, "client.ndjson"))
	fmt.Println(len(r.Entries), "entries of", r.Header.Actors[r.Header.Actor], err)
	// Output:
	// false [0 0]
	// true [1 0]
	// 2 entries of client <nil>
}

// start returns the recording of an actor that has only started.
func start(id actor.ID, at time.Time) record.Recording {
	e := record.NewEntry(at, id, actor.Start, 0)
	e.Clock = make([]uint64, 2)
	e.Clock[id] = 1
	return record.Recording{
		Header:  record.Header{Allways: 3, Actor: id, Actors: []string{"client", "server"}},
		Entries: []record.Entry{e},
	}
}

// Steps that do not depend on each other are merged in the order of time. A recording that is
// missing is an error.
func ExampleMerge() {
	client, server := start(0, time.Unix(2, 0)), start(1, time.Unix(1, 0))
	trace, err := record.Merge([]record.Recording{client, server})
	for _, e := range trace {
		fmt.Println(e.Actor, e.Kind)
	}
	fmt.Println(err)

	client.Entries[0].Clock[1] = 1 // the server's step comes first
	_, err = record.Merge([]record.Recording{client})
	fmt.Println(err)
	// Output:
	// 1 start
	// 0 start
	// <nil>
	// client has received messages of server, whose recording is missing
}

// A run that the model does not allow is a divergence, not an error.
func ExampleValidate() {
	report, err := record.Validate(newSystem(), []record.Recording{start(0, time.Unix(1, 0)), start(0, time.Unix(1, 0))})
	fmt.Println(report, err)
	report, err = record.Validate(newSystem(), []record.Recording{start(0, time.Unix(1, 0))})
	fmt.Println(report.Conforms(), err)
	// Output:
	// <nil> two recordings of client: want one of each actor
	// false <nil>
}

// Digests are short and tell contents apart.
func ExampleDigest() {
	fmt.Println(record.Digest("a"), record.Digest("b"))
	// Output: af63dc4c8601ec8c af63df4c8601f1a5
}
