// Package exampletest holds the assertions that the tests of all examples share. It is not for
// users, who have package allwaystest.
package exampletest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
)

// Counts asserts the exact numbers of generated and distinct states of a search that never stops
// early, breadth-first and depth-first, for one and two workers, with exact storage and with
// fingerprints, and symbolic, if that decides the model's properties. A zero generated is not compared.
// Of these eight searches the ordinary run does two, which have each way once: what else could differ is tested on
// random models by the tests of package allways, and a search of the smallest space takes a while, since the model
// is asked again until it was asked thousands of times.
func Counts[S, A any](t *testing.T, m allways.Model[S, A], symmetry bool, generated, distinct int64) {
	t.Helper()
	searches := []allways.Options{{Workers: 2}, {Workers: 1, Strategy: allways.DFS, Store: allways.StoreFingerprints}}
	if longtest.Enabled() {
		searches = allSearches()
	}
	for _, o := range searches {
		o.Symmetry, o.Stop = symmetry, allways.StopNever
		r, err := allways.Check(t.Context(), m, o)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Complete || r.Stats.Distinct != distinct || generated > 0 && r.Stats.Generated != generated {
			t.Errorf("%v, %v, %d workers: generated %d, distinct %d, complete %t; want %d, %d",
				o.Strategy, o.Store, o.Workers, r.Stats.Generated, r.Stats.Distinct, r.Complete, generated, distinct)
		}
		if o.Strategy == allways.BFS && o.Workers == 2 && o.Store == allways.StoreExact && !symmetry {
			symbolic(t, m, r)
		}
	}
}

// symbolic asserts that a symbolic search finds what a breadth-first one has found, unless it cannot be made.
func symbolic[S, A any](t *testing.T, m allways.Model[S, A], want *allways.Result[S, A]) {
	t.Helper()
	r, err := allways.Check(t.Context(), m, allways.Options{Strategy: allways.Symbolic})
	if _, refused := errors.AsType[*allways.OptionError](err); refused {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if r.Stats.Distinct != want.Stats.Distinct || r.Stats.Generated != want.Stats.Generated || !r.Complete {
		t.Errorf("symbolic: generated %d, distinct %d, complete %t; want %d, %d",
			r.Stats.Generated, r.Stats.Distinct, r.Complete, want.Stats.Generated, want.Stats.Distinct)
	}
	for i, p := range want.Properties {
		q := r.Properties[i]
		if q.Verdict != p.Verdict || (q.Path == nil) != (p.Path == nil) || p.Path != nil && q.Path.Len() != p.Path.Len() {
			t.Errorf("symbolic: %s: %v %s\n%v\nwant %v\n%v", p.Name, q.Verdict, q.Reason, q.Path, p.Verdict, p.Path)
		}
	}
	for i, a := range want.Actions {
		if i >= len(r.Actions) || r.Actions[i].Enabled != a.Enabled || r.Actions[i].Taken != a.Taken {
			t.Errorf("symbolic: the actions are\n%v\nwant\n%v", r.Actions, want.Actions)
			break
		}
	}
}

// allSearches returns every combination of strategy, store and number of workers.
func allSearches() (all []allways.Options) {
	for _, strategy := range []allways.Strategy{allways.BFS, allways.DFS} {
		for _, store := range []allways.StateStore{allways.StoreExact, allways.StoreFingerprints} {
			for _, workers := range []int{1, 2} {
				all = append(all, allways.Options{Strategy: strategy, Store: store, Workers: workers})
			}
		}
	}
	return all
}

// Holds asserts that a complete search finds all properties to hold.
func Holds[S, A any](t *testing.T, m allways.Model[S, A]) {
	t.Helper()
	r, err := allways.Check(t.Context(), m, allways.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Properties {
		if p.Verdict != allways.Holds {
			t.Errorf("%s: %v %s\n%v", p.Name, p.Verdict, p.Reason, p.Path)
		}
	}
}

// Trace asserts the exact path that is reported for a property, a counterexample or a witness as
// want says, by the texts of its actions; "loop N" as the last of them says that it returns to the
// state after step N.
func Trace[S, A any](t *testing.T, m allways.Model[S, A], property string, want allways.Verdict, actions ...string) {
	t.Helper()
	for _, workers := range []int{1, 2} {
		r, err := allways.Check(t.Context(), m, allways.Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		p := r.Property(property)
		if p == nil || p.Verdict != want || p.Path == nil {
			t.Fatalf("property %q: %+v, want %v with a path", property, p, want)
		}
		var got []string
		for _, step := range p.Path.Steps() {
			got = append(got, step.Text)
		}
		if start, ok := p.Path.Loop(); ok {
			got = append(got, fmt.Sprintf("loop %d", start))
		}
		if !slices.Equal(got, actions) {
			t.Errorf("%d workers: the path is\n\t%s\nwant\n\t%s\n%v", workers,
				strings.Join(got, ", "), strings.Join(actions, ", "), p.Path)
		}
	}
}
