// Package dead learns which messages are dead: those to which their receiver never reacts again, in no local state
// that it can still come to. It knows local states and events by numbers alone, and runs no user code: what an event
// does in a local state is a question to its caller, package search, which also says what to do with dead messages.
//
// Which variables are live at a place of a program, and which contents of its queues, can be seen in the program
// (Bozga, Fernandez and Ghirvu, State Space Reduction Based on Live Variables Analysis, SAS 1999). Handlers cannot be
// looked into, so it is learned from a search that drops what has no effect now, unless it is known to be alive. What
// was dropped is followed along the steps of its receiver; if it meets a local state in which it has an effect, it
// is alive wherever it was on the way, and the search was wrong to drop it.
package dead

import (
	"maps"
	"slices"
	"sync"
)

// A Learner knows which events are alive in which local states, and collects what leads to more of that. Alive and the
// methods that note something are safe for concurrent use; Learn and Reset must run alone. Make one with [New].
type Learner struct {
	alive map[pair]struct{}

	mu      sync.Mutex
	steps   map[pair]struct{} // pairs of local states, of which one follows the other
	dropped map[pair]struct{} // pairs of a local state and an event
	kept    map[pair]struct{} // the same, of events that were kept since they are known to be alive
	renames []Renaming
}

type pair struct{ local, other uint32 }

// Renaming exchanges names of actors, in a local state and in an event. What is learned holds for all names.
type Renaming struct{ Local, Event func(id uint32) uint32 }

// New returns a learner that knows nothing.
func New() *Learner {
	l := &Learner{alive: map[pair]struct{}{}}
	l.Reset()
	return l
}

// Reset drops what was collected, and keeps what was learned. The renamings, which must make together all that states
// can be renamed to, are for what is collected from now on.
func (l *Learner) Reset(renamings ...Renaming) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.renames = renamings
	l.steps, l.dropped, l.kept = map[pair]struct{}{}, map[pair]struct{}{}, map[pair]struct{}{}
}

// Alive reports whether an event is known to be alive in a local state.
func (l *Learner) Alive(local, event uint32) bool {
	_, ok := l.alive[pair{local, event}]
	return ok
}

// NoteStep notes a step of an actor from one local state to another.
func (l *Learner) NoteStep(from, to uint32) {
	if from != to {
		l.note(l.steps, pair{from, to})
	}
}

// NoteDropped notes that an event was dropped in a local state.
func (l *Learner) NoteDropped(local, event uint32) { l.note(l.dropped, pair{local, event}) }

// NoteKept notes that an event was kept in a local state since it is known to be alive.
func (l *Learner) NoteKept(local, event uint32) { l.note(l.kept, pair{local, event}) }

func (l *Learner) note(in map[pair]struct{}, p pair) {
	l.mu.Lock()
	defer l.mu.Unlock()
	in[p] = struct{}{}
}

// pairBytes is what a pair takes in a map, roughly.
const pairBytes = 24

// Size returns the bytes that are held.
func (l *Learner) Size() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int64(len(l.alive)+len(l.steps)+len(l.dropped)+len(l.kept)) * pairBytes
}

// Learn learns from what was collected. It reports whether any event that was dropped is alive: then the search
// was wrong. reacts says whether an event has an effect in a local state.
func (l *Learner) Learn(reacts func(local, event uint32) bool) (wrong bool) {
	l.rename()
	alive := newGraph(l.steps, l.dropped).aliveWhere(func(local, event uint32) bool {
		return l.Alive(local, event) || reacts(local, event)
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	before := len(l.alive)
	maps.Copy(l.alive, alive)
	return len(l.alive) > before
}

// Review learns anew from a search that was complete and right, for spaces in which searches that were wrong take
// steps that are not possible: what these have taught may not be true. It reports whether an event was kept that is not
// alive; then another search keeps less, and is right, too.
func (l *Learner) Review(reacts func(local, event uint32) bool) (wasteful bool) {
	l.rename()
	met := maps.Clone(l.dropped)
	maps.Copy(met, l.kept)
	alive := newGraph(l.steps, met).aliveWhere(reacts)
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := range l.kept {
		if _, ok := alive[p]; !ok {
			l.alive = alive
			return true
		}
	}
	return false
}

// rename adds what was collected under all other names.
func (l *Learner) rename() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, x := range []struct {
		pairs map[pair]struct{}
		event bool
	}{{l.steps, false}, {l.dropped, true}, {l.kept, true}} {
		for todo := slices.Collect(maps.Keys(x.pairs)); len(todo) > 0; {
			p := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, r := range l.renames {
				other := r.Local
				if x.event {
					other = r.Event
				}
				q := pair{r.Local(p.local), other(p.other)}
				if _, ok := x.pairs[q]; !ok {
					x.pairs[q] = struct{}{}
					todo = append(todo, q)
				}
			}
		}
	}
}
