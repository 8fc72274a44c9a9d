package allways_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/allways-go/allways"
)

type worker uint8

type workersState struct {
	Jobs    [3]uint8 `allways:"indexed=worker"`
	Busy    [3]bool  `allways:"indexed=worker"`
	Waiting map[worker]bool
	Leader  worker
}

func Example_symmetry() {
	symmetry, err := allways.Interchangeable[worker, workersState](3)
	if err != nil {
		fmt.Println(err)
		return
	}
	a := symmetry.Representative(workersState{
		Jobs: [3]uint8{2, 0, 1}, Busy: [3]bool{true, false, false}, Waiting: map[worker]bool{1: true}, Leader: 0,
	})
	b := symmetry.Representative(workersState{
		Jobs: [3]uint8{1, 2, 0}, Busy: [3]bool{false, true, false}, Waiting: map[worker]bool{2: true}, Leader: 1,
	})
	fmt.Println(a)
	fmt.Println(b)
	// Output:
	// {[0 1 2] [false false true] map[0:true] 2}
	// {[0 1 2] [false false true] map[0:true] 2}
}

func ExampleInterchangeable() {
	type RM uint8
	type State struct {
		Prepared [4]bool `allways:"indexed=RM"`
	}
	symmetry, err := allways.Interchangeable[RM, State](4)
	if err != nil {
		fmt.Println(err)
		return
	}
	// Four managers prepare in any order: of 16 states only the number of those that have prepared
	// matters.
	m := allways.Funcs[State, RM]{
		InitFunc:    func() []State { return []State{{}} },
		ActionsFunc: func(dst []RM, s State) []RM { return append(dst, 0, 1, 2, 3) },
		NextFunc: func(s State, rm RM) (State, bool) {
			fresh := !s.Prepared[rm]
			s.Prepared[rm] = true
			return s, fresh
		},
		RepresentativeFunc: symmetry.Representative,
	}
	for _, symmetric := range []bool{false, true} {
		result, err := allways.Check(context.Background(), m, allways.Options{Symmetry: symmetric})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(result.Stats.Distinct)
	}
	// Output:
	// 16
	// 5
}

func TestSymmetryZeroValue(t *testing.T) {
	var y allways.Symmetry[[2]int]
	if s := y.Representative([2]int{2, 1}); s != [2]int{2, 1} {
		t.Errorf("it became %v", s)
	}
}

func interchangeable[S any](n int) error {
	_, err := allways.Interchangeable[worker, S](n)
	return err
}

func TestInterchangeableErrors(t *testing.T) {
	type inner struct {
		A []struct {
			B [2]bool `allways:"indexed=worker"`
		}
	}
	_, plain := allways.Interchangeable[int, [2]int](2)
	type tiny int8
	_, small := allways.Interchangeable[tiny, [200]tiny](200)
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{
			"short array", interchangeable[inner](3),
			"inner.A[].B: tag `allways:\"indexed=worker\"`: the array has 2 elements for 3 identifiers",
		},
		{"other type", interchangeable[struct {
			A [3]bool `allways:"indexed=Worker"`
		}](3), ".A: tag `allways:\"indexed=Worker\"`: \"Worker\" is not the type of the identifiers: " +
			"want `allways:\"indexed=worker\"`"},
		{"misspelt value", interchangeable[struct {
			A [3]bool `allways:"index=worker"`
		}](3), `"index=worker" is unknown: want `},
		{"misspelt key", interchangeable[struct {
			A [3]bool `always:"indexed=worker"`
		}](3), ".A: tag `always:\"indexed=worker\"`: it has no key allways: want "},
		{"other kind", interchangeable[struct {
			A map[string]bool `allways:"indexed=worker"`
		}](3), "a field of type map[string]bool is not indexed; only arrays and slices are"},
		{"blank", interchangeable[struct {
			_ [3]bool `allways:"indexed=worker"`
		}](3), "a blank field has no content"},
		{
			"nothing", interchangeable[struct{ A [3]bool }](3),
			"nothing in it is indexed by, keyed by or refers to allways_test.worker",
		},
		{"none", interchangeable[workersState](0), "allways_test.worker: 0 identifiers: there must be at least one"},
		{"plain", plain, "int: every value of this type would count as an identifier"},
		{"small", small, "allways_test.tiny: it cannot number 200 identifiers"},
		{"no content", interchangeable[struct {
			A [3]bool `allways:"indexed=worker"`
			F func()
		}](3), "F"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", c.err, c.want)
			}
		})
	}
}

type managers struct {
	RM       [12]uint8 `allways:"indexed=worker"`
	Prepared [12]bool  `allways:"indexed=worker"`
	Msgs     [12]bool  `allways:"indexed=worker"`
	TM       uint8
}

func BenchmarkRepresentative(b *testing.B) {
	y, err := allways.Interchangeable[worker, managers](12)
	if err != nil {
		b.Fatal(err)
	}
	var states [64]managers
	x := uint32(1)
	for k := range states {
		for i := range 12 {
			x = x*1664525 + 1013904223
			states[k].RM[i], states[k].Prepared[i], states[k].Msgs[i] = uint8(x>>28&3), x>>26&1 == 1, x>>24&1 == 1
		}
	}
	for _, c := range []struct {
		name   string
		sorted bool
	}{{"random", false}, {"sorted", true}} {
		b.Run(c.name, func(b *testing.B) {
			if c.sorted {
				for k := range states {
					states[k] = y.Representative(states[k])
				}
			}
			b.ReportAllocs()
			for k := 0; b.Loop(); k++ {
				y.Representative(states[k&63])
			}
		})
	}
}

func ExampleAnd() {
	type Acceptor uint8
	type Value uint8
	type State struct {
		Vote map[Acceptor]Value
		Seen [2]bool `allways:"indexed=Value"`
	}
	symmetry, err := allways.Interchangeable[Acceptor, State](3, allways.And[Value](2))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(symmetry.Representative(State{map[Acceptor]Value{0: 1, 2: 1}, [2]bool{true, false}}))
	fmt.Println(symmetry.Representative(State{map[Acceptor]Value{1: 0, 2: 0}, [2]bool{false, true}}))
	// Output:
	// {map[1:0 2:0] [false true]}
	// {map[1:0 2:0] [false true]}
}
