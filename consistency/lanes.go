package consistency

// lanes holds the operations of a search. A lane is a sequence of operations that returned and must take effect
// one after another. Pending operations are apart from them.
//
// For linearizability, the operations of a lane do not overlap. There are then only as many lanes as
// operations overlap anywhere, and an operation may come next exactly if it was invoked before
// the first return of an operation that has yet to take effect. The heads of the lanes decide that.
//
// For sequential consistency, a lane is a client, and each head may come next.
type lanes struct {
	ops     []interval // operations in the order of their invocations
	head    []int32    // next operation by lane, or none
	inv     []int32    // inv of the next operation by lane, or never
	ret     []int32    // ret of the next operation by lane, or never
	pending []pendingOp
	used    []uint64  // set of pending operations, by index, that have taken effect
	tail    []int32   // last operation by lane, while lanes are laid
	free    []int32   // lanes open to another operation, while lanes are laid
	busy    []laneUse // lanes whose operation has yet to return, while lanes are laid
	soonest int32     // the first of these returns, or never
}

// laneUse is the occupation of a lane until an operation returns.
type laneUse struct{ ret, lane int32 }

// pendingOp is a pending operation.
type pendingOp struct {
	op   int32
	gate int32 // lane that has to be empty before it, or none
}

// lay distributes l.ops to lanes.
func (l *lanes) lay(c Condition) {
	l.head, l.inv, l.ret, l.tail = l.head[:0], l.inv[:0], l.ret[:0], l.tail[:0]
	l.pending, l.used = l.pending[:0], l.used[:0]
	if c == SequentialConsistency {
		l.layByClient()
	} else {
		l.layByTime()
	}
	for lane := range l.head {
		l.show(int32(lane))
	}
}

func (l *lanes) layByTime() {
	l.free, l.busy, l.soonest = l.free[:0], l.busy[:0], never
	for i := range l.ops {
		op := &l.ops[i]
		op.inv, op.ret = op.call, op.back
		if op.ret == never {
			l.wait(int32(i), none)
			continue
		}
		l.release(op.inv)
		lane := l.freeLane()
		l.busy, l.soonest = append(l.busy, laneUse{op.ret, lane}), min(l.soonest, op.ret)
		l.put(lane, int32(i))
	}
}

// release frees the lanes of operations that have returned by now.
func (l *lanes) release(now int32) {
	if l.soonest > now {
		return
	}
	l.soonest = never
	kept := l.busy[:0]
	for _, u := range l.busy {
		if u.ret < now {
			l.free = append(l.free, u.lane)
		} else {
			kept, l.soonest = append(kept, u), min(l.soonest, u.ret)
		}
	}
	l.busy = kept
}

func (l *lanes) freeLane() int32 {
	if n := len(l.free); n > 0 {
		lane := l.free[n-1]
		l.free = l.free[:n-1]
		return lane
	}
	return l.newLane()
}

func (l *lanes) newLane() int32 {
	l.head, l.tail = append(l.head, none), append(l.tail, none)
	l.inv, l.ret = append(l.inv, never), append(l.ret, never)
	return int32(len(l.head) - 1)
}

func (l *lanes) layByClient() {
	for i := range l.ops {
		op := &l.ops[i]
		op.inv, op.ret = -1, op.back
		lane := l.laneOf(op)
		switch {
		case op.ret == never:
			l.wait(int32(i), lane)
		case lane == none:
			l.put(l.newLane(), int32(i))
		default:
			l.put(lane, int32(i))
		}
	}
}

// laneOf returns the lane of the operation's client, or none if there is no such lane or the client's order
// does not bind the operation.
func (l *lanes) laneOf(op *interval) int32 {
	if op.loose {
		return none
	}
	for lane := len(l.tail) - 1; lane >= 0; lane-- {
		if l.ops[l.tail[lane]].client == op.client {
			return int32(lane)
		}
	}
	return none
}

// put appends the operation to the lane.
func (l *lanes) put(lane, op int32) {
	l.ops[op].lane, l.ops[op].after = lane, none
	if last := l.tail[lane]; last != none {
		l.ops[last].after = op
	} else {
		l.head[lane] = op
	}
	l.tail[lane] = op
}

// wait appends a pending operation.
func (l *lanes) wait(op, gate int32) {
	number := len(l.pending)
	l.ops[op].lane = int32(number)
	l.pending = append(l.pending, pendingOp{op, gate})
	if number%64 == 0 {
		l.used = append(l.used, 0)
	}
}

// take removes an operation, the head of its lane or a pending one.
func (l *lanes) take(op int32) {
	iv := &l.ops[op]
	if iv.ret == never {
		l.used[iv.lane/64] |= 1 << (iv.lane % 64)
		return
	}
	l.head[iv.lane] = iv.after
	l.show(iv.lane)
}

// untake undoes the take of an operation, the last one from its lane.
func (l *lanes) untake(op int32) {
	iv := &l.ops[op]
	if iv.ret == never {
		l.used[iv.lane/64] &^= 1 << (iv.lane % 64)
		return
	}
	l.head[iv.lane] = op
	l.show(iv.lane)
}

func (l *lanes) show(lane int32) {
	if op := l.head[lane]; op != none {
		l.inv[lane], l.ret[lane] = l.ops[op].inv, l.ops[op].ret
	} else {
		l.inv[lane], l.ret[lane] = never, never
	}
}

// horizon returns the time of the first return of an operation that has yet to take effect, or
// never. An operation that was invoked later cannot come next.
func (l *lanes) horizon() int32 {
	h := int32(never)
	for _, r := range l.ret {
		h = min(h, r)
	}
	return h
}
