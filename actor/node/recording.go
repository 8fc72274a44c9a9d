package node

import (
	"fmt"
	"slices"
	"time"

	"github.com/allways-go/allways/actor/internal/program"
	"github.com/allways-go/allways/actor/node/record"
)

// record adds an entry to the recording and advances the vector clock.
func (p *process) record(st program.Step, began time.Time, seen []uint64, fx *program.Effects, stored string) error {
	p.clock = slices.Clone(p.clock) // messages that wait refer to the old one
	for i, x := range seen {
		p.clock[i] = max(p.clock[i], x)
	}
	p.clock[p.id]++
	st.Actor = p.id
	e := record.NewEntry(began, p.id, st.Kind, p.live.Digest())
	e.Text, e.Clock, e.Stored = p.node.program.StepText(st), p.clock, stored
	if st.From >= 0 && int(st.From) < len(seen) {
		e.Sent = seen[st.From]
	}
	e.From, e.Msg, e.Name, e.Option = st.From, []byte(st.Msg), st.Name, []byte(st.Option)
	if fx.Stored != nil {
		e.Saved = record.Digest(fx.Stored.Content)
	}
	for _, r := range fx.Records {
		e.History = append(e.History, record.HistoryEvent{Name: r.History, Event: []byte(r.Event)})
	}
	return p.writer.Add(e)
}

// flush writes the recording of the events since the last commit. If that fails, it ends the recording for now,
// or the process, as the configuration says.
func (p *process) flush() error {
	if p.writer == nil {
		return nil
	}
	err := p.writer.Flush()
	if err == nil {
		return nil
	}
	err = fmt.Errorf("recording: %w", err)
	if !p.node.config.RecordOptional {
		return err
	}
	p.node.config.Log.Error("an actor goes on without its recording", "actor", p.name, "error", err)
	p.rotateAt = time.Now().Add(gapPause)
	if err := p.writer.Skip(); err != nil {
		return fmt.Errorf("recording: %w", err) // a later process would not know of the gap
	}
	return nil
}

// gapPause is the time between attempts to go on with a recording.
const gapPause = time.Second

// rotate begins another file of the recording, if the last one is full or could not be written. It comes after a
// commit: what a snapshot has must have taken effect.
func (p *process) rotate() error {
	if p.writer == nil || !p.writer.Full() || time.Now().Before(p.rotateAt) {
		return nil
	}
	err := p.writer.Next(record.Snapshot{Clock: p.clock, Actor: p.live.Snapshot()})
	switch {
	case err == nil:
		return nil
	case !p.node.config.RecordOptional:
		return fmt.Errorf("recording: %w", err)
	}
	p.node.limiter.warn("the recording of an actor cannot go on", "actor", p.name, "error", err)
	p.rotateAt = time.Now().Add(gapPause)
	return nil
}
