package register_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
	"github.com/allways-go/allways/consistency"
	"github.com/allways-go/allways/internal/exampletest"
)

// Cell is a server with a value. It notices request numbers that come twice.
type Cell struct{ Once, Overwrites bool }

type CellState struct {
	Value  register.Value
	Owners map[register.Request]actor.ID
	Clash  bool
}

func (Cell) Start(*actor.Context[register.Msg], *CellState) {}

func (cell Cell) Receive(c *actor.Context[register.Msg], s *CellState, from actor.ID, m register.Msg) {
	switch m := m.(type) {
	case register.Put:
		s.own(m.Request, from)
		if cell.Once && s.Value != "" && s.Value != m.Value && !cell.Overwrites {
			c.Send(from, register.PutFailed{Request: m.Request})
			return
		}
		s.Value = m.Value
		c.Send(from, register.PutOK{Request: m.Request})
	case register.Get:
		s.own(m.Request, from)
		c.Send(from, register.GetOK{Request: m.Request, Value: s.Value})
	}
}

func (s *CellState) own(r register.Request, from actor.ID) {
	if s.Owners == nil {
		s.Owners = map[register.Request]actor.ID{}
	}
	if _, known := s.Owners[r]; known {
		s.Clash = true
	}
	s.Owners[r] = from
}

// cells returns a system with n servers.
func cells(n int, cell Cell) (*actor.System[register.Msg], []actor.Ref[CellState]) {
	sys := actor.NewSystem[register.Msg](actor.Config{})
	var refs []actor.Ref[CellState]
	for k := range n {
		refs = append(refs, actor.Spawn(sys, string(rune('a'+k)), cell))
	}
	return sys, refs
}

// client spawns a client and states that its history is linearizable.
func client(sys *actor.System[register.Msg], servers, puts, gets int) actor.Ref[register.ClientState] {
	history := actor.Linearizable(sys, "linearizable", consistency.Register[register.Value]{})
	return actor.Spawn(sys, "client", register.Client{Servers: servers, Puts: puts, Gets: gets, History: history})
}

// A client writes distinct values and then reads, and asks one server after another, from ID mod
// Servers on.
func TestClient(t *testing.T) {
	sys, _ := cells(3, Cell{})
	cl := client(sys, 3, 2, 2)
	sys.Sometimes("done", func(s *actor.State[register.Msg]) bool {
		return cl.In(s).Done == 4 && cl.In(s).
			Waits == 0
	})
	exampletest.Trace(t, sys, "done", allways.Holds,
		`client -> a: Put{Request:301 Value:"A"}`,
		`a -> client: PutOK{Request:301}`,
		`client -> b: Put{Request:302 Value:"A1"}`,
		`b -> client: PutOK{Request:302}`,
		`client -> c: Get{Request:303}`,
		`c -> client: GetOK{Request:303 Value:""}`,
		`client -> a: Get{Request:304}`,
		`a -> client: GetOK{Request:304 Value:"A"}`)
}

// Gets 0 means one read. A client may have no writes.
func TestGets(t *testing.T) {
	for _, c := range []struct{ puts, gets, requests int }{{1, 0, 2}, {0, 0, 1}, {0, 3, 3}, {2, 1, 3}} {
		sys, _ := cells(1, Cell{})
		cl := client(sys, 1, c.puts, c.gets)
		sys.NoDeadlock("ends when done", func(s *actor.State[register.Msg]) bool {
			return cl.In(s).
				Done == c.requests
		})
		exampletest.Counts(t, sys, false, int64(2*c.requests+1), int64(2*c.requests+1))
		exampletest.Holds(t, sys)
	}
}

// No two requests of all clients share a number.
func TestRequestsAreUnique(t *testing.T) {
	sys, refs := cells(1, Cell{})
	history := actor.Linearizable(sys, "linearizable", consistency.Register[register.Value]{})
	for _, name := range []string{"x", "y", "z"} {
		actor.Spawn(sys, name, register.Client{Servers: 1, Puts: 1, Gets: 2, History: history})
	}
	sys.Always("every number once", func(s *actor.State[register.Msg]) bool { return !refs[0].In(s).Clash })
	exampletest.Holds(t, sys)
}

// No two writes share a value, with many clients too.
func TestValuesAreDistinct(t *testing.T) {
	seen := map[register.Value]bool{}
	for id := actor.ID(3); id < 1003; id++ {
		for k := range 99 {
			v := register.ValueOf(3, id, k)
			if seen[v] || v == "" {
				t.Fatalf("value %d of client %d is %q, which there is already", k, id, v)
			}
			seen[v] = true
		}
	}
	for want, v := range map[register.Value]register.Value{
		"A": register.ValueOf(3, 3, 0), "B2": register.ValueOf(3, 4, 2), "Z": register.ValueOf(3, 28,
			0), "AA": register.ValueOf(3, 29, 0),
	} {
		if v != want {
			t.Errorf("value %q, want %q", v, want)
		}
	}
}

// A message that does not answer the pending request is ignored.
func TestStrayAnswers(t *testing.T) {
	sys, _ := cells(1, Cell{})
	cl := client(sys, 1, 1, 1)
	for _, m := range []register.Msg{
		register.PutOK{Request: 1}, register.PutFailed{Request: 101}, register.GetOK{Request: 7,
			Value: "X"}, register.Put{Request: 101, Value: "Y"},
	} {
		sys.InFlight(0, cl.ID(), m)
	}
	sys.Always("what it gets is what it put",
		func(s *actor.State[register.Msg]) bool { return cl.In(s).Got == "" || cl.In(s).Got == "A" })
	exampletest.Counts(t, sys, false, 5, 5)
	exampletest.Holds(t, sys)
}

func TestClients(t *testing.T) {
	sys, _ := cells(1, Cell{})
	if refs := register.Clients(sys, 2, register.Client{Puts: 2}); len(refs) != 2 || refs[0].ID() != 1 {
		t.Errorf("clients %+v", refs)
	}
	exampletest.Holds(t, sys)
	sys, _ = cells(2, Cell{})
	register.Clients(sys, 1, register.Client{Puts: 1})
	exampletest.Trace(t, sys, "linearizable", allways.Violated,
		`client-1 -> a: Put{Request:201 Value:"A"}`,
		`a -> client-1: PutOK{Request:201}`,
		`client-1 -> b: Get{Request:202}`,
		`b -> client-1: GetOK{Request:202 Value:""}`)
}

// After a crash a durable client continues with the request after the pending one. Another client
// starts again with its first request.
func TestCrash(t *testing.T) {
	for durable, last := range map[bool]register.Msg{true: register.Get{Request: 102},
		false: register.Put{Request: 101, Value: "A"}} {
		sys := actor.NewSystem[register.Msg](actor.Config{Crashes: true, MaxDown: 1, MaxCrashes: 1, Network: actor.Ordered,
			Ignored: actor.IgnoredConsumed})
		server := actor.Spawn(sys, "a", Cell{})
		sys.NeverCrashes(server.ID())
		history := actor.Linearizable(sys, "linearizable", consistency.Register[register.Value]{})
		client := actor.Spawn(sys, "client", register.Client{Servers: 1, Puts: 1, Durable: durable,
			History: history})
		sys.Sometimes("it goes on", func(s *actor.State[register.Msg]) bool {
			box := s.Inbox(server.ID())
			return !client.Down(s) && len(box) == 2 &&
				box[0].Msg == register.Msg(register.Put{Request: 101, Value: "A"}) && box[1].Msg == last
		})
		exampletest.Trace(t, sys, "it goes on", allways.Holds, "crash client", "restart client")
	}
}

// A write-once register refuses the second write. A server that overwrites violates the property.
func TestOnceClients(t *testing.T) {
	sys, _ := cells(1, Cell{Once: true})
	refs := register.OnceClients(sys, 2, register.OnceClient{Puts: 1})
	sys.Always("all get the same value", func(s *actor.State[register.Msg]) bool {
		a, b := refs[0].In(s).Got, refs[1].In(s).Got
		return a == "" || b == "" || a == b
	})
	exampletest.Holds(t, sys)

	sys, _ = cells(1, Cell{Once: true, Overwrites: true})
	register.OnceClients(sys, 2, register.OnceClient{Puts: 1})
	exampletest.Trace(t, sys, "linearizable", allways.Violated,
		`client-1 -> a: Put{Request:101 Value:"A"}`,
		`client-2 -> a: Put{Request:201 Value:"B"}`,
		`a -> client-1: PutOK{Request:101}`,
		`a -> client-2: PutOK{Request:201}`)
}

// A read before the first write returns None.
func TestOnceNothing(t *testing.T) {
	sys, _ := cells(1, Cell{Once: true})
	history := actor.Linearizable(sys, "linearizable", consistency.WriteOnce[register.Value]{})
	cl := actor.Spawn(sys, "client", register.OnceClient{Servers: 1, Gets: 2, History: history})
	sys.Sometimes("done", func(s *actor.State[register.Msg]) bool {
		for e := range history.In(s).Events() {
			if e.Kind == consistency.Return && e.Ret != consistency.None[register.Value]() {
				return false
			}
		}
		return cl.In(s).Done == 2
	})
	exampletest.Holds(t, sys)
}

func TestTooManyRequests(t *testing.T) {
	sys, _ := cells(1, Cell{})
	client(sys, 1, 99, 1)
	_, err := allways.Check(t.Context(), sys, allways.Options{})
	m, ok := errors.AsType[*allways.ModelError](err)
	if !ok || !strings.Contains(m.Message, "a client makes 100 requests, want at most 99: set Puts or Gets lower") {
		t.Errorf("error %v", err)
	}
}
