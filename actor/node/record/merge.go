package record

import (
	"errors"
	"fmt"
	"slices"

	"github.com/allways-go/allways/actor"
)

// Merge merges the recordings of a system into one causal trace: an entry comes after all that its clock knows of, and else they
// are in the order of their times. What was undone by a crash is left out; see [uncommitted].
func Merge(all []Recording) ([]Entry, error) {
	if len(all) == 0 {
		return nil, errors.New("there are no recordings")
	}
	h := all[0].Header
	queues := make([][]Entry, len(h.Actors))
	known := make([]bool, len(h.Actors))
	done := make([]uint64, len(h.Actors)) // by the clocks of the last entries
	total := 0
	for _, r := range all {
		if !slices.Equal(r.Header.Actors, h.Actors) {
			return nil, fmt.Errorf("the recordings of %v and %v are of different systems", r.Header.Actors, h.Actors)
		}
		if known[r.Header.Actor] {
			return nil, fmt.Errorf("there are two recordings of %s", h.Actors[r.Header.Actor])
		}
		if err := checkStarts(r.Entries); err != nil {
			return nil, fmt.Errorf("the recording of %s %w", h.Actors[r.Header.Actor], err)
		}
		known[r.Header.Actor] = true
		q := without(r.Entries)
		if queues[r.Header.Actor] = q; len(q) > 0 {
			done[r.Header.Actor] = q[len(q)-1].Clock[r.Header.Actor]
		}
		total += len(q)
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
			if seen > done[j] {
				return nil, fmt.Errorf("%s knows more of what %s did than was recorded: the end of that recording is missing", h.Actors[next], h.Actors[j])
			}
		}
		trace, queues[next] = append(trace, e), queues[next][1:]
	}
	return trace, nil
}

// checkStarts makes sure that an actor starts, and starts again only if it has done nothing since.
func checkStarts(entries []Entry) error {
	for i, e := range entries {
		started := e.Kind == actor.Start.String()
		switch {
		case i == 0 && !started:
			return errors.New("does not begin with its start: the beginning is missing")
		case i > 0 && started && entries[i-1].Kind != e.Kind:
			return errors.New("has it start again, after it has run: what it had stored was lost, and it is none of one run")
		}
	}
	return nil
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

// uncommitted returns how many entries of a recording tell of what never happened: the process died after it had recorded them, and
// before what they saved was stored. Nothing of that has left the process.
func uncommitted(r Recording) int { return len(r.Entries) - len(without(r.Entries)) }

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
