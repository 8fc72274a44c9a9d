package register_test

import (
	"context"
	"fmt"
	"log"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
)

// Copy is a server with a copy of the value. It does not talk to other servers.
type Copy struct{}

func (Copy) Start(*actor.Context[register.Msg], *register.Value) {}

func (Copy) Receive(c *actor.Context[register.Msg], s *register.Value, from actor.ID, m register.Msg) {
	switch m := m.(type) {
	case register.Put:
		*s = m.Value
		c.Send(from, register.PutOK{Request: m.Request})
	case register.Get:
		c.Send(from, register.GetOK{Request: m.Request, Value: *s})
	}
}

// One copy is a register. Two independent copies are not: a client writes to one of them and reads the
// old value from the other.
func ExampleClients() {
	for copies := 1; copies <= 2; copies++ {
		sys := actor.NewSystem[register.Msg](actor.Config{})
		for k := range copies {
			actor.Spawn(sys, fmt.Sprintf("copy-%d", k+1), Copy{})
		}
		register.Clients(sys, 2, register.Client{Puts: 1})
		result, err := allways.Check(context.Background(), sys, allways.Options{})
		if err != nil {
			log.Fatal(err)
		}
		p := result.Property("linearizable")
		fmt.Println(copies, p.Verdict)
		if p.Path != nil {
			for _, step := range p.Path.Steps() {
				fmt.Println("  " + step.Text)
			}
		}
	}
	// Output:
	// 1 holds
	// 2 violated
	//   client-1 -> copy-1: Put{Request:201 Value:"A"}
	//   copy-1 -> client-1: PutOK{Request:201}
	//   client-1 -> copy-2: Get{Request:202}
	//   copy-2 -> client-1: GetOK{Request:202 Value:""}
}

// A server of a write-once register must answer the second of two different writes with PutFailed. Copy
// overwrites the value instead.
func ExampleOnceClients() {
	sys := actor.NewSystem[register.Msg](actor.Config{})
	actor.Spawn(sys, "server", Copy{})
	register.OnceClients(sys, 2, register.OnceClient{Puts: 1})
	result, err := allways.Check(context.Background(), sys, allways.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, step := range result.Property("linearizable").Path.Steps() {
		fmt.Println(step.Text)
	}
	// Output:
	// client-1 -> server: Put{Request:101 Value:"A"}
	// client-2 -> server: Put{Request:201 Value:"B"}
	// server -> client-1: PutOK{Request:101}
	// server -> client-2: PutOK{Request:201}
}

// A system registers the messages between its servers. Clients registers those of package register.
func ExampleMessages() {
	for _, m := range register.Messages() {
		fmt.Printf("%T\n", m)
	}
	// Output:
	// register.Put
	// register.PutOK
	// register.PutFailed
	// register.Get
	// register.GetOK
}
