// Increment is the classic race: threads read a shared counter, add one, and write the sum back.
package main

import (
	"fmt"

	"github.com/allways-go/allways"
)

// MaxThreads is the maximum number of threads.
const MaxThreads = 10

// Thread is the number of a thread.
type Thread uint8

// PC is the program counter of a thread.
type PC uint8

// The points of a thread's program.
const (
	Locking PC = iota // only with the lock
	Reading
	Writing
	Unlocking // only with the lock
	Done
)

// String names the point.
func (pc PC) String() string { return [...]string{"Lock", "Read", "Write", "Unlock", "Done"}[pc] }

// State is the shared memory and the local state of all threads.
type State struct {
	Counter uint8
	Locked  bool
	PC      [MaxThreads]PC    `allways:"indexed=Thread"`
	Read    [MaxThreads]uint8 `allways:"indexed=Thread"` // value that the thread has read
}

// Action is the next step of a thread's program.
type Action struct {
	Step   PC
	Thread Thread
}

// String is the text of the action.
func (a Action) String() string { return fmt.Sprintf("%v(%d)", a.Step, a.Thread) }

// Model is N threads that increment a counter, with or without a lock.
type Model struct {
	N    int
	Lock bool

	symmetry *allways.Symmetry[State]
}

var _ allways.Model[State, Action] = Model{}

// New returns the model with n threads.
func New(n int, lock bool) (Model, error) {
	symmetry, err := allways.Interchangeable[Thread, State](n)
	return Model{N: n, Lock: lock, symmetry: symmetry}, err
}

// Init implements [allways.Model].
func (m Model) Init() []State {
	var s State
	for i := range m.N {
		if !m.Lock {
			s.PC[i] = Reading
		}
	}
	return []State{s}
}

// Actions implements [allways.Model].
func (m Model) Actions(dst []Action, s State) []Action {
	for i := range Thread(m.N) {
		switch s.PC[i] {
		case Locking:
			if !s.Locked {
				dst = append(dst, Action{Locking, i})
			}
		case Reading, Writing, Unlocking:
			dst = append(dst, Action{s.PC[i], i})
		}
	}
	return dst
}

// Next implements [allways.Model].
func (m Model) Next(s State, a Action) (State, bool) {
	switch a.Step {
	case Locking:
		s.Locked, s.PC[a.Thread] = true, Reading
	case Reading:
		s.Read[a.Thread], s.PC[a.Thread] = s.Counter, Writing
	case Writing:
		s.Counter, s.PC[a.Thread] = s.Read[a.Thread]+1, Done
		if m.Lock {
			s.PC[a.Thread] = Unlocking
		}
	case Unlocking:
		s.Locked, s.PC[a.Thread] = false, Done
	}
	return s, true
}

// Properties implements [allways.Model].
func (m Model) Properties() []allways.Property[State] {
	properties := []allways.Property[State]{
		allways.Always("every write counts", func(s State) bool { return int(s.Counter) == m.written(&s) }),
		allways.Eventually("all threads finish", func(s State) bool { return m.finished(&s) }),
		allways.NoDeadlock("no deadlock", func(s State) bool { return m.finished(&s) }),
	}
	if m.Lock {
		properties = append(properties, allways.Always("mutual exclusion", m.exclusive))
	}
	return properties
}

// written returns the number of threads that have written.
func (m Model) written(s *State) (n int) {
	for _, pc := range s.PC[:m.N] {
		if pc == Unlocking || pc == Done {
			n++
		}
	}
	return n
}

func (m Model) finished(s *State) bool {
	for _, pc := range s.PC[:m.N] {
		if pc != Done {
			return false
		}
	}
	return true
}

// exclusive reports whether at most one thread is past the lock.
func (m Model) exclusive(s State) bool {
	inside := 0
	for _, pc := range s.PC[:m.N] {
		if pc == Reading || pc == Writing || pc == Unlocking {
			inside++
		}
	}
	return inside <= 1
}

// FormatState implements [allways.StateFormatter]. It leaves out the threads that there are not.
func (m Model) FormatState(s State) string {
	return fmt.Sprintf("Counter:%d Locked:%t PC:%v Read:%v", s.Counter, s.Locked, s.PC[:m.N], s.Read[:m.N])
}

// Representative makes the threads interchangeable; see [allways.Symmetric].
func (m Model) Representative(s State) State { return m.symmetry.Representative(s) }
