package engine

import (
	"math"
	"slices"

	"github.com/allways-go/allways/internal/ranks"
	"github.com/allways-go/allways/internal/visited"
)

// depthSet is the visited set of a depth-first search. A breadth-first search has its store, which
// is about levels. A depth-first search knows no levels; a state has a note instead, which says by
// which step it was met and whether it was expanded.
//
// There are three forms. Whole states with notes are the ordinary one. With fingerprints and a
// depth limit, the fingerprint of two words is kept as if it were the state, so that it has a
// number and a note. With fingerprints alone there are neither numbers nor notes, since nothing is
// asked of a state but whether it was met.
type depthSet struct {
	set          *visited.Exact        // states, or fingerprints that need numbers; nil in the third form
	prints       *visited.Fingerprints // the third form
	notes        *ranks.Column         // one note for each number
	budget       *Budget
	fingerprints bool
	limited      bool // there is a depth limit, and there are notes to respect it
	maxDepth     int  // 0 for no limit
}

// note is the note of a state in one word, so that depth and parent are always written together.
// Its bits are: whether the state was expanded; the least depth at which it was met, inverted, so
// that zero is no note and a greater note is a better one; and the number of the parent from which
// it was met at that depth.
type note uint64

const (
	expandedBit = note(1) << 63
	maxDFSDepth = math.MaxInt32 - 1
)

func newNote(depth, parent uint32) note {
	return note(maxDFSDepth+1-depth)<<32 | note(parent)
}

func (n note) depth() uint32  { return maxDFSDepth + 1 - uint32(n&^expandedBit>>32) }
func (n note) parent() uint32 { return uint32(n) }

// newDepthSet chooses the form by the configuration.
func newDepthSet(words int, cfg *Config) (*depthSet, error) {
	b := cfg.Budget
	s := &depthSet{budget: b, fingerprints: cfg.Fingerprints, maxDepth: b.maxDepth}
	var err error
	if cfg.Fingerprints && b.maxDepth == 0 {
		if s.prints, err = visited.NewFingerprints(visited.Config{MemoryLimit: b.allow}); err != nil {
			return nil, err
		}
		b.hold(s.prints)
		return s, nil
	}
	if cfg.Fingerprints {
		words = 2
	}
	if s.set, err = visited.NewExact(visited.Config{Words: words, Seed: b.seed, MemoryLimit: b.allow}); err != nil {
		return nil, err
	}
	s.limited = b.maxDepth > 0
	s.notes = &ranks.Column{Allow: b.allow}
	b.hold(s.set)
	b.hold(s.notes)
	return s, nil
}

func (s *depthSet) close() {
	if s.set == nil {
		s.budget.drop(s.prints)
		s.prints.Close()
		return
	}
	s.budget.drop(s.set)
	s.budget.drop(s.notes)
	s.set.Close()
}

// insert looks up the states of a batch and adds the new ones. keys is scratch memory of the
// caller.
func (s *depthSet) insert(b *Batch, l *lookup, keys *[]uint32) error {
	l.prepare(b)
	var done int
	var err error
	switch {
	case s.set == nil:
		done, err = s.prints.InsertBatch(b.hashes[:b.n], l.fresh)
	case s.fingerprints:
		all := (*keys)[:0]
		for i := range b.n {
			all = append(all, fingerprintKey(b.Vector(i), s.budget.seed)...)
			b.hashes[i] = visited.Seeded(all[2*i:], s.budget.seed)
		}
		*keys = all
		done, err = s.set.InsertBatch(all, b.hashes, b.n, l.ids, l.fresh)
	default:
		done, err = s.set.InsertBatch(b.vecs, b.hashes, b.n, l.ids, l.fresh)
	}
	b.n = min(b.n, done)
	return err
}

// fingerprintKey returns the fingerprint of a state as the two words that stand for it in the set.
func fingerprintKey(state []uint32, seed uint64) []uint32 {
	h := visited.Seeded(state, seed)
	return []uint32{uint32(h), uint32(h >> 32)}
}

// number returns the number of the i-th state of a batch that was looked up, or none in the form
// without numbers.
func (s *depthSet) number(l *lookup, i int) uint32 {
	if s.set == nil {
		return none
	}
	return l.ids[i]
}

// numberOf returns the number of a state by its fingerprint, or none in the form without numbers.
func (s *depthSet) numberOf(state []uint32) uint32 {
	if s.set == nil {
		return none
	}
	id, _ := s.set.Lookup(fingerprintKey(state, s.budget.seed))
	return id
}

// claim decides whether a state that comes from a stack, where it has the given depth, is to be
// expanded now, and whether for the first time.
func (s *depthSet) claim(id, depth uint32) (first, ok bool) {
	if s.set == nil {
		return true, true
	}
	if s.limited && int(depth) >= s.maxDepth {
		return false, false
	}
	at := s.notes.At(id)
	for {
		old := note(at.Load())
		if old.depth() < depth {
			return false, false // it was met at a lesser depth, and is on a stack with that one
		}
		if old&expandedBit != 0 {
			return false, true
		}
		if at.CompareAndSwap(uint64(old), uint64(old|expandedBit)) {
			return true, true
		}
	}
}

// meet notes that a state was met at a depth, from a parent. push reports whether the state is to
// be expanded: it is new, or there is a depth limit and it was never met at so small a depth. ok is
// false if there is no memory for the note.
func (s *depthSet) meet(id uint32, fresh bool, depth, parent uint32) (push, ok bool) {
	if s.set == nil {
		return fresh, true
	}
	at := s.notes.At(id)
	if at == nil {
		return false, false
	}
	n := newNote(depth, parent)
	for {
		old := note(at.Load())
		if old != 0 && (!s.limited || old.depth() <= depth) {
			return false, true
		}
		if at.CompareAndSwap(uint64(old), uint64(n|old&expandedBit)) {
			return true, true
		}
	}
}

// trail follows the notes back to an initial state. It returns nil if the set keeps fingerprints
// only, or if there was no memory for a note.
func (s *depthSet) trail(id uint32, act int) *Trail {
	if s.fingerprints {
		return nil
	}
	t := &Trail{Act: act, Loop: -1}
	for id != none {
		n := note(s.notes.Get(id))
		if n == 0 {
			return nil
		}
		t.States = append(t.States, slices.Clone(s.set.Vector(id)))
		id = n.parent()
	}
	slices.Reverse(t.States)
	return t
}

// leastDepth returns the greatest of the least depths of all states: the depth of a breadth-first
// search.
func (s *depthSet) leastDepth() int {
	deepest := uint32(0)
	for id := range s.set.Len() {
		if n := note(s.notes.Get(uint32(id))); n != 0 {
			deepest = max(deepest, n.depth())
		}
	}
	return int(deepest)
}

func (s *depthSet) omission(distinct, generated int64) float64 {
	return visited.OmissionProbability(distinct, generated)
}
