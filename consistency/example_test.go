package consistency_test

import (
	"context"
	"fmt"
	"slices"

	"github.com/allways-go/allways/consistency"
)

// Client 2 still reads the old value after the write of a new one returned.
func ExampleLinearizable() {
	var reg consistency.Register[string]
	type event = consistency.Event[consistency.RegisterOp[string], string]
	h, err := consistency.FromEvents([]event{
		{Client: 1, Kind: consistency.Invoke, Op: reg.Write("a")},
		{Client: 2, Kind: consistency.Invoke, Op: reg.Write("b")},
		{Client: 1, Kind: consistency.Return, Ret: "a"},
		{Client: 2, Kind: consistency.Return, Ret: "b"},
		{Client: 3, Kind: consistency.Invoke, Op: reg.Write("c")},
		{Client: 3, Kind: consistency.Return, Ret: "c"},
		{Client: 2, Kind: consistency.Invoke, Op: reg.Read()},
		{Client: 2, Kind: consistency.Return, Ret: "b"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	verdict, err := consistency.Linearizable(context.Background(), reg, h)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(verdict)
	// Output:
	// not linearizable: no order explains the operations drawn with =, whatever the others did
	//
	// client 1   |- write(a) -|
	// client 2     |= write(b) =|                |= read → b =|
	// client 3                    |= write(c) =|
	//
	// longest order found:
	//    1. client 1: write(a)
	//    2. client 2: write(b)
	//    3. client 3: write(c)
}

// What is not linearizable may still be sequentially consistent: here, the read of the old value comes before the write.
func ExampleSequentiallyConsistent() {
	var reg consistency.Register[int]
	var h consistency.History[consistency.RegisterOp[int], int]
	h, _ = h.Invoke(1, reg.Write(7))
	h, _ = h.Return(1, 7)
	h, _ = h.Invoke(2, reg.Read())
	h, _ = h.Return(2, 0)
	verdict, err := consistency.SequentiallyConsistent(context.Background(), reg, h)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(verdict)
	// Output:
	// sequentially consistent
	//
	// client 1   |- write(7) -|
	// client 2   |- read → 0 -|
	//
	// in this order:
	//    1. client 2: read → 0
	//    2. client 1: write(7)
}

// A model checker asks one tester about many histories.
func ExampleTester() {
	var queue consistency.Queue[string]
	tester, err := consistency.NewTester(queue, consistency.Linearizability)
	if err != nil {
		fmt.Println(err)
		return
	}
	var h consistency.History[consistency.QueueOp[string], consistency.Maybe[string]]
	h, _ = h.Invoke(1, queue.Enqueue("job")) // never returns
	h, _ = h.Invoke(2, queue.Dequeue())
	for _, ret := range []consistency.Maybe[string]{consistency.Some("job"), consistency.None[string](), consistency.Some("other")} {
		after, _ := h.Return(2, ret)
		fmt.Println(ret, tester.Allows(after))
	}
	// Output:
	// {job true} true
	// { false} true
	// {other true} false
}

// A verdict is also data, for reports of your own.
func ExampleTester_Check() {
	var set consistency.Set[string]
	tester, err := consistency.NewTester(set, consistency.Linearizability)
	if err != nil {
		fmt.Println(err)
		return
	}
	var h consistency.History[consistency.SetOp[string], bool]
	h, _ = h.Invoke(1, set.Add("x"))
	h, _ = h.Return(1, true)
	h, _ = h.Invoke(2, set.Contains("x"))
	h, _ = h.Return(2, false)
	verdict, err := tester.Check(context.Background(), h)
	fmt.Println(verdict.Outcome, err)
	for _, o := range verdict.Conflict {
		fmt.Println(o.Client, o.Op, o.Ret)
	}
	// Output:
	// violated <nil>
	// 1 add(x) true
	// 2 contains(x) false
}

// Events that do not fit are refused with their index.
func ExampleFromEvents() {
	var count consistency.Counter
	_, err := consistency.FromEvents([]consistency.Event[consistency.CounterOp, int]{
		{Client: 1, Kind: consistency.Invoke, Op: count.Add(1)},
		{Client: 2, Kind: consistency.Return, Ret: 0},
	})
	fmt.Println(err)
	// Output:
	// event 1 of the history: client 2 returns from an operation that it did not invoke, or that already returned; record each invocation, and each return once
}

// The histories of clients that saw the same are the same in program order, whatever happened first.
func ExampleHistory_ProgramOrder() {
	var reg consistency.Register[int]
	var h consistency.History[consistency.RegisterOp[int], int]
	h, _ = h.Invoke(2, reg.Write(1))
	h, _ = h.Return(2, 1)
	h, _ = h.Invoke(1, reg.Read())
	for e := range h.ProgramOrder().Events() {
		fmt.Println(e.Client, e.Kind == consistency.Invoke)
	}
	// Output:
	// 1 true
	// 2 true
	// 2 false
}

// lock is an object with a specification of its own: who holds it, with 0 for nobody. Trying to take it returns whether
// that succeeded.
type lock struct{}

type lockOp struct {
	Release bool
	Holder  int
}

func (lock) Init() int { return 0 }

func (lock) Apply(holder int, op lockOp) (int, bool) {
	switch {
	case op.Release && holder == op.Holder:
		return 0, true
	case !op.Release && holder == 0:
		return op.Holder, true
	}
	return holder, false
}

// A specification of your own is two methods.
func ExampleSpec() {
	var h consistency.History[lockOp, bool]
	for client := range 2 {
		h, _ = h.Invoke(client, lockOp{Holder: client + 1})
		h, _ = h.Return(client, true)
	}
	verdict, err := consistency.Linearizable(context.Background(), lock{}, h)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(verdict)
	// Output:
	// not linearizable: no order explains the operations drawn with =, whatever the others did
	//
	// client 0   |= {false 1} → true =|
	// client 1                          |= {false 2} → true =|
	//
	// longest order found:
	//    1. client 0: {false 1} → true
}

func ExampleHistory_Operations() {
	var stack consistency.Stack[int]
	var h consistency.History[consistency.StackOp[int], consistency.Maybe[int]]
	h, _ = h.Invoke(1, stack.Push(5))
	h, _ = h.Invoke(2, stack.Pop())
	h, err := h.Return(2, consistency.Some(5))
	if err != nil {
		fmt.Println(err)
		return
	}
	for o := range slices.Values(h.Operations()) {
		fmt.Println(o.Client, o.Op, o.Pending)
	}
	// Output:
	// 1 push(5) true
	// 2 pop false
}
