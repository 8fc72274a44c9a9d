package record

import (
	"cmp"
	"container/heap"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Merge merges the recordings of a system into one causal trace: an entry comes after all entries
// that its vector clock counts, and otherwise the order is that of time. It leaves out entries that
// a crash kept from being committed. Clocks of different machines are never compared where one step may
// depend on another: time only orders what vector clocks leave open, so wrong clocks give an unusual
// trace, but not a wrong one. It needs a recording of each actor from its start on, as far
// as other actors have heard of it.
func Merge(all []Recording) ([]Entry, error) {
	m, err := newMerger(inMemory(all))
	if err != nil {
		return nil, err
	}
	var trace []Entry
	for {
		e, ok, err := m.next()
		if err != nil || !ok {
			return trace, err
		}
		trace = append(trace, e)
	}
}

// merger merges tracks. It holds one entry of each.
type merger struct {
	actors  []string
	lanes   []*lane // one for each actor; nil without a recording
	partial bool    // whether entries may depend on actors without a recording
	ready   lanes   // those whose first entry depends on none that is still to come
	waiting [][]*lane
	left    int // lanes that are not at their end
}

// lane is what a merger knows of a track.
type lane struct {
	survey
	header Header
	in     input
	index  int    // index of the next entry to read
	head   Entry  // the first entry that was not taken
	number uint64 // number of its step; the largest number at the end
}

// lanes is a heap by time, then by actor.
type lanes []*lane

func (h lanes) Len() int      { return len(h) }
func (h lanes) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *lanes) Push(x any)   { *h = append(*h, x.(*lane)) }
func (h lanes) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(h[i].head.Time, h[j].head.Time), cmp.Compare(h[i].header.Actor, h[j].header.Actor)) < 0
}

func (h *lanes) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// newMerger surveys tracks, and returns a merger at the beginning of them.
func newMerger(tracks []track) (m *merger, err error) {
	if len(tracks) == 0 {
		return nil, errors.New("no recordings to merge")
	}
	m = &merger{actors: tracks[0].header.Actors}
	m.lanes, m.waiting = make([]*lane, len(m.actors)), make([][]*lane, len(m.actors))
	defer func() {
		if err != nil {
			m.close()
		}
	}()
	for _, t := range tracks {
		h := t.header
		switch {
		case !slices.Equal(h.Actors, m.actors):
			return m, fmt.Errorf("recordings of different systems: one has the actors %v, another %v", h.Actors, m.actors)
		case h.Actor < 0 || int(h.Actor) >= len(m.actors):
			return m, fmt.Errorf("actor %d is not one of the %d actors", h.Actor, len(m.actors))
		case m.lanes[h.Actor] != nil:
			return m, fmt.Errorf("two recordings of %s: want one of each actor", m.actors[h.Actor])
		}
		s, err := t.survey()
		if err != nil {
			return m, err
		}
		l := &lane{survey: s, header: h}
		m.lanes[h.Actor] = l
		if l.in, err = t.entries(); err != nil {
			return m, err
		}
		m.left++
		if err := m.advance(l); err != nil {
			return m, err
		}
	}
	for _, l := range m.lanes {
		if l != nil && l.number != math.MaxUint64 {
			m.place(l)
		}
	}
	return m, nil
}

func (m *merger) close() {
	for _, l := range m.lanes {
		if l != nil && l.in != nil {
			l.in.close()
		}
	}
}

// advance reads the next entry of a lane that took effect.
func (m *merger) advance(l *lane) error {
	for {
		e, ok, err := l.in.next()
		if err != nil {
			return err
		}
		if !ok {
			l.head, l.number = Entry{}, math.MaxUint64
			m.left--
			return nil
		}
		i := l.index
		l.index++
		for len(l.dropped) > 0 && l.dropped[0][1] <= i {
			l.dropped = l.dropped[1:]
		}
		if len(l.dropped) == 0 || i < l.dropped[0][0] {
			l.head, l.number = e, e.Clock[l.header.Actor]
			return nil
		}
	}
}

// place puts a lane among those that are ready, or those that wait for an entry of another one.
func (m *merger) place(l *lane) {
	for j, seen := range l.head.Clock {
		if o := m.lanes[j]; j != int(l.header.Actor) && o != nil && o.number <= seen {
			m.waiting[j] = append(m.waiting[j], l)
			return
		}
	}
	heap.Push(&m.ready, l)
}

// next returns the next entry of the trace; ok is false at the end.
func (m *merger) next() (e Entry, ok bool, err error) {
	if len(m.ready) == 0 {
		if m.left > 0 {
			err = errors.New("the recordings contradict each other: each first entry follows one of another recording")
		}
		return e, false, err
	}
	l := heap.Pop(&m.ready).(*lane)
	e = l.head
	if err := m.known(&e); err != nil {
		return e, false, err
	}
	if err := m.advance(l); err != nil {
		return e, false, err
	}
	if l.number != math.MaxUint64 {
		m.place(l)
	}
	woken := m.waiting[e.Actor]
	m.waiting[e.Actor] = nil
	for _, w := range woken {
		m.place(w)
	}
	return e, true, nil
}

// known returns an error if an entry depends on steps that were not recorded.
func (m *merger) known(e *Entry) error {
	for j, seen := range e.Clock {
		if seen == 0 {
			continue
		}
		switch o := m.lanes[j]; {
		case o == nil && !m.partial:
			return fmt.Errorf("%s has received messages of %s, whose recording is missing", m.actors[e.Actor], m.actors[j])
		case o != nil && seen > o.done:
			return fmt.Errorf("%s has received messages of %s that are not in its recording: the end of that "+
				"recording is missing", m.actors[e.Actor], m.actors[j])
		}
	}
	return nil
}
