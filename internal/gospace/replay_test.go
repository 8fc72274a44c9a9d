package gospace

import (
	"slices"
	"testing"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/property"
)

// ring is three stations, of which one has the token. Rotations of the stations are symmetries.
type ring [3]bool

// tokens is a model of a ring: the token moves on, or is lost for good.
func tokens() *machine[ring, string] {
	return &machine[ring, string]{
		inits: []ring{{1: true}},
		actions: func(s ring) []string {
			if s == (ring{}) {
				return nil
			}
			return []string{"move", "lose"}
		},
		next: func(s ring, a string) (ring, bool) {
			if a == "lose" {
				return ring{}, true
			}
			return ring{s[2], s[0], s[1]}, true
		},
		props: []Property{
			state("never lost", property.Always, func(s ring) bool { return s != ring{} }),
			state("lost in the end", property.Eventually, func(s ring) bool { return s == ring{} }),
			state("never at the first", property.Always, func(s ring) bool { return !s[0] }),
		},
	}
}

// represented is the state of a ring that stands for all its rotations: the token, if there is one,
// is at the first station.
func represented(dst, s unsafe.Pointer) {
	*(*ring)(dst) = ring{*(*ring)(s) != ring{}}
}

// trailOf encodes states as a search would.
func trailOf(t *testing.T, sp Space, loop int, states ...ring) *engine.Trail {
	t.Helper()
	trail := &engine.Trail{Act: -1, Loop: loop}
	for i := range states {
		vec, err := sp.Encode(unsafe.Pointer(&states[i]))
		if err != nil {
			t.Fatal(err)
		}
		trail.States = append(trail.States, vec)
	}
	return trail
}

func symmetricTokens(t *testing.T) (Space, *Tracer) {
	t.Helper()
	c := tokens().compile(t, Hooks{Representative: represented})
	sp, err := c.NewSpace(true)
	if err != nil {
		t.Fatal(err)
	}
	return sp, c.NewTracer(sp, nil)
}

func statesOf(p *Path) (all []ring) {
	for i := range p.Len() + 1 {
		all = append(all, *(*ring)(p.State(i)))
	}
	return all
}

// Under symmetry a trail consists of representatives, which need not follow from each other. The
// path is a run of the model through states that they stand for.
func TestTrailOfRepresentatives(t *testing.T) {
	sp, tracer := symmetricTokens(t)
	first := ring{true}
	p := tracer.Along(trailOf(t, sp, -1, first, first, first, ring{}))
	if p == nil {
		t.Fatal("no path")
	}
	want := []ring{{1: true}, {2: true}, {0: true}, {}}
	if got := statesOf(p); !slices.Equal(got, want) {
		t.Errorf("the path goes through %v, want %v", got, want)
	}
	if p.Encode() != "0:0.0.1" {
		t.Errorf("the path is %s", p.Encode())
	}
}

// A cycle of representatives is unrolled until a real state comes back: here the search has seen a
// single state that leads to itself, and the token goes round three stations.
func TestLassoOfRepresentatives(t *testing.T) {
	sp, tracer := symmetricTokens(t)
	p := tracer.Evidence(trailOf(t, sp, 0, ring{true}), 1)
	if p == nil {
		t.Fatal("no path")
	}
	if start, ok := p.Loop(); !ok || start != 0 || p.Len() != 3 {
		t.Errorf("%v: the cycle begins at %d and has %d steps, want 3 from 0", p, start, p.Len())
	}
	if *(*ring)(p.Last()) != (ring{1: true}) {
		t.Errorf("the cycle ends in %v, want the initial state", *(*ring)(p.Last()))
	}
}

// What a path does not show is no evidence, whatever the search says.
func TestNoFalseEvidence(t *testing.T) {
	sp, tracer := symmetricTokens(t)
	for name, c := range map[string]struct {
		trail    *engine.Trail
		property int
	}{
		"no trail":                           {nil, 0},
		"a path that does not lose":          {trailOf(t, sp, -1, ring{true}, ring{true}), 0},
		"a path that could go on":            {trailOf(t, sp, -1, ring{true}), 1},
		"no step leads back":                 {trailOf(t, sp, -1, ring{true}, ring{}, ring{true}), 0},
		"a trail that begins elsewhere":      {trailOf(t, sp, -1, ring{}), 0},
		"a property that symmetry falsifies": {trailOf(t, sp, -1, ring{true}), 2},
	} {
		if p := tracer.Evidence(c.trail, c.property); p != nil {
			t.Errorf("%s: %v is no evidence", name, p)
		}
	}
	if p := tracer.Evidence(trailOf(t, sp, -1, ring{true}, ring{}), 0); p == nil {
		t.Error("a path that loses is evidence")
	}
}
