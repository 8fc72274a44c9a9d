package search

import (
	"reflect"
	"sync/atomic"

	"github.com/allways-go/allways/actor/internal/core"
)

// memo is what a search remembers of what it has computed, shared by its workers.
//
// Handlers are pure functions of what belongs to an actor and of an event, and components, which combine that
// with an inbox, recur in very many states: in Paxos with three clients, 80,940 evaluations serve 2.4 million
// steps. So what an actor can do in a component is computed once, and so is what a step does to an inbox, to
// the environment or to a history. After that, a step costs a handful of look-ups.
//
// All of it can be computed again. A memo that has grown too large is replaced by an empty one, while workers
// go on with the old one until they are done with a state. Places and numbers are valid only within the memo
// that issued them.
type memo struct {
	size atomic.Int64 // bytes, roughly

	behaviours segmented[atomic.Uint64] // by component: the place of its steps; see stepsOf
	steps      arena[step]
	sends      arena[delivery]
	reacted    pairs // (local, event) to the number of the reaction
	reactions  table[reaction]
	reaction   atomic.Uint32 // the last number issued

	posted  pairs // (component, event) to the component with the event in its inbox
	less    pairs // (inbox, event) to the inbox without it
	more    pairs // (inbox, event) to the inbox with one more
	changed pairs // (environment, change) to the environment afterwards, or denied
	strayed pairs // (environment, event) to the environment with the event among the strays
	names   pairs // (event, kind) to the number of the name of a step
	aux     []auxMemo

	hosted       table[hosted]         // by local
	states       table[core.ActorView] // by local; properties read them
	views        table[view]           // by component
	boxInfos     table[boxInfo]        // by inbox
	boxes        table[any]            // by inbox, in the form of core.Views
	environments table[environment]
	events       table[core.Event]
	records      table[records]
}

// auxMemo remembers what becomes of the values of one auxiliary.
type auxMemo struct {
	recorded pairs // (value, records) to the value afterwards
	crashed  pairs // (value, actor) to the value after its crash
	watched  pairs // (value, action) to the value after it
	verdicts segmented[atomic.Uint32]
	values   table[any]
}

func newMemo(auxiliaries int) *memo {
	m := &memo{aux: make([]auxMemo, auxiliaries)}
	countFields(m, &m.size)
	for i := range m.aux {
		countFields(&m.aux[i], &m.size)
	}
	return m
}

// countFields makes all tables in the struct that a pointer points to count their memory in one sum. It looks
// at the fields themselves, so that a table cannot be forgotten.
func countFields(pointer any, size *atomic.Int64) {
	v := reflect.ValueOf(pointer).Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		p := reflect.NewAt(f.Type(), f.Addr().UnsafePointer()).Interface()
		if c, ok := p.(interface{ countIn(*atomic.Int64) }); ok {
			c.countIn(size)
		}
	}
}

// Values in tables take roughly this many bytes, beside what varies.
const (
	hostedBytes   = 160
	eventBytes    = 80
	reactionBytes = 48
	deliveryBytes = 8
	valueBytes    = 64
	boxBytes      = 64
	viewBytes     = 32
)

// The steps of a component are one word: their place in the arena, their number, and a mark that they are known.
const (
	knownSteps = 1 << 63
	stepsBits  = 31
)

// stepsOf returns the steps of a component, if they are known.
func (m *memo) stepsOf(component uint32) (steps []step, ok bool) {
	at := m.behaviours.at(component)
	if at == nil {
		return nil, false
	}
	found := at.Load()
	if found == 0 {
		return nil, false
	}
	return m.steps.list(uint32(found>>stepsBits), int(found&(1<<stepsBits-1))), true
}

// keepSteps remembers the steps of a component.
func (m *memo) keepSteps(component uint32, steps []step) []step {
	at := m.steps.add(steps)
	m.behaviours.room(component).Store(knownSteps | uint64(at)<<stepsBits | uint64(len(steps)))
	return m.steps.list(at, len(steps))
}
