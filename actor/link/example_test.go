package link_test

import (
	"context"
	"fmt"
	"log"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/link"
)

// Numbers sends two numbers to an adder.
type Numbers struct{ To actor.ID }

func (x Numbers) Start(c *actor.Context[int], _ *struct{}) {
	c.Send(x.To, 1)
	c.Send(x.To, 2)
}

func (Numbers) Receive(*actor.Context[int], *struct{}, actor.ID, int) {}

// Digits appends the numbers that it receives, as digits.
type Digits struct{}

func (Digits) Start(*actor.Context[int], *int) {}

func (Digits) Receive(_ *actor.Context[int], s *int, _ actor.ID, n int) { *s = 10**s + n }

// The network may lose a message and duplicate one, and delivers in any order. The links repair that.
func ExampleWrap() {
	sys := actor.NewSystem[link.Packet[int]](actor.Config{Lossy: true, MaxLosses: 1, Duplicates: true, MaxDuplicates: 1})
	sender := link.Wrap[struct{}, int](Numbers{To: 1})
	sender.MaxResends = 1 // each resent packet stays in the network until it is delivered
	actor.Spawn(sys, "numbers", sender)
	digits := actor.Spawn(sys, "digits", link.Wrap[int, int](Digits{}))
	sys.Always("once and in order", func(s *actor.State[link.Packet[int]]) bool {
		n := digits.In(s).Inner
		return n == 0 || n == 1 || n == 12
	})
	sys.Sometimes("all arrive", func(s *actor.State[link.Packet[int]]) bool { return digits.In(s).Inner == 12 })
	result, err := allways.Check(context.Background(), sys, allways.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range result.Properties {
		fmt.Println(p.Name, p.Verdict)
	}
	// Output:
	// once and in order holds
	// all arrive holds
}
