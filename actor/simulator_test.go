package actor_test

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
)

// This file says once more what a system of actors may do, from the words of the specification alone: states
// are plain maps and slices, a state is known by the text of all that is in it, and a search is a queue. It
// shares nothing with package actor, and what its actors do is written in scripts, which puppets carry out (see
// simulated_test.go).

// script is what an actor does: by its mood, then by event.
type script struct {
	Acts    [][]act
	Bound   int // of events that have an effect between two starts
	Resumes bool
}

// act is a thing that a handler does.
type act struct {
	Do   string
	A, B int
}

// deed returns what is done for an event, and whether there is anything.
func (s script) deed(mood, acted, event int) []act {
	if acted >= s.Bound {
		return nil
	}
	return s.Acts[(mood*7+event)%len(s.Acts)]
}

const (
	eventStart   = 0
	eventRestart = 1
	eventMessage = 2  // plus 3*from, from -1 to 3, plus the message
	eventTimer   = 20 // plus the timer
	eventChosen  = 30 // plus 5*key plus the option
)

// scenario is a system and what it faces.
type scenario struct {
	Scripts []script
	// by sender and receiver; -1 for no actor
	Network                                                      map[[2]int]string
	Lossy                                                        map[[2]int]bool
	MaxLosses, MaxDuplicates, MaxDown, MaxCrashes, MaxPartitions int
	Reliable                                                     map[int]bool
	Splits                                                       [][][]int
	InFlight                                                     []packet
	Consume, Observed, Sequential                                bool
	Ends                                                         bool  // whether only the promise about deadlocks is made
	Ignored                                                      uint8 // the rule for messages without effect, by number
	// states that differ in the names of actors alone are one
	Symmetric bool
	moodSum   int // bounds of properties
	limit     int
}

type packet struct{ From, To, Msg int }

// simState is a state.
type simState struct {
	Actors                                  []simActor
	Bags                                    map[packet]int
	Queues                                  map[[2]int][]int
	Losses, Duplicates, Crashes, Partitions int
	Split                                   int
	Ops                                     []simOp
	Now                                     int
	Lost                                    []int
	Seen                                    int
}

type simActor struct {
	Mood, Acted int
	Down        bool
	Timers      map[int]bool
	Choices     map[int]string // options by key
	Saved       bool
	Stored      int
	Busy        bool
}

// simOp is an operation of a history.
type simOp struct {
	Actor, Life, Index int // a client is an actor in a life
	Write              bool
	Value, Ret         int
	Pending            bool
	Before             map[[2]int]int // by client: how many of its operations had returned when this one began
}

func (s simState) clone() simState {
	n := s
	n.Actors = slices.Clone(s.Actors)
	for i := range n.Actors {
		n.Actors[i].Timers, n.Actors[i].Choices = maps.Clone(s.Actors[i].Timers), maps.Clone(s.Actors[i].Choices)
	}
	n.Bags, n.Queues = maps.Clone(s.Bags), map[[2]int][]int{}
	for k, q := range s.Queues {
		n.Queues[k] = slices.Clone(q)
	}
	n.Ops, n.Lost = slices.Clone(s.Ops), slices.Clone(s.Lost)
	return n
}

// key is the content of a state. Maps are printed in the order of their keys.
func (w *scenario) key(s *simState) string {
	var ops []string
	for _, o := range s.Ops {
		if w.Sequential {
			o.Before = nil
		}
		ops = append(ops, fmt.Sprint(o))
	}
	sort.Strings(ops)
	return fmt.Sprint(s.Actors, s.Bags, s.Queues, s.Losses, s.Duplicates, s.Crashes, s.Partitions, s.Split, ops,
		s.Lost, s.Seen)
}

func (w *scenario) initial() simState {
	s := simState{Bags: map[packet]int{}, Queues: map[[2]int][]int{}, Lost: make([]int, len(w.Scripts))}
	for _, p := range w.InFlight {
		w.post(&s, p)
	}
	for range w.Scripts {
		s.Actors = append(s.Actors, simActor{Timers: map[int]bool{}, Choices: map[int]string{}})
	}
	for i := range w.Scripts {
		w.perform(&s, i, eventStart)
	}
	return s
}

// slot is where a message lies: -1 stands for all ids that no actor has.
func (w *scenario) slot(to int) int {
	if to < 0 || to >= len(w.Scripts) {
		return -1
	}
	return to
}

func (w *scenario) post(s *simState, p packet) {
	p.To = w.slot(p.To)
	link := [2]int{p.From, p.To}
	switch w.Network[link] {
	case "ordered":
		s.Queues[link] = append(s.Queues[link], p.Msg)
	case "duplicating":
		s.Bags[p] = 1
	default:
		s.Bags[p]++
	}
}

// perform carries out what an actor does for an event; it reports whether anything changed.
func (w *scenario) perform(s *simState, who, event int) bool {
	a := &s.Actors[who]
	before := fmt.Sprint(*a)
	outside := false
	script := w.Scripts[who]
	deed := script.deed(a.Mood, a.Acted, event)
	if len(deed) > 0 {
		a.Acted++
	}
	for _, x := range deed {
		switch x.Do {
		case "mood":
			a.Mood = x.A
		case "send":
			w.post(s, packet{who, x.A, x.B})
			outside = true
		case "broadcast":
			for to := range w.Scripts {
				if to != who {
					w.post(s, packet{who, to, x.B})
					outside = true
				}
			}
		case "set":
			a.Timers[x.A] = true
		case "cancel":
			delete(a.Timers, x.A)
		case "offer":
			a.Choices[x.A] = [...]string{"", "0", "01", "01"}[x.B]
			if x.B == 0 {
				delete(a.Choices, x.A)
			}
		case "save":
			a.Saved, a.Stored = true, a.Mood
		case "record":
			outside = true
			if a.Busy {
				w.returned(s, who, x.B)
			} else {
				w.invoked(s, who, x.A == 0, x.B)
			}
			a.Busy = !a.Busy
		}
	}
	return outside || fmt.Sprint(*a) != before
}

func (w *scenario) invoked(s *simState, who int, write bool, value int) {
	o := simOp{Actor: who, Life: s.Lost[who], Write: write, Pending: true, Before: map[[2]int]int{}}
	if write {
		o.Value = value
	}
	for _, p := range s.Ops {
		if p.Actor == o.Actor && p.Life == o.Life {
			o.Index++
		}
		if !p.Pending {
			o.Before[[2]int{p.Actor, p.Life}]++
		}
	}
	s.Ops = append(s.Ops, o)
}

func (w *scenario) returned(s *simState, who, ret int) {
	for i := range s.Ops {
		if o := &s.Ops[i]; o.Pending && o.Actor == who && o.Life == s.Lost[who] {
			o.Pending, o.Ret = false, ret
		}
	}
}

// allowed reports whether a register explains the history, by trying all orders.
func (w *scenario) allowed(s *simState) bool {
	done := make([]bool, len(s.Ops))
	var try func(value int) bool
	try = func(value int) bool {
		all := true
		for i, o := range s.Ops {
			all = all && (done[i] || o.Pending)
		}
		if all {
			return true
		}
		for i, o := range s.Ops {
			if done[i] || !w.free(s.Ops, done, o) {
				continue
			}
			next, ret := value, value
			if o.Write {
				next, ret = o.Value, o.Value
			}
			if !o.Pending && ret != o.Ret {
				continue
			}
			done[i] = true
			if try(next) {
				return true
			}
			done[i] = false
		}
		return false
	}
	return try(0)
}

// free reports whether an operation may come next: those that must come before have been.
func (w *scenario) free(ops []simOp, done []bool, o simOp) bool {
	for i, p := range ops {
		if done[i] {
			continue
		}
		client := [2]int{p.Actor, p.Life}
		if p.Actor == o.Actor && p.Life == o.Life {
			if p.Index < o.Index {
				return false
			}
		} else if !w.Sequential && p.Index < o.Before[client] {
			return false
		}
	}
	return true
}

// simStep is a step and where it leads.
type simStep struct {
	Name string
	To   simState
}

// messageEvent is the event that a message is; actors that are interchangeable do not look at who sent it.
func (w *scenario) messageEvent(p packet) int {
	if w.Symmetric {
		return eventMessage + p.Msg
	}
	return eventMessage + 3*(p.From+1) + p.Msg
}

// renamed returns the state in which every actor has another name.
func (w *scenario) renamed(s *simState, to []int) simState {
	name := func(id int) int {
		if id < 0 {
			return id
		}
		return to[id]
	}
	n := s.clone()
	n.Bags, n.Queues = map[packet]int{}, map[[2]int][]int{}
	for p, copies := range s.Bags {
		n.Bags[packet{name(p.From), name(p.To), p.Msg}] = copies
	}
	for link, q := range s.Queues {
		n.Queues[[2]int{name(link[0]), name(link[1])}] = q
	}
	for i, a := range s.Actors {
		n.Actors[to[i]], n.Lost[to[i]] = a, s.Lost[i]
	}
	for i, o := range s.Ops {
		o.Actor, o.Before = to[o.Actor], map[[2]int]int{}
		for client, k := range s.Ops[i].Before {
			o.Before[[2]int{to[client[0]], client[1]}] = k
		}
		n.Ops[i] = o
	}
	if s.Split != 0 && len(w.Splits) > 1 { // every split is of one actor from the others
		alone := w.Splits[s.Split-1][1][0]
		n.Split = 1 + slices.IndexFunc(w.Splits, func(g [][]int) bool { return g[1][0] == to[alone] })
	}
	return n
}

// orbit is what a state and those with other names for its actors have in common.
func (w *scenario) orbit(s *simState) string {
	least := ""
	for _, to := range permutations(len(w.Scripts)) {
		n := w.renamed(s, to)
		if key := w.key(&n); least == "" || key < least {
			least = key
		}
	}
	return least
}

// steps returns all that may happen.
func (w *scenario) steps(s *simState) []simStep {
	var all []simStep
	step := func(kind int, name string, f func(n *simState) bool) {
		n := s.clone()
		if !f(&n) {
			return
		}
		if w.Observed {
			n.Seen = (n.Seen + kind) % 3
		}
		all = append(all, simStep{name, n})
	}
	w.messageSteps(s, step)
	for i := range s.Actors {
		w.actorSteps(s, i, step)
	}
	w.partitionSteps(s, step)
	return all
}

// stepper adds a step, unless f reports that nothing happens.
type stepper func(kind int, name string, f func(n *simState) bool)

// messageSteps adds what may happen to the messages that may come next, each once.
func (w *scenario) messageSteps(s *simState, step stepper) {
	next := slices.Collect(maps.Keys(s.Bags))
	for link, q := range s.Queues {
		next = append(next, packet{link[0], link[1], q[0]})
	}
	for _, p := range next {
		if p.To < 0 {
			continue
		}
		link := [2]int{p.From, p.To}
		network := w.Network[link]
		if a := s.Actors[p.To]; !a.Down && !w.apart(s.Split, p.From, p.To) {
			step(1, fmt.Sprint("deliver ", p), func(n *simState) bool {
				stays := network == "duplicating"
				if !stays {
					w.remove(n, p)
				}
				changed := w.perform(n, p.To, w.messageEvent(p))
				return changed || network == "ordered" || w.Consume && !stays
			})
		}
		if w.Lossy[link] && (w.MaxLosses == 0 || s.Losses < w.MaxLosses) {
			step(4, fmt.Sprint("lose ", p), func(n *simState) bool {
				w.remove(n, p)
				n.Losses += min(w.MaxLosses, 1)
				return true
			})
		}
		if network != "duplicating" && s.Duplicates < w.MaxDuplicates {
			step(5, fmt.Sprint("duplicate ", p), func(n *simState) bool {
				n.Duplicates++
				if network == "ordered" {
					n.Queues[link] = slices.Insert(n.Queues[link], 0, p.Msg)
				} else {
					n.Bags[p]++
				}
				return true
			})
		}
	}
}

// actorSteps adds what one actor may do.
func (w *scenario) actorSteps(s *simState, i int, step stepper) {
	a := s.Actors[i]
	if a.Down {
		step(7, fmt.Sprint("recover ", i), func(n *simState) bool {
			n.Actors[i].Down = false
			if w.Scripts[i].Resumes {
				if a.Saved {
					n.Actors[i].Mood = a.Stored
				}
				w.perform(n, i, eventRestart)
			} else {
				w.perform(n, i, eventStart)
			}
			return true
		})
		return
	}
	for t := range a.Timers {
		step(2, fmt.Sprint("timeout ", i, t), func(n *simState) bool {
			before := fmt.Sprint(n.Actors[i])
			delete(n.Actors[i].Timers, t)
			outside := w.perform(n, i, eventTimer+t) && !w.onlyInside(s, i, eventTimer+t)
			return outside || fmt.Sprint(n.Actors[i]) != before
		})
	}
	for key, options := range a.Choices {
		for _, o := range strings.Split(options, "") {
			step(3, fmt.Sprint("choose ", i, key, o), func(n *simState) bool {
				before := fmt.Sprint(n.Actors[i])
				delete(n.Actors[i].Choices, key)
				event := eventChosen + 5*key + int(o[0]-'0')
				outside := w.perform(n, i, event) && !w.onlyInside(s, i, event)
				return outside || fmt.Sprint(n.Actors[i]) != before
			})
		}
	}
	if !w.Reliable[i] && down(s) < w.MaxDown && (w.MaxCrashes == 0 || s.Crashes < w.MaxCrashes) {
		step(6, fmt.Sprint("crash ", i), func(n *simState) bool {
			for _, o := range n.Ops {
				if o.Pending && o.Actor == i && o.Life == n.Lost[i] {
					n.Lost[i]++
					break
				}
			}
			n.Actors[i] = simActor{Down: true, Timers: map[int]bool{}, Choices: map[int]string{}, Saved: a.Saved,
				Stored: a.Stored}
			n.Crashes += min(w.MaxCrashes, 1)
			return true
		})
	}
}

// down returns how many actors are down.
func down(s *simState) (n int) {
	for _, a := range s.Actors {
		if a.Down {
			n++
		}
	}
	return n
}

// partitionSteps adds what may happen to the network as a whole.
func (w *scenario) partitionSteps(s *simState, step stepper) {
	if s.Split != 0 {
		step(9, "heal", func(n *simState) bool { n.Split = 0; return true })
	} else if w.MaxPartitions == 0 || s.Partitions < w.MaxPartitions {
		for k := range w.Splits {
			step(8, fmt.Sprint("partition ", k), func(n *simState) bool {
				n.Split = k + 1
				n.Partitions += min(w.MaxPartitions, 1)
				return true
			})
		}
	}
}

// onlyInside reports whether a handler neither sends nor records.
func (w *scenario) onlyInside(s *simState, who, event int) bool {
	a := s.Actors[who]
	for _, x := range w.Scripts[who].deed(a.Mood, a.Acted, event) {
		if x.Do == "send" || x.Do == "record" || x.Do == "broadcast" && len(w.Scripts) > 1 {
			return false
		}
	}
	return true
}

func (w *scenario) remove(n *simState, p packet) {
	link := [2]int{p.From, p.To}
	if w.Network[link] == "ordered" {
		if n.Queues[link] = n.Queues[link][1:]; len(n.Queues[link]) == 0 {
			delete(n.Queues, link)
		}
		return
	}
	if n.Bags[p]--; n.Bags[p] == 0 {
		delete(n.Bags, p)
	}
}

func (w *scenario) apart(split, a, b int) bool {
	if split == 0 {
		return false
	}
	side := func(id int) int {
		return slices.IndexFunc(w.Splits[split-1], func(g []int) bool { return slices.Contains(g, id) })
	}
	return side(a) >= 0 && side(b) >= 0 && side(a) != side(b)
}

// found is what a search finds out.
type found struct {
	Generated, Distinct int64
	First               map[string]int // by property: the depth of the first state that decides it
	Never               map[string]bool
	TooMany             bool
}

// explore visits all states, breadth first.
func (w *scenario) explore(decides map[string]func(s *simState) bool, deadlock,
	eventually func(s *simState) bool) found {
	f := found{Generated: 1, First: map[string]int{}}
	start := w.initial()
	key := w.key
	if w.Symmetric {
		key = w.orbit
	}
	index := map[string]int{key(&start): 0}
	states, depth, edges := []simState{start}, []int{0}, [][]int{}
	for i := 0; i < len(states); i++ {
		s := states[i]
		for name, decide := range decides {
			if _, ok := f.First[name]; !ok && decide(&s) {
				f.First[name] = depth[i]
			}
		}
		steps := w.steps(&s)
		if _, ok := f.First["deadlock"]; !ok && len(steps) == 0 && deadlock(&s) {
			f.First["deadlock"] = depth[i]
		}
		var out []int
		for _, t := range steps {
			f.Generated++
			at := key(&t.To)
			to, ok := index[at]
			if !ok {
				to = len(states)
				index[at] = to
				states, depth = append(states, t.To), append(depth, depth[i]+1)
			}
			out = append(out, to)
		}
		edges = append(edges, out)
		if len(states) > w.limit {
			f.TooMany = true
			return f
		}
	}
	f.Distinct = int64(len(states))
	f.Never = map[string]bool{"eventually": avoids(states, edges, eventually)}
	return f
}

// avoids reports whether a behaviour never meets a state that is good: it ends, or goes round, before.
func avoids(states []simState, edges [][]int, good func(s *simState) bool) bool {
	const (
		open = 1
		done = 2
	)
	mark := make([]int, len(states))
	var visit func(i int) bool
	visit = func(i int) bool {
		if good(&states[i]) || mark[i] == done {
			return false
		}
		if mark[i] == open || len(edges[i]) == 0 {
			return true
		}
		mark[i] = open
		for _, to := range edges[i] {
			if visit(to) {
				return true
			}
		}
		mark[i] = done
		return false
	}
	return visit(0)
}
