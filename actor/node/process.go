package node

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/record"
	"github.com/allways-go/allways/actor/node/storage"
)

// process is an actor that runs: in a goroutine of its own, or in that of who brings a message; see inbox.go.
type process struct {
	node *Node
	id   actor.ID
	name string
	inbox

	// What follows is guarded by the inbox.
	live   *actor.Live
	alarm  *time.Timer
	set    time.Time // for when the alarm is set
	chance *rand.Rand
	timers timers
	choice time.Time // when chance chooses, if anything is offered
	store  storage.Store
	writer *record.Writer // nil if nothing is recorded
	clock  []uint64       // of the last event; nil if nothing is recorded

	// What the events since the last commit have done.
	out     []outgoing
	scratch scratch
	saved   *actor.Stable
	begun   bool // the start is to be stored, even if nothing was saved
}

// outgoing is a message that waits for the commit.
type outgoing struct {
	actor.Sent
	clock []uint64
}

func newProcess(n *Node, id actor.ID) *process {
	return &process{
		node: n, id: id, name: n.config.System.Name(id), inbox: newInbox(n.config.InboxSize),
		chance: rand.New(rand.NewPCG(n.config.Seed, uint64(id))),
	}
}

// run runs the actor until the context is done, or something fails.
func (p *process) run(ctx context.Context) (err error) {
	p.mu.Lock()
	defer func() {
		if e := p.close(); err == nil {
			err = e
		}
		if err != nil {
			err = fmt.Errorf("%s: %w", p.name, err)
		}
	}()
	p.alarm = time.NewTimer(time.Hour)
	defer p.alarm.Stop()
	if err = p.begin(); err == nil {
		p.node.begun.Add(1)
	}
	for err == nil {
		p.arm()
		p.mu.Unlock()
		var m incoming
		var why reasonToRun
		select {
		case <-ctx.Done():
			why = stopped
		case err = <-p.failed:
			why = stopped
		case <-p.owed:
			why = commitOwed
		case m = <-p.waiting:
			why = messageWaits
		case <-p.alarm.C:
			why = alarmRings
		}
		p.mu.Lock()
		if why == stopped {
			return err
		}
		err = p.turn(why, m)
	}
	return err
}

// reasonToRun is why an actor's goroutine has something to do.
type reasonToRun uint8

const (
	stopped      reasonToRun = iota
	commitOwed               // of what was handled in another goroutine
	messageWaits             // it was taken from the inbox
	alarmRings               // a timer runs out, or chance chooses
)

// turn handles what there is to handle, with what else waits, and commits it.
func (p *process) turn(why reasonToRun, m incoming) (err error) {
	taken := 1
	switch why {
	case messageWaits:
		err = p.deliver(m)
	case alarmRings:
		taken, p.set = 0, time.Time{}.Add(1) // for nothing
		err = p.due()
	}
	for n := 1; n < p.node.config.MaxBatch && err == nil && len(p.waiting) > 0; n++ {
		err = p.deliver(<-p.waiting)
		taken++
	}
	if err == nil {
		err = p.commit()
	}
	p.queued.Add(int64(-taken))
	return err
}

// arm sets the alarm for what comes next.
func (p *process) arm() {
	if next := p.next(); !next.Equal(p.set) {
		p.set = next
		p.alarm.Reset(until(next))
	}
}

// begin starts the actor, or restarts it if it has run before.
func (p *process) begin() (err error) {
	c := &p.node.config
	if p.live, err = c.System.Live(p.id); err != nil {
		return err
	}
	if c.Record != "" {
		if p.writer, err = record.Open(c.Record, c.System, p.id); err != nil {
			return err
		}
		p.clock = p.writer.Clock()
	}
	var stored storage.Value
	before := false
	if c.Storage != nil {
		if p.store, err = c.Storage.Open(p.name); err != nil {
			return err
		}
		if stored, before, err = p.store.Load(); err != nil {
			return err
		}
	} else if p.writer != nil && p.writer.Resumed() {
		return fmt.Errorf("it has run before, as the recordings in %s tell, and has no storage to tell what it had saved: set Config.Storage, or record into another folder", c.Record)
	}
	if before {
		return p.restart(stored)
	}
	return p.start()
}

func (p *process) start() error {
	for _, m := range p.node.config.System.Initial() {
		if m.To == p.id {
			p.node.queue(p, incoming{from: m.From, content: m.Content}, false)
		}
	}
	began := time.Now()
	fx, err := p.live.Start()
	p.begun = true
	if err := p.handled(actor.Step{Kind: actor.Start}, began, nil, fx, "", err); err != nil {
		return err
	}
	return p.commit()
}

func (p *process) restart(stored storage.Value) error {
	var saved *actor.Stable
	digest := ""
	if stored.Saved {
		saved = &actor.Stable{Content: stored.Content, Schema: stored.Schema}
		digest = record.Digest(stored.Content)
	}
	p.node.counters.recoveries.Add(1)
	p.node.config.Log.Info("actor restarts", "actor", p.name, "saved", stored.Saved)
	began := time.Now()
	fx, err := p.live.Restart(saved)
	if err := p.handled(actor.Step{Kind: actor.Restart}, began, nil, fx, digest, err); err != nil {
		return err
	}
	return p.commit()
}

func (p *process) deliver(m incoming) error {
	began := time.Now()
	fx, err := p.live.Receive(m.from, m.content)
	return p.handled(actor.Step{Kind: actor.Deliver, From: m.from, Msg: m.content}, began, m.clock, fx, "", err)
}

// due handles the timer or the choice whose time has come, if there is one.
func (p *process) due() error {
	began := time.Now()
	if name, ok := p.timers.take(began); ok {
		fx, err := p.live.Timeout(name)
		return p.handled(actor.Step{Kind: actor.Timeout, Name: name}, began, nil, fx, "", err)
	}
	if p.choice.IsZero() || p.choice.After(began) {
		return nil
	}
	p.choice = time.Time{}
	offers := p.live.Offers()
	o := offers[p.chance.IntN(len(offers))]
	fx, err := p.live.Choose(o)
	return p.handled(actor.Step{Kind: actor.Choose, Name: o.Key, Option: o.Option}, began, nil, fx, "", err)
}

// next returns when a timer runs out or chance chooses; zero for never.
func (p *process) next() time.Time {
	next := p.timers.next()
	if next.IsZero() || !p.choice.IsZero() && p.choice.Before(next) {
		next = p.choice
	}
	return next
}

// until returns how long it is to a time; zero is for never.
func until(at time.Time) time.Duration {
	if at.IsZero() {
		return time.Hour
	}
	return max(time.Until(at), 0)
}

// handled takes in what a handler did.
func (p *process) handled(st actor.Step, began time.Time, seen []uint64, fx *actor.Effects, stored string, err error) error {
	if err != nil {
		return err
	}
	ended := time.Now()
	c := &p.node.counters
	c.events.Add(1)
	c.handling.Add(int64(ended.Sub(began)))
	p.brisk = ended.Sub(began) < briskness
	for _, text := range fx.Logs {
		p.node.config.Log.Info(text, "actor", p.name)
	}
	p.setTimers(fx.Timers, ended)
	if fx.Stored != nil {
		saved := *fx.Stored
		p.saved = &saved
	}
	if p.clock != nil {
		if err := p.record(st, began, seen, fx, stored); err != nil {
			return err
		}
	}
	for _, s := range fx.Sends {
		p.out = append(p.out, outgoing{s, p.clock})
	}
	return nil
}

func (p *process) setTimers(changes []actor.TimerChange, now time.Time) {
	for _, x := range changes {
		p.timers.cancel(x.Name)
		if x.Set {
			p.timers.set(x.Name, now.Add(between(p.chance, x.Least, x.Most)))
		}
	}
	switch offered := len(p.live.Offers()) > 0; {
	case !offered:
		p.choice = time.Time{}
	case p.choice.IsZero():
		p.choice = now.Add(between(p.chance, p.node.config.MinChoiceDelay, p.node.config.MaxChoiceDelay))
	}
}

func between(chance *rand.Rand, least, most time.Duration) time.Duration {
	if most <= least {
		return least
	}
	return least + time.Duration(chance.Int64N(int64(most-least)+1))
}

// record adds an entry, and lets the clock go on.
func (p *process) record(st actor.Step, began time.Time, seen []uint64, fx *actor.Effects, stored string) error {
	p.clock = slices.Clone(p.clock) // messages hold the one before
	for i, x := range seen {
		p.clock[i] = max(p.clock[i], x)
	}
	p.clock[p.id]++
	st.Actor, st.Digest = p.id, p.live.Digest()
	e := record.NewEntry(p.node.config.System, st, began)
	e.Clock, e.Stored = p.clock, stored
	if fx.Stored != nil {
		e.Saved = record.Digest(fx.Stored.Content)
	}
	for _, r := range fx.Records {
		e.History = append(e.History, record.HistoryEvent{Name: r.History, Event: []byte(r.Event)})
	}
	return p.writer.Add(e)
}

// commit makes what was handled last, and only then sends: first the record, then what was saved. See package record for why
// in this order.
func (p *process) commit() error {
	if p.writer != nil {
		if err := p.writer.Flush(); err != nil {
			return fmt.Errorf("recording: %w", err)
		}
	}
	if err := p.keep(); err != nil {
		return err
	}
	p.node.send(p.out, &p.scratch)
	p.out = p.out[:0]
	return nil
}

// mustStore reports whether there is something to be put on a disk.
func (p *process) mustStore() bool { return p.store != nil && (p.saved != nil || p.begun) }

func (p *process) keep() error {
	if p.saved == nil && !p.begun {
		return nil
	}
	if p.store == nil {
		if p.saved != nil {
			p.node.limiter.warn("an actor saves, and Config.Storage is not set: it is lost with the process", "actor", p.name)
		}
		p.saved, p.begun = nil, false
		return nil
	}
	r := storage.Value{}
	if p.saved != nil {
		r = storage.Value{Saved: true, Schema: p.saved.Schema, Content: p.saved.Content}
	}
	began := time.Now()
	if err := p.store.Save(r); err != nil {
		return err
	}
	p.node.counters.saves.Add(1)
	p.node.counters.saving.Add(int64(time.Since(began)))
	p.saved, p.begun = nil, false
	return nil
}

// close ends the process, whose mutex it unlocks.
func (p *process) close() (err error) {
	defer p.mu.Unlock()
	p.closed = true
	if p.writer != nil {
		err = p.writer.Close()
	}
	if p.store != nil {
		if e := p.store.Close(); err == nil {
			err = e
		}
	}
	return err
}
