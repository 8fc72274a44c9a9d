package allwaystest_test

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/allwaystest"
)

// counter is a number that two threads increment. An update is lost if both read before one of them
// writes.
type counter struct {
	Value int8
	Read  [2]int8 // -1 before reading
	Done  [2]bool
}

type act struct {
	What string
	Who  int8
}

func racyCounter() allways.Funcs[counter, act] {
	return allways.Funcs[counter, act]{
		InitFunc: func() []counter { return []counter{{Read: [2]int8{-1, -1}}} },
		ActionsFunc: func(dst []act, s counter) []act {
			for i := range int8(2) {
				switch {
				case s.Read[i] < 0:
					dst = append(dst, act{"read", i})
				case !s.Done[i]:
					dst = append(dst, act{"write", i})
				}
			}
			return dst
		},
		NextFunc: func(s counter, a act) (counter, bool) {
			if a.What == "read" {
				s.Read[a.Who] = s.Value
			} else {
				s.Value, s.Done[a.Who] = s.Read[a.Who]+1, true
			}
			return s, true
		},
		Props: []allways.Property[counter]{
			allways.Always("no lost update", func(s counter) bool {
				return s.Done != [2]bool{true, true} ||
					s.Value == 2
			}),
			allways.Sometimes("done", func(s counter) bool { return s.Done == [2]bool{true, true} }),
		},
	}
}

// The examples show the bodies of tests. The tests below run the same code.

func ExampleCheck() {
	// func TestCounter(t *testing.T)
	_ = func(t *testing.T) {
		r := allwaystest.Check(t, racyCounter(), allwaystest.Options{
			Complete: true,
			Short:    &allways.Options{MaxStates: 1000},
		})
		if r.Stats.Distinct != 13 {
			t.Errorf("%d states, want 13", r.Stats.Distinct)
		}
	}
	// Output:
}

func ExampleSimulate() {
	// func TestCounterWalks(t *testing.T)
	_ = func(t *testing.T) {
		allwaystest.Simulate(t, racyCounter(),
			allwaystest.SimulateOptions{
				Simulate: allways.SimulateOptions{Walks: 100, MaxDepth: 10},
			})
	}
	// Output:
}

func ExampleCounterexample() {
	// func TestUpdateIsLost(t *testing.T)
	_ = func(t *testing.T) {
		allwaystest.Counterexample(t, racyCounter(), "no lost update",
			[]act{{"read", 0}, {"read", 1}, {"write", 0}, {"write", 1}})
		allwaystest.Counterexample(t, racyCounter(), "no lost update", allwaystest.Path("0:0.1.0.0"))
	}
	// Output:
}

func ExampleWitness() {
	// func TestDone(t *testing.T)
	_ = func(t *testing.T) {
		allwaystest.Witness(t, racyCounter(), "done", []act{{"read", 0}, {"write", 0}, {"read", 1}, {"write", 1}})
		allwaystest.Witness(t, racyCounter(), "done", allwaystest.Path("0:0.0.0.0"))
	}
	// Output:
}

func ExampleReplay() {
	// func TestStoredTraces(t *testing.T)
	_ = func(t *testing.T) {
		allwaystest.Replay(t, racyCounter(), "testdata/*.trace")
	}
	// Output:
}

// lost is a trace file of a lost update.
const lost = `allways trace 1
property: no lost update
kind: always
verdict: violated

init 0  {Value:0 Read:[-1 -1] Done:[false false]}
   1 [0] {What:read Who:0}
   2 [1] {What:read Who:1}
   3 [0] {What:write Who:0}
   4 [0] {What:write Who:1}
end 4
`

// orderly is the counter of threads that wait for each other.
func orderly() allways.Funcs[counter, act] {
	m := racyCounter()
	actions := m.ActionsFunc
	m.ActionsFunc = func(dst []act, s counter) []act { return actions(dst, s)[:min(1, len(actions(nil, s)))] }
	return m
}

func ExampleRegression() {
	// func TestNoLostUpdate(t *testing.T)
	_ = func(t *testing.T) {
		allwaystest.Regression(t, orderly(), lost)
	}
	// Output:
}

func ExampleFuzz() {
	// func FuzzCounter(f *testing.F)
	_ = func(f *testing.F) {
		allwaystest.Fuzz(f, racyCounter())
	}
	// Output:
}

// The functions of the examples do what they show.
func TestExamples(t *testing.T) {
	run := []act{{"read", 0}, {"read", 1}, {"write", 0}, {"write", 1}}
	p := allwaystest.Counterexample(t, racyCounter(), "no lost update", run)
	allwaystest.Counterexample(t, racyCounter(), "no lost update", allwaystest.Path(p.Encode()))
	allwaystest.Counterexample(t, racyCounter(), "no lost update", allwaystest.Path("0:0.1.0.0"))
	allwaystest.Witness(t, racyCounter(), "done", []act{{"read", 0}, {"write", 0}, {"read", 1}, {"write", 1}})
	allwaystest.Witness(t, racyCounter(), "done", allwaystest.Path("0:0.0.0.0"))
	allwaystest.Regression(t, orderly(), lost)
	m := racyCounter()
	m.Props = m.Props[1:]
	if r := allwaystest.Check(t, m, allwaystest.Options{Complete: true}); r.Stats.Distinct != 13 {
		t.Errorf("%d states, want 13", r.Stats.Distinct)
	}
}
