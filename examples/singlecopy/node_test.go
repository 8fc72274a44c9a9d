package main

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/record"
	"github.com/allways-go/allways/actor/node/transport"
	"github.com/allways-go/allways/internal/exampletest"
)

// TestNode runs a server and clients over every transport.
func TestNode(t *testing.T) {
	t.Parallel()
	for _, kind := range exampletest.Transports() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := exampletest.NewCluster(t, Model{Servers: 1, Clients: 5}.System(), kind,
				transport.Faults{MaxDelay: time.Millisecond})
			c.Start(c.Names("")...)
			c.Quiet()
			c.Conforms(6 + 4*5)
			c.Returned(10)
		})
	}
}

// TestTorment stops members and cuts links while clients work.
func TestTorment(t *testing.T) {
	m := Model{Servers: 1, Clients: 3, Puts: 45, Gets: 45, Crashes: 99}
	exampletest.Torment(t, func() actor.Program { return m.System() }, 0, 14, 3) // starts and restarts are 12
}

// TestFalsified falsifies each entry of a good recording in many ways. Two kinds of falsified
// recordings still conform to the model: without the last entry of a client, on which no other
// entry depends, and with the start of an actor twice.
func TestFalsified(t *testing.T) {
	var good []record.Recording
	synctest.Test(t, func(t *testing.T) {
		c := exampletest.NewCluster(t, Model{Servers: 1, Clients: 2}.System(), "memory",
			transport.Faults{MaxDelay: time.Second})
		c.Start(c.Names("")...)
		time.Sleep(time.Minute)
		good = c.Recordings()
	})
	sys := Model{Servers: 1, Clients: 2}.System()
	if r, err := record.Validate(sys, good); err != nil || !r.Conforms() || r.Steps != 3+4*2 {
		t.Fatal(r, err)
	}
	falsified := 0
	for k := range good {
		for i := range good[k].Entries {
			for what, change := range falsifications {
				bad := make([]record.Recording, len(good))
				for j, r := range good {
					bad[j] = record.Recording{Header: r.Header, Entries: slices.Clone(r.Entries)}
				}
				if !change(&bad[k], i) {
					continue
				}
				falsified++
				r, err := record.Validate(sys, bad)
				last := what == "left out" && i == len(good[k].Entries)-1 &&
					strings.HasPrefix(bad[k].Header.Actors[bad[k].Header.Actor], "client-")
				again := what == "twice" && i == 0
				if conforms := err == nil && r.Conforms(); conforms != (last || again) {
					t.Errorf("entry %d of %s, %s: conforms is %v", i, good[k].Header.Actors[good[k].Header.Actor], what,
						conforms)
				}
			}
		}
	}
	if falsified < 60 {
		t.Errorf("%d recordings are falsified", falsified)
	}
}

// falsifications change an entry of a recording and report whether the recording is different.
var falsifications = map[string]func(r *record.Recording, i int) bool{
	"left out": func(r *record.Recording, i int) bool {
		r.Entries = slices.Delete(r.Entries, i, i+1)
		return true
	},
	"twice": func(r *record.Recording, i int) bool {
		r.Entries = slices.Insert(r.Entries, i, r.Entries[i])
		return true
	},
	"before the one before": func(r *record.Recording, i int) bool {
		if i > 0 {
			r.Entries[i], r.Entries[i-1] = r.Entries[i-1], r.Entries[i]
		}
		return i > 0
	},
	"another digest": func(r *record.Recording, i int) bool {
		r.Entries[i].Digest = "0123456789abcdef"
		return true
	},
	"another sender": func(r *record.Recording, i int) bool {
		r.Entries[i].From++
		return r.Entries[i].Kind == actor.Deliver.String()
	},
	"another message": func(r *record.Recording, i int) bool {
		m := slices.Clone(r.Entries[i].Msg)
		if len(m) > 0 {
			m[len(m)-1]++
		}
		r.Entries[i].Msg = m
		return len(m) > 0
	},
	"another kind": func(r *record.Recording, i int) bool {
		r.Entries[i].Kind = actor.Restart.String()
		return true
	},
	"a clock that is too far ahead": func(r *record.Recording, i int) bool {
		r.Entries[i].Clock = slices.Clone(r.Entries[i].Clock)
		for j := range r.Entries[i].Clock {
			r.Entries[i].Clock[j] += 100
		}
		return true
	},
}

// Two independent servers conform to their model, and the history is not linearizable.
func TestBrokenNode(t *testing.T) {
	t.Parallel()
	for _, kind := range exampletest.Transports() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := exampletest.NewCluster(t, Model{Servers: 2, Clients: 2}.System(), kind, transport.Faults{})
			c.Start(c.Names("")...)
			c.Quiet()
			r := c.Report()
			if r.Divergence != nil || len(r.HistoryViolations) != 1 || r.HistoryViolations[0].Property != "linearizable" {
				t.Error(r)
			}
		})
	}
}

// A bad network breaks a single server too: a duplicated write arrives again and undoes another one.
func TestDoubled(t *testing.T) {
	found := 0
	for seed := range uint64(40) {
		synctest.Test(t, func(t *testing.T) {
			m := Model{Servers: 1, Clients: 4, Network: actor.Duplicating}
			c := exampletest.NewCluster(t, m.System(), "memory",
				transport.Faults{Duplicate: 0.5, MaxDelay: time.Minute})
			c.Seed(seed)
			c.Start(c.Names("")...)
			time.Sleep(time.Hour)
			r := c.Report()
			if r.Divergence != nil {
				t.Error(r)
			}
			found += len(r.HistoryViolations)
		})
	}
	if found == 0 {
		t.Error("no run is found not to be linearizable")
	}
	t.Logf("%d of 40 runs are not linearizable", found)
}
