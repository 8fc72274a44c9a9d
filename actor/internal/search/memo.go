package search

import (
	"sync/atomic"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/tables"
)

// memo is what a search remembers of what it has computed, shared by its workers.
//
// Handlers are pure functions of what belongs to an actor and of an event, and components, which combine that
// with an inbox, recur in very many states: in Paxos with three clients, 80,940 evaluations serve 2.4 million
// steps. So what an actor can do in a component is computed once, and so is what a step does to an inbox, to
// the environment or to a history. After that, a step costs a handful of look-ups. This is why the rest of the
// package can afford to be slow: to decode a private copy for each handler, to run it twice, and to check that
// actors are interchangeable.
//
// Everything is remembered by pairs of ids: the part that changes, and what happens to it. A whole step changes
// several parts, but remembering it by the whole state would be useless, since a search expands each state
// once. The parts vary independently, so remembering each by itself gives the most hits from the least memory.
//
// All of it can be computed again, so memory is limited by forgetting. A memo that has grown too large is
// replaced by an empty one, while workers go on with the old one until they are done with a state. Nothing is
// evicted bit by bit: that would need a lock or a clock on the read path, which is the inner loop, and what the
// search still needs is soon there again. Interned contents stay, since the visited set refers to them by id.
// So places and numbers are valid only within the memo that issued them, and ids of the space forever.
//
// Two workers may compute the same entry at the same time. Both results are right, and the tables keep the
// first one. Where a result refers to other entries of the memo, as the number of an effect does, both workers
// must go on with the one that was kept.
type memo struct {
	size atomic.Int64 // bytes, roughly

	posted  tables.Rows // (component, event) to the component with the event in its inbox; words, see stepsAt
	steps   tables.Arena[step]
	sends   tables.Arena[delivery]
	reacted tables.Pairs // (local, event) to the number of the effect
	effects tables.Table[effect]
	effect  atomic.Uint32 // the last number issued

	less     tables.Pairs // (inbox, event) to the inbox without it
	more     tables.Pairs // (inbox, event) to the inbox with one more
	changed  tables.Pairs // (environment, change) to the environment afterwards, or denied
	strayed  tables.Pairs // (environment, event) to the environment with the event among the strays
	names    tables.Pairs // (event, kind) to the number of the name of a step
	dead     tables.Pairs // (local, event) to whether the event is dropped there
	trimmed  tables.Pairs // (local, inbox) to the inbox without what is dead there
	fallen   tables.Pairs // components before and after crashes that were noted
	supposed tables.Pairs // (local, event) to whether the actor would react, asked once by itself
	aux      []auxMemo

	hosted       tables.Table[hosted]         // decoded locals
	states       tables.Table[core.ActorView] // locals for properties to read
	views        tables.Table[view]           // components for properties to read
	boxInfos     tables.Table[boxInfo]        // decoded inboxes
	boxes        tables.Table[any]            // inboxes for properties to read, in the form of core.Views
	environments tables.Table[environment]
	events       tables.Table[core.Event]
	records      tables.Table[records]
}

// auxMemo remembers what becomes of the values of one auxiliary.
type auxMemo struct {
	recorded tables.Pairs // (value, records) to the value afterwards
	crashed  tables.Pairs // (value, actor) to the value after its crash
	watched  tables.Pairs // (value, action) to the value after it
	verdicts tables.Segmented[atomic.Uint32]
	values   tables.Table[any]
}

func newMemo(auxiliaries int) *memo {
	m := &memo{aux: make([]auxMemo, auxiliaries)}
	tables.CountFields(m, &m.size)
	for i := range m.aux {
		tables.CountFields(&m.aux[i], &m.size)
	}
	return m
}

// beginPass removes what is different when other messages are forgotten. Workers must rest.
func (m *memo) beginPass() {
	m.posted.Clear()
	for _, p := range []*tables.Pairs{&m.dead, &m.trimmed, &m.fallen} {
		p.Clear()
	}
}

// Values in tables take roughly this many bytes, beside what varies. Too little is worse than too much: the
// limit is there so that a search for which memory is short does not die of what it only remembers.
const (
	hostedBytes   = 160
	eventBytes    = 80
	effectBytes   = 48
	deliveryBytes = 8
	valueBytes    = 64
	boxBytes      = 64
	viewBytes     = 32
)

// The steps of a component are one word: their place in the arena, their number, and a mark that they are known.
// One word can be stored atomically, so that a reader sees all of it or nothing. The mark is needed because a
// component without steps is known, too, and its place and number are zero.
const (
	knownSteps = 1 << 63
	stepsBits  = 31
)

// stepsAt returns the steps that the word of a component says, if they are known.
func (m *memo) stepsAt(found uint64) (steps []step, ok bool) {
	if found == 0 {
		return nil, false
	}
	return m.steps.List(uint32(found>>stepsBits), int(found&(1<<stepsBits-1))), true
}

// keepSteps remembers the steps of a component. If another worker has just done the same, the word is stored
// again: its steps are equal, and the list that is no longer referred to stays in the arena, unused.
func (m *memo) keepSteps(component uint32, steps []step) []step {
	at := m.steps.Add(steps)
	m.posted.SetWord(component, knownSteps|uint64(at)<<stepsBits|uint64(len(steps)))
	return m.steps.List(at, len(steps))
}
