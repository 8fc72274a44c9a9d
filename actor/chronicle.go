package actor

import (
	"encoding/binary"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/allways-go/allways/consistency"
	"github.com/allways-go/allways/internal/intern"
)

// chronicle keeps the values of a history in a form that is quick to make from one another: what clients did by number, in
// words of four bytes, in the order of [consistency.History]; then, if crashes have left operations under way, by actor how
// many, in words that are marked. It is safe for concurrent use.
type chronicle interface {
	// record appends to dst what becomes of a value, which is no part of it, when an actor records an event.
	record(dst, value []byte, by ID, event string) ([]byte, error)
	crash(value []byte, id ID) []byte
	allows(value []byte) bool
	// content returns what the auxiliary encodes of the history; form is its inverse.
	content(value []byte) string
	form(content string) []byte
	// bytes is how much memory it takes, roughly.
	bytes() int64
}

// chronicled implements chronicle.
type chronicled[Op, Ret any] struct {
	actors     int
	sequential bool // only the order of every client's events is kept
	events     codec[consistency.Event[Op, Ret]]
	values     codec[recorded[Op, Ret]]
	test       func([]consistency.Event[Op, Ret]) bool

	ids  *intern.Table // client, event
	done table[consistency.Event[Op, Ret]]
	size atomic.Int64
	room sync.Pool // of *[]consistency.Event[Op, Ret]
}

func newChronicle[Op, Ret any](
	actors int, c consistency.Condition, events codec[consistency.Event[Op, Ret]], values codec[recorded[Op, Ret]],
	test func([]consistency.Event[Op, Ret]) bool,
) *chronicled[Op, Ret] {
	x := &chronicled[Op, Ret]{
		actors: actors, sequential: c == consistency.SequentialConsistency, events: events, values: values, test: test, ids: intern.NewTable(),
	}
	x.done.places.size = &x.size
	return x
}

// lostMark marks words that are no events.
const lostMark = 1 << 31

// words returns the words of a value: the events, and the marked ones.
func (c *chronicled[Op, Ret]) words(value []byte) (events, lost []byte) {
	end := len(value)
	for end > 0 && binary.LittleEndian.Uint32(value[end-4:])&lostMark != 0 {
		end -= 4
	}
	return value[:end], value[end:]
}

func lostOf(lost []byte, id ID) int {
	if 4*int(id) >= len(lost) {
		return 0
	}
	return int(binary.LittleEndian.Uint32(lost[4*id:]) &^ lostMark)
}

// event returns the number of an event of a client.
func (c *chronicled[Op, Ret]) event(client int, event string) uint32 {
	var room [64]byte
	id := must(c.ids.Intern(append(binary.AppendUvarint(room[:0], uint64(client)), event...)))
	if id >= lostMark {
		panic("actor: more different events in a history than there are numbers")
	}
	if c.done.get(id) == nil {
		e := c.events.decode(event)
		e.Client = client
		c.done.put(id, e, valueBytes+len(event))
	}
	return id
}

// happened returns the event in the i-th place.
func (c *chronicled[Op, Ret]) happened(events []byte, i int) *consistency.Event[Op, Ret] {
	return c.done.get(binary.LittleEndian.Uint32(events[4*i:]))
}

func (c *chronicled[Op, Ret]) bytes() int64 { return c.ids.Size() + c.size.Load() }

func (c *chronicled[Op, Ret]) busy(events []byte, client int) bool {
	for i := len(events)/4 - 1; i >= 0; i-- {
		if e := c.happened(events, i); e.Client == client {
			return e.Kind == consistency.Invoke
		}
	}
	return false
}

func (c *chronicled[Op, Ret]) record(dst, value []byte, by ID, event string) ([]byte, error) {
	events, lost := c.words(value)
	client := int(by) + c.actors*lostOf(lost, by)
	id := c.event(client, event)
	e := c.done.get(id)
	if c.busy(events, client) == (e.Kind == consistency.Invoke) {
		return nil, c.misfit(events, e)
	}
	at := len(events)
	for at > 0 && c.after(c.happened(events, at/4-1), e) {
		at -= 4
	}
	dst = binary.LittleEndian.AppendUint32(append(dst, events[:at]...), id)
	return append(append(dst, events[at:]...), lost...), nil
}

// after reports whether the last event belongs behind one that happens now.
func (c *chronicled[Op, Ret]) after(last, e *consistency.Event[Op, Ret]) bool {
	return last.Client > e.Client && (c.sequential || last.Kind == e.Kind)
}

// misfit returns the error of an event that cannot happen.
func (c *chronicled[Op, Ret]) misfit(events []byte, e *consistency.Event[Op, Ret]) (err error) {
	if e.Kind == consistency.Invoke {
		_, err = c.history(events).Invoke(e.Client, e.Op)
	} else {
		_, err = c.history(events).Return(e.Client, e.Ret)
	}
	return err
}

func (c *chronicled[Op, Ret]) crash(value []byte, id ID) []byte {
	events, lost := c.words(value)
	n := lostOf(lost, id)
	if !c.busy(events, int(id)+c.actors*n) {
		return value
	}
	next := slices.Clone(value)
	for k := len(lost) / 4; k <= int(id); k++ {
		next = binary.LittleEndian.AppendUint32(next, lostMark)
	}
	binary.LittleEndian.PutUint32(next[len(events)+4*int(id):], uint32(n+1)|lostMark)
	return next
}

// all appends all events to dst.
func (c *chronicled[Op, Ret]) all(dst []consistency.Event[Op, Ret], events []byte) []consistency.Event[Op, Ret] {
	for i := range len(events) / 4 {
		dst = append(dst, *c.happened(events, i))
	}
	return dst
}

// history returns events as a history.
func (c *chronicled[Op, Ret]) history(events []byte) consistency.History[Op, Ret] {
	h, err := consistency.FromEvents(c.all(nil, events))
	if err != nil {
		panic(err)
	}
	return h
}

func (c *chronicled[Op, Ret]) allows(value []byte) bool {
	events, _ := c.words(value)
	room, _ := c.room.Get().(*[]consistency.Event[Op, Ret])
	if room == nil {
		room = new([]consistency.Event[Op, Ret])
	}
	defer c.room.Put(room)
	*room = c.all((*room)[:0], events)
	return c.test(*room)
}

func (c *chronicled[Op, Ret]) content(value []byte) string {
	events, lost := c.words(value)
	r := &recorded[Op, Ret]{History: c.history(events)}
	if c.sequential {
		r.History = r.History.ProgramOrder()
	}
	for id := range len(lost) / 4 {
		r.Lost = append(r.Lost, lostOf(lost, ID(id)))
	}
	return c.values.encode(r)
}

func (c *chronicled[Op, Ret]) form(content string) (value []byte) {
	r := c.values.decode(content)
	for e := range r.History.Events() {
		client := e.Client
		e.Client = 0
		value = binary.LittleEndian.AppendUint32(value, c.event(client, c.events.encode(&e)))
	}
	for _, n := range r.Lost {
		value = binary.LittleEndian.AppendUint32(value, uint32(n)|lostMark)
	}
	return value
}
