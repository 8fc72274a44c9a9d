package actor

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
)

// event is what a handler handles, by content.
type event struct {
	kind   ActionKind
	from   ID
	msg    string
	name   string // of a timer, or the key of a choice
	option string
}

// outcome is what a handler did.
type outcome struct {
	local   local
	sends   []send
	records []record
}

// effect reports whether a handler did anything that lasts.
func (o *outcome) effect(before *local) bool {
	return len(o.sends) > 0 || len(o.records) > 0 || !o.local.equal(before)
}

func (o *outcome) equal(p *outcome) bool {
	return o.local.equal(&p.local) && slices.Equal(o.sends, p.sends) && slices.Equal(o.records, p.records)
}

// evaluate runs the handler of actor id for an event, twice, on separate copies in different forms. It panics when the
// outcomes differ, or when the handler does.
func (sys *System[M]) evaluate(id ID, l *local, ev event) outcome {
	first := sys.run(id, l, ev, false)
	if second := sys.again(id, l, ev); !first.equal(&second) {
		panic(&Nondeterminism{Actor: sys.Name(id), Handler: ev.kind.handler(), Difference: sys.difference(id, &first, &second)})
	}
	return first
}

// again runs a handler in the alternate form. That may have nil maps where handlers are promised empty ones, into which
// they may write; then it is run in the canonical form.
func (sys *System[M]) again(id ID, l *local, ev event) (out outcome) {
	defer func() {
		if r := recover(); r != nil {
			if err, ok := r.(runtime.Error); !ok || !strings.Contains(err.Error(), "nil map") {
				panic(r)
			}
			out = sys.run(id, l, ev, false)
		}
	}()
	return sys.run(id, l, ev, true)
}

// run runs a handler once. The alternate form has empty maps and slices where the canonical one has none, and none where
// it has empty ones.
func (sys *System[M]) run(id ID, l *local, ev event, alternate bool) outcome {
	return sys.runIn(&Context[M]{system: sys, self: id, local: *l}, ev, alternate)
}

// runIn is run in a context that holds what belongs to the actor.
func (sys *System[M]) runIn(c *Context[M], ev event, alternate bool) outcome {
	h := sys.actors[c.self]
	state, message := h.states.decode, sys.messages.decode
	if alternate {
		state, message = h.states.alternate, sys.messages.alternate
	}
	s := state(c.local.state)
	switch ev.kind {
	case Start:
		h.start(c, s)
	case Deliver:
		h.receive(c, s, ev.from, *message(ev.msg))
	case Timeout:
		c.CancelTimer(ev.name)
		h.timeout(c, s, ev.name)
	case Choose:
		c.Choose(ev.name)
		h.chosen(c, s, ev.name, *sys.values.decode(ev.option))
	case Restart:
		if c.local.down = false; h.restart != nil {
			h.restart(c, s)
		} else {
			h.start(c, s)
		}
	default:
		panic(fmt.Sprintf("actor: no handler for %v", ev.kind))
	}
	c.over = true
	c.local.state = h.states.encode(s)
	return outcome{c.local, c.sends, c.records}
}

// Nondeterminism says that a handler does not always do the same: it depends on the order of a map, on time, on chance,
// on memory that it shares with others, or on whether a slice or map is nil or empty. Handlers panic with it.
type Nondeterminism struct {
	Actor      string
	Handler    string
	Difference string // between two runs on equal input
}

// Error says what differs.
func (e *Nondeterminism) Error() string {
	return fmt.Sprintf("%s of %s does not always do the same: %s; it may use only its arguments, its configuration and c.Choose, and may not tell nil from empty", e.Handler, e.Actor, e.Difference)
}

// Fault says what kind of misbehaviour it is.
func (e *Nondeterminism) ErrorKind() engine.ErrorKind { return engine.ErrorNondeterminism }

// difference tells in what two outcomes of one handler differ.
func (sys *System[M]) difference(id ID, a, b *outcome) string {
	if a.local.state != b.local.state {
		h := sys.actors[id]
		return "state " + sys.stateDiff(id, h.states.decode(a.local.state), h.states.decode(b.local.state))
	}
	for i := range max(len(a.sends), len(b.sends)) {
		x, y := sys.sendText(a.sends, i), sys.sendText(b.sends, i)
		if x != y {
			return fmt.Sprintf("it sends %s or %s", x, y)
		}
	}
	if !slices.Equal(a.records, b.records) {
		return "what it records differs"
	}
	return "its timers, its choices or what it saves differ"
}

func (sys *System[M]) sendText(sends []send, i int) string {
	if i >= len(sends) {
		return "nothing"
	}
	return sys.messages.text(sends[i].msg) + " to " + sys.Name(sends[i].to)
}

func orNothing(s string) string {
	if s == "" {
		return "absent"
	}
	return s
}

// pointerOf returns the address in an interface that holds a pointer.
func pointerOf(v any) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&v))[1] }
