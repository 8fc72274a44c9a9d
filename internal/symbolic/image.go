package symbolic

import (
	"cmp"
	"slices"

	"github.com/allways-go/allways/internal/mdd"
)

// images computes the states that steps lead to from all states of a node at once, and remembers them by node. It
// saturates what it makes, if asked.
type images struct {
	*compiler
	*mdd.Forest
	saturating bool
	halted     func() bool // whether to come to an end; asked now and then

	lowered mdd.Cache // results of lower
	// taken holds, by node, the place of the list of what its steps lead to, plus one. A list is its length, in the
	// effect of an entry, and that many entries.
	taken []uint32
	lists []pending

	frames   []imageFrame
	builders []builder
	answers  []mdd.Node // nodes saturated, by node

	over  bool // it comes to an end: results mean nothing
	asked int  // sets computed
	left  int  // sets that may still be computed; 0 for no limit, and when it is reached
}

// pending is what steps lead to from a node, and the effect that they still have on the levels above.
type pending struct {
	effect uint32
	node   mdd.Node
}

// entry is an edge of a node in the making, for an effect that is still to come.
type entry struct {
	effect uint32
	value  uint32
	child  mdd.Node
}

// imageFrame is what lower and steps work on at a level. Either is at a level once at most at any time, since it goes
// downwards; the nodes here are those that a collection must keep.
type imageFrame struct {
	lowering, stepping frame
	list               []pending
}

type frame struct {
	busy    bool
	n       mdd.Node
	entries []entry
	out     []mdd.Edge
}

func (f *frame) begin(n mdd.Node) { f.busy, f.n, f.entries, f.out = true, n, f.entries[:0], f.out[:0] }

func newImages(c *compiler, allow func(int64) bool, halted func() bool, saturating bool) *images {
	y := &images{
		compiler: c, Forest: mdd.New(len(c.places), allow), saturating: saturating, halted: halted,
		frames: make([]imageFrame, len(c.places)), builders: make([]builder, len(c.places)), lists: make([]pending, 1),
	}
	y.Remember(&y.lowered)
	return y
}

// bytes returns what is held, the steps apart.
func (y *images) bytes() int64 {
	return y.Size() + 4*int64(cap(y.taken)+cap(y.answers)) + 8*int64(cap(y.lists))
}

// ends reports whether to come to an end.
func (y *images) ends() bool {
	if y.over {
		return true
	}
	y.asked++
	if y.left > 0 {
		y.left--
		y.over = y.left == 0
	}
	y.over = y.over || y.Full() || y.err != nil && y.saturating || y.asked%askEvery == 0 && y.halted()
	return y.over
}

// askEvery is how many nodes pass until it is asked whether to come to an end.
const askEvery = 1 << 8

// finish returns the node with some edges, saturated if asked.
func (y *images) finish(level int, edges []mdd.Edge) mdd.Node {
	n := y.Make(level, edges)
	if y.saturating {
		n = y.saturate(n)
	}
	return n
}

// lower returns the states of a node after an effect on it and what is below.
func (y *images) lower(effect uint32, n mdd.Node) mdd.Node {
	if effect == 0 || n == mdd.None {
		return n
	}
	if r, ok := y.lowered.Find(effect, n); ok {
		return r
	}
	if y.ends() {
		return mdd.None
	}
	level := y.Level(n)
	f := &y.frames[level].lowering
	f.begin(n)
	var r mdd.Node
	if y.level(effect) > level {
		for _, e := range y.Edges(n) {
			if c := y.lower(effect, e.Child); c != mdd.None {
				f.out = append(f.out, mdd.Edge{Value: e.Value, Child: c})
			}
		}
		r = y.finish(level, f.out)
	} else {
		rest := y.rest(effect)
		for _, e := range y.Edges(n) {
			c := y.lower(rest, e.Child) // first, since it may be forbidden below: then the change is never made
			if c == mdd.None {
				continue
			}
			if after, ok := y.apply(effect, e.Value); ok {
				f.entries = append(f.entries, entry{0, after, c})
			}
		}
		r = y.merged(level, f, f.entries)
	}
	f.busy = false
	if !y.over {
		y.lowered.Put(effect, n, r)
	}
	return r
}

// merged returns the node of some entries, whose effects do not matter.
func (y *images) merged(level int, f *frame, entries []entry) mdd.Node {
	slices.SortFunc(entries, compareEntries)
	f.out = f.out[:0]
	for _, e := range entries {
		if k := len(f.out) - 1; k >= 0 && f.out[k].Value == e.value {
			if c := y.Union(f.out[k].Child, e.child); c != mdd.None {
				f.out[k].Child = c
			}
			continue
		}
		f.out = append(f.out, mdd.Edge{Value: e.value, Child: e.child})
	}
	return y.finish(level, f.out)
}

func compareEntries(a, b entry) int {
	if a.effect != b.effect {
		return cmp.Compare(a.effect, b.effect)
	}
	if a.value != b.value {
		return cmp.Compare(a.value, b.value)
	}
	return cmp.Compare(a.child, b.child)
}

// takenOf returns what steps lead to, as far as it is known.
func (y *images) takenOf(n mdd.Node) (list []pending, ok bool) {
	if int(n) >= len(y.taken) || y.taken[n] == 0 {
		return nil, false
	}
	at := y.taken[n]
	return y.lists[at+1 : at+1+y.lists[at].effect], true
}

// keepTaken remembers what steps lead to.
func (y *images) keepTaken(n mdd.Node, list []pending) []pending {
	for int(n) >= len(y.taken) {
		y.taken = append(y.taken, make([]uint32, max(1<<10, len(y.taken)))...)
	}
	at := len(y.lists)
	y.lists = append(append(y.lists, pending{effect: uint32(len(list))}), list...)
	y.taken[n] = uint32(at)
	return y.lists[at+1:]
}

// steps returns what the steps of the places at a node's level and below lead to, by the effect that they still have
// on the levels above. When saturating, those without such an effect are left out: a saturated node has their states
// already. The list is valid until the next call.
func (y *images) steps(n mdd.Node) []pending {
	if n <= mdd.Unit {
		return nil
	}
	if list, ok := y.takenOf(n); ok {
		return list
	}
	level := y.Level(n)
	if level > y.last || y.ends() {
		return nil
	}
	f := &y.frames[level].stepping
	f.begin(n)
	for _, e := range y.Edges(n) {
		if y.over {
			break // no more handlers are to run
		}
		if y.moves[level] {
			y.ownSteps(f, level, e)
		}
		for _, p := range y.steps(e.Child) {
			y.carry(f, level, e.Value, p)
		}
	}
	list := y.pendings(level, f)
	f.busy = false
	if y.over {
		return nil
	}
	return y.keepTaken(n, list)
}

// ownSteps adds the steps that the number of an edge makes possible.
func (y *images) ownSteps(f *frame, level int, e mdd.Edge) {
	x := *y.known(level, e.Value)
	for i := x.at; i < x.at+x.n; i++ {
		s := y.compiler.steps[i]
		if s.upper == 0 && y.saturating {
			continue
		}
		if c := y.lower(s.lower, e.Child); c != mdd.None {
			f.entries = append(f.entries, entry{s.upper, s.after, c})
		}
	}
}

// carry adds what steps from the child of an edge lead to.
func (y *images) carry(f *frame, level int, value uint32, p pending) {
	if y.level(p.effect) != level {
		f.entries = append(f.entries, entry{p.effect, value, p.node})
		return
	}
	rest := y.rest(p.effect)
	if rest == 0 && y.saturating {
		return
	}
	if after, ok := y.apply(p.effect, value); ok {
		f.entries = append(f.entries, entry{rest, after, p.node})
	}
}

// pendings makes the nodes of the entries of a frame, one for each effect.
func (y *images) pendings(level int, f *frame) []pending {
	slices.SortFunc(f.entries, compareEntries)
	x := &y.frames[level]
	x.list = x.list[:0]
	for all := f.entries; len(all) > 0; {
		end := 1
		for end < len(all) && all[end].effect == all[0].effect {
			end++
		}
		n := y.merged(level, f, all[:end])
		if n != mdd.None {
			x.list = append(x.list, pending{all[0].effect, n})
		}
		all = all[end:]
	}
	return x.list
}

// image returns the states one step after those of a node of the first level.
func (y *images) image(n mdd.Node) (r mdd.Node) {
	for _, p := range y.steps(n) {
		r = y.Union(r, p.node)
	}
	return r
}

// need marks what a collection must keep, beside the unions under way.
func (y *images) need(mark func(mdd.Node)) {
	marked := func(f *frame) {
		if !f.busy {
			return
		}
		mark(f.n)
		for _, e := range f.entries {
			mark(e.child)
		}
		for _, e := range f.out {
			mark(e.Child)
		}
	}
	for i := range y.frames {
		x := &y.frames[i]
		marked(&x.lowering)
		marked(&x.stepping)
		if x.stepping.busy {
			for _, p := range x.list {
				mark(p.node)
			}
		}
		y.builders[i].need(mark)
	}
}

// swept forgets what was remembered of nodes that are not alive.
func (y *images) swept(alive func(mdd.Node) bool) {
	lists := make([]pending, 1, max(1, len(y.lists)/2))
	for n := range y.taken {
		list, ok := y.takenOf(mdd.Node(n))
		if !ok {
			continue
		}
		y.taken[n] = 0
		if alive(mdd.Node(n)) && !slices.ContainsFunc(list, func(p pending) bool { return !alive(p.node) }) {
			y.taken[n] = uint32(len(lists))
			lists = append(append(lists, pending{effect: uint32(len(list))}), list...)
		}
	}
	y.lists = lists
	for n, r := range y.answers {
		if r != mdd.None && !(alive(mdd.Node(n)) && alive(r)) {
			y.answers[n] = mdd.None
		}
	}
}
