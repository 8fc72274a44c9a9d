// Package chronicle keeps the histories of a search in a compact form: events by number. It judges no history itself,
// and knows nothing of states or steps.
package chronicle

import (
	"encoding/binary"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/tables"
	"github.com/allways-go/allways/internal/intern"
)

// Chronicle keeps the values of a history in a compact form. A value is a list of words of four bytes: the
// numbers of the events, in the order of consistency.History; then, if crashes have left operations under way,
// their number for each actor, in words that are marked. It is safe for concurrent use.
//
// A history is part of the state, and grows with every operation, so that a search makes very many different
// ones that have most of their events in common. By content each would repeat its events in full, and would
// have to be decoded and encoded again for one more event. By numbers, one more event is a copy and a word, and
// a judge looks the events up instead of decoding them. Numbers depend on the order of arrival, as all ids do;
// content leads back to what does not.
//
// The order of events is canonical: two histories that no client can tell apart have equal values, since
// otherwise a search would distinguish states by an order that means nothing. See after.
type Chronicle struct {
	history    core.History
	test       core.Tester
	sequential bool // whether only the order of events of each client is kept
	actors     int

	ids  *intern.Table            // pairs of a client and an event
	done tables.Table[chronicled] // the pairs by number, decoded
	size atomic.Int64
	room sync.Pool // scratch memory of Allows, *[]uint32
}

// chronicled is an event of a client.
type chronicled struct {
	core.ClientEvent
	invocation bool
}

// New returns a chronicle of a history in a system of some actors.
func New(h core.History, actors int) *Chronicle {
	c := &Chronicle{history: h, test: h.NewTester(), sequential: h.Sequential(), actors: actors, ids: intern.NewTable()}
	c.done.CountIn(&c.size)
	return c
}

// Bytes returns how much memory the chronicle takes, roughly.
func (c *Chronicle) Bytes() int64 { return c.ids.Size() + c.size.Load() }

// eventBytes is what an event takes beside its text, roughly.
const eventBytes = 64

// lostMark marks words that are no events.
const lostMark = 1 << 31

// words splits a value into the events and the marked words.
func words(value []byte) (events, lost []byte) {
	end := len(value)
	for end > 0 && binary.LittleEndian.Uint32(value[end-4:])&lostMark != 0 {
		end -= 4
	}
	return value[:end], value[end:]
}

func lostOf(lost []byte, id int) int {
	if 4*id >= len(lost) {
		return 0
	}
	return int(binary.LittleEndian.Uint32(lost[4*id:]) &^ lostMark)
}

// number returns the number of an event.
func (c *Chronicle) number(e core.ClientEvent) uint32 {
	var room [64]byte
	id, err := c.ids.Intern(append(binary.AppendUvarint(room[:0], uint64(e.Client)), e.Event...))
	if err != nil {
		panic(err)
	}
	if id >= lostMark {
		panic("actor: more different events in a history than there are numbers")
	}
	if c.done.Get(id) == nil {
		c.done.Put(id, &chronicled{e, c.test.Add(id, e)}, eventBytes+len(e.Event))
	}
	return id
}

// event returns the i-th event.
func (c *Chronicle) event(events []byte, i int) *chronicled {
	return c.done.Get(binary.LittleEndian.Uint32(events[4*i:]))
}

// busy reports whether a client has an operation under way.
func (c *Chronicle) busy(events []byte, client int) bool {
	for i := len(events)/4 - 1; i >= 0; i-- {
		if e := c.event(events, i); e.Client == client {
			return e.invocation
		}
	}
	return false
}

// Record appends to dst the value after an event of an actor. dst is no part of value. An event that does not
// fit, such as a second invocation, is given to the history itself, whose error is the one to report.
func (c *Chronicle) Record(dst, value []byte, by int, event string) ([]byte, error) {
	events, lost := words(value)
	client := by + c.actors*lostOf(lost, by)
	id := c.number(core.ClientEvent{Client: client, Event: event})
	e := c.done.Get(id)
	if c.busy(events, client) == e.invocation {
		_, err := c.history.Record(c.history.Decode(c.Content(value)), c.actors, by, event)
		return nil, err
	}
	at := len(events)
	for at > 0 && c.after(c.event(events, at/4-1), e) {
		at -= 4
	}
	dst = binary.LittleEndian.AppendUint32(append(dst, events[:at]...), id)
	return append(append(dst, events[at:]...), lost...), nil
}

// after reports whether the last event belongs behind one that happens now. Events of different clients are
// ordered by client where their order means nothing, so that equal histories have equal values: between two
// invocations, or two returns, and everywhere if only the order of each client counts. Linearizability is about
// which operations end before others begin (Herlihy and Wing, 1990), and that neither exchange changes.
func (c *Chronicle) after(last, e *chronicled) bool {
	return last.Client > e.Client && (c.sequential || last.invocation == e.invocation)
}

// Crash returns the value after the crash of an actor. An operation under way stays under way: it may have taken
// effect, or may still do so. What the actor does after its restart belongs to a new client, since a client has
// one operation at a time.
func (c *Chronicle) Crash(value []byte, id int) []byte {
	events, lost := words(value)
	n := lostOf(lost, id)
	if !c.busy(events, id+c.actors*n) {
		return value
	}
	next := slices.Clone(value)
	for k := len(lost) / 4; k <= id; k++ {
		next = binary.LittleEndian.AppendUint32(next, lostMark)
	}
	binary.LittleEndian.PutUint32(next[len(events)+4*id:], uint32(n+1)|lostMark)
	return next
}

// Allows reports whether a value keeps the promise of the history.
func (c *Chronicle) Allows(value []byte) bool {
	events, _ := words(value)
	room, _ := c.room.Get().(*[]uint32)
	if room == nil {
		room = new([]uint32)
	}
	defer c.room.Put(room)
	*room = (*room)[:0]
	for ; len(events) > 0; events = events[4:] {
		*room = append(*room, binary.LittleEndian.Uint32(events))
	}
	return c.test.Allows(*room)
}

// Content returns a value as the auxiliary encodes it.
func (c *Chronicle) Content(value []byte) string {
	words, marked := words(value)
	events, lost := make([]core.ClientEvent, len(words)/4), make([]int, len(marked)/4)
	for i := range events {
		events[i] = c.event(words, i).ClientEvent
	}
	for id := range lost {
		lost[id] = lostOf(marked, id)
	}
	return c.history.Value(events, lost)
}

// Form returns the compact form of a value that the auxiliary has encoded.
func (c *Chronicle) Form(content string) (value []byte) {
	events, lost := c.history.Events(content)
	for _, e := range events {
		value = binary.LittleEndian.AppendUint32(value, c.number(e))
	}
	for _, n := range lost {
		value = binary.LittleEndian.AppendUint32(value, uint32(n)|lostMark)
	}
	return value
}
