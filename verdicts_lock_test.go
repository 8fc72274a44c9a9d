package allways_test

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways"
)

// label is where a process of [peterson] is.
type label uint8

// The labels, and the steps that are taken at them.
const (
	idle  label = iota // begins to try
	flags              // says that it tries
	yield              // lets the other one go first
	wait               // waits until it may enter
	critical
	leave
)

func (l label) String() string {
	return [...]string{"try", "flag", "yield", "enter", "work", "leave"}[l]
}

// locking is a state of Peterson's lock.
type locking struct {
	At   [2]label
	Flag [2]bool
	Turn int
}

// process is a step of a process at a label.
type process struct {
	Label label
	P     int
}

func (a process) String() string { return fmt.Sprintf("%v %d", a.Label, a.P) }

// peterson is Peterson's lock for two processes.
func peterson() allways.Funcs[locking, process] {
	return allways.Funcs[locking, process]{
		InitFunc: func() []locking { return []locking{{}} },
		ActionsFunc: func(dst []process, s locking) []process {
			for p, at := range s.At {
				if at != wait || !s.Flag[1-p] || s.Turn == p {
					dst = append(dst, process{at, p})
				}
			}
			return dst
		},
		NextFunc: func(s locking, a process) (locking, bool) {
			switch a.Label {
			case flags:
				s.Flag[a.P] = true
			case yield:
				s.Turn = 1 - a.P
			case leave:
				s.Flag[a.P] = false
			}
			s.At[a.P] = (a.Label + 1) % (leave + 1)
			return s, true
		},
		FormatStateFunc: func(s locking) string { return fmt.Sprint(s.At) },
	}
}

func (s *locking) tries(p int) bool    { return s.At[p] > idle && s.At[p] < critical }
func (s *locking) critical(p int) bool { return s.At[p] == critical }

// TestPeterson compares verdicts with those of TLC.
func TestPeterson(t *testing.T) {
	stop, next := allways.MayStop[locking](), allways.WeaklyFairNext[locking]()
	each := allways.WeaklyFairEach("process", func(_ locking, a process, _ locking) (int, bool) { return a.P, true })
	busy := allways.WeaklyFairEach("process unless idle", func(_ locking, a process, _ locking) (int, bool) {
		return a.P, a.Label != idle
	})
	var promises []promise[locking]
	add := func(name, want string, f allways.Formula[locking], assumed ...allways.Fairness[locking]) {
		promises = append(promises, promise[locking]{allways.Temporal(name, f).Assuming(assumed...), want})
	}
	// The lassos by process. The turn is that of process 0 at first, so process 0 takes part before process 1 can
	// wait forever.
	stays := [2]string{"[try try]: try 0", "[try try]: try 1"}
	passedBy := [2]string{
		"[try try]: try 0 (try 1 flag 1 yield 1 enter 1 work 1 leave 1)",
		"[try try]: try 0 flag 0 try 1 yield 0 (enter 0 work 0 leave 0 try 0 flag 0 yield 0)",
	}
	for p := range 2 {
		tries := allways.Predicate("tries", func(s locking) bool { return s.tries(p) })
		enters := allways.Predicate("critical", func(s locking) bool { return s.critical(p) })
		leads, again := tries.LeadsTo(enters), enters.Eventually().Always()
		name := func(s string) string { return fmt.Sprintf("%s %d", s, p) }
		add(name("leads, unless idle"), "holds", leads, stop, busy)
		add(name("leads, processes"), "holds", leads, stop, each)
		add(name("leads, next"), passedBy[p], leads, stop, next)
		add(name("leads, none"), stays[p], leads, stop)
		add(name("leads, progress"), passedBy[p], leads)
		add(name("again, unless idle"), "[try try]:", again, stop, busy)
		add(name("again, processes"), "holds", again, stop, each)
	}
	decides(t, peterson(), promises)
	m := peterson()
	m.Props = []allways.Property[locking]{allways.Always("exclusion", func(s locking) bool {
		return s.At[0] < critical || s.At[1] < critical
	})}
	r, err := allways.Check(t.Context(), m, allways.Options{Workers: 2})
	if err != nil || r.Verdict != allways.Holds || r.Stats.Distinct != 42 || r.Stats.Generated != 77 {
		t.Errorf("%v, %v, %d generated, %d distinct", err, r.Verdict, r.Stats.Generated, r.Stats.Distinct)
	}
}

// dinner is a state of dining philosophers who hand each other forks. Fork i lies between philosopher i, to
// whose left it is, and the one before.
type dinner struct {
	Holder [5]int
	Clean  [5]bool
	At     [5]diner
	Hungry [5]bool
}

// diner is what a philosopher does next.
type diner uint8

const (
	looping diner = iota // hands on a dirty fork, and then decides
	eating
	thinking
)

// philosophers is a model of five philosophers, of which an action is the number of one. A hungry one who
// holds two clean forks eats, which makes them dirty.
func philosophers() allways.Funcs[dinner, int] {
	return allways.Funcs[dinner, int]{
		InitFunc: func() []dinner {
			s := dinner{Holder: [5]int{0, 0, 2, 3, 4}}
			for i := range s.Hungry {
				s.Hungry[i] = true
			}
			return []dinner{s}
		},
		ActionsFunc:     func(dst []int, _ dinner) []int { return append(dst, 0, 1, 2, 3, 4) },
		NextFunc:        func(s dinner, p int) (dinner, bool) { return s.dine(p), true },
		FormatStateFunc: func(s dinner) string { return fmt.Sprint(s.Holder) },
	}
}

func (s dinner) dine(p int) dinner {
	left, right := p, (p+1)%5
	switch s.At[p] {
	case eating:
		s.Hungry[p], s.At[p] = false, looping
		s.Clean[left], s.Clean[right] = false, false
		return s
	case thinking:
		s.Hungry[p], s.At[p] = true, looping
		return s
	}
	switch {
	case s.Holder[left] == p && !s.Clean[left]:
		s.Holder[left], s.Clean[left] = (p+4)%5, true
	case s.Holder[right] == p && !s.Clean[right]:
		s.Holder[right], s.Clean[right] = right, true
	}
	switch {
	case !s.Hungry[p]:
		s.At[p] = thinking
	case s.Holder[left] == p && s.Holder[right] == p && s.Clean[left] && s.Clean[right]:
		s.At[p] = eating
	}
	return s
}

// TestDiningPhilosophers compares verdicts with those of TLC.
func TestDiningPhilosophers(t *testing.T) {
	stop, next := allways.MayStop[dinner](), allways.WeaklyFairNext[dinner]()
	each := allways.WeaklyFairEach("philosopher", func(_ dinner, p int, _ dinner) (int, bool) { return p, true })
	var promises []promise[dinner]
	for p := range 5 {
		eats := func(name string) allways.Property[dinner] {
			return allways.InfinitelyOften(fmt.Sprintf("%s %d", name, p), func(s dinner) bool { return !s.Hungry[p] })
		}
		promises = append(promises,
			promise[dinner]{eats("each").Assuming(stop, each), "holds"},
			promise[dinner]{eats("next").Assuming(stop, next), "holds"},
			promise[dinner]{eats("none").Assuming(stop), "[0 0 2 3 4]: (1)"},
			promise[dinner]{eats("progress"), "[0 0 2 3 4]: (1)"})
	}
	decides(t, philosophers(), promises)
	m := philosophers()
	m.Props = []allways.Property[dinner]{allways.Always("exclusion", func(s dinner) bool {
		for p := range 5 {
			if s.At[p] == eating && s.At[(p+1)%5] == eating {
				return false
			}
		}
		return true
	})}
	r, err := allways.Check(t.Context(), m, allways.Options{Workers: 2})
	if err != nil || r.Verdict != allways.Holds || r.Stats.Distinct != 67 || r.Stats.Generated != 336 {
		t.Errorf("%v, %v, %d generated, %d distinct", err, r.Verdict, r.Stats.Generated, r.Stats.Distinct)
	}
}
