package program

import (
	"fmt"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/core"
)

// HistoryEvent is an event of a history in a recorded run, or the crash of an actor, which leaves its
// operations under way.
type HistoryEvent struct {
	Actor   actor.ID
	Crashed bool
	Recorded
}

// Judge returns which histories of a recorded run break their promise. The events are those of all actors in
// the order of real time. It is an error if they do not fit together.
func (p *Program) Judge(events []HistoryEvent) (all []Violation, err error) {
	defer recoverTo(&err)
	sys := p.sys
	values := make([]string, len(sys.Aux))
	for k, x := range sys.Aux {
		values[k] = x.Initial()
	}
	for n, e := range events {
		for k := range sys.Aux {
			h, ok := sys.History(k)
			if !ok {
				continue
			}
			if values[k], err = after(h, values[k], len(sys.Actors), e); err != nil {
				return nil, fmt.Errorf("event %d of the histories, by %s: %w", n+1, p.Name(e.Actor), err)
			}
		}
	}
	for _, q := range sys.Properties {
		if broken(sys, &q, values) {
			all = append(all, Violation{q.Name, -1})
		}
	}
	return all, nil
}

// after returns the value of a history after an event.
func after(h core.History, value string, actors int, e HistoryEvent) (string, error) {
	switch {
	case e.Crashed:
		return h.Encode(h.Crash(h.Decode(value), actors, int(e.Actor))), nil
	case h.Name() == e.History:
		v, err := h.Record(h.Decode(value), actors, int(e.Actor), e.Event)
		if err != nil {
			return "", err
		}
		return h.Encode(v), nil
	}
	return value, nil
}
