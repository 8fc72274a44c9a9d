package consistency

// lanes holds the operations of a search. A lane is a sequence of operations that must take effect one
// after another.
//
// For linearizability, the operations of a lane do not overlap. There are then only as many lanes as
// operations were ever pending at once, and an operation may come next exactly if it was invoked before
// the first return of an operation that has yet to take effect. The heads of the lanes decide that.
//
// For sequential consistency, a lane is a client, and each head may come next.
type lanes struct {
	ops  []interval // operations in the order of their invocations
	head []int32    // next operation by lane, or none
	inv  []int32    // inv of the next operation by lane, or never
	ret  []int32    // ret of the next operation by lane, or never
	tail []int32    // last operation by lane, while lanes are laid
	free []int32    // lanes open to another operation, while lanes are laid
	busy []laneUse  // lanes with a pending operation, while lanes are laid
}

// laneUse is the occupation of a lane until an operation returns.
type laneUse struct{ ret, lane int32 }

// lay distributes l.ops to lanes.
func (l *lanes) lay(c Condition) {
	l.head, l.inv, l.ret, l.tail = l.head[:0], l.inv[:0], l.ret[:0], l.tail[:0]
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
	l.free, l.busy = l.free[:0], l.busy[:0]
	for i := range l.ops {
		op := &l.ops[i]
		op.inv, op.ret = op.call, op.back
		l.release(op.inv)
		lane := l.freeLane()
		if op.ret != never {
			l.busy = append(l.busy, laneUse{op.ret, lane})
		}
		l.put(lane, int32(i))
	}
}

// release frees the lanes of operations that have returned by now.
func (l *lanes) release(now int32) {
	kept := l.busy[:0]
	for _, u := range l.busy {
		if u.ret < now {
			l.free = append(l.free, u.lane)
		} else {
			kept = append(kept, u)
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
		l.put(l.laneOf(op), int32(i))
	}
}

// laneOf returns the lane of the operation's client, or a new one for a loose operation.
func (l *lanes) laneOf(op *interval) int32 {
	if op.loose {
		return l.newLane()
	}
	for lane := len(l.tail) - 1; lane >= 0; lane-- {
		if last := &l.ops[l.tail[lane]]; last.client == op.client && !last.loose {
			return int32(lane)
		}
	}
	return l.newLane()
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

// take removes the head of a lane.
func (l *lanes) take(lane int32) {
	l.head[lane] = l.ops[l.head[lane]].after
	l.show(lane)
}

// untake undoes the last take from the operation's lane.
func (l *lanes) untake(op int32) {
	lane := l.ops[op].lane
	l.head[lane] = op
	l.show(lane)
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
