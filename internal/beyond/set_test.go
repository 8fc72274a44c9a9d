package beyond_test

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/internal/beyond"
	"github.com/allways-go/allways/internal/diskrun"
	"github.com/allways-go/allways/internal/longtest"
	"github.com/allways-go/allways/internal/ranks"
	"github.com/allways-go/allways/internal/visited"
)

// candidate is a step to a state.
type candidate struct {
	state [2]uint32
	key   ranks.Key
}

// fatal is what tests and properties share.
type fatal interface{ Fatalf(string, ...any) }

// newSet returns a set with little room.
func newSet(t fatal, place beyond.Place, workers int) *beyond.Set {
	s, err := beyond.New(beyond.Config{
		Place: place, Words: 2, Seed: 11, Workers: workers, Room: func(int64) bool { return false },
		Ended: func() bool { return false },
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return s
}

// table returns a set of states in memory, with the least keys of each, ready to be written.
func table(t fatal, all []candidate) (*visited.Exact, *ranks.Column) {
	set, err := visited.NewExact(visited.Config{Words: 2, Seed: 11})
	if err != nil {
		t.Fatalf("%v", err)
	}
	keys := &ranks.Column{}
	for _, c := range all {
		id, _, err := set.Insert(c.state[:])
		if err != nil {
			t.Fatalf("%v", err)
		}
		ranks.Offer(keys.At(id), c.key)
	}
	set.Seal()
	return set, keys
}

// model is what a set must know, by maps and sorting.
type model struct {
	known map[[2]uint32]bool
	least map[[2]uint32]ranks.Key // of the candidates
	names []int64
}

// settle returns the new states in the order of their keys.
func (m *model) settle() (level []candidate) {
	for state, key := range m.least {
		if !m.known[state] {
			m.known[state] = true
			m.names[key.Name()]++
			level = append(level, candidate{state, key})
		}
	}
	slices.SortFunc(level, func(a, b candidate) int { return cmp.Compare(a.key, b.key) })
	m.least = map[[2]uint32]ranks.Key{}
	return level
}

// steps draws steps from a level of a number of states, other ones than those that were taken before.
func steps(t *rapid.T, parents int, taken map[[2]int]bool) (all []candidate) {
	word := rapid.Uint32Range(0, 9)
	for range rapid.IntRange(0, 60).Draw(t, "steps") {
		parent, act := rapid.IntRange(0, parents-1).Draw(t, "parent"), rapid.IntRange(0, 50).Draw(t, "action")
		if !taken[[2]int{parent, act}] {
			taken[[2]int{parent, act}] = true
			key := ranks.NewKey(uint32(parent), act, uint16(act%4))
			all = append(all, candidate{[2]uint32{word.Draw(t, "word"), word.Draw(t, "word")}, key})
		}
	}
	return all
}

// Whatever the partitions and workers, and however often candidates are written, the new states of each level are those
// that were never met, by their least keys, and how they were reached is known.
func TestSetIsAMap(t *testing.T) {
	longtest.Checks(t, 25)
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		set := newSet(t, beyond.Place{
			Dir: dir, Partitions: rapid.IntRange(1, 4).Draw(t, "partitions"), Most: rapid.IntRange(0, 9).Draw(t, "most"),
		}, rapid.IntRange(1, 3).Draw(t, "workers"))
		defer set.Close()
		m := &model{known: map[[2]uint32]bool{}, least: map[[2]uint32]ranks.Key{}, names: make([]int64, ranks.NoName+1)}
		names := make([]int64, ranks.NoName+1)
		first := steps(t, 1, map[[2]int]bool{})
		known, _ := table(t, first)
		for _, c := range first {
			m.known[c.state] = true
		}
		if err := set.Known(known, uint32(known.Len())); err != nil {
			t.Fatal(err)
		}
		state := func(rank int) []uint32 { return known.Vector(uint32(rank)) }
		if err := set.Frontier(known.Len(), state); err != nil {
			t.Fatal(err)
		}
		parents := 10
		for range rapid.IntRange(1, 6).Draw(t, "levels") {
			taken := map[[2]int]bool{}
			for range rapid.SampledFrom([]int{1, 1, 1, 2, 2, 3, 3, 3, 70}).Draw(t, "times") { // with many, they are merged early
				all := steps(t, parents, taken)
				for _, c := range all {
					if old, ok := m.least[c.state]; !ok || c.key < old {
						m.least[c.state] = c.key
					}
				}
				states, keys := table(t, all)
				if err := set.Candidates(states, 0, keys); err != nil {
					t.Fatal(err)
				}
				states.Close()
			}
			want := m.settle()
			n, births, err := set.Settle(names)
			if err != nil || n != len(want) || !slices.Equal(names, m.names) {
				t.Fatalf("%d new states, by name %v, want %d, %v; %v", n, names[:4], len(want), m.names[:4], err)
			}
			compareLevel(t, set, births, want)
			parents = max(n, 1)
		}
		if set.Size() < 0 || set.Written() <= 0 {
			t.Fatalf("it holds %d bytes, and wrote %d", set.Size(), set.Written())
		}
	})
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("files are left: %v, %v", left, err)
	}
}

// compareLevel compares the current level of a set with what it must be.
func compareLevel(t *rapid.T, set *beyond.Set, births beyond.Births, want []candidate) {
	r, err := set.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	defer set.Done(r)
	for rank, c := range want {
		state, err := r.At(int64(rank))
		parent, act, ok := births.Of(rank)
		if err != nil || !slices.Equal(state, c.state[:]) || !ok || parent != int(c.key.Rank()) || act != c.key.Act() {
			t.Fatalf("rank %d: %v from %d by %d, %t, want %+v; %v", rank, state, parent, act, ok, c, err)
		}
	}
	if _, _, ok := births.Of(len(want)); ok {
		t.Fatal("there is a state behind the last one")
	}
}

// full is a file system whose disk is full after a number of bytes.
type full struct {
	diskrun.OS
	left *int
}

func (f full) Create(name string) (diskrun.File, error) {
	file, err := f.OS.Create(name)
	return fullFile{file, f.left}, err
}

type fullFile struct {
	diskrun.File
	left *int
}

func (f fullFile) Write(b []byte) (int, error) {
	if *f.left -= len(b); *f.left < 0 {
		return 0, syscall.ENOSPC
	}
	return f.File.Write(b)
}

// Wherever a disk becomes full, that is an error which names a file and says what to do.
func TestFullDisk(t *testing.T) {
	var all []candidate
	for i := range uint32(500) {
		all = append(all, candidate{[2]uint32{i % 7, i * i}, ranks.NewKey(i, 0, 0)})
	}
	run := func(room int) error {
		dir := t.TempDir()
		set := newSet(t, beyond.Place{Dir: dir, FS: full{left: &room}, Partitions: 2, Most: 100}, 1)
		defer set.Close()
		known, keys := table(t, all)
		if err := set.Known(known, 100); err != nil {
			return err
		}
		if err := set.Frontier(50, func(rank int) []uint32 { return known.Vector(uint32(rank)) }); err != nil {
			return err
		}
		if err := set.Candidates(known, 100, keys); err != nil {
			return err
		}
		_, _, err := set.Settle(make([]int64, ranks.NoName+1))
		return err
	}
	room := 0
	for ; ; room += 400 {
		err := run(room)
		if err == nil {
			break
		}
		text := err.Error()
		if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(text, ".run") || !strings.Contains(text, "choose") {
			t.Fatalf("room for %d bytes: %v", room, err)
		}
	}
	if room < 1000 {
		t.Errorf("it needed only %d bytes", room)
	}
}

// A search that must end stops the work on files, too.
func TestEnded(t *testing.T) {
	ended := false
	set, err := beyond.New(beyond.Config{
		Place: beyond.Place{Dir: t.TempDir(), Partitions: 1}, Words: 2, Workers: 1,
		Room: func(int64) bool { return true }, Ended: func() bool { return ended },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	var all []candidate
	for i := range uint32(10_000) {
		all = append(all, candidate{[2]uint32{1, i}, ranks.NewKey(i, 0, 0)})
	}
	states, keys := table(t, all)
	if err := set.Candidates(states, 0, keys); err != nil {
		t.Fatal(err)
	}
	ended = true
	if _, _, err := set.Settle(make([]int64, ranks.NoName+1)); !errors.Is(err, beyond.ErrEnded) {
		t.Errorf("error %v", err)
	}
}

// A folder that cannot be used is an error before anything is searched.
func TestNoFolder(t *testing.T) {
	_, err := beyond.New(beyond.Config{Place: beyond.Place{Dir: t.TempDir() + "/none"}})
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(fmt.Sprint(err), "none") {
		t.Errorf("error %v", err)
	}
}
