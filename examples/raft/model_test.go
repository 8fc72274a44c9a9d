package main

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/exampletest"
)

// small returns a small model with a change.
func small(change func(*Model)) Model {
	m := Model{Servers: 3, Clients: 1, Candidates: 2, Terms: 2, Beats: 1, Crashes: 1, Batch: 1000}
	if change != nil {
		change(&m)
	}
	return m
}

func TestCounts(t *testing.T) {
	for _, c := range []struct {
		name                string
		change              func(*Model)
		generated, distinct int64
	}{
		{"one server", func(m *Model) { m.Servers = 1 }, 26, 21},
		{"one term", func(m *Model) { m.Terms = 1 }, 2_937, 1_232},
		{"one term, duplicating", func(m *Model) { m.Terms, m.Network = 1, actor.Duplicating }, 3_717, 908},
		{"one candidate", func(m *Model) { m.Candidates = 1 }, 13_939, 6_469},
		{"no crash", func(m *Model) { m.Crashes = 0 }, 20_167, 10_337},
	} {
		t.Run(c.name, func(t *testing.T) {
			exampletest.Counts(t, small(c.change).System(), false, c.generated, c.distinct)
		})
	}
}

func TestDefault(t *testing.T) {
	exampletest.HoldsWith(t, small(nil).System(), 2, 192_745, 80_435)
}

// Clients that wait get true answers, whatever crashes, also if each message has one entry only.
func TestWaiting(t *testing.T) {
	m := small(func(m *Model) { m.Waiting, m.Terms = true, 1 })
	exampletest.HoldsWith(t, m.System(), 2, 4_723, 1_936)
	m = small(func(m *Model) { m.Waiting, m.Clients, m.Batch, m.Terms, m.Candidates = true, 2, 1, 1, 1 })
	exampletest.HoldsWith(t, m.System(), 2, 12_143, 4_648)
}

func TestOrdered(t *testing.T) {
	exampletest.HoldsWith(t, small(func(m *Model) { m.Terms, m.Network = 1, actor.Ordered }).System(), 2,
		68_353, 17_576)
}

// Server-3 votes in term 1, crashes, and votes again in term 1.
func TestBroken(t *testing.T) {
	for _, network := range exampletest.Networks() {
		m := small(func(m *Model) { m.Terms, m.Forgetful, m.Network = 1, true, network })
		exampletest.Trace(t, m.System(), "election safety", allways.Violated,
			"timeout election of server-1",
			"timeout election of server-2",
			"server-1 -> server-3: RequestVote{Term:1 LastIndex:0 LastTerm:0}",
			"server-3 -> server-1: Vote{Term:1}",
			"crash server-3",
			"restart server-3",
			"server-2 -> server-3: RequestVote{Term:1 LastIndex:0 LastTerm:0}",
			"server-3 -> server-2: Vote{Term:1}")
	}
}

// Server-1 commits an entry with server-3, then votes for server-2, which leads the next term
// without the entry.
func TestCareless(t *testing.T) {
	m := small(func(m *Model) { m.Careless, m.Crashes = true, 0 })
	exampletest.Trace(t, m.System(), "leader completeness", allways.Violated,
		"timeout election of server-1",
		"server-1 -> server-2: RequestVote{Term:1 LastIndex:0 LastTerm:0}",
		"server-2 -> server-1: Vote{Term:1}",
		"client-1 -> server-1: Command{Number:1}",
		"timeout heartbeat of server-1",
		"timeout election of server-2",
		"server-1 -> server-3: Append{Term:1 Entries:[{Term:1 Command:1}]}",
		"server-3 -> server-1: Appended{Term:1 Index:1 OK:true}",
		"server-2 -> server-1: RequestVote{Term:2 LastIndex:0 LastTerm:0}",
		"server-1 -> server-2: Vote{Term:2}")
}

func TestWitness(t *testing.T) {
	m := small(func(m *Model) { m.Terms = 1 })
	exampletest.Trace(t, m.System(), "an entry is committed", allways.Holds,
		"timeout election of server-1",
		"server-1 -> server-2: RequestVote{Term:1 LastIndex:0 LastTerm:0}",
		"server-2 -> server-1: Vote{Term:1}",
		"client-1 -> server-1: Command{Number:1}",
		"timeout heartbeat of server-1",
		"server-1 -> server-2: Append{Term:1 Entries:[{Term:1 Command:1}]}",
		"server-2 -> server-1: Appended{Term:1 Index:1 OK:true}")
}

func TestAgreesWithPlain(t *testing.T) {
	for _, change := range []func(*Model){
		func(m *Model) { m.Candidates, m.Crashes = 1, 0 },
		func(m *Model) { m.Terms, m.Network, m.Candidates = 1, actor.Duplicating, 1 },
		func(m *Model) { m.Terms, m.Network, m.Candidates = 1, actor.Ordered, 1 },
		func(m *Model) { m.Terms, m.Forgetful = 1, true },
	} {
		exampletest.AgreesWithPlain(t, small(change).System())
	}
}

func TestLogs(t *testing.T) {
	a, b, c := Entry{1, 1}, Entry{1, 2}, Entry{2, 1}
	for _, x := range []struct {
		name    string
		log     Log
		prev    int
		entries []Entry
		want    Log
	}{
		{"continues", Log{a}, 1, []Entry{b}, Log{a, b}},
		{"conflicts", Log{a, b}, 0, []Entry{c}, Log{c}},
		{"comes late", Log{a, b}, 0, []Entry{a}, Log{a, b}},
		{"overlaps", Log{a}, 0, []Entry{a, c}, Log{a, c}},
		{"is a heartbeat", Log{a, b}, 1, nil, Log{a, b}},
	} {
		if got := x.log.merge(x.prev, x.entries); !got.startsWith(x.want) || !x.want.startsWith(got) {
			t.Errorf("what %s: %v after %d into %v gives %v, want %v", x.name, x.entries, x.prev, x.log, got,
				x.want)
		}
	}
	if !(Log{a, b}).ahead(1, 1) || (Log{a, b}).ahead(2, 1) || (Log{a}).ahead(1, 1) || !(Log{c}).ahead(1, 2) {
		t.Error("a log is ahead of one whose last term is earlier, or is the same at a lower index")
	}
	if (Log{a, b}).matches(Log{c, b}) || !(Log{a, b}).matches(Log{a, c}) ||
		(Log{a, b}).matches(Log{c, b, c}) || !(Log{}).matches(Log{a}) {
		t.Error("logs match when they are equal up to the last entry of the same index and term")
	}
}

// elections returns a model in which candidates stand a number of times, and a leader is promised.
func elections(servers, candidates, times int) *actor.System[Msg] {
	return Model{Servers: servers, Candidates: candidates, Terms: 3, Beats: 1, Batch: 1000, Elections: times}.System()
}

// One server or two of three that stand once each: the third votes for one of them, or one votes for the other.
func TestLeaderAtLast(t *testing.T) {
	for candidates := 1; candidates <= 2; candidates++ {
		r, err := allways.Check(t.Context(), elections(3, candidates, 1), allways.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if p := r.Property("there is a leader at last"); p.Verdict != allways.Holds {
			t.Errorf("%d candidates: %v %s\n%v", candidates, p.Verdict, p.Reason, p.Path)
		}
	}
}

// Each of three servers stands and votes for itself. None stands again.
func TestSplitVoteOfThree(t *testing.T) {
	m := Model{Servers: 3, Candidates: 3, Terms: 1, Beats: 1, Batch: 1000, Elections: 1}
	exampletest.Trace(t, m.System(), "there is a leader at last", allways.Violated,
		"timeout election of server-1",
		"timeout election of server-2",
		"server-2 -> server-1: RequestVote{Term:1 LastIndex:0 LastTerm:0}",
		"server-1 -> server-2: RequestVote{Term:1 LastIndex:0 LastTerm:0}",
		"timeout election of server-3",
		"server-3 -> server-1: RequestVote{Term:1 LastIndex:0 LastTerm:0}",
		"server-3 -> server-2: RequestVote{Term:1 LastIndex:0 LastTerm:0}",
		"server-1 -> server-3: RequestVote{Term:1 LastIndex:0 LastTerm:0}",
		"server-2 -> server-3: RequestVote{Term:1 LastIndex:0 LastTerm:0}")
}

// Both of two servers stand in the same term and vote for themselves. Neither stands again.
func TestSplitVote(t *testing.T) {
	exampletest.Trace(t, elections(2, 2, 1), "there is a leader at last", allways.Violated,
		"timeout election of server-1",
		"timeout election of server-2",
		"server-2 -> server-1: RequestVote{Term:1 LastIndex:0 LastTerm:0}",
		"server-1 -> server-2: RequestVote{Term:1 LastIndex:0 LastTerm:0}")
}

// TestForgetting says how many states differ in more than dead messages.
func TestForgetting(t *testing.T) {
	system := func(m Model, p actor.IgnoredPolicy) *actor.System[Msg] {
		m.Ignored = p
		return m.System()
	}
	exampletest.Forgets(t, system, []exampletest.Forgotten[Model]{
		{Model: small(func(m *Model) { m.Terms = 1 }), Full: 1_232, Distinct: 900},
		{Model: small(func(m *Model) { m.Terms, m.Network = 1, actor.Duplicating }), Full: 908, Distinct: 680},
		{Model: small(func(m *Model) { m.Candidates = 1 }), Full: 6_469, Distinct: 1_106, Long: true},
		{Model: small(func(m *Model) { m.Crashes, m.Network = 0, actor.Ordered }), Full: 51_948, Distinct: 1_558, Long: true},
		{Model: small(nil), Full: 80_435, Distinct: 6_546, Long: true},
		{Model: small(func(m *Model) { m.Forgetful = true }), Full: 143_085, Distinct: 14_552, Long: true},
		{Model: small(func(m *Model) { m.Network = actor.Ordered }), Full: 414_472, Distinct: 8_888, Long: true},
	})
}
