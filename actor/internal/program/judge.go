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
	for _, q := range p.sys.Properties {
		if q.Aux < 0 {
			continue
		}
		h, _ := p.sys.History(q.Aux)
		value, err := historyValue(h, p.sys, events)
		if err != nil {
			return nil, err
		}
		if v := h.Decode(value); !h.Allows(v) {
			all = append(all, Violation{q.Name, h.Explain(v, len(p.sys.Actors), p.sys.Name), -1})
		}
	}
	return all, nil
}

// Histories returns the names of the histories that [Program.Judge] judges.
func (p *Program) Histories() (names []string) {
	for _, q := range p.sys.Properties {
		if q.Aux >= 0 {
			names = append(names, q.Name)
		}
	}
	return names
}

// ClientEvent is an event of a client of a history.
type ClientEvent = core.ClientEvent

// RealTime returns the names of those histories that depend on real time.
func (p *Program) RealTime() (names []string) {
	for _, q := range p.sys.Properties {
		if q.Aux < 0 {
			continue
		}
		if h, _ := p.sys.History(q.Aux); !h.Sequential() {
			names = append(names, q.Name)
		}
	}
	return names
}

// Order returns an order of operations that explains the events of a history, each operation of another client, as a
// list of clients; ok is false if it has no order.
func (p *Program) Order(history string, events []ClientEvent) (clients []int, ok bool, err error) {
	defer recoverTo(&err)
	for _, q := range p.sys.Properties {
		if q.Aux >= 0 && q.Name == history {
			h, _ := p.sys.History(q.Aux)
			clients, ok = h.Order(events)
			return clients, ok, nil
		}
	}
	return nil, false, fmt.Errorf("there is no history %q", history)
}

// historyValue returns the value of a history after events. It takes time in proportion to their number, for which
// it must not add one event to a value after the other.
func historyValue(h core.History, sys *core.System, events []HistoryEvent) (string, error) {
	n := len(sys.Actors)
	var all []core.ClientEvent
	lost := []int{}
	busy := make([]bool, n)
	tester, numbers := h.NewTester(), map[string]uint32{}
	for i, e := range events {
		id := int(e.Actor)
		switch {
		case e.Crashed && busy[id]:
			for len(lost) <= id {
				lost = append(lost, 0)
			}
			lost[id]++
			busy[id] = false
		case !e.Crashed && e.History == h.Name():
			number, ok := numbers[e.Event]
			if !ok {
				number = uint32(len(numbers))
				numbers[e.Event] = number
			}
			event := core.ClientEvent{Client: id, Event: e.Event}
			if id < len(lost) {
				event.Client += n * lost[id]
			}
			invokes := tester.Add(number, event)
			if invokes == busy[id] {
				return "", fmt.Errorf("event %d of the histories, by %s: %s", i+1, sys.Name(id), misfit[invokes])
			}
			busy[id] = invokes
			all = append(all, event)
		}
	}
	if len(lost) == 0 {
		lost = nil
	}
	return h.Value(all, lost), nil
}

// misfit says why an invocation (true) or a return does not fit.
var misfit = map[bool]string{
	true:  "it invokes an operation while another one of the same client is under way",
	false: "it returns from an operation, but none is under way",
}
