package consistency_test

import (
	"context"
	"fmt"

	"github.com/allways-go/allways/consistency"
)

// Two clients use a register. The second one reads an old value after the first one's write returned.
func ExampleLinearizable() {
	var reg consistency.Register[string]
	h, err := consistency.FromEvents([]consistency.Event[consistency.RegisterOp[string], string]{
		{Client: 1, Kind: consistency.Invoke, Op: reg.Write("a")},
		{Client: 2, Kind: consistency.Invoke, Op: reg.Read()},
		{Client: 2, Kind: consistency.Return, Ret: ""},
		{Client: 1, Kind: consistency.Return, Ret: "a"},
		{Client: 1, Kind: consistency.Invoke, Op: reg.Write("b")},
		{Client: 1, Kind: consistency.Return, Ret: "b"},
		{Client: 2, Kind: consistency.Invoke, Op: reg.Read()},
		{Client: 2, Kind: consistency.Return, Ret: "a"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := consistency.Linearizable(context.Background(), reg, h)
	fmt.Println(v, err)
	// Output:
}

// What is not linearizable may still be sequentially consistent: the read of the old value is put before the write.
func ExampleSequentiallyConsistent() {
	var reg consistency.Register[int]
	var h consistency.History[consistency.RegisterOp[int], int]
	h, _ = h.Invoke(0, reg.Write(1))
	h, _ = h.Return(0, 1)
	h, _ = h.Invoke(1, reg.Read())
	h, _ = h.Return(1, 0)
	h, _ = h.Invoke(2, reg.Write(2)) // never returns
	v, err := consistency.SequentiallyConsistent(context.Background(), reg, h)
	fmt.Println(v, err)
	// Output:
}
