package register_test

import (
	"context"
	"fmt"
	"log"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
)

// Copy is a server that keeps a copy of the value and talks to nobody but clients.
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

// Two copies that know nothing of each other are no register: a client puts a value on one and does not get it from the other.
func Example() {
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
