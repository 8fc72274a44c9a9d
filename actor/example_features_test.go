package actor_test

import (
	"context"
	"fmt"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/consistency"
)

// Adder is a server that adds up the numbers that it receives, and answers with the sum.
type Adder struct{}

func (Adder) Start(*actor.Context[int], *int) {}

func (Adder) Receive(c *actor.Context[int], sum *int, from actor.ID, n int) {
	*sum += n
	c.Send(from, *sum)
}

// report prints the verdict on each property of a system.
func report(sys allways.Model[*actor.State[int], actor.Action[int]]) {
	r, err := allways.Check(context.Background(), sys, allways.Options{Stop: allways.StopNever})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range r.Properties {
		fmt.Printf("%s: %v\n", p.Name, p.Verdict)
	}
}

// A system is built step by step, and is checked as it stands.
func ExampleNewSystem() {
	sys := actor.NewSystem[int](actor.Config{Network: actor.Unordered})
	adder := actor.Spawn(sys, "adder", Adder{})
	sys.InFlight(actor.NoActor, adder.ID(), 1)
	sys.InFlight(actor.NoActor, adder.ID(), 2)
	sys.Always("never more than three", func(s *actor.State[int]) bool { return *adder.In(s) <= 3 })
	sys.Sometimes("two comes first", func(s *actor.State[int]) bool { return *adder.In(s) == 2 })
	report(sys)
	// Output:
	// never more than three: holds
	// two comes first: holds
}

// A promise about runs may need fairness: a message that is never delivered leaves the sum as it is.
func ExamplePromise() {
	sys := actor.NewSystem[int](actor.Config{Network: actor.Unordered})
	adder := actor.Spawn(sys, "adder", Adder{})
	sys.InFlight(actor.NoActor, adder.ID(), 1)
	sys.InFlight(actor.NoActor, adder.ID(), 2)
	added := func(s *actor.State[int]) bool { return *adder.In(s) == 3 }
	actor.Promise(sys, allways.EventuallyForever("added", added).
		Assuming(allways.MayStop[*actor.State[int]]()))
	actor.Promise(sys, allways.EventuallyForever("added, fairly", added).
		Assuming(allways.MayStop[*actor.State[int]]()).
		Assuming(actor.Fairness(sys, actor.FairDelivery)...))
	report(sys)
	// Output:
	// added: violated
	// added, fairly: holds
}

// Spawn returns a typed reference, by which properties read the state of the actor.
func ExampleSpawn() {
	sys := actor.NewSystem[int](actor.Config{})
	adder := actor.Spawn(sys, "adder", Adder{})
	fmt.Println(adder.ID(), adder.Name())
	sys.Always("starts at zero", func(s *actor.State[int]) bool { return *adder.In(s) == 0 })
	report(sys)
	// Output:
	// 0 adder
	// starts at zero: holds
}

// A mistake in the making of a system is an error of its uses.
func ExampleConfig() {
	sys := actor.NewSystem[int](actor.Config{MaxCrashes: 1})
	actor.Spawn(sys, "adder", Adder{})
	report(sys)
	// Output:
	// model: declaration: Config.MaxCrashes is set, but Config.Crashes is not: set both or neither
}

// Two servers that know nothing of each other are not linearizable, as the package example shows. For a client
// that reads before it writes they are sequentially consistent.
func ExampleSequentiallyConsistent() {
	sys := actor.NewSystem[Msg](actor.Config{})
	cell := actor.Spawn(sys, "cell", Cell{})
	history := actor.SequentiallyConsistent(sys, "sequentially consistent", consistency.Register[string]{})
	actor.Spawn(sys, "user", User{WriteTo: cell.ID(), ReadFrom: cell.ID(), History: history})
	r, err := allways.Check(context.Background(), sys, allways.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Properties[0].Name, r.Verdict)
	// Output:
	// sequentially consistent holds
}

// A history states a promise about what clients see.
func ExampleLinearizable() {
	sys := actor.NewSystem[Msg](actor.Config{})
	cell := actor.Spawn(sys, "cell", Cell{})
	history := actor.Linearizable(sys, "linearizable", consistency.Register[string]{})
	actor.Spawn(sys, "user", User{WriteTo: cell.ID(), ReadFrom: cell.ID(), History: history})
	r, err := allways.Check(context.Background(), sys, allways.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Properties[0].Name, r.Verdict)
	// Output:
	// linearizable holds
}

// An observer sees what no actor knows, such as how many messages were lost.
func ExampleObserve() {
	sys := actor.NewSystem[int](actor.Config{Lossy: true})
	adder := actor.Spawn(sys, "adder", Adder{})
	sys.InFlight(actor.NoActor, adder.ID(), 5)
	lost := actor.Observe(sys, "lost", 0, func(n int, a actor.Action[int]) int {
		if a.Kind == actor.Lose {
			n++
		}
		return n
	})
	sys.Always("five, unless it is lost", func(s *actor.State[int]) bool {
		return *adder.In(s) == 0 || *lost.In(s) == 0
	})
	report(sys)
	// Output:
	// five, unless it is lost: holds
}

// Doubler runs an Adder inside, and doubles what it answers.
type Doubler struct{}

// DoublerState is the state of a Doubler.
type DoublerState struct {
	Inner int
	Kept  actor.Storage
}

func (Doubler) Start(c *actor.Context[string], s *DoublerState) {}

func (Doubler) Receive(c *actor.Context[string], s *DoublerState, from actor.ID, m string) {
	actor.Inside(c, Adder{}, &s.Kept,
		func(inner *actor.Context[int]) { Adder{}.Receive(inner, &s.Inner, from, len(m)) },
		func(to actor.ID, n int) { c.Send(to, fmt.Sprint(2*n)) })
}

// A wrapper runs handlers of another actor, and translates its messages.
func ExampleWithin() {
	sys := actor.NewSystem[string](actor.Config{})
	echo := actor.Spawn(sys, "echo", parrot{})
	sys.InFlight(echo.ID(), echo.ID(), "hello")
	actor.Within(sys, echo, func(heard *int) bool { return *heard < 3 })

	r, err := allways.Check(context.Background(), sys, allways.Options{Strategy: allways.Symbolic})
	fmt.Println(r.Stats.States, "states, bounded:", r.Bounded, err)
	// Output: 3 states, bounded: true <nil>
}

// parrot sends what it hears to itself, and counts.
type parrot struct{}

func (parrot) Start(*actor.Context[string], *int) {}

func (parrot) Receive(c *actor.Context[string], heard *int, _ actor.ID, m string) {
	*heard++
	c.Send(c.Self(), m)
}

func ExampleInside() {
	sys := actor.NewSystem[string](actor.Config{})
	doubler := actor.Spawn(sys, "doubler", Doubler{})
	client := actor.Spawn(sys, "client", actor.Script[string]{Lines: []actor.Outgoing[string]{{To: doubler.ID(),
		Msg: "four"}}})
	sys.Eventually("eight", func(s *actor.State[string]) bool {
		answers := client.In(s).Answers
		return len(answers) == 1 && answers[0] == "8"
	})
	r, err := allways.Check(context.Background(), sys, allways.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Verdict)
	// Output:
	// holds
}

// With symmetry, a search keeps one state of all those that differ only by which client is which.
func ExampleSystem_Interchangeable() {
	for _, symmetry := range []bool{false, true} {
		sys := actor.NewSystem[int](actor.Config{})
		adder := actor.Spawn(sys, "adder", Adder{})
		script := actor.Script[int]{Lines: []actor.Outgoing[int]{{To: adder.ID(), Msg: 1}}}
		a, b := actor.Spawn(sys, "a", script), actor.Spawn(sys, "b", script)
		sys.Interchangeable(a.ID(), b.ID())
		sys.Always("two at most", func(s *actor.State[int]) bool { return *adder.In(s) <= 2 })
		r, err := allways.Check(context.Background(), sys, allways.Options{Symmetry: symmetry})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("symmetry %t: %v in %d states\n", symmetry, r.Verdict, r.Stats.Distinct)
	}
	// Output:
	// symmetry false: holds in 13 states
	// symmetry true: holds in 7 states
}

// While the network is split, messages between the groups wait.
func ExampleSystem_Partition() {
	sys := actor.NewSystem[int](actor.Config{MaxPartitions: 1})
	adder := actor.Spawn(sys, "adder", Adder{})
	client := actor.Spawn(sys, "client", actor.Script[int]{Lines: []actor.Outgoing[int]{{To: adder.ID(), Msg: 1}}})
	sys.Partition([]actor.ID{adder.ID()}, []actor.ID{client.ID()})
	sys.Sometimes("split and unanswered", func(s *actor.State[int]) bool {
		return s.Partitioned() && *adder.In(s) == 1 && len(client.In(s).Answers) == 0
	})
	sys.AlwaysStep("nothing crosses", func(before *actor.State[int], _ actor.Action[int],
		after *actor.State[int]) bool {
		return !before.Partitioned() || *adder.In(before) == *adder.In(after)
	})
	report(sys)
	// Output:
	// split and unanswered: holds
	// nothing crosses: holds
}

// Durable is an Adder whose sum survives crashes.
type Durable struct{ Adder }

func (d Durable) Receive(c *actor.Context[int], sum *int, from actor.ID, n int) {
	d.Adder.Receive(c, sum, from, n)
	c.Save(*sum)
}

func (Durable) Restart(c *actor.Context[int], sum *int) { *sum, _ = actor.Load[int](c) }

// What was saved before a crash is there after it.
func ExampleLoad() {
	sys := actor.NewSystem[int](actor.Config{Crashes: true, MaxCrashes: 1})
	adder := actor.Spawn(sys, "adder", Durable{})
	sys.InFlight(actor.NoActor, adder.ID(), 1)
	sys.AlwaysStep("nothing is forgotten", func(before *actor.State[int], a actor.Action[int],
		after *actor.State[int]) bool {
		return adder.Down(before) || adder.Down(after) || *adder.In(before) <= *adder.In(after)
	})
	sys.Eventually("one, in the end", func(s *actor.State[int]) bool { return *adder.In(s) == 1 })
	report(sys)
	// Output:
	// nothing is forgotten: holds
	// one, in the end: holds
}

// Sleeper sets a timer, and wakes up when it expires.
type Sleeper struct{}

func (Sleeper) Start(c *actor.Context[int], awake *bool) {
	c.SetTimer("alarm", time.Second, time.Minute)
}

func (Sleeper) Receive(*actor.Context[int], *bool, actor.ID, int) {}

func (Sleeper) Timeout(c *actor.Context[int], awake *bool, timer string) { *awake = true }

// A timer may expire at any moment.
func ExampleContext_SetTimer() {
	sys := actor.NewSystem[int](actor.Config{})
	sleeper := actor.Spawn(sys, "sleeper", Sleeper{})
	sys.Eventually("wakes up", func(s *actor.State[int]) bool { return *sleeper.In(s) })
	report(sys)
	// Output:
	// wakes up: holds
}

// Gambler makes a nondeterministic choice.
type Gambler struct{}

func (Gambler) Start(c *actor.Context[int], won *int) { c.Choose("bet", 1, 2, 3) }

func (Gambler) Receive(*actor.Context[int], *int, actor.ID, int) {}

func (Gambler) Choose(c *actor.Context[int], won *int, key string, option any) { *won = option.(int) }

// A search explores every option.
func ExampleContext_Choose() {
	sys := actor.NewSystem[int](actor.Config{})
	gambler := actor.Spawn(sys, "gambler", Gambler{})
	sys.Sometimes("wins three", func(s *actor.State[int]) bool { return *gambler.In(s) == 3 })
	sys.Always("never four", func(s *actor.State[int]) bool { return *gambler.In(s) != 4 })
	report(sys)
	// Output:
	// wins three: holds
	// never four: holds
}
