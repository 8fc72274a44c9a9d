package main

import (
	"cmp"
	"slices"
)

// Entry is a command in a log with the term of its leader.
type Entry struct {
	Term    int
	Command int
}

// Log is a list of entries. The first one has the index 1.
type Log []Entry

// last returns the index of the last entry, or 0.
func (l Log) last() int { return len(l) }

// term returns the term of the entry at an index, or 0.
func (l Log) term(index int) int {
	if index < 1 || index > len(l) {
		return 0
	}
	return l[index-1].Term
}

// ahead reports whether the log is more up to date than a log whose last entry has the given term
// and index.
func (l Log) ahead(term, index int) bool {
	return cmp.Or(cmp.Compare(l.term(l.last()), term), cmp.Compare(l.last(), index)) > 0
}

// has reports whether a command is in the log.
func (l Log) has(command int) bool {
	return slices.ContainsFunc(l, func(e Entry) bool { return e.Command == command })
}

// differs returns an index up to which a log may differ from another one that has a different entry at an
// index: the end of the log, or the first entry of that term. A leader that goes back by one entry at a time
// would take as many messages as there are entries.
func (l Log) differs(index int) int {
	if index > l.last() {
		return l.last() + 1
	}
	for index > 1 && l.term(index-1) == l.term(index) {
		index--
	}
	return index
}

// merge returns the log with the entries after the index prev. It drops only entries that conflict,
// since a late message must not undo newer entries.
func (l Log) merge(prev int, entries []Entry) Log {
	for i, e := range entries {
		if l.term(prev+i+1) != e.Term {
			return append(l[:prev+i:prev+i], entries[i:]...)
		}
	}
	return l
}

// matches reports whether two logs are equal up to the last entry with the same index and term in both.
func (l Log) matches(o Log) bool {
	same := min(len(l), len(o))
	for same > 0 && l[same-1].Term != o[same-1].Term {
		same--
	}
	return slices.Equal(l[:same], o[:same])
}

// startsWith reports whether another log is a prefix of the log.
func (l Log) startsWith(o Log) bool { return len(o) <= len(l) && slices.Equal(l[:len(o)], o) }
