package main

import (
	"cmp"
	"slices"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// Ledger is what Raft is for, without servers and messages: a log that grows. Each command is in it at most once.
type Ledger struct{ Terms, Commands int }

// Places is the state of [Ledger]: the entries that are committed at each index. Were there two at one, the log would
// be another one for each.
type Places [][]Entry

var _ allways.Model[Places, Log] = Ledger{}

// Init implements [allways.Model].
func (Ledger) Init() []Places { return []Places{{}} }

// Actions implements [allways.Model]: some entries follow, in the order of their terms.
func (l Ledger) Actions(dst []Log, s Places) []Log {
	var log Log
	for _, entries := range s {
		log = append(log, entries...)
	}
	return l.grow(dst, log, len(log))
}

// grow appends the entries, after those of a log up to an index, with which it may grow.
func (l Ledger) grow(dst []Log, log Log, from int) []Log {
	for term := max(log.term(log.last()), 1); term <= l.Terms; term++ {
		for command := 1; command <= l.Commands; command++ {
			if !log.has(command) {
				longer := append(slices.Clone(log), Entry{term, command})
				dst = l.grow(append(dst, longer[from:]), longer, from)
			}
		}
	}
	return dst
}

// Next implements [allways.Model].
func (Ledger) Next(s Places, entries Log) (Places, bool) {
	s = slices.Clone(s)
	for _, e := range entries {
		s = append(s, []Entry{e})
	}
	return s, true
}

// Properties implements [allways.Model].
func (Ledger) Properties() []allways.Property[Places] {
	return []allways.Property[Places]{
		allways.Always("one log", func(s Places) bool {
			return !slices.ContainsFunc(s, func(entries []Entry) bool { return len(entries) != 1 })
		}),
	}
}

// places returns the entries that servers know to be committed.
func (sv servers) places(s *actor.State[Msg]) (all Places) {
	for _, ref := range sv {
		for i, e := range ref.In(s).committed() {
			if i == len(all) {
				all = append(all, nil)
			}
			if !slices.Contains(all[i], e) {
				all[i] = append(all[i], e)
			}
		}
	}
	for _, entries := range all {
		slices.SortFunc(entries, func(a, b Entry) int {
			return cmp.Or(cmp.Compare(a.Term, b.Term), cmp.Compare(a.Command, b.Command))
		})
	}
	return all
}
