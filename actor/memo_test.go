package actor_test

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// never is an actor whose states never repeat: it keeps all that it has ever chosen.
type never struct{}

type neverState struct{ Said []bool }

var _ actor.Actor[neverState, bool] = never{}

func (never) Start(c *actor.Context[bool], s *neverState) { c.Choose("say", false, true) }

func (never) Choose(c *actor.Context[bool], s *neverState, key string, option any) {
	s.Said = append(s.Said, option.(bool))
	c.Send(c.Self(), option.(bool))
}

func (never) Receive(c *actor.Context[bool], s *neverState, from actor.ID, m bool) {
	c.Choose("say", false, true)
}

func neverRepeats() *actor.System[bool] {
	sys := actor.NewSystem[bool](actor.Config{})
	actor.Spawn(sys, "hermit", never{})
	return sys
}

// plainNever hides the compiled form of a system.
type plainNever struct {
	allways.Model[*actor.State[bool], actor.Action[bool]]
}

// BenchmarkNothingRepeats is the worst case of remembering what handlers do. It should not cost more than one
// and a half times what it costs not to remember anything.
func BenchmarkNothingRepeats(b *testing.B) {
	for _, c := range []struct {
		name  string
		model func() allways.Model[*actor.State[bool], actor.Action[bool]]
	}{
		{"remembered", func() allways.Model[*actor.State[bool], actor.Action[bool]] { return neverRepeats() }},
		{"plain", func() allways.Model[*actor.State[bool], actor.Action[bool]] { return plainNever{neverRepeats()} }},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				r, err := allways.Check(b.Context(), c.model(), allways.Options{Workers: 1, MaxDepth: 28})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(r.Stats.Distinct), "states")
				b.ReportMetric(r.Stats.BytesPerState(), "B/state")
			}
		})
	}
}
