// Package packer appends the successors of a state to a batch: the innermost loop of a search of plain
// models.
package packer

import (
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/naming"
	"github.com/allways-go/allways/internal/values"
	"github.com/allways-go/allways/internal/vector"
)

// Packer appends the successors of one state to a batch. It is the innermost loop of a search: the caller
// knows the types, so that successors stay on its stack; everything else is here, where the compiler puts
// small functions in line, which it does not do in code that is generic.
//
// The caller computes two successors before it adds the first. A processor that has just written
// single bytes must wait before it can read them as words: it forwards a store to a load only if
// the store covers the load. By the time that the second successor is computed, the bytes of the
// first are in the cache, and the wait is over. That is only for states without references: where there
// are some, the model may build the next successor in the memory of the one before, and so each is added
// at once.
type Packer struct {
	Act    int  // index of the action whose Next runs
	Paired bool // the result of the action before it is still to be added
	Single bool // each result is to be added before the next one is computed

	Effects   int   // actions that had an effect
	SelfLoops int   // successors that were not appended
	Err       error // why a successor has no encoding

	namer          *naming.Namer
	coder          *vector.Coder
	out            *engine.Batch
	state          []uint32 // the vector of the state
	loops          bool     // append successors that equal the state, too
	enabled, taken []int64  // counts by number of name; nil if nothing is counted
	added          int      // results that were added one by one
}

// New returns a packer for one goroutine.
func New(namer *naming.Namer, coder *vector.Coder) *Packer {
	return &Packer{namer: namer, coder: coder, Single: !coder.Packed()}
}

// Begin begins with the successors of another state, given by its vector. With loops, those that equal the state
// are appended, too. Unless enabled is nil, actions are counted by the numbers of their names.
func (p *Packer) Begin(state []uint32, out *engine.Batch, loops bool, enabled, taken []int64) {
	p.Act, p.Paired, p.added, p.Effects, p.SelfLoops, p.Err = -1, false, 0, 0, 0, nil
	p.out, p.state, p.loops, p.enabled, p.taken = out, state, loops, enabled, taken
}

// Add appends the result of an action at an address; without effect, it only counts the action.
// base is the state. It is for packed states.
func (p *Packer) Add(act int, action, next, base unsafe.Pointer, effect bool) {
	name := p.namer.Number(action)
	count(p.enabled, name)
	if !effect {
		return
	}
	p.Effects++
	count(p.taken, name)
	if !p.coder.EncodeChange(p.out.Slot(), next, base, p.state) && !p.loops {
		p.SelfLoops++
		return
	}
	p.out.Commit(act, name, 0)
}

// AddOne is Add for states with references. It reports whether the next result is of use: not if this
// one cannot be encoded.
func (p *Packer) AddOne(act int, action, next, base unsafe.Pointer, effect bool) (proceed bool) {
	p.added = act + 1
	name := p.namer.Number(action)
	count(p.enabled, name)
	if !effect {
		return true
	}
	p.Effects++
	changed, err := p.coder.EncodeStep(p.out.Slot(), next, base, p.state)
	if err != nil {
		p.Err = err
		return false
	}
	count(p.taken, name)
	if changed || p.loops {
		p.out.Commit(act, name, 0)
	} else {
		p.SelfLoops++
	}
	return true
}

// ExpandInPlace adds the results of next, which makes a state of s and an action in other memory. Where room is
// such memory for two states, nothing here depends on their type.
func (p *Packer) ExpandInPlace(
	next func(next, s, a unsafe.Pointer) bool, room [2]unsafe.Pointer, s unsafe.Pointer, actions values.Slice,
) {
	x, y, i := room[0], room[1], 0
	for ; !p.Single && i+1 < actions.Len; i += 2 {
		a, b := actions.At(i), actions.At(i+1)
		p.Act = i
		xok := next(x, s, a)
		p.Act, p.Paired = i+1, true
		yok := next(y, s, b)
		p.Paired = false
		p.Add(i, a, x, s, xok)
		p.Add(i+1, b, y, s, yok)
	}
	for ; i < actions.Len; i++ {
		p.Act = i
		a := actions.At(i)
		ok := next(x, s, a)
		if !p.Single {
			p.Add(i, a, x, s, ok)
		} else if !p.AddOne(i, a, x, s, ok) {
			return
		}
	}
}

// Ended notes that no more results come. If user code has not returned one, its action was enabled all the same.
func (p *Packer) Ended(actions values.Slice) {
	if p.Single && p.Act >= p.added {
		count(p.enabled, p.namer.Number(actions.At(p.Act)))
	}
}

// count counts an action of a name, unless nothing is counted.
func count(counts []int64, name uint16) {
	if counts != nil {
		counts[name]++
	}
}
