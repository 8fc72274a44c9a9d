package consistency

import (
	"encoding/binary"
	"slices"
)

// configuration is a set of operations that have taken effect, and the state after them.
type configuration struct {
	set     uint64 // operations that returned
	pending uint64 // pending operations
	horizon int32
	state   uint32
}

// failures remembers configurations that have failed.
//
// A configuration has failed too if one has that differs only in that fewer pending operations have taken
// effect: those can be left out.
type failures[S any] struct {
	states numbers[S]
	sets   map[string]uint32 // numbers of sets that do not fit in a word
	exact  map[configuration]struct{}
	// fewest holds sets of pending operations by the rest of the configuration, each of as many words as there are
	// in used, one after the other.
	fewest map[configuration][]uint64
	buf    []byte
}

// setsToCompare is the maximum number of sets in an entry of fewest. Beyond that only equal sets are recognized.
const setsToCompare = 64

// forget starts over.
func (m *failures[S]) forget() {
	m.sets, m.exact, m.fewest = nil, nil, nil
	m.states.forget()
}

// hasFailed reports whether the configuration of the top frame has failed before.
func (s *search[S, Op, Ret]) hasFailed() bool {
	if len(s.failures.exact) == 0 {
		return false
	}
	c := s.configuration()
	if _, known := s.failures.exact[c]; known || len(s.used) == 0 {
		return known
	}
	c.pending = 0
	for set := range slices.Chunk(s.failures.fewest[c], len(s.used)) {
		if subset(set, s.used) {
			return true
		}
	}
	return false
}

// subset reports whether each element of a is one of b.
func subset(a, b []uint64) bool {
	for i, word := range a {
		if word&^b[i] != 0 {
			return false
		}
	}
	return true
}

// remember keeps the configuration of the top frame, which has failed.
func (s *search[S, Op, Ret]) remember() {
	c := s.configuration()
	m := &s.failures
	if m.exact == nil {
		m.exact, m.fewest = map[configuration]struct{}{}, map[configuration][]uint64{}
	}
	m.exact[c] = struct{}{}
	if n := len(s.used); n > 0 {
		c.pending = 0
		if sets := m.fewest[c]; len(sets) < setsToCompare*n {
			m.fewest[c] = append(sets, s.used...)
		}
	}
}

// configuration returns the configuration of the top frame.
func (s *search[S, Op, Ret]) configuration() configuration {
	horizon := s.top().horizon
	return configuration{s.set(horizon), s.pendingSet(), horizon, s.stateNumber()}
}

// stateNumber returns a number for the states of all parts of the object.
func (s *search[S, Op, Ret]) stateNumber() uint32 {
	m := &s.failures
	if len(s.latest) == 1 {
		return s.numberOfPart(0)
	}
	m.buf = m.buf[:0]
	for part := range s.latest {
		m.buf = binary.NativeEndian.AppendUint32(m.buf, s.numberOfPart(part))
	}
	return numberOfBytes(&m.sets, m.buf)
}

// numberOfPart returns a number for the state of a part of the object.
func (s *search[S, Op, Ret]) numberOfPart(part int) uint32 {
	number, err := s.failures.states.of(s.state(int32(part)))
	if err != nil && s.err == nil {
		s.err = err
	}
	return number
}

// set returns a word for the set of operations that returned and have taken effect. For linearizability, these
// are all operations that returned before the horizon, and those of the overlapping ones that are
// no longer candidates. For sequential consistency, they are the operations before the heads of the
// lanes.
func (s *search[S, Op, Ret]) set(horizon int32) uint64 {
	if s.tester.condition == SequentialConsistency {
		return s.heads()
	}
	if len(s.inv) <= 64 {
		return candidates(s.inv, horizon)
	}
	m := &s.failures
	m.buf = m.buf[:0]
	for inv := range slices.Chunk(s.inv, 64) {
		m.buf = binary.NativeEndian.AppendUint64(m.buf, candidates(inv, horizon))
	}
	return uint64(numberOfBytes(&m.sets, m.buf))
}

// pendingSet returns a word for the set of pending operations that have taken effect.
func (s *search[S, Op, Ret]) pendingSet() uint64 {
	switch len(s.used) {
	case 0:
		return 0
	case 1:
		return s.used[0]
	}
	m := &s.failures
	m.buf = m.buf[:0]
	for _, word := range s.used {
		m.buf = binary.NativeEndian.AppendUint64(m.buf, word)
	}
	return uint64(numberOfBytes(&m.sets, m.buf))
}

// heads returns a word for the heads of all lanes.
func (s *search[S, Op, Ret]) heads() uint64 {
	if len(s.head) <= 8 && len(s.ops) < 1<<8-1 {
		word := uint64(0)
		for _, op := range s.head {
			word = word<<8 | uint64(op+1)
		}
		return word
	}
	m := &s.failures
	m.buf = m.buf[:0]
	for _, op := range s.head {
		m.buf = binary.NativeEndian.AppendUint32(m.buf, uint32(op))
	}
	return uint64(numberOfBytes(&m.sets, m.buf))
}

// candidates returns the set of lanes, of up to 64, whose head may come next.
func candidates(inv []int32, horizon int32) uint64 {
	set := uint64(0)
	for lane, at := range inv {
		if at < horizon {
			set |= 1 << lane
		}
	}
	return set
}
