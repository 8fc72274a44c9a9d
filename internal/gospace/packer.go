package gospace

import (
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/naming"
	"github.com/allways-go/allways/internal/vector"
)

// Packer appends the successors of one state to a batch, for [Code.Expand]. It is the
// innermost loop of a search, and the reason why that method exists: the caller knows the types, so
// that successors stay on its stack; everything else is here, where the compiler puts small
// functions in line, which it does not do in code that is generic.
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

	namer          *naming.Namer
	coder          *vector.Coder
	out            *engine.Batch
	state          []uint32 // the vector of the state
	loops          bool     // append successors that equal the state, too
	enabled, taken []int64  // counts by number of name; nil if nothing is counted
	added          int      // results that were added one by one
	effects        int
	selfLoops      int   // successors that were not appended
	err            error // why a successor has no encoding
}

// Add appends the result of an action at an address; without effect, it only counts the action.
// base is the state. It is for packed states.
func (p *Packer) Add(act int, action, next, base unsafe.Pointer, effect bool) {
	name := p.namer.Number(action)
	count(p.enabled, name)
	if !effect {
		return
	}
	p.effects++
	count(p.taken, name)
	if !p.coder.EncodeChange(p.out.Slot(), next, base, p.state) && !p.loops {
		p.selfLoops++
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
	p.effects++
	changed, err := p.coder.EncodeStep(p.out.Slot(), next, base, p.state)
	if err != nil {
		p.err = err
		return false
	}
	count(p.taken, name)
	if changed || p.loops {
		p.out.Commit(act, name, 0)
	} else {
		p.selfLoops++
	}
	return true
}

// count counts an action of a name, unless nothing is counted.
func count(counts []int64, name uint16) {
	if counts != nil {
		counts[name]++
	}
}
