package record

import (
	"errors"
	"fmt"
	"slices"

	"github.com/allways-go/allways/actor"
)

// Merge merges the recordings of a system into one causal trace: an entry comes after all entries
// that its vector clock counts, and otherwise the order is that of time. It leaves out entries that
// a crash kept from being committed. Clocks of different machines are never compared where one step may
// depend on another: time only orders what vector clocks leave open, so wrong clocks give an unusual
// trace, but not a wrong one. It needs a recording of each actor from its start on, as far
// as other actors have heard of it.
func Merge(all []Recording) ([]Entry, error) {
	if len(all) == 0 {
		return nil, errors.New("no recordings to merge")
	}
	h := all[0].Header
	queues := make([][]Entry, len(h.Actors))
	known := make([]bool, len(h.Actors))
	done := make([]uint64, len(h.Actors)) // number of steps in each recording
	total := 0
	for _, r := range all {
		if !slices.Equal(r.Header.Actors, h.Actors) {
			return nil, fmt.Errorf("recordings of different systems: one has the actors %v, another %v",
				r.Header.Actors, h.Actors)
		}
		if known[r.Header.Actor] {
			return nil, fmt.Errorf("two recordings of %s: want one of each actor", h.Actors[r.Header.Actor])
		}
		if err := checkStarts(r.Entries); err != nil {
			return nil, fmt.Errorf("the recording of %s: %w", h.Actors[r.Header.Actor], err)
		}
		known[r.Header.Actor] = true
		q := committed(r.Entries)
		if queues[r.Header.Actor] = q; len(q) > 0 {
			done[r.Header.Actor] = q[len(q)-1].Clock[r.Header.Actor]
		}
		total += len(q)
	}
	trace := make([]Entry, 0, total)
	for len(trace) < total {
		next := earliest(queues)
		if next < 0 {
			return nil, errors.New("the recordings contradict each other: each first entry follows one of another recording")
		}
		e := queues[next][0]
		for j, seen := range e.Clock {
			if seen > 0 && !known[j] {
				return nil, fmt.Errorf("%s has received messages of %s, whose recording is missing", h.Actors[next], h.Actors[j])
			}
			if seen > done[j] {
				return nil, fmt.Errorf("%s has received messages of %s that are not in its recording: the end of that "+
					"recording is missing", h.Actors[next], h.Actors[j])
			}
		}
		trace, queues[next] = append(trace, e), queues[next][1:]
	}
	return trace, nil
}

// checkStarts returns an error unless the actor starts first, and starts again only if it has done
// nothing since: it did not live to store that it had started.
func checkStarts(entries []Entry) error {
	for i, e := range entries {
		started := e.Kind == actor.Start.String()
		switch {
		case i == 0 && !started:
			return errors.New("it does not begin with the start of the actor: the beginning is missing")
		case i > 0 && started && entries[i-1].Kind != e.Kind:
			return errors.New("the actor starts again after it has run: its stored value was lost, so this is not one run")
		}
	}
	return nil
}

// earliest returns the actor with the earliest entry among those that are ready, or -1.
func earliest(queues [][]Entry) int {
	best := -1
	for i, q := range queues {
		if len(q) > 0 && ready(q[0], queues) && (best < 0 || q[0].Time < queues[best][0].Time) {
			best = i
		}
	}
	return best
}

// ready reports whether an entry follows none that is still in a queue.
func ready(e Entry, queues [][]Entry) bool {
	for j, seen := range e.Clock {
		if j != int(e.Actor) && len(queues[j]) > 0 && queues[j][0].Clock[j] <= seen {
			return false
		}
	}
	return true
}

// uncommitted returns the number of entries in a recording that never took effect, because the
// process died after it had recorded them and before it stored what they saved. Nothing of them
// left the process.
func uncommitted(r Recording) int { return len(r.Entries) - len(committed(r.Entries)) }

// committed returns the entries that took effect.
func committed(entries []Entry) []Entry {
	var kept []Entry
	for _, e := range entries {
		switch e.Kind {
		case actor.Restart.String():
			kept = kept[:stored(kept, e.Stored)]
		case actor.Start.String():
			kept = nil // the actor did not live to store its earlier start
		}
		kept = append(kept, e)
	}
	return kept
}

// stored returns the number of entries that were committed, given the digest of the value that was
// stored at the end. These are all up to the one that saved the value, and those after it that
// saved nothing: what they did was lost with the process, but may have been sent. The first entry
// that saved another value was not committed, and nor was anything after it.
func stored(entries []Entry, digest string) int {
	last := -1 // index of the entry that saved the value
	for i := len(entries) - 1; i >= 0 && last < 0; i-- {
		if digest != "" && entries[i].Saved == digest {
			last = i
		}
	}
	for i := last + 1; i < len(entries); i++ {
		if entries[i].Saved != "" {
			return i
		}
	}
	return len(entries)
}
