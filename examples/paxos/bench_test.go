package main

import (
	"fmt"
	"slices"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
	"github.com/allways-go/allways/internal/exampletest"
)

// BenchmarkPaxos explores the states of three servers and some clients.
func BenchmarkPaxos(b *testing.B) {
	for _, c := range []struct {
		clients             int
		generated, distinct int64
	}{{3, 2_420_477, 1_194_428}, {5, 9_551_302, 4_711_569}, {6, 18_972_647, 9_357_525}} {
		exampletest.Bench(b, fmt.Sprintf("clients=%d", c.clients), Model{Servers: 3, Clients: c.clients}.System,
			c.generated, c.distinct)
	}
	exampletest.Bench(b, "clients=3/ordered", Model{Servers: 3, Clients: 3, Network: actor.Ordered}.System,
		5_816_481, 1_574_375)
}

// BenchmarkRuns compares a search of three servers and two clients with one that also decides a promise about runs,
// that what one server knows to be chosen, all know in the end, under weak fairness for each message. Both keep
// deliveries without effect, since they are steps of a run.
func BenchmarkRuns(b *testing.B) {
	for _, spreads := range []bool{false, true} {
		system := func() *actor.System[register.Msg] {
			sys, all := Model{Servers: 3, Clients: 2}.cluster()
			if !spreads {
				sys.NoDeadlock("ends", func(*actor.State[register.Msg]) bool { return true })
				return sys
			}
			one := func(s *actor.State[register.Msg]) bool {
				return slices.ContainsFunc(all, func(r actor.Ref[State]) bool { return r.In(s).Decided })
			}
			each := func(s *actor.State[register.Msg]) bool {
				return !slices.ContainsFunc(all, func(r actor.Ref[State]) bool { return !r.In(s).Decided })
			}
			actor.Promise(sys, allways.LeadsTo("what is chosen spreads", one, each).
				Assuming(actor.Fairness(sys, actor.FairDelivery)...))
			return sys
		}
		exampletest.Bench(b, fmt.Sprintf("promise=%t", spreads), system, 1_372_703, 301_099)
	}
}

// BenchmarkSimulation runs random walks on one core.
func BenchmarkSimulation(b *testing.B) {
	steps, seed := int64(0), uint64(0)
	for b.Loop() {
		seed++
		r, err := allways.Simulate(b.Context(), Model{Servers: 3, Clients: 2}.System(),
			allways.SimulateOptions{Workers: 1, Walks: 50_000, Seed: seed, Stop: allways.StopNever})
		if err != nil {
			b.Fatal(err)
		}
		for _, a := range r.Actions {
			steps += a.Taken
		}
	}
	b.ReportMetric(float64(steps)/b.Elapsed().Seconds(), "steps/s")
}
