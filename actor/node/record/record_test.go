package record

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
)

// counter adds up the numbers it receives, and sends them on.
type counter struct{}

func (counter) Start(c *actor.Context[int], s *int) {}
func (counter) Receive(c *actor.Context[int], s *int, from actor.ID, m int) {
	*s += m
	c.Save(*s)
	c.Send(actor.ID(m%2), m)
}

func counters() actor.Program {
	sys := actor.NewSystem[int](actor.Config{})
	actor.Spawn(sys, "a", counter{})
	actor.Spawn(sys, "b/c", counter{})
	return sys
}

func entry(id actor.ID, kind actor.ActionKind, time int64, clock ...uint64) Entry {
	return Entry{Time: time, Actor: id, Kind: kind.String(), Digest: hex(0), Clock: clock, Text: "text"}
}

// A recording is continued where it ended, without a last line that is cut off.
func TestWriter(t *testing.T) {
	dir, p := t.TempDir(), counters()
	for i := range uint64(3) {
		w, err := Open(dir, p, 1)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Clock(); !slices.Equal(got, []uint64{7 * i, i}) || w.Resumed() != (i > 0) {
			t.Errorf("the clock is %v after %d entries", got, i)
		}
		if err := w.Add(entry(1, actor.Timeout, 5, 7*(i+1), i+1)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "b%2fc.ndjson")
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		f.WriteString(`{"time":7,"act`)
		f.Close()
		r, err := Read(path)
		if err != nil || len(r.Entries) != int(i+1) || r.Header.Actor != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	sys := actor.NewSystem[int](actor.Config{})
	actor.Spawn(sys, "x", counter{})
	actor.Spawn(sys, "b/c", counter{})
	if _, err := Open(dir, sys, 1); err == nil || !strings.Contains(err.Error(), "another system") {
		t.Error(err)
	}
}

// A file that is not a recording is an error that names the line.
func TestRead(t *testing.T) {
	header := `{"allways":3,"actor":0,"actors":["a"]}` + "\n"
	for text, want := range map[string]string{
		"":                     "is empty",
		"nonsense\n":           "line 1",
		`{"allways":9}` + "\n": "version 9",
		`{"allways":1,"actor":0,"actors":["a"]}` + "\n" + `{"kind":"recover"}` + "\n": "made by an older version",
		header + "nonsense\n":                                    "line 2",
		header + `{"actor":1}` + "\n":                            "to actor 1",
		header + `{"clock":[]}` + "\n":                           "counts 0 actors",
		header + `{"clock":[1],"digest":"x"}` + "\n":             "digest",
		header + `{"clock":[1],"digest":"7","kind":"x"}` + "\n":  "unknown kind",
		header + `{"clock":[1],"digest":"7","other":"x"}` + "\n": "unknown field",
	} {
		path := filepath.Join(t.TempDir(), "x.ndjson")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %s", text, err, want)
		}
	}
	if _, err := ReadDir(t.TempDir()); err == nil {
		t.Error("an empty directory has recordings")
	}
}

func recording(id actor.ID, entries ...Entry) Recording {
	return Recording{Header{Allways: version, Actor: id, Actors: []string{"a", "b"}}, entries}
}

// The steps that a vector clock counts come first, whatever their times; otherwise time decides.
func TestMerge(t *testing.T) {
	a := recording(0, entry(0, actor.Start, 100, 1, 0), entry(0, actor.Timeout, 400, 2, 0))
	b := recording(1,
		entry(1, actor.Start, 200, 0, 1), entry(1, actor.Deliver, 300, 2, 2), entry(1, actor.Timeout, 500, 2, 3))
	trace, err := Merge([]Recording{b, a})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range trace {
		got = append(got, fmt.Sprintf("%d@%d", e.Actor, e.Time))
	}
	if text := strings.Join(got, " "); text != "0@100 1@200 0@400 1@300 1@500" {
		t.Error(text)
	}
	for want, all := range map[string][]Recording{
		"no recordings":         nil,
		"is missing":            {b},
		"two recordings":        {a, a},
		"different systems":     {a, {Header: Header{Actors: []string{"a"}}}},
		"the beginning is":      {recording(0, entry(0, actor.Timeout, 1, 1, 0))},
		"contradict each other": {recording(0, entry(0, actor.Start, 1, 1, 1)), recording(1, entry(1, actor.Start, 1, 1, 1))},
	} {
		if _, err := Merge(all); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %s", err, want)
		}
	}
}

// A merged trace has all entries, each after its causes.
func TestMergeIsCausal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "actors")
		all, clocks := make([]Recording, n), make([][]uint64, n)
		for i := range all {
			all[i].Header = Header{Allways: version, Actor: actor.ID(i), Actors: make([]string, n)}
			clocks[i] = make([]uint64, n)
		}
		steps := rapid.IntRange(1, 20).Draw(t, "steps")
		for range steps {
			i, from := rapid.IntRange(0, n-1).Draw(t, "actor"), rapid.IntRange(0, n-1).Draw(t, "from")
			for j, x := range clocks[from] {
				clocks[i][j] = max(clocks[i][j], x)
			}
			clocks[i][i]++
			kind := actor.Timeout
			if len(all[i].Entries) == 0 {
				kind = actor.Start
			}
			time := rapid.Int64Range(0, 9).Draw(t, "time")
			all[i].Entries = append(all[i].Entries, entry(actor.ID(i), kind, time, slices.Clone(clocks[i])...))
		}
		trace, err := Merge(all)
		if err != nil || len(trace) != steps {
			t.Fatalf("%d of %d, %v", len(trace), steps, err)
		}
		seen := make([]uint64, n)
		for _, e := range trace {
			seen[e.Actor]++
			for j, x := range e.Clock {
				if x > seen[j] {
					t.Fatalf("%v comes before what it knows of: %v", e.Clock, seen)
				}
			}
		}
	})
}

// dropped returns the number of entries that never took effect.
func dropped(t *testing.T, r Recording) int {
	t.Helper()
	if len(r.Header.Actors) == 0 {
		r.Header.Actors = []string{"a"}
	}
	s, err := inMemory([]Recording{r})[0].survey()
	if err != nil {
		t.Fatal(err)
	}
	return s.uncommitted()
}

// A step that was recorded but not stored did not happen, and nor did the steps after it.
func TestUncommitted(t *testing.T) {
	saves := func(s string) Entry { e := entry(0, actor.Deliver, 0, 1); e.Saved = s; return e }
	recovers := func(s string) Entry { e := entry(0, actor.Restart, 0, 1); e.Stored = s; return e }
	start, event := entry(0, actor.Start, 0, 1), entry(0, actor.Timeout, 0, 1)
	for name, c := range map[string]struct {
		entries     []Entry
		uncommitted int
	}{
		"all is stored":            {[]Entry{start, saves("1"), event, recovers("1")}, 0},
		"nothing is saved":         {[]Entry{start, event, recovers("")}, 0},
		"the last is not stored":   {[]Entry{start, saves("1"), event, saves("2"), recovers("1")}, 1},
		"a batch is not stored":    {[]Entry{start, saves("1"), saves("2"), event, saves("3"), recovers("1")}, 3},
		"the first is not stored":  {[]Entry{start, event, saves("1"), recovers("")}, 1},
		"twice":                    {[]Entry{start, saves("1"), recovers(""), saves("2"), recovers("")}, 2},
		"the start is not stored":  {[]Entry{start, start}, 1},
		"the same again is stored": {[]Entry{start, saves("1"), saves("2"), saves("1"), recovers("1")}, 0},
	} {
		if got := dropped(t, Recording{Entries: c.entries}); got != c.uncommitted {
			t.Errorf("%s: %d are uncommitted, want %d", name, got, c.uncommitted)
		}
	}
}

// Validate distinguishes a run that the model does not allow from recordings of another system.
func TestValidate(t *testing.T) {
	p, err := program.Of(counters())
	if err != nil {
		t.Fatal(err)
	}
	live, err := p.Live(0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := live.Start(); err != nil {
		t.Fatal(err)
	}
	start := NewEntry(time.Unix(1, 0), 0, actor.Start, live.Digest())
	start.Clock = []uint64{1, 0}
	three, _ := p.Messages().Content(3)
	if _, err := live.Receive(5, three); err != nil {
		t.Fatal(err)
	}
	got := NewEntry(time.Unix(2, 0), 0, actor.Deliver, live.Digest())
	got.From, got.Msg, got.Clock = 5, []byte(three), []uint64{2, 0}
	h := Header{Allways: version, Actors: []string{"a", "b/c"}}
	r, err := Validate(p, []Recording{{h, []Entry{start, got}}})
	if err != nil || !r.Conforms() || r.Steps != 2 || r.External != 1 {
		t.Errorf("%v, %v", r, err)
	}
	got.From = 1
	other, err := p.Live(1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Start(); err != nil {
		t.Fatal(err)
	}
	begun := NewEntry(time.Unix(1, 0), 1, actor.Start, other.Digest())
	begun.Clock = []uint64{0, 1}
	o := h
	o.Actor = 1
	r, err = Validate(p, []Recording{{h, []Entry{start, got}}, {o, []Entry{begun}}})
	want := "step 3, b/c -> a: 3: it is not in flight"
	if err != nil || r.Conforms() || r.Divergence == nil || !strings.Contains(r.String(), want) {
		t.Errorf("%v, %v", r, err)
	}
	h.Actors = []string{"a", "c"}
	_, err = Validate(p, []Recording{{h, []Entry{start}}})
	if err == nil || !strings.Contains(err.Error(), "parameters of the run") {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"allways":3,"actor":0,"actors":["a"]}` + "\n" +
		`{"clock":[1],"digest":"7","kind":"` + actor.Restart.String() + `","stored":"1"}` + "\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := parse("x", b)
		if err != nil {
			return
		}
		if trace, err := Merge([]Recording{r}); err == nil && len(trace)+dropped(t, r) != len(r.Entries) {
			t.Errorf("%d entries become %d", len(r.Entries), len(trace))
		}
	})
}
