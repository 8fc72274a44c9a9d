package actor_test

import (
	"context"
	"fmt"
	"log"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/consistency"
)

// Msg is what is sent in the example.
type Msg interface{ isMsg() }

type (
	Write   struct{ Value string }
	Written struct{}
	Read    struct{}
	Value   struct{ Value string }
)

func (Write) isMsg()   {}
func (Written) isMsg() {}
func (Read) isMsg()    {}
func (Value) isMsg()   {}

// Cell is a server that keeps a value.
type Cell struct{}

// CellState is its state.
type CellState struct{ Value string }

func (Cell) Start(*actor.Context[Msg], *CellState) {}

func (Cell) Receive(c *actor.Context[Msg], s *CellState, from actor.ID, m Msg) {
	switch m := m.(type) {
	case Write:
		s.Value = m.Value
		c.Send(from, Written{})
	case Read:
		c.Send(from, Value(*s))
	}
}

// User writes to one cell and reads from another one.
type User struct {
	WriteTo, ReadFrom actor.ID
	History           actor.History[consistency.RegisterOp[string], string]
}

func (u User) Start(c *actor.Context[Msg], _ *struct{}) {
	u.History.Invoke(c, consistency.Register[string]{}.Write("hello"))
	c.Send(u.WriteTo, Write{"hello"})
}

func (u User) Receive(c *actor.Context[Msg], _ *struct{}, _ actor.ID, m Msg) {
	switch m := m.(type) {
	case Written:
		u.History.Return(c, "hello")
		u.History.Invoke(c, consistency.Register[string]{}.Read())
		c.Send(u.ReadFrom, Read{})
	case Value:
		u.History.Return(c, m.Value)
	}
}

// Two cells that know nothing of each other are no register.
func Example() {
	sys := actor.NewSystem[Msg](actor.Config{})
	first := actor.Spawn(sys, "first", Cell{})
	second := actor.Spawn(sys, "second", Cell{})
	history := actor.Linearizable(sys, "linearizable", consistency.Register[string]{})
	actor.Spawn(sys, "user", User{WriteTo: first.ID(), ReadFrom: second.ID(), History: history})

	r, err := allways.Check(context.Background(), sys, allways.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Verdict)
	for _, step := range r.Property("linearizable").Path.Steps() {
		fmt.Println(step.Text)
	}
	// Output:
	// violated
	// user -> first: Write{Value:"hello"}
	// first -> user: Written{}
	// user -> second: Read{}
	// second -> user: Value{Value:""}
}
