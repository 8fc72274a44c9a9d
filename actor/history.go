package actor

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/consistency"
	"github.com/allways-go/allways/internal/plan"
)

// History records what the clients of an object do and see, to check a promise about it. Clients are actors
// that call Invoke and Return in their handlers. What they record is part of what the handler did, so that a
// message that is ignored or delivered again records nothing more. Make a history with [Linearizable] or
// [SequentiallyConsistent].
//
// An operation that is under way when its client crashes stays so. The client, once restarted, goes on as a new
// client of the history.
type History[Op, Ret any] struct {
	index int
	of    system
	// events is shared by copies of the history, which actors keep in their configuration.
	events *core.Codec
}

// AppendCanonical makes a history that is part of an actor's configuration known by its number.
func (h History[Op, Ret]) AppendCanonical(dst []byte) []byte { return append(dst, byte(h.index)) }

// DecodeCanonical is the inverse of AppendCanonical. A history that was decoded records nothing.
func (h *History[Op, Ret]) DecodeCanonical(src []byte) error {
	if len(src) != 1 {
		return fmt.Errorf("a history is one byte, not %d", len(src))
	}
	h.index = int(src[0])
	return nil
}

// auxiliaries is a State of any message type.
type auxiliaries interface{ auxiliary(of system, i int) any }

// Recorder is the context of a handler, whatever the type of its messages.
type Recorder interface {
	record(of system, aux int, event string)
}

// Invoke records that the actor begins an operation. It panics if the last one has not returned, or if the history
// belongs to another system than the actor.
func (h History[Op, Ret]) Invoke(c Recorder, op Op) {
	h.add(c, consistency.Event[Op, Ret]{Kind: consistency.Invoke, Op: op})
}

// Return records that the actor's operation ends with a result. It panics if none is under way, or if the history
// belongs to another system than the actor.
func (h History[Op, Ret]) Return(c Recorder, ret Ret) {
	h.add(c, consistency.Event[Op, Ret]{Kind: consistency.Return, Ret: ret})
}

func (h History[Op, Ret]) add(c Recorder, e consistency.Event[Op, Ret]) {
	if h.events == nil {
		panic("a history that belongs to no system: make it with actor.Linearizable or actor.SequentiallyConsistent")
	}
	c.record(h.of, h.index, h.events.Encode(&e))
}

// In returns the history in s, a [*State] of its system.
func (h History[Op, Ret]) In(s auxiliaries) consistency.History[Op, Ret] {
	return s.auxiliary(h.of, h.index).(*recorded[Op, Ret]).History
}

// Linearizable states that the history it returns is linearizable to an object of the specification.
func Linearizable[S, Op, Ret, M any](sys *System[M], name string, spec consistency.Spec[S, Op, Ret]) History[Op, Ret] {
	return newHistory(sys, name, spec, consistency.Linearizability)
}

// SequentiallyConsistent states that the history it returns is sequentially consistent with an object of the
// specification.
func SequentiallyConsistent[S, Op, Ret, M any](
	sys *System[M], name string, spec consistency.Spec[S, Op, Ret],
) History[Op, Ret] {
	return newHistory(sys, name, spec, consistency.SequentialConsistency)
}

func newHistory[S, Op, Ret, M any](
	sys *System[M], name string, spec consistency.Spec[S, Op, Ret], c consistency.Condition,
) History[Op, Ret] {
	h := History[Op, Ret]{index: len(sys.aux), of: system{sys.id}}
	x := &history[Op, Ret]{sequential: c == consistency.SequentialConsistency}
	tester, err := consistency.NewTester(spec, c)
	if err == nil {
		x.codec, err = core.CodecOf[recorded[Op, Ret]]()
	}
	if err == nil {
		x.events, err = core.CodecOf[consistency.Event[Op, Ret]]()
	}
	if err != nil {
		sys.fail(fmt.Errorf("history %q: %w", name, err))
		return h
	}
	x.name, x.initial = name, x.codec.Encode(&recorded[Op, Ret]{})
	x.test = tester.AllowsEvents
	x.explain = func(v consistency.History[Op, Ret], name func(client int) string, ids valueNames) string {
		verdict, err := tester.Check(context.Background(), v)
		if err != nil || verdict.Outcome != consistency.Violated {
			return ""
		}
		return verdict.WithNames(name).WithValues(ids).String()
	}
	x.allows = tester.Allows
	x.order = func(v consistency.History[Op, Ret]) (order []consistency.Operation[Op, Ret]) {
		verdict, err := tester.Check(context.Background(), v)
		if err != nil {
			panic(err)
		}
		return verdict.Order
	}
	h.events = &x.events
	sys.addAux(x)
	sys.state(allways.Always(name, func(s *State[M]) bool { return tester.Allows(h.In(s)) }), nil, h.index)
	return h
}

// recorded is the value of a history.
type recorded[Op, Ret any] struct {
	History consistency.History[Op, Ret]
	Lost    []int // number of operations that the crashes of each actor have left under way
}

// client returns the number under which an actor acts now. It gets a new one when a crash leaves an operation
// under way.
func (r *recorded[Op, Ret]) client(id, actors int) int {
	if id < len(r.Lost) {
		return id + actors*r.Lost[id]
	}
	return id
}

// history implements [core.History].
type history[Op, Ret any] struct {
	auxCodec
	events     core.Codec
	sequential bool
	allows     func(consistency.History[Op, Ret]) bool
	order      func(consistency.History[Op, Ret]) []consistency.Operation[Op, Ret]
	test       func([]consistency.Event[Op, Ret]) bool
	explain    func(h consistency.History[Op, Ret], name func(client int) string, ids valueNames) string
}

func (h *history[Op, Ret]) named(n plan.Naming) core.Auxiliary {
	named := *h
	named.codec.Naming, named.events.Naming = n, n
	return &named
}

// canonical returns a value in the form in which it is kept.
func (h *history[Op, Ret]) canonical(r *recorded[Op, Ret]) *recorded[Op, Ret] {
	if h.sequential {
		r.History = r.History.ProgramOrder()
	}
	return r
}

// Record implements [core.History].
func (h *history[Op, Ret]) Record(value any, actors, by int, event string) (any, error) {
	r, e := *value.(*recorded[Op, Ret]), *h.events.Decode(event).(*consistency.Event[Op, Ret])
	var err error
	client := r.client(by, actors)
	if e.Kind == consistency.Invoke {
		r.History, err = r.History.Invoke(client, e.Op)
	} else {
		r.History, err = r.History.Return(client, e.Ret)
	}
	if _, ok := errors.AsType[*consistency.HistoryError](err); ok {
		err = value.(*recorded[Op, Ret]).misuse(h.codec.Naming, client, &e)
	}
	return h.canonical(&r), err
}

// misuse says in the words of an actor why an event does not fit. An actor knows nothing of clients and their numbers.
func (r *recorded[Op, Ret]) misuse(n plan.Naming, client int, e *consistency.Event[Op, Ret]) error {
	if e.Kind == consistency.Return {
		return fmt.Errorf("it calls Return of %s, but no operation is under way: call Invoke first", textOf(n, &e.Ret))
	}
	underway := ""
	for was := range r.History.Events() {
		if was.Client == client && was.Kind == consistency.Invoke {
			underway = textOf(n, &was.Op)
		}
	}
	return fmt.Errorf("it calls Invoke of %s while %s is under way: call Return first", textOf(n, &e.Op), underway)
}

// Crash implements [core.History].
func (h *history[Op, Ret]) Crash(value any, actors, id int) any {
	r := *value.(*recorded[Op, Ret])
	if !r.History.Busy(r.client(id, actors)) {
		return value
	}
	r.Lost = slices.Clone(r.Lost)
	for len(r.Lost) <= id {
		r.Lost = append(r.Lost, 0)
	}
	r.Lost[id]++
	return &r
}

// Allows implements [core.History].
func (h *history[Op, Ret]) Allows(value any) bool {
	return h.allows(value.(*recorded[Op, Ret]).History)
}

// Order implements [core.History].
func (h *history[Op, Ret]) Order(events []core.ClientEvent) (clients []int, ok bool) {
	v, err := h.fromEvents(events)
	if err != nil {
		panic(err)
	}
	if !h.allows(v) {
		return nil, false
	}
	for _, o := range h.order(v) {
		clients = append(clients, o.Client)
	}
	return clients, true
}

func (h *history[Op, Ret]) fromEvents(events []core.ClientEvent) (consistency.History[Op, Ret], error) {
	all := make([]consistency.Event[Op, Ret], len(events))
	for i, e := range events {
		all[i] = *h.event(e)
	}
	return consistency.FromEvents(all)
}

// Explain implements [core.History].
func (h *history[Op, Ret]) Explain(value any, actors int, name func(id int) string) string {
	return h.explain(value.(*recorded[Op, Ret]).History, func(client int) string {
		if crashes := client / actors; crashes > 0 {
			return fmt.Sprintf("%s (restart %d)", name(client%actors), crashes)
		}
		return name(client)
	}, valuesWithIDs(h.codec.Naming))
}

// valueNames gives the texts of values in which names of ids show.
type valueNames = func(v any) (text string, ok bool)

// valuesWithIDs names the values whose text has a name of an id in it.
func valuesWithIDs(n plan.Naming) valueNames {
	return func(v any) (text string, ok bool) {
		if v == nil {
			return "", false
		}
		p, err := plan.Of(reflect.TypeOf(v))
		if err != nil {
			return "", false
		}
		box := reflect.New(reflect.TypeOf(v))
		box.Elem().Set(reflect.ValueOf(v))
		at := box.UnsafePointer()
		text = string(n.AppendText(nil, p, at))
		return text, text != string(p.AppendText(nil, at))
	}
}

// Rename gives the clients the numbers that belong to the actors' new ids, and renames ids in operations and results.
func (h *history[Op, Ret]) Rename(value string, to []int) string {
	events, lostBefore := h.Events(value)
	for i, e := range events {
		events[i] = core.ClientEvent{
			Client: to[e.Client%len(to)] + e.Client/len(to)*len(to), Event: h.RenameEvent(e.Event, to),
		}
	}
	lost := make([]int, len(to))
	for i, n := range lostBefore {
		lost[to[i]] = n
	}
	for len(lost) > 0 && lost[len(lost)-1] == 0 {
		lost = lost[:len(lost)-1]
	}
	return h.Value(events, lost)
}

// RenameEvent implements [core.History]. The result of an invocation and the operation of a return are unused, hence
// zero, and stay zero: an id of 0 in them refers to no actor.
func (h *history[Op, Ret]) RenameEvent(event string, to []int) string {
	was := h.events.Decode(event).(*consistency.Event[Op, Ret])
	e := h.events.Decode(renamed(&h.events, event, to)).(*consistency.Event[Op, Ret])
	if e.Kind == consistency.Invoke {
		e.Ret = was.Ret
	} else {
		e.Op = was.Op
	}
	return h.events.Encode(e)
}

// Texts implements [core.History].
func (h *history[Op, Ret]) Texts(value any) (all []core.EventText) {
	for e := range value.(*recorded[Op, Ret]).History.Events() {
		t := h.eventText(&e)
		t.Client = e.Client
		all = append(all, t)
	}
	return all
}

// EventText implements [core.History].
func (h *history[Op, Ret]) EventText(event string) core.EventText {
	return h.eventText(h.events.Decode(event).(*consistency.Event[Op, Ret]))
}

func (h *history[Op, Ret]) eventText(e *consistency.Event[Op, Ret]) core.EventText {
	if e.Kind == consistency.Invoke {
		return core.EventText{Verb: "invokes", Text: textOf(h.codec.Naming, &e.Op)}
	}
	return core.EventText{Verb: "returns", Text: textOf(h.codec.Naming, &e.Ret)}
}

// textOf returns a value as people read it, by its own method if it has one.
func textOf[T any](n plan.Naming, v *T) string {
	if s, ok := any(*v).(fmt.Stringer); ok {
		if w, ok := s.(interface{ TextWith(names valueNames) string }); ok && w.TextWith(nil) == s.String() {
			return w.TextWith(valuesWithIDs(n))
		}
		return s.String()
	}
	p, err := plan.For[T]()
	if err != nil {
		return fmt.Sprint(*v)
	}
	return string(n.AppendText(nil, p, unsafe.Pointer(v)))
}

// Sequential implements [core.History].
func (h *history[Op, Ret]) Sequential() bool { return h.sequential }

// Events implements [core.History].
func (h *history[Op, Ret]) Events(value string) (events []core.ClientEvent, lost []int) {
	r := h.codec.Decode(value).(*recorded[Op, Ret])
	for e := range r.History.Events() {
		client := e.Client
		e.Client = 0
		events = append(events, core.ClientEvent{Client: client, Event: h.events.Encode(&e)})
	}
	return events, r.Lost
}

// Value implements [core.History].
func (h *history[Op, Ret]) Value(events []core.ClientEvent, lost []int) string {
	v, err := h.fromEvents(events)
	if err != nil {
		panic(err)
	}
	return h.codec.Encode(h.canonical(&recorded[Op, Ret]{v, lost}))
}

func (h *history[Op, Ret]) event(e core.ClientEvent) *consistency.Event[Op, Ret] {
	x := h.events.Decode(e.Event).(*consistency.Event[Op, Ret])
	x.Client = e.Client
	return x
}

// NewTester implements [core.History].
func (h *history[Op, Ret]) NewTester() core.Tester { return &historyTester[Op, Ret]{history: h} }

// historyTester implements [core.Tester]. It keeps events decoded, by number.
type historyTester[Op, Ret any] struct {
	history *history[Op, Ret]
	mu      sync.Mutex // held to add events
	events  atomic.Pointer[[]*consistency.Event[Op, Ret]]
	room    sync.Pool // buffers of type *[]consistency.Event[Op, Ret], since every new state is judged
}

// Add implements [core.Tester].
func (t *historyTester[Op, Ret]) Add(number uint32, e core.ClientEvent) (invocation bool) {
	x := t.history.event(e)
	t.mu.Lock()
	defer t.mu.Unlock()
	var known []*consistency.Event[Op, Ret]
	if p := t.events.Load(); p != nil {
		known = *p
	}
	if int(number) >= len(known) {
		known = append(known, make([]*consistency.Event[Op, Ret], int(number)+1)...) // at least twice as long
		t.events.Store(&known)
	}
	if known[number] == nil { // no reader has the number yet
		known[number] = x
	}
	return x.Kind == consistency.Invoke
}

// Allows implements [core.Tester].
func (t *historyTester[Op, Ret]) Allows(events []uint32) bool {
	room, _ := t.room.Get().(*[]consistency.Event[Op, Ret])
	if room == nil {
		room = new([]consistency.Event[Op, Ret])
	}
	defer t.room.Put(room)
	*room = (*room)[:0]
	for _, number := range events {
		*room = append(*room, *(*t.events.Load())[number])
	}
	return t.history.test(*room)
}
