package search

import (
	"sync/atomic"

	"github.com/allways-go/allways/actor/internal/core"
)

// step is a possible step of an actor in a component, or of the network as a whole: what it does to the vector
// of a state. It has no pointers, so that the garbage collector need not scan millions of them, and 32 bytes, so
// that two share a cache line: the expander reads all steps of a component in sequence.
type step struct {
	component uint32 // the actor's component afterwards
	event     uint32 // the event handled or concerned
	records   uint32 // id of the records plus one; 0 means none
	change    change // effect on the environment
	sends     uint32 // place of the messages sent
	sent      uint32 // their number
	from      int32  // the sender of a delivery, which a partition may separate; else NoActor
	name      uint16
	kind      core.Kind
}

const noActor = int32(core.NoActor)

// delivery is an event put into an inbox.
type delivery struct {
	to    int32 // place of the receiver's component; the number of actors for ids that no actor has
	event uint32
}

// effect is the effect of a handler, by ids.
type effect struct {
	local   uint32
	sends   []delivery
	others  uint32 // place of the messages sent to others
	sent    uint32 // their number
	records uint32 // id of the records plus one; 0 means none
	lasts   bool
	noted   atomic.Uint32 // number of the pass in which it was noted last that a step has the effect
}

// change is what a step does to the environment, the part of the state that belongs to no actor: the kind of fault,
// and the number of a partition. Other steps do not change it.
type change uint32

const (
	noChange change = 0          // of kind Start, which is no fault
	denied          = ^uint32(0) // in place of a env: the change is not permitted
	kindBits        = 8
)

func changeOf(kind core.Kind, split int) change { return change(kind) | change(split)<<kindBits }

func (c change) kind() core.Kind { return core.Kind(c & (1<<kindBits - 1)) }

func (c change) split() int { return int(c >> kindBits) }

// environment is what has happened to the network as a whole.
type environment struct {
	core.Faults
	down   int
	strays contents // messages sent to ids that no actor has
}

// hosted is what belongs to an actor, and the actor.
type hosted struct {
	core.Local
	actor int
}

// records are what a handler has recorded.
type records struct {
	by  int
	all []core.Record
}

// view is what properties read of a component.
type view struct {
	state *core.ActorView
	box   any // nil where properties may not read it
}

// contents is an inbox by ids of events.
type contents struct {
	bag    []uint32 // ids of events, sorted
	queues []uint32 // ids of events, by sender, and within that in the order of sending
}

// boxInfo is what is often asked of an inbox.
type boxInfo struct {
	contents
	first []uint32 // events that may be the next from their senders, by sender and content
}

// site says which code of the user runs, for reports of panics. It is set before every call of the user's code,
// and read only when that has panicked.
type site struct {
	where string // "" for the handler of actor for event
	actor int
	event uint32
	calls uint64
}

// handler notes that a handler is about to run.
func (s *site) handler(actor int, event uint32) { *s = site{"", actor, event, s.calls + 1} }

// predicate notes that other code of the user is about to run.
func (s *site) predicate(where string) { s.where, s.calls = where, s.calls+1 }

// must returns an id. The panic of a full table reports that the ids are used up.
func must(id uint32, err error) uint32 {
	if err != nil {
		panic(err)
	}
	return id
}
