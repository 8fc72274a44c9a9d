package actor

import (
	"fmt"
	"sync/atomic"
)

// memo is what a search remembers of what it has computed, to share between its workers: all of it can be computed again.
// When it has grown too large it is replaced by an empty one, while workers go on with the old one until they are done
// with a state. What refers to something by place or number must therefore be read from the memo that it was put into.
type memo struct {
	size atomic.Int64 // bytes, roughly

	behaviours segmented[atomic.Uint64] // by component: where its steps are; see foundSteps
	steps      arena[step]
	sends      arena[delivery]
	reacted    pairs // (local, event) to the number of the reaction
	reactions  table[reaction]
	reaction   atomic.Uint32 // the last number

	posts  pairs // (component, event) to the component with the event in its inbox
	less   pairs // (inbox, event) to the inbox without it
	more   pairs // (inbox, event) to the inbox with one more
	worlds pairs // (world, change) to the world afterwards, or denied
	names  pairs // (event, kind) to the number of its name
	aux    []auxMemo

	hosted   table[hosted]     // by local
	states   table[actorState] // by local; properties read them
	views    table[view]       // by component
	boxInfos table[boxInfo]    // by inbox
	boxes    table[any]        // by inbox: *inbox[M]
	worldOf  table[worldState]
	events   table[event]
	records  table[recordings]
}

// auxMemo remembers what becomes of the values of one auxiliary.
type auxMemo struct {
	recorded pairs // (value, records) to the value afterwards
	crashed  pairs // (value, actor) to the value after its crash
	watched  pairs // (value, action) to the value after it
	verdicts segmented[atomic.Uint32]
	values   table[any]
}

// view is what properties read of a component.
type view struct {
	state *actorState
	box   any // *inbox[M]; nil where nobody may read it
}

func newMemo(auxiliaries int) *memo {
	m := &memo{aux: make([]auxMemo, auxiliaries)}
	m.behaviours.size, m.steps.size, m.sends.size = &m.size, &m.size, &m.size
	for _, p := range []*pairs{&m.reacted, &m.posts, &m.less, &m.more, &m.worlds, &m.names} {
		p.size = &m.size
	}
	m.reactions.places.size, m.hosted.places.size, m.states.places.size, m.views.places.size = &m.size, &m.size, &m.size, &m.size
	m.boxInfos.places.size, m.boxes.places.size, m.worldOf.places.size, m.events.places.size = &m.size, &m.size, &m.size, &m.size
	m.records.places.size = &m.size
	for i := range m.aux {
		a := &m.aux[i]
		a.recorded.size, a.crashed.size, a.watched.size = &m.size, &m.size, &m.size
		a.verdicts.size, a.values.places.size = &m.size, &m.size
	}
	return m
}

// maxMemo bounds a memo, in bytes.
const maxMemo = 256 << 20

// Behaviours are found by one word each: where their steps begin in the arena, how many there are, and that they are known.
const (
	knownSteps = 1 << 63
	stepsBits  = 31
)

// stepsOf returns what may be done in a component, if it is known.
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

// keepSteps remembers what may be done in a component.
func (m *memo) keepSteps(component uint32, steps []step) []step {
	at := m.steps.add(steps)
	m.behaviours.room(component).Store(knownSteps | uint64(at)<<stepsBits | uint64(len(steps)))
	return m.steps.list(at, len(steps))
}

// now returns the memo to work with.
func (sp *space[M]) now() *memo { return sp.memo.Load() }

// fresh returns the memo to work with for a state, a new one if the old one is too large. It panics if the old one shows
// that somebody has changed what may only be read.
func (sp *space[M]) fresh() *memo {
	m := sp.memo.Load()
	if m.size.Load() <= sp.sys.maxMemo {
		return m
	}
	next := newMemo(len(sp.sys.aux))
	if !sp.memo.CompareAndSwap(m, next) {
		return sp.memo.Load()
	}
	if err := sp.unchanged(m); err != nil {
		panic(err)
	}
	return next
}

// unchanged returns an error if what properties and observers read was changed through the copies that they see.
func (sp *space[M]) unchanged(m *memo) (err error) {
	m.states.all(func(id uint32, a *actorState) {
		if err != nil {
			return
		}
		actor, l := sp.local(id)
		if now := sp.sys.localOf(actor, a); !now.equal(l) {
			was := sp.sys.actorState(actor, l)
			err = fmt.Errorf("%s has changed the state of %s (%s): it may only read",
				sp.sys.culprit(), sp.sys.Name(actor), sp.sys.changesText(actor, was.State, a.State))
		}
	})
	m.boxes.all(func(id uint32, box *any) {
		if err != nil {
			return
		}
		was, now := sp.inbox(sp.contents(id)), (*box).(*inbox[M])
		if sp.sys.boxes.encode(was) != sp.sys.boxes.encode(now) {
			err = fmt.Errorf("a property or a boundary has changed messages in flight (%s became %s): they may only read",
				sp.sys.boxes.text(sp.sys.boxes.encode(was)), sp.sys.boxes.text(sp.sys.boxes.encode(now)))
		}
	})
	for k := range m.aux {
		m.aux[k].values.all(func(id uint32, v *any) {
			if err == nil && sp.sys.aux[k].encode(*v) != sp.auxContent(k, id) {
				err = fmt.Errorf("a property, a boundary or an observer has changed the value of %q: they may only read", sp.sys.aux[k].name)
			}
		})
	}
	return err
}
