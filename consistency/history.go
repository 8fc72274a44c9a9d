package consistency

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
)

// Kind says whether an [Event] is an invocation or a return.
type Kind uint8

// The kinds of events.
const (
	Invoke Kind = iota
	Return
)

// Event is the invocation of an operation by a client, or its return. A client has at most one operation at a time. A
// client that goes on without waiting for a return, for instance after a restart, needs a new number.
type Event[Op, Ret any] struct {
	Client int
	Kind   Kind
	Op     Op  // of an invocation
	Ret    Ret // of a return
}

// History is what the clients of an object did and saw: invocations and returns in their order. The zero History is empty.
// It is a value: Invoke and Return give a new one and leave the old one as it was. It is safe for concurrent use.
//
// Histories that no client can tell apart have equal content: the order between two invocations, or two returns, that
// follow each other directly is not kept. What is kept is every client's sequence of operations, and which operation
// returned before which was invoked.
type History[Op, Ret any] struct {
	// events alternates between runs of invocations and runs of returns, each in the order of the clients. This form is
	// unique: which returns precede an invocation decides in which run it is, and which invocations follow a return does
	// the same for returns.
	events []Event[Op, Ret]
}

// HistoryError says what is wrong with the order of the events of a history.
type HistoryError struct {
	Index  int // of the bad event, counted from 0
	Client int
	Reason string
}

// Error names the event, the client, what is wrong and what to do.
func (e *HistoryError) Error() string {
	return fmt.Sprintf("event %d of the history: client %d %s", e.Index, e.Client, e.Reason)
}

// Reasons of a [HistoryError].
const (
	reasonBusy = "invokes an operation while its last one has not returned; record the return first, or give a client that restarts a new number"
	reasonIdle = "returns from an operation that it did not invoke, or that already returned; record every invocation, and a return once"
)

// FromEvents returns the history of events in their order in real time. The error is a [*HistoryError] that names the
// first bad event.
func FromEvents[Op, Ret any](events []Event[Op, Ret]) (History[Op, Ret], error) {
	h := History[Op, Ret]{events: make([]Event[Op, Ret], 0, len(events))}
	var busy map[int]bool
	if len(events) > fewEvents {
		busy = map[int]bool{}
	}
	for i, e := range events {
		under := busy[e.Client] || busy == nil && h.Busy(e.Client)
		if err := misfit(i, e.Client, e.Kind, under); err != nil {
			return History[Op, Ret]{}, err
		}
		if busy != nil {
			busy[e.Client] = e.Kind == Invoke
		}
		h.events = slices.Insert(h.events, h.place(e.Client, e.Kind), e)
	}
	return h, nil
}

// fewEvents is how many events are searched as quickly as a map.
const fewEvents = 32

// misfit returns the error of an event that does not fit a client with an operation under way, or without.
func misfit(index, client int, kind Kind, busy bool) error {
	switch {
	case kind > Return:
		return &HistoryError{index, client, fmt.Sprintf("has an event of kind %d, which is neither Invoke nor Return", kind)}
	case kind == Invoke && busy:
		return &HistoryError{index, client, reasonBusy}
	case kind == Return && !busy:
		return &HistoryError{index, client, reasonIdle}
	}
	return nil
}

// place returns where the next event belongs: in the last run of its kind, in the order of the clients.
func (h History[Op, Ret]) place(client int, kind Kind) int {
	i := len(h.events)
	for i > 0 && h.events[i-1].Kind == kind && h.events[i-1].Client > client {
		i--
	}
	return i
}

// Invoke returns the history in which the client then invoked op. The error is a [*HistoryError]: the client still has an
// operation that has not returned.
func (h History[Op, Ret]) Invoke(client int, op Op) (History[Op, Ret], error) {
	return h.append(Event[Op, Ret]{Client: client, Kind: Invoke, Op: op})
}

// Return returns the history in which the client's operation then returned ret. The error is a [*HistoryError]: the client
// has no operation that could return.
func (h History[Op, Ret]) Return(client int, ret Ret) (History[Op, Ret], error) {
	return h.append(Event[Op, Ret]{Client: client, Kind: Return, Ret: ret})
}

func (h History[Op, Ret]) append(e Event[Op, Ret]) (History[Op, Ret], error) {
	if err := misfit(len(h.events), e.Client, e.Kind, h.Busy(e.Client)); err != nil {
		return h, err
	}
	at := h.place(e.Client, e.Kind)
	events := make([]Event[Op, Ret], len(h.events)+1)
	copy(events, h.events[:at])
	events[at] = e
	copy(events[at+1:], h.events[at:])
	return History[Op, Ret]{events}, nil
}

// Busy reports whether the client has an operation that has not returned.
func (h History[Op, Ret]) Busy(client int) bool {
	for _, e := range slices.Backward(h.events) {
		if e.Client == client {
			return e.Kind == Invoke
		}
	}
	return false
}

// Len returns the number of events.
func (h History[Op, Ret]) Len() int { return len(h.events) }

// Events yields the events in their order in real time, as far as it is kept.
func (h History[Op, Ret]) Events() iter.Seq[Event[Op, Ret]] { return slices.Values(h.events) }

// ProgramOrder returns the history in which the clients act one after the other, in the order of their numbers: of the
// order of the events, only that of every client is left, which is all that sequential consistency looks at. Histories
// kept in this form merge in a state space wherever their clients saw the same. It takes the same further events.
func (h History[Op, Ret]) ProgramOrder() History[Op, Ret] {
	byClient := func(a, b Event[Op, Ret]) int { return cmp.Compare(a.Client, b.Client) }
	if slices.IsSortedFunc(h.events, byClient) {
		return h
	}
	events := slices.Clone(h.events)
	slices.SortStableFunc(events, byClient)
	return History[Op, Ret]{events}
}
