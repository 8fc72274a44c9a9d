package consistency_test

import (
	"math/rand/v2"
	"slices"

	"github.com/allways-go/allways/consistency"
)

// intn draws a number from 0 to n-1.
type intn func(n int) int

// workload is a specification with a source of operations.
type workload[S, Op, Ret any] struct {
	name string
	spec consistency.Spec[S, Op, Ret]
	op   func(draw intn) Op
}

// shape says how a random history looks.
type shape struct {
	clients, ops int
	crashes      bool // some operations never return
	corrupt      int  // as many results are replaced by those of others
}

// session is a client while a history is made.
type session[Op, Ret any] struct {
	op    Op
	ret   Ret
	state int // idle, invoked, done or crashed
}

const (
	idle = iota
	invoked
	done
	crashed
)

// record simulates clients of an object whose operations take effect at one moment between
// invocation and return, which is linearizable, and then corrupts results.
func (w workload[S, Op, Ret]) record(draw intn, sh shape) []consistency.Event[Op, Ret] {
	type event = consistency.Event[Op, Ret]
	var events []event
	object := w.spec.Init()
	sessions := make([]session[Op, Ret], sh.clients)
	for left, stuck := sh.ops, 0; stuck < 50; stuck++ {
		c := draw(sh.clients)
		s := &sessions[c]
		switch {
		case s.state == idle && left > 0:
			left--
			s.op, s.state = w.op(draw), invoked
			events = append(events, event{Client: c, Kind: consistency.Invoke, Op: s.op})
		case s.state == invoked && sh.crashes && draw(8) == 0:
			s.state = crashed
		case s.state == invoked:
			object, s.ret = w.spec.Apply(object, s.op)
			s.state = done
		case s.state == done && sh.crashes && draw(8) == 0:
			s.state = crashed
		case s.state == done:
			s.state = idle
			events = append(events, event{Client: c, Kind: consistency.Return, Ret: s.ret})
		default:
			continue
		}
		stuck = 0
	}
	return corrupt(draw, events, sh.corrupt)
}

func corrupt[Op, Ret any](draw intn, events []consistency.Event[Op, Ret], times int) []consistency.Event[Op, Ret] {
	var returns []int
	for i, e := range events {
		if e.Kind == consistency.Return {
			returns = append(returns, i)
		}
	}
	for range times {
		if len(returns) > 1 {
			events[returns[draw(len(returns))]].Ret = events[returns[draw(len(returns))]].Ret
		}
	}
	return events
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func seeded(seed uint64) intn { return rand.New(rand.NewPCG(seed, 1)).IntN }

func registers() workload[int, consistency.RegisterOp[int], int] {
	var r consistency.Register[int]
	return workload[int, consistency.RegisterOp[int], int]{"register", r,
		func(draw intn) consistency.RegisterOp[int] {
			if draw(2) == 0 {
				return r.Read()
			}
			return r.Write(1 + draw(3))
		}}
}

func writeOnces() workload[consistency.Maybe[int], consistency.RegisterOp[int], consistency.Maybe[int]] {
	var r consistency.WriteOnce[int]
	return workload[consistency.Maybe[int], consistency.RegisterOp[int], consistency.Maybe[int]]{"write-once",
		r, func(draw intn) consistency.RegisterOp[int] {
			if draw(2) == 0 {
				return r.Read()
			}
			return r.Write(1 + draw(2))
		}}
}

func casRegisters() workload[int, consistency.CASOp[int], consistency.Maybe[int]] {
	var r consistency.CASRegister[int]
	return workload[int, consistency.CASOp[int], consistency.Maybe[int]]{"cas", r,
		func(draw intn) consistency.CASOp[int] {
			switch draw(4) {
			case 0:
				return r.Read()
			case 1:
				return r.Write(draw(3))
			}
			return r.CAS(draw(3), draw(3))
		}}
}

func queues() workload[[]int, consistency.QueueOp[int], consistency.Maybe[int]] {
	var q consistency.Queue[int]
	return workload[[]int, consistency.QueueOp[int], consistency.Maybe[int]]{"queue", q,
		func(draw intn) consistency.QueueOp[int] {
			if draw(2) == 0 {
				return q.Dequeue()
			}
			return q.Enqueue(draw(4))
		}}
}

func stacks() workload[[]int, consistency.StackOp[int], consistency.Maybe[int]] {
	var s consistency.Stack[int]
	return workload[[]int, consistency.StackOp[int], consistency.Maybe[int]]{"stack", s,
		func(draw intn) consistency.StackOp[int] {
			if draw(2) == 0 {
				return s.Pop()
			}
			return s.Push(draw(4))
		}}
}

func sets() workload[map[int]struct{}, consistency.SetOp[int], bool] {
	var s consistency.Set[int]
	return workload[map[int]struct{}, consistency.SetOp[int], bool]{"set", s,
		func(draw intn) consistency.SetOp[int] {
			return []func(int) consistency.SetOp[int]{s.Contains, s.Add, s.Remove}[draw(3)](draw(3))
		}}
}

func counters() workload[int, consistency.CounterOp, int] {
	var c consistency.Counter
	return workload[int, consistency.CounterOp, int]{"counter", c, func(draw intn) consistency.CounterOp {
		switch draw(3) {
		case 0:
			return c.Read()
		case 1:
			return c.Add(1 + draw(3))
		}
		return c.FetchAdd(1 + draw(3))
	}}
}

func kvs() workload[map[string]int, consistency.KVOp[string, int], consistency.Maybe[int]] {
	var m consistency.KV[string, int]
	return workload[map[string]int, consistency.KVOp[string, int], consistency.Maybe[int]]{"kv", m,
		func(draw intn) consistency.KVOp[string, int] {
			k := string(rune('a' + draw(4)))
			switch draw(5) {
			case 0:
				return m.Put(k, draw(3))
			case 1:
				return m.Delete(k)
			case 2:
				return m.CAS(k, draw(3), draw(3))
			}
			return m.Get(k)
		}}
}

// operations returns the operations of events by hand, as a second opinion to
// [consistency.History.Operations].
func operations[Op, Ret any](events []consistency.Event[Op, Ret]) []consistency.Operation[Op, Ret] {
	var ops []consistency.Operation[Op, Ret]
	for i, e := range events {
		if e.Kind == consistency.Return {
			continue
		}
		o := consistency.Operation[Op, Ret]{Client: e.Client, Op: e.Op, Pending: true, Invoked: i,
			Returned: len(events)}
		if k := slices.IndexFunc(events[i+1:],
			func(f consistency.Event[Op, Ret]) bool { return f.Client == e.Client }); k >= 0 {
			o.Pending, o.Returned, o.Ret = false, i+1+k, events[i+1+k].Ret
		}
		ops = append(ops, o)
	}
	return ops
}

// satisfied reports whether a finished check found an order.
func satisfied[Op, Ret any](v consistency.Verdict[Op, Ret]) bool {
	if v.Outcome == consistency.Unknown {
		panic("a check without an error must have an outcome")
	}
	return v.Outcome == consistency.Satisfied
}
