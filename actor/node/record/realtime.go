package record

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
)

// ClockDependence is a history whose verdict depends on how far the clocks of actors differ: the messages of the run
// do not show enough about the order in real time of what the actors did.
type ClockDependence struct {
	History  string        // name of the history
	Violated bool          // verdict if the clocks agree
	Below    time.Duration // difference between any two clocks below which the verdict is certain
}

// String says on what the verdict depends.
func (d ClockDependence) String() string {
	verdict := "is not violated"
	if d.Violated {
		verdict = "is violated"
	}
	if d.Below == 0 {
		return fmt.Sprintf("whether history %q is violated in real time is not certain: by the clocks it %s, but "+
			"they cannot be relied on that far", d.History, verdict)
	}
	return fmt.Sprintf("whether history %q is violated in real time depends on the clocks: it %s if no two of them "+
		"differ by %v or more, which messages do not show", d.History, verdict, d.Below)
}

// stamp is when an event of a history happened: the time of its entry, and what that knew.
type stamp struct {
	actor int
	time  int64
	index int // position in the trace
	clock []uint64
}

// step returns the number of the step.
func (s *stamp) step() uint64 { return s.clock[s.actor] }

// recordedOp is an operation of a recorded history. Its number is that of its client in what is judged.
type recordedOp struct {
	invoked, returned stamp
	op, ret           string
	pending           bool
}

// realTime judges histories under all clocks that agree with the messages of a run.
type realTime struct {
	program  *program.Program
	history  string
	ops      []recordedOp
	off      [][]int64 // see [clocks.agree]; times are corrected by the offsets
	slack    int64
	furthest []int64 // largest bound of each actor
}

// operations returns the operations of a history among sorted events.
func operations(name string, events []program.HistoryEvent, stamps []stamp) (ops []recordedOp) {
	open := map[actor.ID]int{}
	for i, e := range events {
		k, busy := open[e.Actor]
		switch {
		case e.Crashed:
			delete(open, e.Actor)
		case e.History != name:
		case busy:
			delete(open, e.Actor)
			ops[k].returned, ops[k].ret, ops[k].pending = stamps[i], e.Event, false
		default:
			open[e.Actor] = len(ops)
			ops = append(ops, recordedOp{invoked: stamps[i], op: e.Event, pending: true})
		}
	}
	return ops
}

// depends returns on what the verdict depends, or nil if it is certain. Up to that, it is violated or not.
func (r *realTime) depends(violated bool) (*ClockDependence, error) {
	r.furthest = make([]int64, len(r.off))
	for i := range r.off {
		r.furthest[i] = max(slices.Max(r.off[i]), r.slack)
	}
	below, err := int64(0), error(nil)
	if violated {
		below, err = r.violatedBelow()
	} else {
		below, err = r.explainedBelow()
	}
	if err != nil || below == unbounded {
		return nil, err
	}
	return &ClockDependence{r.history, violated, time.Duration(below)}, nil
}

// keyed is an event and where it is in an order.
type keyed struct {
	at, then int64
	event    program.ClientEvent
}

// order looks for an order of the operations that explains events sorted by their keys.
func (r *realTime) order(all []keyed) (order []int, ok bool, err error) {
	slices.SortStableFunc(all, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.then, b.then))
	})
	events := make([]program.ClientEvent, len(all))
	for i, k := range all {
		events[i] = k.event
	}
	return r.program.Order(r.history, events)
}

// explainedBelow returns the bound on the differences between clocks below which an order explains the history. It
// tries orders that explain more than they have to, as if operations had returned earlier.
func (r *realTime) explainedBelow() (below int64, err error) {
	for early := int64(0); early < int64(24*time.Hour); early = max(int64(time.Microsecond), 8*early) {
		var all []keyed
		for n := range r.ops {
			o := &r.ops[n]
			all = append(all, keyed{o.invoked.time, 1, program.ClientEvent{Client: n, Event: o.op}})
			if o.pending {
				continue
			}
			k := keyed{o.returned.time - early, 0, program.ClientEvent{Client: n, Event: o.ret}}
			if k.at <= o.invoked.time {
				k.at, k.then = o.invoked.time, 2
			}
			if all = append(all, k); early == 0 { // as it was
				all[len(all)-2].at, all[len(all)-1].at = int64(o.invoked.index), int64(o.returned.index)
			}
		}
		order, ok, err := r.order(all)
		if err != nil || !ok {
			return below, err
		}
		if below = max(below, r.stands(order)); below == unbounded {
			break
		}
	}
	return below, nil
}

// stands returns the bound on the differences between clocks below which an order keeps real time: no operation in
// it can have returned before one that is in front of it was invoked.
func (r *realTime) stands(order []int) int64 {
	below := int64(unbounded)
	last := make([]*stamp, len(r.off)) // latest invocation up to now, by actor
	for _, n := range order {
		o := &r.ops[n]
		for i, before := range last {
			ret := &o.returned
			switch {
			case before == nil || o.pending || ret.clock[i] >= before.step():
				continue
			case before.clock[ret.actor] >= ret.step():
				return 0
			}
			if gap := max(0, ret.time-before.time-r.slack); r.off[i][ret.actor] > gap {
				below = min(below, gap)
			}
		}
		if l := &last[o.invoked.actor]; *l == nil || (*l).index < o.invoked.index {
			*l = &o.invoked
		}
	}
	return below
}

// violatedBelow returns the bound on the differences between clocks below which no order explains the history.
func (r *realTime) violatedBelow() (below int64, err error) {
	violated := func(bound int64) bool {
		_, ok, e := r.order(r.surely(bound))
		if e != nil {
			err = e
		}
		return !ok
	}
	if violated(unbounded) {
		return unbounded, err
	}
	high := int64(time.Microsecond)
	for ; high < int64(24*time.Hour) && violated(high); high *= 8 {
		below = high
	}
	for range 12 {
		if mid := below + (high-below)/2; violated(mid) {
			below = mid
		} else {
			high = mid
		}
	}
	return below, err
}

// surely returns the events in an order in which an operation returns before the invocation of another only if it
// surely did, with clocks that differ by less than the bound from those assumed.
func (r *realTime) surely(bound int64) (all []keyed) {
	byTime := make([]int, len(r.ops))
	for n := range r.ops {
		byTime[n] = n
	}
	slices.SortStableFunc(byTime, func(a, b int) int {
		return cmp.Compare(r.ops[a].invoked.time, r.ops[b].invoked.time)
	})
	invoked := func(k int) *stamp { return &r.ops[byTime[k]].invoked }
	for n, number := range byTime {
		o := &r.ops[number]
		all = append(all, keyed{int64(n), 0, program.ClientEvent{Client: number, Event: o.op}})
		if o.pending {
			continue
		}
		from := &o.returned
		latest := plus(from.time, min(bound, r.furthest[from.actor]))
		if latest < from.time {
			latest = math.MaxInt64
		}
		k := sort.Search(len(byTime), func(k int) bool { return invoked(k).time > latest }) - 1
		for ; k > n && r.surelyBefore(from, invoked(k), bound); k-- {
		}
		all = append(all, keyed{int64(max(k, n)), 1, program.ClientEvent{Client: number, Event: o.ret}})
	}
	return all
}

// surelyBefore reports whether a return was before an invocation.
func (r *realTime) surelyBefore(ret, inv *stamp, bound int64) bool {
	return inv.clock[ret.actor] >= ret.step() ||
		ret.actor != inv.actor && min(bound, r.off[ret.actor][inv.actor]) < inv.time-ret.time
}

// judgeHistories judges the histories of a run, and notes on what of the clocks the verdicts depend.
func (v *validation) judgeHistories() (err error) {
	r := v.report
	offsets, off, slack := v.clocks.agree()
	for i := range v.stamps {
		v.stamps[i].index, v.stamps[i].time = i, v.stamps[i].time-offsets[v.stamps[i].actor]
	}
	if slack == 0 {
		v.sortEvents() // the offsets agree with all that is known
	}
	if r.HistoryViolations, err = v.program.Judge(v.events); err != nil {
		return err
	}
	for _, name := range v.program.RealTime() {
		broken := slices.ContainsFunc(r.HistoryViolations, func(x Violation) bool { return x.Property == name })
		ops := operations(name, v.events, v.stamps)
		t := realTime{program: v.program, history: name, ops: ops, off: off, slack: slack}
		d, err := t.depends(broken)
		if err != nil {
			return err
		}
		if d != nil {
			r.ClockDependences = append(r.ClockDependences, *d)
		}
	}
	if len(v.events) > 0 {
		v.noteClocks(offsets, slack)
	}
	return nil
}

// sortEvents puts the events of histories in the order of corrected time.
func (v *validation) sortEvents() {
	slices.SortStableFunc(v.stamps, func(a, b stamp) int {
		return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.index, b.index))
	})
	sorted := make([]program.HistoryEvent, len(v.events))
	for i := range v.stamps {
		sorted[i] = v.events[v.stamps[i].index]
		v.stamps[i].index = i
	}
	v.events = sorted
}

// noteClocks says what messages show of the clocks.
func (v *validation) noteClocks(offsets []int64, slack int64) {
	for id, x := range offsets {
		if x != 0 {
			v.note("the clock of %s is off by about %v from that of %s, as messages show: histories were judged in corrected "+
				"time", v.program.Name(actor.ID(id)), time.Duration(x).Round(time.Microsecond), v.program.Name(0))
		}
	}
	if slack > 0 {
		v.note("clocks have changed by up to %v during the run, as messages show: histories were judged in the order of "+
			"messages and times", time.Duration(slack).Round(time.Microsecond))
	}
}
