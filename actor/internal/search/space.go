package search

import (
	"encoding/binary"
	"sync"
	"sync/atomic"

	"github.com/allways-go/allways/actor/internal/chronicle"
	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/dead"
	"github.com/allways-go/allways/actor/internal/tables"
	"github.com/allways-go/allways/actor/internal/usage"
	"github.com/allways-go/allways/internal/intern"
	"github.com/allways-go/allways/internal/repeat"
)

// space is a system compiled for searching. A state is a vector of ids of interned content: a component for
// each actor, which combines what belongs to it alone with its inbox; a value for each history or observer;
// and, in the last place, the id of the environment.
//
// Why components: a step changes an actor, the inboxes of a few receivers, and seldom more, so that states have
// nearly all of their parts in common. A part that is interned once takes 4 bytes in each state, comparing
// states compares words, and what was computed for a part serves all states that have it. The network as a
// whole would be a bad part: in Paxos with three clients it is new in 99.8 % of the states, while there are
// 20,375 inboxes. So messages are kept by receiver.
//
// Ids of equal content are equal: contents are compared, not only their hashes. Which content gets which id
// depends on the order of arrival, hence on how workers take turns. So ids are never compared to order anything
// that can be seen from outside: where there is an order, it is that of content. Otherwise the order of steps,
// representatives, and the counterexample among several would differ from run to run.
//
// Tables of contents only grow, since the visited set refers to their ids. What can be computed again is in the
// memo, which is dropped when memory is short.
type space struct {
	sys *core.System
	n   int // number of actors
	env int // place of the environment

	properties []core.Property // those of the system, and then atoms of its promises about runs

	events       *intern.Table   // events, which handlers handle; messages in inboxes are events
	locals       *intern.Table   // an actor's id and what belongs to it
	inboxes      *intern.Table   // sorted events, and queues
	components   *tables.Couples // pairs of a local and an inbox, by actor
	environments *intern.Table
	records      *intern.Table // lists of records of a handler, with the actor
	values       []*intern.Table

	histories  []*chronicle.Chronicle // chronicle of each auxiliary; nil for observers
	symmetries *symmetries            // nil without symmetry reduction

	memo    atomic.Pointer[memo]
	maxMemo int64         // size from which on it is replaced
	learner *dead.Learner // nil unless searches may forget dead messages
	forgets bool          // whether they do
	pass    uint32        // number of the search, from 1

	contentKeys []tables.Table[contentKey] // keys by place; those of components are in the first table
	keySize     atomic.Int64               // bytes of contentKeys and of the workers' orbits

	mu        sync.Mutex     // guards init and usages
	init      []uint32       // vector of the initial state; nil until it is needed
	usages    []*usage.Usage // one for each worker
	evaluated atomic.Int64   // evaluations of handlers

	repeats repeat.Log[question]   // questions to user code, and how they were answered
	asking  atomic.Pointer[asking] // the question that is asked again; nil before the end of the run
}

// asking is a question that is being asked again.
type asking struct {
	question
	number uint64
	by     auditor
}

// question asks user code again what it was asked before.
type question struct {
	where string // the code, or "" for predicates of states, which auditors name
	// again asks. Its error is another answer.
	again func(turn int, by auditor) error
}

// auditor is a worker that asks again.
type auditor interface {
	Call() uint64
	Where() (where, action string, act int)
}

// auditors read states in different forms.
type auditors [2]auditor

func newSpace(sys *core.System, symmetry bool, properties []core.Property, maxMemo int64) (*space, error) {
	sp := &space{
		sys: sys, n: len(sys.Actors), env: len(sys.Actors) + len(sys.Aux),
		events: intern.NewTable(), locals: intern.NewTable(), inboxes: intern.NewTable(),
		components: tables.NewCouples(len(sys.Actors)), environments: intern.NewTable(), records: intern.NewTable(),
		properties: properties, pass: 1, maxMemo: maxMemo,
	}
	for k := range sys.Aux {
		var c *chronicle.Chronicle
		if h, ok := sys.History(k); ok {
			c = chronicle.New(h, sp.n)
		}
		sp.values, sp.histories = append(sp.values, intern.NewTable()), append(sp.histories, c)
	}
	sp.memo.Store(newMemo(len(sys.Aux)))
	if symmetry {
		var err error
		if sp.symmetries, err = newSymmetries(sys); err != nil {
			return nil, err
		}
		sp.contentKeys = make([]tables.Table[contentKey], sp.env+1)
		for i := range sp.contentKeys {
			sp.contentKeys[i].CountIn(&sp.keySize)
		}
	}
	if sys.Forgets {
		sp.learner = dead.New()
	}
	return sp, nil
}

// workerUsage returns the usage of a new worker.
func (sp *space) workerUsage() *usage.Usage {
	u := usage.New(sp.n)
	sp.mu.Lock()
	defer sp.mu.Unlock()
	sp.usages = append(sp.usages, u)
	return u
}

// contentKey is content that does not depend on ids, for comparing. The hash decides nearly all comparisons;
// it is one of content as well, so that the order is the same in every run.
type contentKey struct {
	hash    uint64
	content []byte
}

// now returns the memo to work with.
func (sp *space) now() *memo { return sp.memo.Load() }

func (sp *space) bytes() int64 {
	size := sp.now().size.Load() + sp.keySize.Load()
	size += sp.components.Size()
	tables := []*intern.Table{sp.events, sp.locals, sp.inboxes, sp.environments, sp.records}
	for _, t := range append(tables, sp.values...) {
		size += t.Size()
	}
	if sp.learner != nil {
		size += sp.learner.Size()
	}
	for _, h := range sp.histories {
		if h != nil {
			size += h.Bytes()
		}
	}
	return size
}

// local returns what belongs to an actor. The id of the actor is part of the content, so that a component alone
// says whose it is, and steps remembered for it are steps of that actor.
func (sp *space) local(id uint32) *hosted {
	m := sp.now()
	if l := m.hosted.Get(id); l != nil {
		return l
	}
	b := sp.locals.Bytes(id)
	r := core.NewReader(b)
	l := &hosted{actor: int(r.Uint())}
	l.Local = core.ParseLocal(r)
	return m.hosted.Put(id, l, hostedBytes+len(b))
}

func (sp *space) localID(actor int, l *core.Local) uint32 {
	return must(sp.locals.Intern(l.Append(binary.AppendUvarint(nil, uint64(actor)))))
}

func (sp *space) eventID(e *core.Event) uint32 { return must(sp.events.Intern(e.Append(nil))) }

func (sp *space) event(id uint32) *core.Event {
	m := sp.now()
	if e := m.events.Get(id); e != nil {
		return e
	}
	b := sp.events.Bytes(id)
	return m.events.Put(id, core.ParseEvent(b), eventBytes+len(b))
}

func (sp *space) recordsID(by int, all []core.Record) uint32 {
	b := binary.AppendUvarint(nil, uint64(by))
	for _, r := range all {
		b = core.AppendString(binary.AppendUvarint(b, uint64(r.Aux)), r.Event)
	}
	return must(sp.records.Intern(b))
}

func (sp *space) recorded(id uint32) *records {
	m := sp.now()
	if r := m.records.Get(id); r != nil {
		return r
	}
	b := sp.records.Bytes(id)
	x := core.NewReader(b)
	r := &records{by: int(x.Uint())}
	for x.Len() > 0 {
		r.all = append(r.all, core.Record{Aux: int(x.Uint()), Event: x.String()})
	}
	return m.records.Put(id, r, valueBytes+len(b))
}

// auxContent returns the content of an auxiliary value, and auxID is its inverse.
func (sp *space) auxContent(aux int, id uint32) string {
	b := sp.values[aux].Bytes(id)
	if h := sp.histories[aux]; h != nil {
		return h.Content(b)
	}
	return string(b)
}

func (sp *space) auxID(aux int, content string) uint32 {
	b := []byte(content)
	if h := sp.histories[aux]; h != nil {
		b = h.Form(content)
	}
	return must(sp.values[aux].Intern(b))
}

// component returns the pair of a local and an inbox, and parts is its inverse. They are interned apart first,
// since either recurs with many of the other: the pair adds 8 bytes, not both contents.
func (sp *space) component(local, box uint32) uint32 {
	if id, ok := sp.components.Find(local, box); ok {
		return id
	}
	return must(sp.components.Add(sp.local(local).actor, local, box))
}

func (sp *space) parts(component uint32) (local, box uint32) { return sp.components.Pair(component) }

// contents returns an inbox by ids of events, and boxID is its inverse. Equal inboxes must have equal ids, so the
// unordered part is sorted, by id: that order is the same within a run, and is seen by no other.
func (sp *space) contents(box uint32) (c contents) {
	b := sp.inboxes.Bytes(box)
	n := int(binary.LittleEndian.Uint32(b))
	for b = b[4:]; len(b) > 0; b = b[4:] {
		if id := binary.LittleEndian.Uint32(b); len(c.bag) < n {
			c.bag = append(c.bag, id)
		} else {
			c.queues = append(c.queues, id)
		}
	}
	return c
}

func (sp *space) boxID(c contents) uint32 {
	b := make([]byte, 0, 4+4*(len(c.bag)+len(c.queues)))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(c.bag)))
	for _, id := range c.bag {
		b = binary.LittleEndian.AppendUint32(b, id)
	}
	for _, id := range c.queues {
		b = binary.LittleEndian.AppendUint32(b, id)
	}
	return must(sp.inboxes.Intern(b))
}
