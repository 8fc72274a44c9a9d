package node

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
	"github.com/allways-go/allways/actor/node/record"
	"github.com/allways-go/allways/actor/node/storage"
)

// process runs an actor. Its handlers run in its own goroutine, or in one that brings a message;
// see [inbox].
type process struct {
	node *Node
	id   actor.ID
	name string
	inbox

	// The fields below are guarded by inbox.mu.
	live   *program.Live
	alarm  *time.Timer
	set    time.Time // time for which the alarm is set
	rand   *rand.Rand
	timers timers
	choice time.Time // time of the next choice, zero if the actor offers none
	store  storage.Store
	rec    *recorder // nil if the node does not record
	heard  heard     // vector clocks of others

	// The effects of the events since the last commit.
	out     []outgoing
	scratch scratch
	saved   *program.Stable
	stored  *program.Stable // the value on the disk, if there is one
	begun   bool            // whether the actor has started, which is stored even if it saved nothing
}

// outgoing is a message that waits for a commit.
type outgoing struct {
	program.Sent
	clock []uint64
}

func newProcess(n *Node, id actor.ID) *process {
	return &process{
		node: n, id: id, name: n.program.Name(id), inbox: newInbox(n.config.InboxSize),
		rand: rand.New(rand.NewPCG(n.config.Seed, uint64(id))),
	}
}

// run runs the actor until ctx is done or something fails.
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

// tryNow handles a message in the goroutine that brings it, if the inbox allows that, and reports
// whether it did. After an error it is the actor's goroutine that ends the process.
func (p *process) tryNow(m incoming) bool {
	if p.queued.Load() > 0 || !p.mu.TryLock() {
		return false
	}
	defer p.mu.Unlock()
	if !p.fast || p.closed {
		return false
	}
	err := p.deliver(m)
	if err == nil && p.mustStore() {
		p.queued.Add(1) // until the commit, so that no message passes this one
		p.owed <- struct{}{}
		return true
	}
	if err == nil {
		err = p.commit()
	}
	if err != nil {
		p.closed = true
		p.failed <- err
		return true
	}
	p.arm()
	return true
}

// reasonToRun is a reason for an actor's goroutine to run.
type reasonToRun uint8

const (
	stopped      reasonToRun = iota
	commitOwed               // another goroutine has handled a message whose effects must be stored
	messageWaits             // a message was taken from the inbox
	alarmRings               // a timer or a choice is due
)

// turn handles what is due, then messages that wait up to the size of a batch, and commits all.
func (p *process) turn(why reasonToRun, m incoming) (err error) {
	taken := 1
	switch why {
	case messageWaits:
		err = p.deliver(m)
	case alarmRings:
		taken, p.set = 0, time.Time{}.Add(1) // the alarm is set for no time any more
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

// arm sets the alarm for the next timer or choice.
func (p *process) arm() {
	if next := p.next(); !next.Equal(p.set) {
		p.set = next
		p.alarm.Reset(until(next))
	}
}

// begin starts the actor, or restarts it if its store shows that it has run before.
func (p *process) begin() (err error) {
	c := &p.node.config
	if p.live, err = p.node.program.Live(p.id); err != nil {
		return err
	}
	var stored storage.Value
	before := false
	if c.Storage != nil { // first, for its lock keeps the recording from a second process
		if p.store, err = c.Storage.Open(p.name); err != nil {
			return err
		}
		if stored, before, err = p.store.Load(); err != nil {
			return err
		}
	}
	if c.Record != "" {
		if p.rec, err = newRecorder(c, p.node.program, p.live, p.id); err != nil {
			return err
		}
	}
	if c.Storage == nil && p.rec != nil && p.rec.writer.Resumed() {
		return fmt.Errorf("the recordings in %s show that the actor has run before, but without storage it cannot restart: "+
			"set Config.Storage, which is -data on a command line, or record into another directory", c.Record)
	}
	if before {
		return p.restart(stored)
	}
	return p.start()
}

// start starts the actor for the first time. Messages that are in flight from the beginning arrive
// only then.
func (p *process) start() error {
	for _, m := range p.node.program.Initial() {
		if m.To == p.id {
			p.node.queue(p, incoming{from: m.From, content: m.Content}, false)
		}
	}
	began := time.Now()
	fx, err := p.live.Start()
	p.begun = true
	if err := p.handled(program.Step{Kind: actor.Start}, began, nil, fx, "", err); err != nil {
		return err
	}
	return p.commit()
}

// restart restarts the actor with the value that it saved last.
func (p *process) restart(stored storage.Value) error {
	var saved *program.Stable
	digest := ""
	if stored.Saved {
		var err error
		if saved, err = p.migrate(stored); err != nil {
			return err
		}
		digest = record.Digest(stored.Content)
		p.stored = &program.Stable{Content: stored.Content, Schema: stored.Schema}
	}
	p.node.counters.restarts.Add(1)
	p.node.config.Log.Info("actor restarts", "actor", p.name, "saved", stored.Saved)
	began := time.Now()
	fx, err := p.live.Restart(saved)
	if err := p.handled(program.Step{Kind: actor.Restart}, began, nil, fx, digest, err); err != nil {
		return err
	}
	return p.commit()
}

// migrate gives the value that an actor has saved to the program, which may replace it.
func (p *process) migrate(v storage.Value) (saved *program.Stable, err error) {
	saved = &program.Stable{Content: v.Content, Schema: v.Schema}
	if p.node.config.Migrate == nil {
		return saved, nil
	}
	s := Saved{Actor: p.name, Type: program.SavedType(*saved), Schema: v.Schema, stable: *saved}
	now, err := p.node.config.Migrate(s)
	if err != nil {
		return nil, fmt.Errorf("Config.Migrate: %w", err)
	}
	if now == nil {
		return saved, nil
	}
	if saved, err = p.node.program.Store(now); err != nil {
		return nil, fmt.Errorf("Config.Migrate: %w", err)
	}
	p.saved = saved // stored with the next commit
	p.node.config.Log.Info("a stored value was migrated", "actor", p.name, "from", s.Type)
	return saved, nil
}

// deliver handles a message. If the handler panics on one from outside, the actor is as it was before,
// and the message is lost: no message may end a process.
func (p *process) deliver(m incoming) error {
	p.guests.leave(m.guest)
	if err := p.heard.check(p, m); err != nil {
		p.node.drop(badClock, "from", p.node.program.Name(m.from), "to", p.name, "error", err)
		return nil
	}
	began := time.Now()
	fx, err := p.live.Receive(m.from, m.content)
	if h, ok := errors.AsType[*program.HandlerError](err); ok && m.outside && !p.node.config.StopOnPanic {
		p.node.drop(handlerPanic, "from", p.node.program.Name(m.from), "to", p.name, "handler", h.Handler, "panic", h.Panic,
			"stack", h.Stack)
		p.node.fail(m.from, err)
		return nil
	}
	return p.handled(program.Step{Kind: actor.Deliver, From: m.from, Msg: m.content}, began, m.clock, fx, "", err)
}

// due handles the timer or the choice that is due, if any.
func (p *process) due() error {
	began := time.Now()
	if name, ok := p.timers.take(began); ok {
		fx, err := p.live.Timeout(name)
		return p.handled(program.Step{Kind: actor.Timeout, Name: name}, began, nil, fx, "", err)
	}
	if p.choice.IsZero() || p.choice.After(began) {
		return nil
	}
	p.choice = time.Time{}
	offers := p.live.Offers()
	o := offers[p.rand.IntN(len(offers))]
	fx, err := p.live.Choose(o)
	return p.handled(program.Step{Kind: actor.Choose, Name: o.Key, Option: o.Option}, began, nil, fx, "", err)
}

// next returns when the next timer or choice is due, or zero for never.
func (p *process) next() time.Time {
	next := p.timers.next()
	if next.IsZero() || !p.choice.IsZero() && p.choice.Before(next) {
		next = p.choice
	}
	return next
}

// until returns the time left until a moment, of which zero means never.
func until(at time.Time) time.Duration {
	if at.IsZero() {
		return time.Hour
	}
	return max(time.Until(at), 0)
}

// handled collects the effects of a handler for the next commit.
func (p *process) handled(
	st program.Step, began time.Time, seen []uint64, fx *program.Effects, stored string, err error,
) error {
	if err != nil {
		return err
	}
	ended := time.Now()
	c := &p.node.counters
	c.events.Add(1)
	c.handling.Add(int64(ended.Sub(began)))
	p.fast = ended.Sub(began) < fastHandler
	for _, text := range fx.Logs {
		p.node.limiter.info(text, "actor", p.name)
	}
	p.setTimers(fx.Timers, ended)
	if fx.Stored != nil {
		saved := *fx.Stored
		if p.saved = &saved; p.stored != nil &&
			p.stored.Content == saved.Content && p.stored.Schema == saved.Schema {
			p.saved = nil // on the disk already
		}
	}
	if err := p.rec.add(event{st, began, seen, stored}, fx); err != nil {
		return err
	}
	for _, s := range fx.Sends {
		p.out = append(p.out, outgoing{s, p.rec.now()})
	}
	return nil
}

// setTimers sets and cancels timers, and plans the next choice.
func (p *process) setTimers(changes []program.TimerChange, now time.Time) {
	for _, x := range changes {
		p.timers.cancel(x.Name)
		if x.Set {
			p.timers.set(x.Name, now.Add(between(p.rand, x.Min, x.Max)))
		}
	}
	switch offered := len(p.live.Offers()) > 0; {
	case !offered:
		p.choice = time.Time{}
	case p.choice.IsZero():
		p.choice = now.Add(between(p.rand, p.node.config.MinChoiceDelay, p.node.config.MaxChoiceDelay))
	}
}

// between returns a random duration.
func between(r *rand.Rand, least, most time.Duration) time.Duration {
	if most <= least {
		return least
	}
	return least + time.Duration(r.Int64N(int64(most-least)+1))
}

// commit makes the effects of the last events durable and then visible, in this order:
//
//  1. Write the recording. An actor that receives a message of an event can thus rely on the
//     event's being recorded.
//  2. Store what was saved. A crash before this undoes the events, which the recording shows when
//     the actor restarts with an older value. No other actor has heard of them.
//  3. Send. A message is a promise that must survive a crash of the sender.
//
// Any other order lets a crash produce a run that the model does not have. Package record says how
// recordings of events that were undone are recognized.
func (p *process) commit() error {
	if err := p.rec.flush(); err != nil {
		return err
	}
	if err := p.save(); err != nil {
		return err
	}
	p.node.send(p.out, &p.scratch)
	p.out = p.out[:0]
	return p.rec.rotate()
}

// mustStore reports whether a commit has to write to the disk.
func (p *process) mustStore() bool { return p.store != nil && (p.saved != nil || p.begun) }

// save stores what was saved since the last commit. Of several values in a batch, only the last
// matters.
func (p *process) save() error {
	if p.saved == nil && !p.begun {
		return nil
	}
	if p.store == nil {
		if p.saved != nil && p.node.config.Strict {
			return errors.New("an actor saves, but the process has no stable storage: " +
				"set Config.Storage, which is -data on a command line")
		}
		if p.saved != nil {
			p.node.limiter.warn("an actor saves, but the process has no stable storage, so the value is lost when it ends: "+
				"set Config.Storage, which is -data on a command line", "actor", p.name)
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
	if p.saved != nil {
		p.stored = p.saved
	}
	p.saved, p.begun = nil, false
	return nil
}

// close closes the files of the actor and unlocks the mutex. No handler runs after it.
func (p *process) close() (err error) {
	defer p.mu.Unlock()
	p.closed = true
	err = p.rec.close()
	if p.store != nil {
		if e := p.store.Close(); err == nil {
			err = e
		}
	}
	return err
}
