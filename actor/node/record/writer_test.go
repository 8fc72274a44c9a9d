package record

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allways-go/allways/actor"
)

// A second process of an actor is refused, and leaves the recording of the first as it is.
func TestSecondProcess(t *testing.T) {
	dir, p := t.TempDir(), counters()
	w, err := Open(dir, p, 0)
	check(t, err)
	defer w.Close()
	check(t, w.Add(entry(0, actor.Start, 1, 1, 0)))
	check(t, w.Flush())
	path := filepath.Join(dir, "a"+suffix)
	before, err := os.ReadFile(path)
	check(t, err)
	if _, err := Open(dir, p, 0); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("a second writer: %v", err)
	}
	after, err := os.ReadFile(path)
	check(t, err)
	if string(after) != string(before) {
		t.Errorf("the recording was %q and is %q", before, after)
	}
	for _, name := range []string{"a" + suffix, "a" + lockSuffix} {
		info, err := os.Stat(filepath.Join(dir, name))
		check(t, err)
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v", name, info.Mode())
		}
	}
}

// breakFile makes the writer's file one to which nothing can be written.
func breakFile(t *testing.T, w *Writer) {
	t.Helper()
	f, err := os.Open(w.path())
	check(t, err)
	w.file.Close()
	w.file = f
}

// A recording goes on after a gap, and is followed from there on; what was recorded before stays whole.
func TestGap(t *testing.T) {
	dir, sys := t.TempDir(), stations(3, actor.Config{Crashes: true})
	s := newSimulation(t, sys, dir, Limits{})
	for range 9 {
		s.deliver(t, 0)
	}
	w := s.writers[0]
	breakFile(t, w)
	check(t, w.Add(entry(0, actor.Deliver, 1, 1, 1, 1)))
	if err := w.Flush(); err == nil {
		t.Fatal("a broken file takes entries")
	}
	check(t, w.Skip())
	if !w.Full() {
		t.Error("a gap is no reason to begin another file")
	}
	for range 3 { // station-0 begins another file after its next step, which is not recorded
		s.deliver(t, 0)
	}
	for range 9 {
		s.deliver(t, 0)
	}
	s.close(t)
	r, err := ValidateDir(sys, dir)
	if err != nil || !r.Conforms() || len(r.Held) != 2 {
		t.Fatalf("%v, %v", r, err)
	}
	if !strings.Contains(r.String(), "the recording of station-0 begins after its step 5") {
		t.Errorf("the gap is not named: %v", r)
	}
}

// A process that ends in a gap does not use the numbers of steps that were not recorded again.
func TestRestartInGap(t *testing.T) {
	dir, p := t.TempDir(), counters()
	w, err := Open(dir, p, 0)
	check(t, err)
	check(t, w.Add(entry(0, actor.Start, 1, 1, 0)))
	check(t, w.Flush())
	check(t, w.Skip())
	check(t, w.Close())
	w, err = Open(dir, p, 0)
	check(t, err)
	if got := w.Clock()[0]; got != 1+GapJump {
		t.Errorf("the clock is %d after a gap", got)
	}
	if !w.Full() {
		t.Error("a recording with a gap must begin another file")
	}
	check(t, w.Next(Snapshot{Clock: []uint64{2 + GapJump, 0}}))
	check(t, w.Close())
	if w, err = Open(dir, p, 0); err != nil || w.Clock()[0] != 2+GapJump || w.Full() {
		t.Errorf("the clock is %v, %v", w.Clock(), err)
	}
	check(t, w.Close())
}
