package consistency_test

import (
	"context"
	"errors"
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

// A history that is not linearizable may still be sequentially consistent: here the read of the old
// value can be ordered before the write.
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

// One tester serves many histories. Pending operations may have taken effect, or not.
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
	for _, ret := range []consistency.Maybe[string]{consistency.Some("job"), consistency.None[string](),
		consistency.Some("other")} {
		after, _ := h.Return(2, ret)
		fmt.Println(ret, tester.Allows(after))
	}
	// Output:
	// {job true} true
	// { false} true
	// {other true} false
}

// A verdict is also data.
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

// An event that does not fit is an error with its index.
func ExampleFromEvents() {
	var count consistency.Counter
	_, err := consistency.FromEvents([]consistency.Event[consistency.CounterOp, int]{
		{Client: 1, Kind: consistency.Invoke, Op: count.Add(1)},
		{Client: 2, Kind: consistency.Return, Ret: 0},
	})
	if e, ok := errors.AsType[*consistency.HistoryError](err); ok {
		fmt.Printf("event %d: client %d did not invoke an operation\n", e.Index, e.Client)
	}
	// Output:
	// event 1: client 2 did not invoke an operation
}

// A history is a value: two runs that share a beginning do not disturb each other.
func ExampleHistory() {
	var kv consistency.KV[string, int]
	var h consistency.History[consistency.KVOp[string, int], consistency.Maybe[int]]
	h, _ = h.Invoke(1, kv.Put("x", 7))
	returned, _ := h.Return(1, consistency.OK[int]())
	fmt.Println(h.Len(), h.Busy(1), returned.Len(), returned.Busy(1))
	// Output:
	// 1 true 2 false
}

// A lost update: both clients replace the 0 that they read.
func ExampleVerdict_WithNames() {
	var reg consistency.CASRegister[int]
	var h consistency.History[consistency.CASOp[int], consistency.Maybe[int]]
	h, _ = h.Invoke(0, reg.CAS(0, 1))
	h, _ = h.Invoke(1, reg.CAS(0, 2))
	h, _ = h.Return(0, consistency.OK[int]())
	h, _ = h.Return(1, consistency.OK[int]())
	verdict, err := consistency.Linearizable(context.Background(), reg, h)
	if err != nil {
		fmt.Println(err)
		return
	}
	names := []string{"alice", "bob"}
	fmt.Print(verdict.WithNames(func(client int) string { return names[client] }))
	// Output:
	// not linearizable: no order explains the operations drawn with =, whatever the others did
	//
	// alice      |= cas(0, 1) =|
	// bob          |= cas(0, 2) =|
	//
	// longest order found:
	//    1. alice: cas(0, 1)
}

// Values may have names too: here a register holds the number of a server.
func ExampleVerdict_WithValues() {
	type server int
	var reg consistency.Register[server]
	var h consistency.History[consistency.RegisterOp[server], server]
	h, _ = h.Invoke(0, reg.Write(1))
	h, _ = h.Return(0, 1)
	h, _ = h.Invoke(1, reg.Read())
	h, _ = h.Return(1, 0)
	verdict, err := consistency.Linearizable(context.Background(), reg, h)
	if err != nil {
		fmt.Println(err)
		return
	}
	servers := []string{"ann", "bob"}
	fmt.Print(verdict.WithValues(func(v any) (text string, ok bool) {
		if s, ok := v.(server); ok {
			return servers[s], true
		}
		return "", false
	}))
	// Output:
	// not linearizable: no order explains the operations drawn with =, whatever the others did
	//
	// client 0   |= write(bob) =|
	// client 1                    |= read → ann =|
	//
	// longest order found:
	//    1. client 0: write(bob)
}

// In program order only the order of each client is left.
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

// lock is a spec of a lock. Its state is the holder, 0 if it is free. An operation returns whether it
// succeeded.
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

// A spec needs two methods.
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
