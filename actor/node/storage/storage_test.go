package storage

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func open(t *testing.T, path string) *dir {
	t.Helper()
	f, err := openDir(path, osDisk{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "some", "actor")
	f := open(t, path)
	if r, ok, err := f.Load(); ok || err != nil {
		t.Fatalf("a new directory has %+v, %v", r, err)
	}
	for _, want := range []Value{{}, {true, "s", "a\nb\x00"}, {Saved: true}} {
		if err := f.Save(want); err != nil {
			t.Fatal(err)
		}
		if _, err := openDir(path, osDisk{}); err == nil || !strings.Contains(err.Error(), "another process") {
			t.Errorf("opened twice: %v", err)
		}
		f.Close()
		f = open(t, path)
		if got, ok, err := f.Load(); !ok || err != nil || got != want {
			t.Errorf("%+v comes back as %+v, %v", want, got, err)
		}
	}
}

// A damaged file is never taken for a good one: every prefix and every changed bit is detected.
func TestCorrupt(t *testing.T) {
	good, err := Value{true, "schema", "content"}.append(nil)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("d", current)
	m := &forgetful{names: map[string][]byte{}, operations: 1 << 30}
	d := dir{path: "d", disk: m}
	refused := func(b []byte) {
		t.Helper()
		m.names[file] = b
		var c *CorruptError
		if v, _, err := d.Load(); !errors.As(err, &c) || c.Path != file || !strings.Contains(err.Error(), "backup") {
			t.Fatalf("%q is taken for %+v, %v", b, v, err)
		}
	}
	m.names[file] = good
	if v, ok, err := d.Load(); !ok || err != nil || v != (Value{true, "schema", "content"}) {
		t.Fatalf("%+v, %t, %v", v, ok, err)
	}
	for n := range good {
		refused(good[:n])
		for bit := range 8 {
			b := append([]byte(nil), good...)
			b[n] ^= 1 << bit
			refused(b)
		}
	}
	refused(append(good, 'x'))
	refused([]byte(strings.Replace(string(good), "storage 1", "storage 9", 1)))
}

// forgetful is a disk in memory. A crash keeps what was synced, and some of the rest.
type forgetful struct {
	t          *rapid.T
	synced     map[string][]byte // by name
	names      map[string][]byte // as the running system sees them
	operations int               // until the crash
}

var errCrash = errors.New("crash")

func (d *forgetful) step() error {
	if d.operations--; d.operations < 0 {
		return errCrash
	}
	return nil
}

func (d *forgetful) read(path string) ([]byte, error) {
	if b, ok := d.names[path]; ok {
		return b, nil
	}
	return nil, fs.ErrNotExist
}

func (d *forgetful) writeSynced(path string, data []byte) error {
	cut := rapid.IntRange(0, len(data)).Draw(d.t, "cut")
	if d.step() != nil {
		d.names[path] = data[:cut]
		return errCrash
	}
	d.names[path] = data
	return nil
}

func (d *forgetful) rename(from, to string) error {
	if d.step() != nil {
		return errCrash
	}
	d.names[to] = d.names[from]
	delete(d.names, from)
	return nil
}

func (d *forgetful) syncDir(string) error {
	if d.step() != nil {
		return errCrash
	}
	d.synced = maps.Clone(d.names)
	return nil
}

// crash loses some of what was not synced.
func (d *forgetful) crash() {
	for _, name := range []string{"f/" + current, "f/" + temporary} {
		if rapid.Bool().Draw(d.t, "forgotten") {
			if b, ok := d.synced[name]; ok {
				d.names[name] = b
			} else {
				delete(d.names, name)
			}
		}
	}
	d.synced = maps.Clone(d.names)
}

// TestPowerFailure cuts the power at any operation. If Save has returned, its value is there;
// otherwise that value or the one before is, whole.
func TestPowerFailure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &forgetful{t: t, synced: map[string][]byte{}, names: map[string][]byte{}}
		f := &dir{path: "f", disk: d}
		var last Value
		stored := false
		for i := range 5 {
			d.operations = rapid.IntRange(0, 4).Draw(t, "operations")
			next := Value{Saved: true, Content: strings.Repeat("x", i+1)}
			err := f.Save(next)
			if err != nil {
				d.crash()
			}
			d.operations = 1 // Load syncs
			got, ok, loadErr := f.Load()
			if loadErr != nil {
				t.Fatal(loadErr)
			}
			if err == nil && got != next || err != nil && got != next && (got != last || ok != stored) {
				t.Fatalf("stored %+v (%v) after %+v, found %+v", next, err, last, got)
			}
			last, stored = got, ok
		}
	})
}

// What was loaded survives a power failure, even if the process that saved it was killed before it
// synced the name.
func TestPowerFailureAfterLoad(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &forgetful{t: t, synced: map[string][]byte{}, names: map[string][]byte{}}
		for i := range 4 {
			d.operations = rapid.IntRange(0, 4).Draw(t, "operations")
			(&dir{path: "f", disk: d}).Save(Value{Saved: true, Content: strings.Repeat("x", i+1)}) // may be killed
			d.operations = 9
			loaded, ok, err := (&dir{path: "f", disk: d}).Load()
			if err != nil {
				t.Fatal(err)
			}
			d.crash()
			again, okAgain, err := (&dir{path: "f", disk: d}).Load()
			if err != nil || again != loaded || ok != okAgain {
				t.Fatalf("loaded %+v, after a power failure %+v, %v", loaded, again, err)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	b, _ := Value{true, "schema", "content"}.append(nil)
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		r, reason := parse(b)
		if reason != "" {
			return
		}
		again, err := r.append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if back, reason := parse(again); back != r || reason != "" {
			t.Fatalf("%+v comes back as %+v, %s", r, back, reason)
		}
	})
}

// A directory that cannot be opened is an error without a store: a second process of the same actor
// must not end with a nil pointer.
func TestOpenFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := Dir(file).Open("a"); err == nil || s != nil {
		t.Errorf("got store %v and error %v from a file; want nil and an error", s, err)
	}
	dir := Dir(t.TempDir())
	first, err := dir.Open("a")
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if s, err := dir.Open("a"); err == nil || s != nil {
		t.Errorf("got store %v and error %v from a locked directory; want nil and an error", s, err)
	}
}
