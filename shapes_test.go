package allways_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
)

// A model is handed over without its types, by addresses. The graphs of the reference test must look the same
// whatever their nodes and edges are made of, and in whatever memory the model returns them.

type chain struct {
	next *chain
	side map[string]*chain
}

func chainOf(n int) (c *chain) {
	for range n {
		c = &chain{next: c}
		if n%2 == 0 {
			c.side = map[string]*chain{"": {}}
		}
	}
	return c
}

func (c *chain) len() int {
	if c == nil {
		return 0
	}
	return 1 + c.next.len()
}

type edge struct {
	index *int
	texts []string
	f     any
}

type named int8

func (n named) String() string { return fmt.Sprint("edge ", int8(n)) }

// shape is how the nodes of a graph, or its edges, are represented.
type shape[T any] = encoding[T]

// run checks a graph whose states and actions have some shapes, and returns all that must not depend on them.
type run func(g *graph, style int, o allways.Options) (string, error)

func shaped[S, A any](states shape[S], actions shape[A]) run {
	return func(g *graph, style int, o allways.Options) (string, error) {
		plain := model(g, states)
		m := allways.Funcs[S, A]{
			InitFunc: plain.InitFunc, WithinFunc: plain.WithinFunc, Props: plain.Props,
			ActionsFunc: actionsOf(g, states, actions, style),
			NextFunc: func(s S, a A) (S, bool) {
				if style&1 != 0 {
					deepen(24) // the stack moves
				}
				return plain.NextFunc(s, actions.node(a))
			},
			ActionNameFunc: func(A) string { return "step" },
		}
		for i, p := range m.Props {
			if p.Kind() == allways.KindStep {
				m.Props[i] = allways.AlwaysStep("step", func(s S, _ A, t S) bool { return stepOK(states.node(s), states.node(t)) })
			}
		}
		r, err := allways.Check(context.Background(), m, o)
		if err != nil {
			return "", err
		}
		var b strings.Builder
		fmt.Fprintln(&b, r.Verdict, r.Complete, r.Bounded, r.StopReason,
			r.Stats.Generated, r.Stats.Distinct, r.Stats.Depth, r.Actions)
		for _, p := range r.Properties {
			fmt.Fprintln(&b, p.Name, p.Verdict, p.Within)
			if p.Path == nil {
				continue
			}
			fmt.Fprint(&b, p.Path.Encode())
			for _, s := range p.Path.States() {
				fmt.Fprint(&b, " ", states.node(s))
			}
			for _, a := range p.Path.Actions() {
				fmt.Fprint(&b, " ", actions.node(a))
			}
			fmt.Fprintln(&b)
		}
		return b.String(), nil
	}
}

// actionsOf lists the edges of a node, in memory of several kinds.
func actionsOf[S, A any](g *graph, states shape[S], actions shape[A], style int) func(dst []A, s S) []A {
	return func(dst []A, s S) []A {
		edges := g.edges[states.node(s)]
		var out []A
		switch style / 2 {
		case 0:
			out = dst
		case 1: // memory of the model, with room behind it
			out = make([]A, 0, len(edges)+3)
		case 2: // a part of a larger slice
			out = make([]A, 2, len(edges)+2)[2:]
		}
		for i := range edges {
			out = append(out, actions.of(i))
		}
		return out
	}
}

func deepen(n int) int {
	var room [512]byte
	if n == 0 {
		return int(room[0])
	}
	return deepen(n-1) + int(room[n])
}

func same[T any](of func(int) T, node func(T) int) shape[T] { return shape[T]{of, node} }

var (
	stateArrays = same(func(n int) (s [3000]int64) { s[n*200] = 1; return s }, func(s [3000]int64) int {
		n := 0
		for s[n*200] == 0 {
			n++
		}
		return n
	})
	stateChains = same(chainOf, (*chain).len)
	stateAny    = same(func(n int) any {
		switch n % 4 {
		case 0:
			return n
		case 1:
			return fmt.Sprint(n)
		case 2:
			return &n
		}
		return [2]any{n, nil}
	}, func(s any) int {
		switch s := s.(type) {
		case string:
			n := 0
			fmt.Sscan(s, &n)
			return n
		case *int:
			return *s
		case [2]any:
			return s[0].(int)
		}
		return s.(int)
	})
	stateMaps = same(func(n int) map[any][]byte { return map[any][]byte{int8(n): make([]byte, n)} },
		func(s map[any][]byte) int { return len(s[soleKey(s)]) })
	stateBytes  = same(func(n int) [5]uint8 { return [5]uint8{3: uint8(n)} }, func(s [5]uint8) int { return int(s[3]) })
	stateSlices = same(func(n int) []struct{} { return make([]struct{}, n) }, func(s []struct{}) int { return len(s) })
	statePtrs   = same(func(n int) **string { t := strings.Repeat("x", n); p := &t; return &p },
		func(s **string) int { return len(**s) })
	stateFmt = same(func(n int) fmt.Stringer {
		if n == 0 {
			return nil
		}
		return named(n)
	}, func(s fmt.Stringer) int {
		if s == nil {
			return 0
		}
		return int(s.(named))
	})

	edgeStrings = same(func(i int) string { return strings.Repeat("y", i) }, func(a string) int { return len(a) })
	edgePtrs    = same(func(i int) *edge { return &edge{index: &i, texts: []string{"z"}, f: i} },
		func(a *edge) int { return *a.index })
	edgeStructs = same(func(i int) edge { return edge{index: &i} }, func(a edge) int { return *a.index })
	edgeAny     = same(func(i int) any {
		if i == 0 {
			return nil
		}
		return []any{i}
	}, func(a any) int {
		if a == nil {
			return 0
		}
		return a.([]any)[0].(int)
	})
	edgeFuncs = same(func(i int) func() int { return func() int { return i } }, func(a func() int) int { return a() })
	edgeNamed = same(func(i int) named { return named(i) }, func(a named) int { return int(a) })
	edgeWide  = same(func(i int) (a [700]uint16) { a[i] = 1; return a }, func(a [700]uint16) int {
		i := 0
		for a[i] == 0 {
			i++
		}
		return i
	})
	edgeOdd   = same(func(i int) [3]int8 { return [3]int8{2: int8(i)} }, func(a [3]int8) int { return int(a[2]) })
	edgeChans = same(func(i int) chan int { return channels[i] }, func(a chan int) int { return cap(a) })
)

// channels differ by their address, so there must be one for each edge.
var channels = [3]chan int{make(chan int), make(chan int, 1), make(chan int, 2)}

func soleKey(s map[any][]byte) any {
	for k := range s {
		return k
	}
	return nil
}

var shapes = map[string]run{
	"arrays by strings": shaped(stateArrays, edgeStrings), "chains by pointers": shaped(stateChains, edgePtrs),
	"any by any": shaped(stateAny, edgeAny), "maps by structs": shaped(stateMaps, edgeStructs),
	"bytes by functions": shaped(stateBytes, edgeFuncs), "bytes by wide ones": shaped(stateBytes, edgeWide),
	"bytes by odd ones": shaped(stateBytes, edgeOdd), "bytes by any": shaped(stateBytes, edgeAny),
	"bytes by pointers": shaped(stateBytes, edgePtrs), "empty ones by channels": shaped(stateSlices, edgeChans),
	"pointers by names": shaped(statePtrs, edgeNamed), "interfaces by pointers": shaped(stateFmt, edgePtrs),
	"deep ones by strings": shaped(deepStates, edgeStrings), "arrays by any": shaped(stateArrays, edgeAny),
}

func TestShapesDoNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	reference := shaped(flatStates, same(func(i int) int { return i }, func(a int) int { return a }))
	for range longtest.Size(5, 50) {
		g := randomGraph(r)
		style, o := r.IntN(6), matrix()[r.IntN(len(matrix()))]
		if o.Strategy == allways.DFS {
			o.Workers = 1
		}
		want, err := reference(g, style, o)
		if err != nil {
			t.Fatal(err)
		}
		for name, run := range shapes {
			got, err := run(g, style, o)
			if err != nil || got != want {
				t.Fatalf("%s, style %d, %s: %v\n%s\nwant\n%s\n%+v", name, style, optionsName(o), err, got, want, g)
			}
		}
		if r.IntN(4) == 0 {
			runtime.GC()
		}
	}
}

// States and actions without any content are a model like others: one state, which is all there is.
func TestNoContent(t *testing.T) {
	sizeless(t, struct{}{}, struct{}{})
	sizeless(t, [0]int{}, [0]string{})
	sizeless(t, [4]struct{}{}, struct{ _ [0]func() }{})
	sizeless[any, any](t, nil, nil)
	sizeless[*int, error](t, nil, nil)
	sizeless[map[string]int, chan int](t, nil, nil)
}

func sizeless[S, A any](t *testing.T, s S, a A) {
	t.Helper()
	m := allways.Funcs[S, A]{
		InitFunc:    func() []S { return []S{s, s} },
		ActionsFunc: func(dst []A, _ S) []A { return append(dst, a, a, a) },
		NextFunc:    func(s S, _ A) (S, bool) { return s, true },
		Props: []allways.Property[S]{
			allways.Always("always", func(S) bool { return true }), allways.Always("never", func(S) bool { return false }),
			allways.Eventually("eventually", func(S) bool { return false }),
			allways.AlwaysStep("step", func(S, A, S) bool { return false }),
		},
	}
	for name, run := range runs[S, A]() {
		r, err := run(m)
		if err != nil {
			t.Fatalf("%T, %T, %s: %v", s, a, name, err)
		}
		for _, p := range r.Properties {
			if p.Verdict == allways.Violated != (p.Name != "always") {
				if strings.HasPrefix(name, "simulate") && p.Name == "eventually" {
					continue // walks refute it only where they close a cycle
				}
				t.Errorf("%T, %T, %s: %s is %v: %s", s, a, name, p.Name, p.Verdict, p.Reason)
			}
		}
		if !strings.HasPrefix(name, "simulate") && (r.Stats.Distinct != 1 || r.Stats.Generated != 5) {
			t.Errorf("%T, %T, %s: %d distinct, %d generated", s, a, name, r.Stats.Distinct, r.Stats.Generated)
		}
	}
}
