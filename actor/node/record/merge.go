package record

import (
	"errors"
	"fmt"
	"slices"
)

// Merge merges the recordings of a system into one causal trace: an entry comes after all that its clock knows of, and else they
// are in the order of their times. What was undone by a crash is left out; see [Undone].
func Merge(all []Recording) ([]Entry, error) {
	if len(all) == 0 {
		return nil, errors.New("there are no recordings")
	}
	h := all[0].Header
	queues := make([][]Entry, len(h.Actors))
	known := make([]bool, len(h.Actors))
	total := 0
	for _, r := range all {
		if !slices.Equal(r.Header.Actors, h.Actors) {
			return nil, fmt.Errorf("the recordings of %v and %v are of different systems", r.Header.Actors, h.Actors)
		}
		if known[r.Header.Actor] {
			return nil, fmt.Errorf("there are two recordings of %s", h.Actors[r.Header.Actor])
		}
		known[r.Header.Actor] = true
		queues[r.Header.Actor] = without(r.Entries)
		total += len(queues[r.Header.Actor])
	}
	trace := make([]Entry, 0, total)
	for len(trace) < total {
		next := earliest(queues)
		if next < 0 {
			return nil, errors.New("the recordings do not fit together: each waits for another one")
		}
		e := queues[next][0]
		for j, seen := range e.Clock {
			if seen > 0 && !known[j] {
				return nil, fmt.Errorf("%s knows what %s did, and there is no recording of it", h.Actors[next], h.Actors[j])
			}
		}
		trace, queues[next] = append(trace, e), queues[next][1:]
	}
	return trace, nil
}

// earliest returns the actor whose next entry is the first by time of those that wait for nothing, or -1.
func earliest(queues [][]Entry) int {
	best := -1
	for i, q := range queues {
		if len(q) > 0 && ready(q[0], queues) && (best < 0 || q[0].Time < queues[best][0].Time) {
			best = i
		}
	}
	return best
}

// ready reports whether an entry comes after nothing that is still in a queue.
func ready(e Entry, queues [][]Entry) bool {
	for j, seen := range e.Clock {
		if j != int(e.Actor) && len(queues[j]) > 0 && queues[j][0].Clock[j] <= seen {
			return false
		}
	}
	return true
}

// Undone returns how many entries of a recording tell of what never happened: the process died after it had recorded them, and
// before what they saved was stored. Nothing of that has left the process.
func Undone(r Recording) int { return len(r.Entries) - len(without(r.Entries)) }

func without(entries []Entry) []Entry {
	var kept []Entry
	for _, e := range entries {
		switch e.Kind {
		case "recover":
			kept = kept[:stored(kept, e.Stored)]
		case "start":
			kept = nil // an earlier start was not stored
		}
		kept = append(kept, e)
	}
	return kept
}

// stored returns how many entries are not undone, by what was found in the storage afterwards.
func stored(entries []Entry, digest string) int {
	last := -1 // the entry that saved it
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
