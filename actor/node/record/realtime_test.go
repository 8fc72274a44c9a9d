package record

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/program"
	"github.com/allways-go/allways/consistency"
	"github.com/allways-go/allways/internal/longtest"
)

type registerEvent = consistency.Event[consistency.RegisterOp[int], int]

type idle struct{}

func (idle) Start(*actor.Context[int], *int)                  {}
func (idle) Receive(*actor.Context[int], *int, actor.ID, int) {}

// registers returns a system of that many actors with the history of a register.
func registers(t *testing.T, n int) *program.Program {
	sys := actor.NewSystem[int](actor.Config{})
	for i := range n {
		actor.Spawn(sys, string(rune('a'+i)), idle{})
	}
	actor.Linearizable(sys, "register", consistency.Register[int]{})
	p, err := program.Of(sys)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// run is a run of a register on servers, of which only the true time is right.
type run struct {
	draw    func(n int) int
	codec   core.Codec
	offsets []int64 // of the actors' clocks
	now     int64
	clocks  [][]uint64
	entries []Entry // in the order of true time
	truth   []program.HistoryEvent
}

func (r *run) step(id int, e *registerEvent, heard []uint64) []uint64 {
	r.now += int64(1 + r.draw(1000))
	for j, x := range heard {
		r.clocks[id][j] = max(r.clocks[id][j], x)
	}
	r.clocks[id][id]++
	entry := Entry{Actor: actor.ID(id), Time: r.now + r.offsets[id], Clock: slices.Clone(r.clocks[id])}
	if e != nil {
		event := r.codec.Encode(e)
		entry.History = []HistoryEvent{{Name: "register", Event: []byte(event)}}
		r.truth = append(r.truth, program.HistoryEvent{Actor: actor.ID(id),
			Recorded: program.Recorded{History: "register", Event: event}})
	}
	r.entries = append(r.entries, entry)
	return entry.Clock
}

// client is what a client of the run does next: begin an operation, have it take effect at a server, or end it.
type client struct {
	phase, value int
	write        bool
	sent         []uint64
}

// play runs clients, the first actors, against servers, the last two, which may disagree.
func (r *run) play(clients, steps int, stale bool) {
	all := make([]client, clients)
	servers, values := []int{clients, clients + 1}, []int{0, 0}
	for number := range steps {
		id := r.draw(clients)
		c := &all[id]
		k := 0
		if stale {
			k = id % 2
		}
		switch c.phase {
		case 0:
			c.write, c.value = r.draw(2) == 0, number+1
			e := registerEvent{Kind: consistency.Invoke, Op: consistency.RegisterOp[int]{Write: c.write}}
			if c.write {
				e.Op.Value = c.value
			}
			c.sent = r.step(id, &e, nil)
		case 1:
			if c.write {
				values[k] = c.value
			}
			c.value = values[k]
			c.sent = r.step(servers[k], nil, c.sent)
			r.step(servers[1-k], nil, c.sent) // servers know of each other's steps
		case 2:
			r.step(id, &registerEvent{Kind: consistency.Return, Ret: c.value}, c.sent)
		}
		c.phase = (c.phase + 1) % 3
	}
}

// judge returns the report on what the run recorded, in the order in which a merged trace has it.
func (r *run) judge(t *testing.T, p *program.Program) (*Report, []int64) {
	all := make([]Recording, len(r.offsets))
	for i := range all {
		all[i].Header = Header{Allways: version, Actor: actor.ID(i), Actors: make([]string, len(r.offsets))}
	}
	for _, e := range r.entries {
		e.Kind = actor.Timeout.String()
		if len(all[e.Actor].Entries) == 0 {
			e.Kind = actor.Start.String()
		}
		all[e.Actor].Entries = append(all[e.Actor].Entries, e)
	}
	trace, err := Merge(all)
	if err != nil {
		t.Fatal(err)
	}
	v := &validation{program: p, report: &Report{}, clocks: newClocks(p.Len())}
	for _, e := range trace {
		v.clocks.hear(&e)
		for _, h := range e.History {
			v.stamps = append(v.stamps, stamp{actor: int(e.Actor), time: e.Time, clock: e.Clock})
			v.events = append(v.events, program.HistoryEvent{Actor: e.Actor,
				Recorded: program.Recorded{History: h.Name, Event: string(h.Event)}})
		}
	}
	offsets, off, slack := v.clocks.agree()
	for i := range off {
		if slack > 0 {
			break // there are no true offsets
		}
		for j := range off {
			if was := r.offsets[j] - r.offsets[i] - (offsets[j] - offsets[i]); was > off[i][j] {
				t.Fatalf("the clock of %d is %d further ahead of %d, beyond the bound %d", j, was, i, off[i][j])
			}
		}
	}
	if err := v.judgeHistories(); err != nil {
		t.Fatal(err)
	}
	return v.report, offsets
}

// wrong returns by how much the differences between clocks are not what was assumed.
func wrong(offsets, assumed []int64) (most int64) {
	for i := range offsets {
		for j := range offsets {
			most = max(most, offsets[j]-offsets[i]-(assumed[j]-assumed[i]))
		}
	}
	return most
}

// TestVerdictsInRealTime plays random runs with wrong clocks: a verdict that depends on nothing is that in true time,
// and one that depends on clocks is too if they are as good as it says.
func TestVerdictsInRealTime(t *testing.T) {
	codec, err := core.CodecOf[registerEvent]()
	if err != nil {
		t.Fatal(err)
	}
	tally := map[string]int{}
	for seed := range longtest.Size(400, 40_000) {
		r := rand.New(rand.NewPCG(uint64(seed), 4))
		clients := 2 + r.IntN(3)
		n := clients + 2
		run := &run{draw: r.IntN, codec: codec, offsets: make([]int64, n), clocks: make([][]uint64, n)}
		for i := range run.offsets {
			run.clocks[i] = make([]uint64, n)
			run.offsets[i] = int64(r.IntN(1 + []int{0, 100, 3000, 1e12}[r.IntN(4)]))
		}
		run.play(clients, 10+r.IntN(40), r.IntN(2) == 0)
		p := registers(t, n)
		truth, err := p.Judge(run.truth)
		if err != nil {
			t.Fatal(err)
		}
		report, assumed := run.judge(t, p)
		broken, kind := len(report.HistoryViolations) > 0, "certain"
		if len(report.ClockDependences) > 0 {
			d := report.ClockDependences[0]
			if kind = "depends"; d.Violated != broken {
				t.Fatalf("seed %d: %v, but violated is %v", seed, d, broken)
			}
			if wrong(run.offsets, assumed) >= int64(d.Below) {
				kind = "depends, clocks worse"
			}
		}
		if want := len(truth) > 0; kind != "depends, clocks worse" && broken != want {
			t.Fatalf("seed %d: %s: violated is %v, in true time %v: %v", seed, kind, broken, want, report)
		}
		tally[kind+map[bool]string{true: ": violated", false: ": not violated"}[broken]]++
	}
	t.Log(tally)
	if len(tally) < 6 {
		t.Errorf("kinds of verdicts: %v, want 6", tally)
	}
}

// A clock that was changed during the run is noticed, and judged with.
func TestChangedClock(t *testing.T) {
	codec, err := core.CodecOf[registerEvent]()
	if err != nil {
		t.Fatal(err)
	}
	run := &run{draw: func(n int) int { return n / 2 }, codec: codec, offsets: make([]int64, 4)}
	for range run.offsets {
		run.clocks = append(run.clocks, make([]uint64, 4))
	}
	r := rand.New(rand.NewPCG(1, 1))
	run.draw = r.IntN
	run.play(2, 60, false)
	for i := range run.entries[30:] {
		if e := &run.entries[30+i]; e.Actor == 0 {
			e.Time -= int64(time.Hour)
		}
	}
	slices.SortStableFunc(run.entries, func(a, b Entry) int { return cmp.Compare(a.Actor, b.Actor) })
	report, _ := run.judge(t, registers(t, 4))
	text := report.String()
	if !strings.Contains(text, "clocks have changed by up to 59m59") ||
		!strings.Contains(text, "is not certain") {
		t.Errorf("report:\n%v", text)
	}
}
