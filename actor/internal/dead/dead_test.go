package dead_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/actor/internal/dead"
)

type pair struct{ a, b uint32 }

// An event is alive in a local state if it was dropped there, or before, and has an effect there or later.
func TestLearn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Uint32Range(0, 7)
		draw := func(name string, most int) (all []pair) {
			for range rapid.IntRange(0, most).Draw(t, name) {
				all = append(all, pair{number.Draw(t, name), number.Draw(t, name)})
			}
			return all
		}
		steps, dropped, effects := draw("steps", 12), draw("dropped", 6), map[pair]bool{}
		for _, p := range draw("effects", 5) {
			effects[p] = true
		}
		l := dead.New()
		for _, p := range steps {
			l.NoteStep(p.a, p.b)
		}
		for _, p := range dropped {
			l.NoteDropped(p.a, p.b)
		}
		reacts := func(local, event uint32) bool { return effects[pair{local, event}] }
		wrong, want := l.Learn(reacts), false
		for _, p := range dropped {
			alive := hasEffect(p.a, p.b, steps, reacts, map[uint32]bool{})
			want = want || alive
			if got := l.Alive(p.a, p.b); got != alive {
				t.Fatalf("event %d is alive in %d: %t, want %t", p.b, p.a, got, alive)
			}
		}
		if wrong != want {
			t.Fatalf("the search was wrong: %t, want %t", wrong, want)
		}
		for local := range uint32(8) {
			for event := range uint32(8) {
				if l.Alive(local, event) && !hasEffect(local, event, steps, reacts, map[uint32]bool{}) {
					t.Fatalf("event %d is alive in %d, where it never has an effect", event, local)
				}
			}
		}
		if l.Learn(reacts) {
			t.Fatal("it learns the same again")
		}
	})
}

// hasEffect reports whether an event has an effect in a local state or after steps from it.
func hasEffect(local, event uint32, steps []pair, reacts func(local, event uint32) bool, met map[uint32]bool) bool {
	if met[local] {
		return false
	}
	met[local] = true
	if reacts(local, event) {
		return true
	}
	for _, p := range steps {
		if p.a == local && hasEffect(p.b, event, steps, reacts, met) {
			return true
		}
	}
	return false
}

// What is learned of a local state holds under its other names: here 2k and 2k+1 are exchanged.
func TestRenamed(t *testing.T) {
	swap := func(id uint32) uint32 { return id ^ 1 }
	l := dead.New()
	l.Reset(dead.Renaming{Local: swap, Event: swap})
	l.NoteDropped(0, 10)
	l.NoteStep(1, 2) // so 0 may become 3
	if !l.Learn(func(local, event uint32) bool { return local == 3 && event == 10 || local == 2 && event == 11 }) {
		t.Error("nothing was learned")
	}
	for _, p := range []pair{{0, 10}, {1, 11}, {3, 10}, {2, 11}} {
		if !l.Alive(p.a, p.b) {
			t.Errorf("event %d is dead in %d", p.b, p.a)
		}
	}
	if l.Alive(0, 11) || l.Alive(1, 10) {
		t.Error("events that nothing reacts to are alive")
	}
}
