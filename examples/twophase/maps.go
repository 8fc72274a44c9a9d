package main

import (
	"maps"
	"slices"

	"github.com/allways-go/allways"
)

// MapState is [State] with maps and slices, as an ordinary program would have it.
type MapState struct {
	RMs    map[RM]RMState // RMs that have left the working state
	TM     TMState
	Ready  []RM // ascending
	Sent   []RM // ascending
	Commit bool
	Abort  bool
}

// MapModel is [Model] over [MapState]: the same protocol, with the same counts.
type MapModel struct{ N int }

var _ allways.Model[MapState, Action] = MapModel{}

// Init implements [allways.Model].
func (m MapModel) Init() []MapState { return []MapState{{RMs: map[RM]RMState{}}} }

// Actions implements [allways.Model].
func (m MapModel) Actions(dst []Action, s MapState) []Action {
	if s.TM == Undecided {
		if len(s.Ready) == m.N {
			dst = append(dst, Action{Kind: TMCommit})
		}
		dst = append(dst, Action{Kind: TMAbort})
	}
	for rm := RM(0); int(rm) < m.N; rm++ {
		if s.TM == Undecided && slices.Contains(s.Sent, rm) {
			dst = append(dst, Action{TMReceivePrepared, rm})
		}
		if s.RMs[rm] == Working {
			dst = append(dst, Action{Prepare, rm}, Action{ChooseToAbort, rm})
		}
		if s.Commit {
			dst = append(dst, Action{ReceiveCommit, rm})
		}
		if s.Abort {
			dst = append(dst, Action{ReceiveAbort, rm})
		}
	}
	return dst
}

// Next implements [allways.Model].
func (m MapModel) Next(s MapState, a Action) (MapState, bool) {
	ok := m.NextInPlace(&s, a)
	return s, ok
}

// NextInPlace implements [allways.InPlace]. It copies a map or slice before it changes it, since what the given
// state refers to is shared.
func (m MapModel) NextInPlace(s *MapState, a Action) bool {
	switch a.Kind {
	case TMCommit:
		s.TM, s.Commit = TMCommitted, true
	case TMAbort:
		s.TM, s.Abort = TMAborted, true
	case TMReceivePrepared:
		s.Ready = with(s.Ready, a.RM)
	case Prepare:
		s.RMs, s.Sent = moved(s.RMs, a.RM, Prepared), with(s.Sent, a.RM)
	case ChooseToAbort, ReceiveAbort:
		s.RMs = moved(s.RMs, a.RM, Aborted)
	case ReceiveCommit:
		s.RMs = moved(s.RMs, a.RM, Committed)
	}
	return true
}

// with returns the set with rm added.
func with(set []RM, rm RM) []RM {
	i, found := slices.BinarySearch(set, rm)
	if found {
		return set
	}
	return slices.Insert(slices.Clone(set), i, rm)
}

// moved returns rms with one RM in another state.
func moved(rms map[RM]RMState, rm RM, to RMState) map[RM]RMState {
	if rms[rm] == to {
		return rms
	}
	rms = maps.Clone(rms)
	rms[rm] = to
	return rms
}

// Properties implements [allways.Model].
func (m MapModel) Properties() []allways.Property[MapState] {
	count := func(s MapState, want RMState) (n int) {
		for _, rm := range s.RMs {
			if rm == want {
				n++
			}
		}
		return n
	}
	return []allways.Property[MapState]{
		allways.Sometimes("abort agreement", func(s MapState) bool { return count(s, Aborted) == m.N }),
		allways.Sometimes("commit agreement", func(s MapState) bool { return count(s, Committed) == m.N }),
		allways.Always("consistent", func(s MapState) bool {
			return count(s, Committed) == 0 || count(s, Aborted) == 0
		}),
	}
}

// FormatAction implements [allways.ActionFormatter].
func (m MapModel) FormatAction(a Action) string { return Model{}.FormatAction(a) }
