package node

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
	"github.com/allways-go/allways/actor/node/record"
)

// recorder records the events of an actor. Nil records nothing.
type recorder struct {
	program  *program.Program
	id       actor.ID
	live     *program.Live
	writer   *record.Writer
	clock    []uint64 // vector clock of the last event
	optional bool     // whether the actor may go on without
	log      *slog.Logger
	rotateAt time.Time // earliest time at which to begin another file
}

// newRecorder opens the recording of an actor.
func newRecorder(c *Config, p *program.Program, live *program.Live, id actor.ID) (*recorder, error) {
	w, err := record.Open(c.Record, p, id)
	if err != nil {
		return nil, err
	}
	w.Limit(c.RecordLimits)
	return &recorder{
		program: p, id: id, live: live, writer: w, clock: w.Clock(), optional: c.RecordOptional, log: c.Log,
	}, nil
}

// now returns the vector clock of the last event, or nil.
func (r *recorder) now() []uint64 {
	if r == nil {
		return nil
	}
	return r.clock
}

// event is what an entry is made of.
type event struct {
	program.Step
	began  time.Time
	seen   []uint64 // vector clock of the message
	stored string   // digest of the value with which the actor restarts
}

// add adds an entry to the recording and advances the vector clock.
func (r *recorder) add(ev event, fx *program.Effects) error {
	if r == nil {
		return nil
	}
	r.clock = slices.Clone(r.clock) // messages that wait refer to the old one
	for i, x := range ev.seen {
		r.clock[i] = max(r.clock[i], x)
	}
	r.clock[r.id]++
	e := record.NewEntry(ev.began, r.id, ev.Kind, r.live.Digest())
	ev.Actor = r.id
	e.Text, e.Clock, e.Stored = r.program.StepText(ev.Step), r.clock, ev.stored
	if ev.From >= 0 && int(ev.From) < len(ev.seen) {
		e.Sent = ev.seen[ev.From]
	}
	if err := r.outward(&e, ev.Step); err != nil {
		return err
	}
	if fx.Stored != nil {
		e.Saved = record.Digest(fx.Stored.Content)
	}
	for _, x := range fx.Records {
		e.History = append(e.History, record.HistoryEvent{Name: x.History, Event: []byte(x.Event)})
	}
	return r.writer.Add(e)
}

// outward adds what an event was about to an entry, in the form in which it leaves the process.
func (r *recorder) outward(e *record.Entry, st program.Step) error {
	e.From, e.Name = st.From, st.Name
	for _, x := range []struct {
		content string
		outward func(string) (string, error)
		to      *[]byte
	}{{st.Msg, r.program.Names().Outward, &e.Msg}, {st.Option, r.program.Names().OutwardValue, &e.Option}} {
		if x.content == "" {
			continue
		}
		content, err := x.outward(x.content)
		if err != nil {
			return fmt.Errorf("recording: %w", err)
		}
		*x.to = []byte(content)
	}
	return nil
}

// flush writes the recording of the events since the last commit. If that fails, it ends the recording for now,
// or the process, as the configuration says.
func (r *recorder) flush() error {
	if r == nil {
		return nil
	}
	err := r.writer.Flush()
	if err == nil {
		return nil
	}
	if !r.optional {
		return fmt.Errorf("recording: %w", err)
	}
	r.log.Error("an actor goes on without its recording", "actor", r.program.Name(r.id), "error", err)
	r.rotateAt = time.Now().Add(gapPause)
	if err := r.writer.Skip(); err != nil {
		return fmt.Errorf("recording: %w", err) // a later process would not know of the gap
	}
	return nil
}

// gapPause is the time between attempts to go on with a recording.
const gapPause = time.Second

// rotate begins another file of the recording, if the last one is full or could not be written. It comes after a
// commit: what a snapshot has must have taken effect.
func (r *recorder) rotate() error {
	if r == nil || !r.writer.Full() || time.Now().Before(r.rotateAt) {
		return nil
	}
	err := r.writer.Next(record.Snapshot{Clock: r.clock, Actor: r.live.Snapshot()})
	switch {
	case err == nil:
		return nil
	case !r.optional:
		return fmt.Errorf("recording: %w", err)
	}
	r.rotateAt = time.Now().Add(gapPause)
	return nil
}

// close closes the recording.
func (r *recorder) close() error {
	if r == nil {
		return nil
	}
	if err := r.writer.Close(); err != nil && !r.optional {
		return errors.Join(errors.New("recording"), err)
	}
	return nil
}
