package node

import (
	"bytes"
	"slices"
	"testing"

	"github.com/allways-go/allways/actor"
)

// fuzzFrames asserts that all bytes that are a frame survive a round trip.
func fuzzFrames(f *testing.F, text bool) {
	t := &table{names: []string{"a", `b"c`}, ids: map[string]actor.ID{"a": 0, `b"c`: 1}}
	frames := newFrames(t, text)
	equal := func(a, b envelope) bool { return a.from == b.from && a.to == b.to && slices.Equal(a.clock, b.clock) }
	for _, e := range []envelope{
		{from: 0, to: 1}, {from: 1, to: 7, clock: []uint64{1, 1 << 60}}, {from: actor.NoActor, to: 0},
	} {
		if text && e.from == actor.NoActor {
			f.Add([]byte(`{"to":"a","msg":7}`))
			continue
		}
		b := frames.tail(append(frames.head(nil, e), `{"x":7}`...))
		got, msg, err := frames.open(b)
		if err != nil || !equal(got, e) || string(msg) != `{"x":7}` {
			f.Fatalf("%q is %+v, %q, %v; want %+v", b, got, msg, err, e)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e, msg, err := frames.open(b)
		if err != nil || text && e.from == actor.NoActor || len(msg) == 0 {
			return
		}
		again, msg2, err := frames.open(frames.tail(append(frames.head(nil, e), msg...)))
		if err != nil || !equal(again, e) || !bytes.Equal(msg, msg2) {
			t.Fatalf("%+v %q comes back as %+v %q, %v", e, msg, again, msg2, err)
		}
	})
}

func FuzzTextFrames(f *testing.F)   { fuzzFrames(f, true) }
func FuzzBinaryFrames(f *testing.F) { fuzzFrames(f, false) }
