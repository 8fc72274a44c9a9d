package actor_test

import (
	"testing"

	"github.com/allways-go/allways/actor"
)

// BenchmarkDispatch measures an event of a running actor, from the content of a message to the effects of its
// handler.
func BenchmarkDispatch(b *testing.B) {
	sys := programOf(b, newEchoes(actor.Config{}))
	a, err := sys.Live(0)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := a.Start(); err != nil {
		b.Fatal(err)
	}
	m, err := sys.Messages().Content(int8(3))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Receive(1, m); err != nil {
			b.Fatal(err)
		}
	}
}
