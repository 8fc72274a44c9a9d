package ranks

import (
	"encoding/binary"
	"slices"
)

// Births are how the states of a level were reached, by rank: for each the rank of its parent in the level before, and
// the index of the action. The states are ranked by just these, so that from one state to the next the parent's rank
// grows by little: mostly both fit a byte.
type Births []byte

// A birth is a byte, the growth of the parent's rank in its upper two bits and the action in the others; or, if they
// are too large, birthLong and both as varints.
const (
	birthActs = 6
	birthLong = 0xff
)

// MaxBirth is the most bytes that a state takes.
const MaxBirth = 1 + 2*binary.MaxVarintLen32

// BirthsOf returns the births of the ranked states of a level with the given keys. It overwrites scratch, and returns
// it if they fit there.
func BirthsOf(keys *Column, level *Ranking, scratch Births) Births {
	b, last := slices.Grow(scratch[:0], level.n), uint32(0)
	for rank := range level.n {
		k := keys.Key(level.Number(rank))
		b = appendBirth(b, k.Rank()-last, uint32(k.Act()))
		last = k.Rank()
	}
	return b
}

func appendBirth(b Births, growth, act uint32) Births {
	if short := growth<<birthActs | act; growth < 1<<(8-birthActs) && act < 1<<birthActs && short != birthLong {
		return append(b, byte(short))
	}
	b = binary.AppendUvarint(append(b, birthLong), uint64(growth))
	return binary.AppendUvarint(b, uint64(act))
}

// Of returns the rank of the parent of the state with a rank, and the action that led to it. ok is false if there is no
// such state.
func (b Births) Of(rank int) (parent, act int, ok bool) {
	for range rank + 1 {
		if len(b) == 0 {
			return 0, 0, false
		}
		growth, a := uint64(b[0]>>birthActs), uint64(b[0]&(1<<birthActs-1))
		if b[0] != birthLong {
			b = b[1:]
		} else {
			var n, m int
			growth, n = binary.Uvarint(b[1:])
			a, m = binary.Uvarint(b[1+n:])
			b = b[1+n+m:]
		}
		parent, act = parent+int(growth), int(a)
	}
	return parent, act, true
}
