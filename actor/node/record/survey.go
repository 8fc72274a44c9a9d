package record

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/allways-go/allways/actor"
)

// survey is what must be known of a track before its entries are taken.
type survey struct {
	entries int      // number of entries
	dropped [][2]int // the entries from one index to another that never took effect, in order
	done    uint64   // number of the actor's last step

	saves   []saving // entries that saved and took effect, as far as known
	cut     bool     // whether the earliest of them were forgotten
	started int      // index of the last start; -1 if there was none
}

// saving is an entry that saved a value.
type saving struct {
	index  int
	digest uint64
}

// maxSaves is the number of entries that a survey remembers, far more than one commit can have.
const maxSaves = 1 << 20

// survey reads a track for the first time.
func (t *track) survey() (s survey, err error) {
	in, err := t.entries()
	if err != nil {
		return s, err
	}
	defer in.close()
	s.started, s.done = -1, t.header.clock()[t.header.Actor]
	next := in.next
	if r, ok := in.(*reader); ok {
		next = r.skim
	}
	for {
		e, ok, err := next()
		if err != nil {
			return s, err
		}
		if !ok {
			break
		}
		if err := s.add(&e, t.header.Snapshot != nil); err != nil {
			return s, fmt.Errorf("the recording of %s: %w", t.header.Actors[t.header.Actor], err)
		}
	}
	s.saves, s.done = nil, max(s.done, t.last)
	return s, nil
}

// skim is next, but leaves entries zero that neither start nor save anything. Decoding all would take as
// long as following them.
func (r *reader) skim() (e Entry, ok bool, err error) {
	line, err := r.line()
	if err != nil || line == nil {
		return e, false, err
	}
	if !bytes.Contains(line, []byte("start")) && !bytes.Contains(line, []byte(`"saved"`)) {
		return e, true, nil
	}
	if err := e.parse(line, r.header); err != nil {
		return e, false, r.wrong(err)
	}
	return e, true, nil
}

// add adds an entry, which took effect unless it is dropped later.
func (s *survey) add(e *Entry, resumed bool) (err error) {
	i := s.entries
	s.entries++
	switch e.Kind {
	case actor.Restart.String():
		if i == 0 && !resumed {
			return errors.New("it does not begin with the start of the actor: the beginning is missing")
		}
		err = s.restart(i, e.Stored)
	case actor.Start.String():
		// An actor starts again only if it has done nothing since: it did not live to store that it had started.
		if i > 0 && s.started != i-1 || resumed {
			return errors.New("the actor starts again after it has run: its stored value was lost, so this is not one run")
		}
		s.started, s.saves = i, s.saves[:0]
		s.drop(0, i)
	default:
		if i == 0 && !resumed {
			return errors.New("it does not begin with the start of the actor: the beginning is missing")
		}
	}
	if e.Saved != "" && err == nil {
		var x uint64
		if x, err = strconv.ParseUint(e.Saved, 16, 64); err != nil {
			return fmt.Errorf("malformed digest %q", e.Saved)
		}
		if s.saves = append(s.saves, saving{i, x}); len(s.saves) == 2*maxSaves {
			s.saves, s.cut = append(s.saves[:0], s.saves[maxSaves:]...), true
		}
	}
	if len(e.Clock) > 0 {
		s.done = e.Clock[e.Actor]
	}
	return err
}

// restart drops entries that were not committed, given the digest of the value that was stored. Committed
// are all up to the one that saved the value, and those after it that saved nothing: what they did was lost
// with the process, but may have been sent. The first entry that saved another value was not committed, and
// nor was anything after it. Before a file with a snapshot, all was committed.
func (s *survey) restart(i int, stored string) error {
	last := -1 // the place of the entry that saved the value
	if stored != "" {
		x, err := strconv.ParseUint(stored, 16, 64)
		if err != nil {
			return fmt.Errorf("malformed digest %q", stored)
		}
		for k := len(s.saves) - 1; k >= 0 && last < 0; k-- {
			if s.saves[k].digest == x {
				last = k
			}
		}
	}
	if last < 0 && s.cut {
		return fmt.Errorf("the actor restarts with a value that none of its last %d entries has saved", len(s.saves))
	}
	if last+1 < len(s.saves) {
		s.drop(s.saves[last+1].index, i)
		s.saves = s.saves[:last+1]
	}
	return nil
}

// drop drops the entries from one index to another.
func (s *survey) drop(from, to int) {
	if from == to {
		return
	}
	for n := len(s.dropped); n > 0 && s.dropped[n-1][0] >= from; n-- {
		s.dropped = s.dropped[:n-1]
	}
	s.dropped = append(s.dropped, [2]int{from, to})
}

// uncommitted returns the number of entries that never took effect, because the process died after it had
// recorded them and before it stored what they saved. Nothing of them left the process.
func (s *survey) uncommitted() (n int) {
	for _, d := range s.dropped {
		n += d[1] - d[0]
	}
	return n
}
