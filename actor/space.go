package actor

import (
	"encoding/binary"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/intern"
)

// space is a system compiled for searching. A state is a vector of ids of interned content: a component for each actor,
// which is what belongs to it alone and its inbox; a value for each history or observer; and one id, the last, for what
// has happened to the network as a whole. What an actor may do in a component is computed once, and used in every state
// that contains it.
//
// Ids of equal content are equal; which content gets which id depends on the order of arrival and is never looked at: where
// there is an order, it is that of content.
type space[M any] struct {
	sys   *System[M]
	n     int // actors
	world int // place of the id of the network's state

	events     *intern.Table // deliveries, timeouts and all else that is handled; messages in inboxes are events
	locals     *intern.Table // an actor's id and what belongs to it
	inboxes    *intern.Table // sorted events, and queues
	components *intern.Table // pairs of a local and an inbox
	worlds     *intern.Table
	records    *intern.Table // who recorded what
	values     []*intern.Table

	histories []chronicle // by auxiliary; nil for observers

	memo atomic.Pointer[memo]

	symmetries  *symmetries[M]      // nil without symmetry reduction
	contentKeys []table[contentKey] // by place; those of components under 0
	keySize     atomic.Int64        // of contentKeys, in bytes

	mu        sync.Mutex
	init      []uint32
	evaluated atomic.Int64
}

// NativeSpace is for package allways, which searches it instead of the plain model.
func (sys *System[M]) NativeSpace(symmetry bool) (engine.Native, error) {
	sys.freeze()
	if err := sys.Err(); err != nil {
		return nil, err
	}
	sp := &space[M]{
		sys: sys, n: len(sys.actors), world: len(sys.actors) + len(sys.aux),
		events: intern.NewTable(), locals: intern.NewTable(), inboxes: intern.NewTable(), components: intern.NewTable(),
		worlds: intern.NewTable(), records: intern.NewTable(),
	}
	for _, a := range sys.aux {
		sp.values = append(sp.values, intern.NewTable())
		var h chronicle
		if a.chronicle != nil {
			h = a.chronicle(len(sys.actors))
		}
		sp.histories = append(sp.histories, h)
	}
	sp.memo.Store(newMemo(len(sys.aux)))
	if symmetry {
		var err error
		if sp.symmetries, err = newSymmetries(sys); err != nil {
			return nil, err
		}
		sp.contentKeys = make([]table[contentKey], sp.Words())
		for i := range sp.contentKeys {
			sp.contentKeys[i].places.size = &sp.keySize
		}
	}
	return sp, nil
}

// Words implements [engine.Native].
func (sp *space[M]) Words() int { return sp.world + 1 }

// Memory implements [engine.Native].
func (sp *space[M]) Memory() int64 {
	size := sp.now().size.Load() + sp.keySize.Load()
	for _, t := range append([]*intern.Table{sp.events, sp.locals, sp.inboxes, sp.components, sp.worlds, sp.records}, sp.values...) {
		size += t.Size()
	}
	for _, h := range sp.histories {
		if h != nil {
			size += h.bytes()
		}
	}
	return size
}

// initial returns the vector of the initial state, which is computed once: simulations ask for it again and again.
func (sp *space[M]) initial(begin func(ID)) ([]uint32, error) {
	sp.mu.Lock()
	vec := sp.init
	sp.mu.Unlock()
	if vec != nil {
		return vec, nil
	}
	s := sp.sys.started(begin)
	if !sp.sys.Within(s) {
		return nil, &engine.Misbehaviour{
			Kind: engine.ErrorInit, Where: "Boundary", Message: "the boundary excludes the initial state", Act: -1,
		}
	}
	vec, err := sp.Encode(s)
	sp.mu.Lock()
	defer sp.mu.Unlock()
	sp.init = vec
	return vec, err
}

// Finish implements [engine.Native].
func (sp *space[M]) Finish() error {
	if err := sp.unchanged(sp.now()); err != nil {
		return err
	}
	return sp.sys.checkConfigs()
}

// must returns an id. Running out of ids is reported by the panic of a full table.
func must(id uint32, err error) uint32 {
	if err != nil {
		panic(err)
	}
	return id
}

// reaction is an outcome by ids.
type reaction struct {
	local   uint32
	sends   []delivery
	records uint32 // and one; 0 for none
	effect  bool
}

// delivery is an event that is put into an inbox.
type delivery struct {
	to    int32 // place of the actor's component; n for nobody
	event uint32
}

func (sp *space[M]) local(id uint32) (ID, *local) {
	r := reader{sp.locals.Bytes(id)}
	actor := ID(r.uint())
	l := parseLocal(r.b)
	return actor, &l
}

// hosted is a local and whose it is.
type hosted struct {
	local
	actor ID
}

// localOf is local with a memory.
func (sp *space[M]) localOf(id uint32) *hosted {
	m := sp.now()
	if l := m.hosted.get(id); l != nil {
		return l
	}
	actor, l := sp.local(id)
	return m.hosted.put(id, &hosted{*l, actor}, hostedBytes+len(sp.locals.Bytes(id)))
}

func (sp *space[M]) localID(actor ID, l *local) uint32 {
	return must(sp.locals.Intern(l.append(binary.AppendUvarint(nil, uint64(actor)))))
}

func (e *event) append(dst []byte) []byte {
	dst = append(dst, byte(e.kind))
	dst = binary.AppendVarint(dst, int64(e.from))
	dst = appendString(dst, e.msg)
	dst = appendString(dst, e.name)
	return appendString(dst, e.option)
}

func (sp *space[M]) eventID(e *event) uint32 { return must(sp.events.Intern(e.append(nil))) }

// event returns an event by id.
func (sp *space[M]) event(id uint32) *event {
	m := sp.now()
	if e := m.events.get(id); e != nil {
		return e
	}
	r := reader{sp.events.Bytes(id)}
	e := &event{kind: ActionKind(r.byte())}
	from, n := binary.Varint(r.b)
	e.from, r.b = ID(from), r.b[n:]
	e.msg, e.name, e.option = r.string(), r.string(), r.string()
	return m.events.put(id, e, eventBytes+len(sp.events.Bytes(id)))
}

// react evaluates an event at a local.
func (sp *space[M]) react(m *memo, local, event uint32) *reaction {
	actor, l := sp.local(local)
	out := sp.sys.evaluate(actor, l, *sp.event(event))
	if n := sp.evaluated.Add(1); n%checkEvery == 0 {
		if err := sp.sys.checkConfigs(); err != nil {
			panic(err)
		}
	}
	if sp.symmetries != nil {
		sp.symmetries.check(actor, l, sp.event(event), &out)
	}
	r := &reaction{local: sp.localID(actor, &out.local), effect: out.effect(l)}
	for _, s := range out.sends {
		r.sends = append(r.sends, sp.delivery(actor, s))
	}
	if len(out.records) > 0 {
		r.records = sp.recordsID(actor, out.records) + 1
	}
	number := m.reaction.Add(1)
	m.reactions.put(number, r, reactionBytes+deliveryBytes*len(r.sends))
	return m.reactions.get(m.reacted.keep(local, event, number))
}

// Roughly what is kept takes so many bytes, without what varies.
const (
	hostedBytes   = 160
	eventBytes    = 80
	reactionBytes = 48
	deliveryBytes = 8
	valueBytes    = 64
	boxBytes      = 64
	viewBytes     = 32
)

// checkEvery is how many evaluations pass until configurations are looked at again.
const checkEvery = 1 << 12

func (sp *space[M]) delivery(from ID, m send) delivery {
	to := sp.n
	if sp.sys.has(m.to) {
		to = int(m.to)
	}
	return delivery{int32(to), sp.eventID(&event{kind: Deliver, from: from, msg: m.msg})}
}

func (sp *space[M]) recordsID(by ID, all []record) uint32 {
	b := binary.AppendUvarint(nil, uint64(by))
	for _, r := range all {
		b = appendString(binary.AppendUvarint(b, uint64(r.aux)), r.event)
	}
	return must(sp.records.Intern(b))
}

// record applies to the value of a history what was recorded for it.
func (w *worker[M]) record(aux int, value, records uint32) uint32 {
	r, v := w.recorded(records), w.space.values[aux].Bytes(value)
	for _, e := range r.all {
		if e.aux != aux {
			continue
		}
		next, err := w.histories[aux].record(w.rooms[0][:0], v, r.by, e.event)
		if err != nil {
			panic(&misrecorded{w.sys.aux[aux].name, w.sys.Name(r.by), err})
		}
		v, w.rooms[0], w.rooms[1] = next, w.rooms[1], next
	}
	return must(w.space.values[aux].Intern(v))
}

// recordings are what a handler has recorded.
type recordings struct {
	by  ID
	all []record
}

func (sp *space[M]) recorded(id uint32) *recordings {
	m := sp.now()
	if r := m.records.get(id); r != nil {
		return r
	}
	b := reader{sp.records.Bytes(id)}
	r := &recordings{by: ID(b.uint())}
	for len(b.b) > 0 {
		r.all = append(r.all, record{int(b.uint()), b.string()})
	}
	return m.records.put(id, r, valueBytes+len(sp.records.Bytes(id)))
}

// auxContent returns the content of an auxiliary value.
func (sp *space[M]) auxContent(aux int, id uint32) string {
	b := sp.values[aux].Bytes(id)
	if h := sp.histories[aux]; h != nil {
		return h.content(b)
	}
	return string(b)
}

// auxID is the inverse of auxContent.
func (sp *space[M]) auxID(aux int, content string) uint32 {
	b := []byte(content)
	if h := sp.histories[aux]; h != nil {
		b = h.form(content)
	}
	return must(sp.values[aux].Intern(b))
}

// auxValue returns an auxiliary value for reading.
func (sp *space[M]) auxValue(aux int, id uint32) any {
	values := &sp.now().aux[aux].values
	if v := values.get(id); v != nil {
		return *v
	}
	content := sp.auxContent(aux, id)
	v := sp.sys.aux[aux].decode(content)
	return *values.put(id, &v, valueBytes+2*len(content))
}

// component returns the pair of a local and an inbox.
func (sp *space[M]) component(local, box uint32) uint32 {
	var b [8]byte
	binary.LittleEndian.PutUint32(b[:], local)
	binary.LittleEndian.PutUint32(b[4:], box)
	return must(sp.components.Intern(b[:]))
}

func (sp *space[M]) parts(component uint32) (local, box uint32) {
	b := sp.components.Bytes(component)
	return binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
}

// contents is an inbox by ids.
type contents struct {
	bag    []uint32 // sorted by id
	queues []uint32 // in groups of one sender each, sorted by sender; in the order of sending within
}

func (sp *space[M]) contents(box uint32) (c contents) {
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

func (sp *space[M]) boxID(c contents) uint32 {
	b := binary.LittleEndian.AppendUint32(make([]byte, 0, 4+4*(len(c.bag)+len(c.queues))), uint32(len(c.bag)))
	for _, id := range c.bag {
		b = binary.LittleEndian.AppendUint32(b, id)
	}
	for _, id := range c.queues {
		b = binary.LittleEndian.AppendUint32(b, id)
	}
	return must(sp.inboxes.Intern(b))
}

// with returns contents with an event more, that goes to the actor in place to.
func (sp *space[M]) with(c contents, to int, event uint32) contents {
	from := sp.event(event).from
	l := sp.sys.link(from, sp.receiver(to))
	if l.Network == Ordered {
		i := len(c.queues)
		for i > 0 && sp.event(c.queues[i-1]).from > from {
			i--
		}
		c.queues = slices.Insert(slices.Clone(c.queues), i, event)
		return c
	}
	i, found := slices.BinarySearch(c.bag, event)
	if !found || l.Network != Duplicating {
		c.bag = slices.Insert(slices.Clone(c.bag), i, event)
	}
	return c
}

// without returns contents without one that may be the next from its sender.
func (c contents) without(event uint32) contents {
	if i, found := slices.BinarySearch(c.bag, event); found {
		c.bag = slices.Delete(slices.Clone(c.bag), i, i+1)
		return c
	}
	i := slices.Index(c.queues, event) // the first of its sender, hence the first of its kind
	c.queues = slices.Delete(slices.Clone(c.queues), i, i+1)
	return c
}

// doubled returns contents with one that may be the next from its sender twice.
func (c contents) doubled(event uint32) contents {
	if i, found := slices.BinarySearch(c.bag, event); found {
		c.bag = slices.Insert(slices.Clone(c.bag), i, event)
		return c
	}
	i := slices.Index(c.queues, event)
	c.queues = slices.Insert(slices.Clone(c.queues), i, event)
	return c
}

// receiver returns the id of the actor in a place.
func (sp *space[M]) receiver(to int) ID {
	if to == sp.n {
		return NoActor
	}
	return ID(to)
}

// boxInfo is what is often asked of an inbox.
type boxInfo struct {
	contents
	first []uint32 // events that may be the next from their senders, by sender and content
}

func (sp *space[M]) boxInfo(box uint32) *boxInfo {
	m := sp.now()
	if b := m.boxInfos.get(box); b != nil {
		return b
	}
	c := sp.contents(box)
	return m.boxInfos.put(box, &boxInfo{c, sp.first(c)}, boxBytes+8*(len(c.bag)+len(c.queues)))
}

// first returns the events that may be the next from their senders, by sender and content.
func (sp *space[M]) first(c contents) []uint32 {
	all := slices.Compact(slices.Clone(c.bag))
	for i, id := range c.queues {
		if i == 0 || sp.event(id).from != sp.event(c.queues[i-1]).from {
			all = append(all, id)
		}
	}
	slices.SortFunc(all, func(a, b uint32) int {
		x, y := sp.event(a), sp.event(b)
		if x.from != y.from {
			return int(x.from) - int(y.from)
		}
		return compareStrings(x.msg, y.msg)
	})
	return all
}

func compareStrings(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
