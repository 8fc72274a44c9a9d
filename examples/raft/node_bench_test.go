package main

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/codec"
	"github.com/allways-go/allways/actor/node/storage"
	"github.com/allways-go/allways/internal/exampletest"
)

// watching is a codec that observes the commit index in the messages of leaders.
type watching struct {
	codec.Encoding
	committed *atomic.Int64
	changed   chan struct{}
}

func (w watching) Append(dst []byte, m any) ([]byte, error) {
	if a, ok := m.(Append); ok && int64(a.Commit) > w.committed.Load() {
		w.committed.Store(int64(a.Commit))
		select {
		case w.changed <- struct{}{}:
		default:
		}
	}
	return w.Encoding.Append(dst, m)
}

// outstanding is the number of commands in flight.
const outstanding = 64

// BenchmarkCommands measures the commands that three servers commit over loopback TCP. Each save
// writes the whole log, so that the time of a command grows with their number. Heartbeats every 50
// ms carry new entries.
func BenchmarkCommands(b *testing.B) {
	for name, place := range exampletest.Storages {
		for _, batch := range []int{1, 64} {
			b.Run(name+map[int]string{1: "/batch=1", 64: "/batch=64"}[batch],
				func(b *testing.B) { commands(b, place(b.TempDir()), batch) })
		}
	}
}

func commands(b *testing.B, place storage.Storage, batch int) {
	w := watching{committed: &atomic.Int64{}, changed: make(chan struct{}, 1)}
	maker := func(p actor.Program) (codec.Encoding, error) {
		c, err := codec.CBOR(p)
		w := w
		w.Encoding = c
		return w, err
	}
	servers := []string{"server-1", "server-2", "server-3"}
	nodes := exampletest.Serve(b, exampletest.Service{
		Program: running(0).System(), Nodes: [][]string{servers[:1], servers[1:2], servers[2:]},
		Codec: maker, Storage: place, Batch: batch,
	})
	w.committed.Store(0) // drop the messages of the codec check
	tell := func(number int) {
		for i, n := range nodes {
			for n.Tell(servers[i], Command{number}) != nil { // until the inbox has room
				time.Sleep(time.Millisecond)
			}
		}
	}
	for w.committed.Load() == 0 { // until there is a leader
		tell(-1)
		time.Sleep(20 * time.Millisecond)
	}
	first := w.committed.Load()
	b.ResetTimer()
	for next := 0; ; {
		done := int(w.committed.Load() - first)
		if done >= b.N {
			break
		}
		for ; next < b.N && next < done+outstanding; next++ {
			tell(next)
		}
		select {
		case <-w.changed:
		case <-time.After(time.Second):
			next = 0 // the leader has changed, and commands are lost
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commands/s")
}
