package main

import (
	"regexp"
	"strings"
)

// search is a command line whose cost is measured.
type search struct {
	program string
	args    string // what follows "check"
	large   bool   // takes long, so that it runs once, and not at all if only the smallest searches are measured
}

func (s search) String() string { return strings.TrimSpace(s.program + " check " + s.args) }

// family is the same system, growing.
type family struct {
	program string
	sizes   []string
}

var (
	twophase  = family{"twophase", []string{"5", "6", "7", "8", "9", "10"}}
	paxos     = family{"paxos", []string{"2", "3", "4", "5", "6"}}
	reducible = []search{
		{program: "paxos", args: "3"},
		{program: "paxos", args: "3 ordered"},
		{program: "raft"},
		{program: "raft", args: "1 ordered"},
		{program: "commit"},
		{program: "abd", args: "2 ordered"},
	}
	symbolic = []search{
		{program: "paxos", args: "2"},
		{program: "paxos", args: "3"},
		{program: "paxos", args: "4"},
		{program: "paxos", args: "5"},
		{program: "paxos", args: "6"},
		{program: "singlecopy", args: "3"},
		{program: "singlecopy", args: "4"},
		{program: "abd", args: "2 ordered"},
		{program: "abd", args: "2", large: true},
		{program: "commit"},
	}
	// Those that no explicit search has reached in the memory of a small machine.
	beyond = []search{
		{program: "paxos", args: "2 -servers 5"},
	}
)

// everything returns all searches that the page shows.
func everything() []search {
	var all []search
	for _, s := range searches(twophase, paxos) {
		s.large = s.String() == "twophase check 10"
		for _, how := range []string{"-workers 1", "-workers 2", "-workers 1 -storage fingerprint"} {
			all = append(all, s.with(how))
		}
	}
	for _, s := range searches(twophase.part(0, 4)) {
		all = append(all, s.with("maps -workers 1"))
	}
	for _, s := range reducible {
		for _, how := range []string{"-workers 1", "-workers 1 -ignored kept", "-workers 1 -ignored forgotten"} {
			all = append(all, s.with(how))
		}
	}
	for _, s := range symbolic {
		all = append(all, s.with("-workers 1"), s.with("-strategy symbolic"))
	}
	for _, s := range beyond {
		all = append(all, s.with("-strategy symbolic"))
	}
	for _, s := range searches(twophase.part(0, 5)) {
		all = append(all, s.with("-workers 1 -symmetry"))
	}
	return all
}

// part returns some of the sizes of a family.
func (f family) part(from, to int) family { return family{f.program, f.sizes[from:to]} }

// searches returns the searches of families, which take what else is asked by with.
func searches(families ...family) (all []search) {
	for _, f := range families {
		for _, size := range f.sizes {
			all = append(all, search{program: f.program, args: size})
		}
	}
	return all
}

// with adds arguments to a search.
func (s search) with(args string) search {
	s.args = strings.Join(strings.Fields(s.args+" "+args), " ")
	return s
}

// job is a search and how often it runs.
type job struct {
	search
	runs int
}

// plan returns the searches to measure, each once.
func plan(runs int, quick bool, only *regexp.Regexp) []job {
	var jobs []job
	seen := make(map[string]bool)
	for _, s := range everything() {
		if seen[s.String()] || !only.MatchString(s.String()) {
			continue
		}
		seen[s.String()] = true
		switch {
		case !s.large && !quick:
			jobs = append(jobs, job{s, runs})
		case !quick || s.small():
			jobs = append(jobs, job{s, 1})
		}
	}
	return jobs
}

// small reports whether a search takes a fraction of a second.
func (s search) small() bool {
	return strings.HasPrefix(s.String(), "twophase check 5 ") || strings.HasPrefix(s.String(), "paxos check 2 -workers")
}
