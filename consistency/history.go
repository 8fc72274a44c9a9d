package consistency

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
)

// EventKind is the kind of an [Event].
type EventKind uint8

// The kinds of events.
const (
	Invoke EventKind = iota
	Return
)

// Event is the invocation of an operation by a client, or its return. A client has at most one
// operation at a time. A client that does not wait for a return, for instance because it was
// restarted, goes on under a new number.
type Event[Op, Ret any] struct {
	Client int       // number of the client
	Kind   EventKind // Invoke or Return
	Op     Op        // operation, of an invocation
	Ret    Ret       // result, of a return
}

// History holds the invocations and returns of operations in order. The zero History is empty. It is an
// immutable value: Invoke and Return give a new one. It is safe for concurrent use.
//
// Histories that no client can tell apart have equal content, since the order between two adjacent
// invocations, or two adjacent returns, is not kept. A history does keep the order of each client's
// operations, and which operation returned before which one was invoked.
type History[Op, Ret any] struct {
	// events alternates between runs of invocations and runs of returns, each in the order of the
	// clients. This form is unique: the returns before an invocation decide its run, and the
	// invocations after a return decide that of the return.
	events []Event[Op, Ret]
}

// HistoryError reports an event that does not fit the events before it.
type HistoryError struct {
	Index  int    // index of the event, from 0
	Client int    // client of the event
	Reason string // error and remedy, as the end of a sentence about the client
}

// Error returns the event, the client and the reason.
func (e *HistoryError) Error() string {
	return fmt.Sprintf("event %d of the history: client %d %s", e.Index, e.Client, e.Reason)
}

// Reasons of a [HistoryError].
const (
	reasonBusy = "invokes an operation before its last one has returned; " +
		"record the return first, or use a new client number after a restart"
	reasonIdle = "returns from an operation that it did not invoke, or that already returned; " +
		"record each invocation, and each return once"
)

// FromEvents returns the history of events in real-time order. An error is a [*HistoryError] about the
// first event that does not fit.
func FromEvents[Op, Ret any](events []Event[Op, Ret]) (History[Op, Ret], error) {
	h := History[Op, Ret]{events: slices.Clone(events)}
	var busy map[int]bool
	if len(events) > fewEvents {
		busy = map[int]bool{}
	}
	for i, e := range events {
		isBusy := busy[e.Client] || busy == nil && History[Op, Ret]{events[:i]}.Busy(e.Client)
		if err := misfit(i, e.Client, e.Kind, isBusy); err != nil {
			return History[Op, Ret]{}, err
		}
		if busy != nil {
			busy[e.Client] = e.Kind == Invoke
		}
	}
	h.sortRuns()
	return h, nil
}

// sortRuns puts each run of events of one kind into the order of the clients, of which each has one event in it.
func (h History[Op, Ret]) sortRuns() {
	byClient := func(a, b Event[Op, Ret]) int { return cmp.Compare(a.Client, b.Client) }
	for lo := 0; lo < len(h.events); {
		hi := lo + 1
		for hi < len(h.events) && h.events[hi].Kind == h.events[lo].Kind {
			hi++
		}
		slices.SortFunc(h.events[lo:hi], byClient)
		lo = hi
	}
}

// fewEvents is the length up to which searching a history is as fast as a map.
const fewEvents = 32

// misfit returns the error of an event that does not fit its client.
func misfit(index, client int, kind EventKind, busy bool) error {
	switch {
	case kind > Return:
		return &HistoryError{index, client, fmt.Sprintf("has an event of unknown kind %d; use Invoke or Return",
			kind)}
	case kind == Invoke && busy:
		return &HistoryError{index, client, reasonBusy}
	case kind == Return && !busy:
		return &HistoryError{index, client, reasonIdle}
	}
	return nil
}

// place returns the index at which the next event belongs: in the last run of its kind, in the order of
// the clients.
func (h History[Op, Ret]) place(client int, kind EventKind) int {
	i := len(h.events)
	for i > 0 && h.events[i-1].Kind == kind && h.events[i-1].Client > client {
		i--
	}
	return i
}

// Invoke returns the history with the invocation of op by the client appended. An error is a
// [*HistoryError]: the client's last operation has not returned.
func (h History[Op, Ret]) Invoke(client int, op Op) (History[Op, Ret], error) {
	return h.append(Event[Op, Ret]{Client: client, Kind: Invoke, Op: op})
}

// Return returns the history with the return of the client's operation appended. An error is a
// [*HistoryError]: the client has no pending operation.
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

// Busy reports whether the client has a pending operation.
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

// Events yields the events in real-time order, as far as the history keeps it.
func (h History[Op, Ret]) Events() iter.Seq[Event[Op, Ret]] { return slices.Values(h.events) }

// ProgramOrder returns the history in which the clients act one after another, in the order of their
// numbers. It keeps the order of each client's events and drops the order between clients, which
// sequential consistency ignores. A state space is smaller if its histories have this form. More events
// can be appended to it.
func (h History[Op, Ret]) ProgramOrder() History[Op, Ret] {
	byClient := func(a, b Event[Op, Ret]) int { return cmp.Compare(a.Client, b.Client) }
	if slices.IsSortedFunc(h.events, byClient) {
		return h
	}
	events := slices.Clone(h.events)
	slices.SortStableFunc(events, byClient)
	return History[Op, Ret]{events}
}

// Relabel returns the history with the client numbers replaced by f(client). Different clients must get
// different numbers.
func (h History[Op, Ret]) Relabel(f func(client int) int) History[Op, Ret] {
	events := slices.Clone(h.events)
	for i := range events {
		events[i].Client = f(events[i].Client)
	}
	relabeled := History[Op, Ret]{events}
	relabeled.sortRuns()
	return relabeled
}
