// Twophase is the two-phase commit protocol: a transaction manager asks resource managers to
// prepare, and commits when all of them have. It follows the specification of Gray and Lamport
// ("Consensus on transaction commit", 2006).
package main

import (
	"fmt"

	"github.com/allways-go/allways"
)

// MaxRMs is the maximum number of resource managers.
const MaxRMs = 12

// RM is the number of a resource manager.
type RM uint8

// RMState is the state of a resource manager.
type RMState uint8

// The states of a resource manager.
const (
	Working RMState = iota
	Prepared
	Committed
	Aborted
)

// String names the state.
func (s RMState) String() string {
	return [...]string{"working", "prepared", "committed", "aborted"}[s]
}

// TMState is the decision of the transaction manager.
type TMState uint8

// The states of the transaction manager.
const (
	Undecided TMState = iota
	TMCommitted
	TMAborted
)

// String names the state.
func (s TMState) String() string { return [...]string{"undecided", "committed", "aborted"}[s] }

// State holds the states of all managers and the messages that were sent. A message stays and may
// be received again.
type State struct {
	RMs       [MaxRMs]RMState `allways:"indexed=RM"`
	TM        TMState
	Ready     [MaxRMs]bool `allways:"indexed=RM"` // RMs whose Prepared message the TM has received
	Sent      [MaxRMs]bool `allways:"indexed=RM"` // RMs that have sent a Prepared message
	CommitMsg bool         // the TM has sent Commit to all
	AbortMsg  bool         // the TM has sent Abort to all
}

// Kind is the kind of an action.
type Kind uint8

// The actions of the transaction manager and of the resource managers.
const (
	TMCommit Kind = iota
	TMAbort
	TMReceivePrepared
	Prepare
	ChooseToAbort
	ReceiveCommit
	ReceiveAbort
)

// String names the action.
func (k Kind) String() string {
	return [...]string{
		"TMCommit", "TMAbort", "TMReceivePrepared", "Prepare", "ChooseToAbort", "ReceiveCommit", "ReceiveAbort",
	}[k]
}

// Action is one step of one manager.
type Action struct {
	Kind Kind
	RM   RM // resource manager; not of TMCommit and TMAbort
}

// Model is two-phase commit with N resource managers.
type Model struct {
	N int
	// Hasty lets the transaction manager commit without the Prepared message of one resource manager.
	Hasty bool
	// Refines promises that the protocol refines [Atomic].
	Refines bool

	symmetry *allways.Symmetry[State]
}

var _ allways.Model[State, Action] = Model{}

// New returns the model with n resource managers.
func New(n int) (Model, error) {
	symmetry, err := allways.Interchangeable[RM, State](n)
	return Model{N: n, symmetry: symmetry}, err
}

// Init implements [allways.Model].
func (m Model) Init() []State { return []State{{}} }

// Actions implements [allways.Model].
func (m Model) Actions(dst []Action, s State) []Action {
	if s.TM == Undecided {
		if m.mayCommit(&s) {
			dst = append(dst, Action{Kind: TMCommit})
		}
		dst = append(dst, Action{Kind: TMAbort})
	}
	for rm := RM(0); int(rm) < m.N; rm++ {
		if s.TM == Undecided && s.Sent[rm] {
			dst = append(dst, Action{TMReceivePrepared, rm})
		}
		if s.RMs[rm] == Working {
			dst = append(dst, Action{Prepare, rm}, Action{ChooseToAbort, rm})
		}
		if s.CommitMsg {
			dst = append(dst, Action{ReceiveCommit, rm})
		}
		if s.AbortMsg {
			dst = append(dst, Action{ReceiveAbort, rm})
		}
	}
	return dst
}

// mayCommit reports whether the transaction manager believes that all resource managers have
// prepared. It must treat them alike, so that they are interchangeable.
func (m Model) mayCommit(s *State) bool {
	overlooked := !m.Hasty
	for _, ready := range s.Ready[:m.N] {
		if !ready && overlooked {
			return false
		}
		overlooked = overlooked || !ready
	}
	return true
}

// Next implements [allways.Model].
func (m Model) Next(s State, a Action) (State, bool) {
	ok := m.NextInPlace(&s, a)
	return s, ok
}

// NextInPlace implements [allways.InPlace].
func (m Model) NextInPlace(s *State, a Action) bool {
	switch a.Kind {
	case TMCommit:
		s.TM, s.CommitMsg = TMCommitted, true
	case TMAbort:
		s.TM, s.AbortMsg = TMAborted, true
	case TMReceivePrepared:
		s.Ready[a.RM] = true
	case Prepare:
		s.RMs[a.RM], s.Sent[a.RM] = Prepared, true
	case ChooseToAbort:
		s.RMs[a.RM] = Aborted
	case ReceiveCommit:
		s.RMs[a.RM] = Committed
	case ReceiveAbort:
		s.RMs[a.RM] = Aborted
	}
	return true
}

// Properties implements [allways.Model].
func (m Model) Properties() []allways.Property[State] {
	all := []allways.Property[State]{
		allways.Sometimes("abort agreement", func(s State) bool { return m.all(&s, Aborted) }),
		allways.Sometimes("commit agreement", func(s State) bool { return m.all(&s, Committed) }),
		allways.Always("consistent", m.consistent),
	}
	if m.Refines {
		all = append(all, allways.Refines("atomic", Atomic{m.N}, func(s State) Outcome { return s.RMs }))
	}
	return all
}

func (m Model) all(s *State, want RMState) bool {
	for _, rm := range s.RMs[:m.N] {
		if rm != want {
			return false
		}
	}
	return true
}

// consistent reports whether no resource manager has committed while another one has aborted.
func (m Model) consistent(s State) bool {
	committed, aborted := false, false
	for _, rm := range s.RMs[:m.N] {
		committed = committed || rm == Committed
		aborted = aborted || rm == Aborted
	}
	return !committed || !aborted
}

// Representative makes the resource managers interchangeable; see [allways.Symmetric].
func (m Model) Representative(s State) State { return m.symmetry.Representative(s) }

// FormatState implements [allways.StateFormatter]. It shows the first N resource managers only.
func (m Model) FormatState(s State) string {
	return fmt.Sprintf("RMs:%v TM:%v Ready:%v Sent:%v CommitMsg:%t AbortMsg:%t",
		s.RMs[:m.N], s.TM, s.Ready[:m.N], s.Sent[:m.N], s.CommitMsg, s.AbortMsg)
}

// FormatAction implements [allways.ActionFormatter].
func (m Model) FormatAction(a Action) string {
	if a.Kind == TMCommit || a.Kind == TMAbort {
		return a.Kind.String()
	}
	return fmt.Sprintf("%v(%d)", a.Kind, a.RM)
}
