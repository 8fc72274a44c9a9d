package reads

import (
	"context"
	"testing"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
)

// replica is a register that knows no other one.
type replica struct{}

func (replica) Start(*actor.Context[register.Msg], *register.Value) {}

func (replica) Receive(c *actor.Context[register.Msg], s *register.Value, from actor.ID, m register.Msg) {
	switch m := m.(type) {
	case register.Put:
		*s = m.Value
		c.Send(from, register.PutOK{Request: m.Request})
	case register.Get:
		c.Send(from, register.GetOK{Request: m.Request, Value: *s})
	}
}

// Of a history, the whole decides.
func TestHistory(t *testing.T) {
	sys := actor.NewSystem[register.Msg](actor.Config{})
	actor.Spawn(sys, "s1", replica{})
	actor.Spawn(sys, "s2", replica{})
	register.Clients(sys, 2, register.Client{Puts: 1, Gets: 1})
	r, err := Find(context.Background(), path(t, sys, "0:0.1.0.1"), 4, "linearizable", limits)
	if want := "decides observed.linearizable, read observed.linearizable"; err != nil || all(r) != want {
		t.Errorf("%+v, %v, want %s", r, err, want)
	}
}
