package actor_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/exampletest"
)

// adder answers a number with the sum of all that it was sent.
type adder struct{}

func (adder) Start(*actor.Context[int], *int) {}

func (adder) Receive(c *actor.Context[int], sum *int, from actor.ID, n int) {
	*sum += n
	c.Send(from, *sum)
}

func ExampleScript() {
	sys := actor.NewSystem[int](actor.Config{})
	server := actor.Spawn(sys, "adder", adder{})
	client := actor.Spawn(sys, "client", actor.Script[int]{Lines: []actor.Outgoing[int]{{To: server.ID(), Msg: 2},
		{To: server.ID(), Msg: 3}}})
	sys.Sometimes("sums", func(s *actor.State[int]) bool { return slices.Equal(client.In(s).Answers, []int{2, 5}) })
	r, err := allways.Check(context.Background(), sys, allways.Options{})
	fmt.Println(r.Verdict, err, r.Stats.Distinct)
	// Output: holds <nil> 5
}

func ExampleEnvironment() {
	sys := actor.NewSystem[int](actor.Config{})
	server := actor.Spawn(sys, "adder", adder{})
	actor.Spawn(sys, "user", actor.Environment[int]{Lines: []actor.Outgoing[int]{{To: server.ID(), Msg: 1},
		{To: server.ID(), Msg: 10}}, PerMessage: 2})
	sys.Sometimes("all inputs", func(s *actor.State[int]) bool { return *server.In(s) == 22 })
	sys.Always("no more", func(s *actor.State[int]) bool { return *server.In(s) <= 22 })
	r, err := allways.Check(context.Background(), sys, allways.Options{})
	fmt.Println(r.Verdict, err)
	// Output: holds <nil>
}

func TestScriptAtOnce(t *testing.T) {
	sys := actor.NewSystem[int](actor.Config{})
	server := actor.Spawn(sys, "adder", adder{})
	lines := []actor.Outgoing[int]{{To: server.ID(), Msg: 2}, {To: server.ID(), Msg: 3}}
	client := actor.Spawn(sys, "client", actor.Script[int]{Lines: lines, AtOnce: true})
	for _, answers := range [][]int{{2, 5}, {5, 2}, {3, 5}, {5, 3}} {
		sys.Sometimes(fmt.Sprint(answers), func(s *actor.State[int]) bool {
			return slices.Equal(client.In(s).Answers,
				answers)
		})
	}
	exampletest.Holds(t, sys)
	exampletest.AgreesWithPlain(t, sys)
}

// What an environment sends is bounded line by line and in all.
func TestEnvironmentIsBounded(t *testing.T) {
	for _, c := range []struct{ times, most, sum int }{{0, 0, 11}, {2, 0, 22}, {2, 3, 21}, {3, 1, 10}} {
		sys := actor.NewSystem[int](actor.Config{})
		server := actor.Spawn(sys, "adder", adder{})
		lines := []actor.Outgoing[int]{{To: server.ID(), Msg: 1}, {To: server.ID(), Msg: 10}}
		actor.Spawn(sys, "user", actor.Environment[int]{Lines: lines, PerMessage: c.times, Total: c.most})
		sys.Sometimes("most", func(s *actor.State[int]) bool { return *server.In(s) == c.sum })
		sys.Always("no more", func(s *actor.State[int]) bool { return *server.In(s) <= c.sum })
		exampletest.Holds(t, sys)
		exampletest.AgreesWithPlain(t, sys)
	}
}
