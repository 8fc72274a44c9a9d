package bisim_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/internal/bisim"
	"github.com/allways-go/allways/internal/longtest"
)

// graph is a random graph over small numbers, each with a representative, some of which cannot be reached.
type graph struct {
	traits []bisim.Traits
	inside []bool
	next   [][]uint32
	viol   [][]uint64
	rep    []uint32
}

func drawGraph(t *rapid.T) *graph {
	n := rapid.IntRange(1, 8).Draw(t, "n")
	g := &graph{}
	node := rapid.Uint32Range(0, uint32(n-1))
	rare := rapid.SampledFrom([]uint64{0, 0, 0, 1})
	for i := range n {
		g.traits = append(g.traits, bisim.Traits{Holds: rare.Draw(t, "holds")})
		g.inside = append(g.inside, rare.Draw(t, "outside") == 0)
		g.next = append(g.next, rapid.SliceOfN(node, 0, 2).Draw(t, "next"))
		var viol []uint64
		for range g.next[i] {
			viol = append(viol, rare.Draw(t, "violated"))
		}
		g.viol = append(g.viol, viol)
		g.rep = append(g.rep, min(node.Draw(t, "rep"), uint32(i)))
	}
	return g
}

// Look implements [bisim.Looker].
func (g *graph) Look(vec []uint32) (bisim.Sight, error) {
	i := vec[0]
	x := bisim.Sight{Traits: g.traits[i], Inside: g.inside[i], Rep: []uint32{g.rep[i]}}
	x.Next, x.Violated = slices.Clone(g.next[i]), g.viol[i]
	return x, nil
}

// Represent implements [bisim.Looker].
func (g *graph) Represent(x *bisim.Sight) error {
	for k, i := range x.Next {
		x.Next[k] = g.rep[i]
	}
	return nil
}

// reached returns what can be reached from 0.
func (g *graph) reached() []uint32 {
	all := []uint32{0}
	for i := 0; i < len(all); i++ {
		for _, k := range g.next[all[i]] {
			if !slices.Contains(all, k) {
				all = append(all, k)
			}
		}
	}
	return all
}

// like reports whether a state does what its representative does.
func (g *graph) like(i uint32) bool {
	r := g.rep[i]
	met := func(a, b uint32) bool { // whether b takes all steps of a
		for k, to := range g.next[a] {
			found := false
			for l, other := range g.next[b] {
				found = found || g.rep[to] == g.rep[other] && g.viol[a][k] == g.viol[b][l]
			}
			if !found {
				return false
			}
		}
		return true
	}
	return g.rep[r] == r && g.traits[i] == g.traits[r] && met(i, r) && met(r, i) &&
		(g.inside[r] || slices.Contains(g.reached(), r))
}

func (g *graph) config() bisim.Config {
	return bisim.Config{
		Words: 1, Limit: 100, Allows: func(int64) bool { return true }, Ended: func() bool { return false },
		Each: func(n int, f func(l bisim.Looker, i int) error) error {
			for i := range n {
				if err := f(g, i); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// TestDiffering: a graph differs from its representatives where a naive comparison says so.
func TestDiffering(t *testing.T) {
	longtest.Checks(t, 300)
	tally := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		x, ok := bisim.New(g.config())
		if !ok {
			t.Fatal("no memory")
		}
		defer x.Close()
		x.Add([]uint32{0})
		if all, err := x.Discover(); !all || err != nil || x.Len() != len(g.reached()) {
			t.Fatal(all, err, x.Len())
		}
		want := slices.IndexFunc(g.reached(), func(i uint32) bool { return !g.like(i) })
		if id, err := x.Differing(); id != want || err != nil {
			t.Fatalf("state %d, %v; want %d", id, err, want)
		}
		tally[want < 0]++
	})
	if tally[true] == 0 || tally[false] == 0 {
		t.Errorf("%v", tally)
	}
}

// TestEnds: a graph that is too large, or for which there is no memory or time, is not looked at to its end.
func TestEnds(t *testing.T) {
	chain := &graph{}
	for i := range uint32(20) {
		chain.traits, chain.inside = append(chain.traits, bisim.Traits{}), append(chain.inside, true)
		chain.next, chain.viol = append(chain.next, []uint32{min(i+1, 19)}), append(chain.viol, []uint64{0})
		chain.rep = append(chain.rep, i)
	}
	failure := errors.New("failure")
	for name, change := range map[string]func(c *bisim.Config){
		"limit":  func(c *bisim.Config) { c.Limit = 10 },
		"memory": func(c *bisim.Config) { c.Allows = func(extra int64) bool { return extra > 0 } },
		"ended":  func(c *bisim.Config) { c.Ended = func() bool { return true } },
		"error":  func(c *bisim.Config) { c.Each = func(int, func(bisim.Looker, int) error) error { return failure } },
	} {
		c := chain.config()
		change(&c)
		x, ok := bisim.New(c)
		if !ok {
			t.Fatal("no memory")
		}
		x.Add([]uint32{0})
		if all, err := x.Discover(); all || (err == failure) != (name == "error") || x.Len() > 11 {
			t.Errorf("%s: all %t, %d states, %v", name, all, x.Len(), err)
		}
		x.Close()
	}
	c := chain.config()
	c.Allows = func(int64) bool { return false }
	if _, ok := bisim.New(c); ok {
		t.Error("a graph without memory")
	}
}
