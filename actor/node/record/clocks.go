package record

import "math"

// clocks bounds by how much the clocks of actors differ, from what the steps of one know of those of another: a step
// comes after those that its vector clock counts, whatever their times say.
//
// The offset of a clock is by how much it is ahead of true time. It is taken to be the same during the whole run, up to
// slack.
type clocks struct {
	most   [][]int64  // upper bounds of the offset of the second actor minus that of the first
	seen   [][]uint64 // steps of the others that each actor knows
	recent []recent   // times of steps by actor
	back   int64      // amount by which a clock was put back
}

// recent holds the times of an actor's last steps.
type recent struct {
	number, time [recentSteps]int64
	last         int64
}

// recentSteps is the number of steps of an actor whose times are kept. What is heard of earlier ones bounds little.
const recentSteps = 1 << 8

// unbounded is the bound of what nothing bounds.
const unbounded = math.MaxInt64

func newClocks(actors int) *clocks {
	c := &clocks{most: matrix(actors), seen: make([][]uint64, actors), recent: make([]recent, actors)}
	for i := range c.seen {
		c.seen[i] = make([]uint64, actors)
		c.recent[i].last = math.MinInt64
	}
	return c
}

func matrix(n int) [][]int64 {
	m := make([][]int64, n)
	for i := range m {
		m[i] = make([]int64, n)
		for j := range m[i] {
			if i != j {
				m[i][j] = unbounded
			}
		}
	}
	return m
}

// hear takes the next entry of a trace.
func (c *clocks) hear(e *Entry) {
	me := int(e.Actor)
	for i, number := range e.Clock {
		if i == me || number <= c.seen[me][i] {
			continue
		}
		c.seen[me][i] = number
		if r, k := &c.recent[i], number%recentSteps; r.number[k] == int64(number) {
			c.most[i][me] = min(c.most[i][me], e.Time-r.time[k])
		}
	}
	r, k := &c.recent[me], e.Clock[me]%recentSteps
	r.number[k], r.time[k] = int64(e.Clock[me]), e.Time
	if r.last > e.Time {
		c.back = max(c.back, r.last-e.Time)
	}
	r.last = max(r.last, e.Time)
}

// agree returns offsets that agree with all steps, and how much those of two actors may differ from that: the entry
// for i and j bounds by how much the clock of j may be further ahead of that of i. If no constant offsets agree,
// slack is by how much they must have changed during the run.
func (c *clocks) agree() (offsets []int64, off [][]int64, slack int64) {
	slack = c.back
	for off = c.close(slack); off == nil; off = c.close(slack) {
		slack = max(1, 2*slack)
	}
	offsets = make([]int64, len(off))
	for j := range off {
		low, high := int64(-unbounded), int64(unbounded)
		for i := range j {
			high = min(high, plus(offsets[i], off[i][j]))
			low = max(low, -plus(-offsets[i], off[j][i]))
		}
		offsets[j] = between(low, high)
	}
	for i := range off {
		for j := range off {
			if off[i][j] != unbounded {
				off[i][j] -= offsets[j] - offsets[i]
			}
		}
	}
	return offsets, off, slack
}

// between returns 0 if it is between the bounds, and otherwise their middle, or the one that there is.
func between(low, high int64) int64 {
	switch {
	case low <= 0 && high >= 0:
		return 0
	case low == -unbounded:
		return high
	case high == unbounded:
		return low
	}
	return low + (high-low)/2
}

// close returns the bounds with all that follows from them and a slack, or nil if they contradict each other.
func (c *clocks) close(slack int64) [][]int64 {
	n := len(c.most)
	off := matrix(n)
	for i := range off {
		for j := range off {
			if i != j {
				off[i][j] = plus(c.most[i][j], slack)
			}
		}
	}
	for k := range n {
		for i := range n {
			if off[i][k] == unbounded {
				continue
			}
			for j := range n {
				off[i][j] = min(off[i][j], plus(off[i][k], off[k][j]))
			}
		}
	}
	for i := range n {
		if off[i][i] < 0 {
			return nil
		}
	}
	return off
}

// plus adds bounds.
func plus(a, b int64) int64 {
	if a == unbounded || b == unbounded {
		return unbounded
	}
	return a + b
}
