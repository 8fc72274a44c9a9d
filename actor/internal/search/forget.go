package search

import (
	"slices"

	"github.com/allways-go/allways/actor/internal/core"
)

// This file leaves dead messages out of states: those to which their receiver never reacts again. What is dead is
// learned; see package dead. States that differ in them alone satisfy the same predicates over actors and histories,
// now and later. So a search that drops them has all combinations of local states and histories that the full search
// has, on networks without order by paths of the same lengths.
//
// Messages are dropped where a component is made: when they arrive, and when the local state changes. During a pass
// it is fixed which ones, so that equal states stay equal; a pass that was wrong is made again. A path is a run of
// the system once the messages are back in it; see real.go.

// drops reports whether a message is dead to an actor in a local state, as far as is known.
func (b *behaviours) drops(to int, local, event uint32) bool {
	id, ok := b.m.dead.Find(local, event)
	if !ok {
		id = b.m.dead.Keep(local, event, b.judged(to, local, event))
	}
	return id != 0
}

// judged computes drops, as a number.
func (b *behaviours) judged(to int, local, event uint32) uint32 {
	link := b.sys.Link(b.event(event).From, to)
	if b.forget.Alive(local, event) {
		b.forget.NoteKept(local, event)
		return 0
	}
	if !b.sys.Config.Forgettable(link) {
		return 0
	}
	if !b.local(local).Down {
		if b.reacts(to, local, event) {
			return 0
		}
		b.unused(to, event)
	}
	b.forget.NoteDropped(local, event)
	if link.Lossy {
		b.usage.Permitted(core.Lose)
	}
	if b.sys.Config.Duplicable(link) {
		b.usage.Permitted(core.Duplicate)
	}
	return 1
}

// reacts reports whether an actor reacts to a message. It may be that the actor never gets the message in
// that state, so a handler that panics says nothing of the system: the message is not dropped, and if the actor
// does get it, the search will see the panic.
func (b *behaviours) reacts(actor int, local, event uint32) (yes bool) {
	if number, ok := b.m.reacted.Find(local, event); ok {
		return b.m.effects.Get(number).lasts
	}
	defer func() {
		if recover() != nil {
			yes = true
		}
	}()
	b.site.handler(actor, event)
	return b.m.effects.Get(b.evaluate(local, event)).lasts
}

// unused notes that an actor gets a message that it ignores.
func (b *behaviours) unused(actor int, event uint32) {
	b.usage.Handled(actor, core.Deliver, b.nameOf(actor, &step{kind: core.Deliver, event: event}), false)
}

// trimmed returns an inbox without what is dead in a local state.
func (b *behaviours) trimmed(actor int, local, box uint32) uint32 {
	if b.forget == nil {
		return box
	}
	id, ok := b.m.trimmed.Find(local, box)
	if !ok {
		dropped := func(event uint32) bool { return b.drops(actor, local, event) }
		c := b.boxInfo(box).contents
		c.bag = slices.DeleteFunc(slices.Clone(c.bag), dropped)
		c.queues = slices.DeleteFunc(slices.Clone(c.queues), dropped)
		id = b.m.trimmed.Keep(local, box, b.boxID(c))
	}
	return id
}

// trim removes from a state what is dead in it.
func (b *behaviours) trim(vec []uint32) {
	for i, component := range vec[:b.n] {
		local, box := b.parts(component)
		vec[i] = b.space.component(local, b.trimmed(i, local, box))
	}
	w := *b.environmentOf(vec[b.env])
	w.strays = contents{}
	vec[b.env] = b.environmentID(&w)
}

// fell notes a crash that was possible.
func (b *behaviours) fell(before, after uint32) {
	if _, ok := b.m.fallen.Find(before, after); ok {
		return
	}
	from, _ := b.parts(before)
	to, _ := b.parts(after)
	b.forget.NoteStep(from, to)
	b.m.fallen.Keep(before, after, 0)
}
