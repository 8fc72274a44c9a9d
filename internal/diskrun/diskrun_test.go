package diskrun_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/internal/diskrun"
)

// records draws records of a width, with small and large numbers, neighbours alike and not.
func records(t *rapid.T, words int) [][]uint32 {
	word := rapid.OneOf(rapid.Uint32Range(0, 3), rapid.Uint32(), rapid.Just(^uint32(0)))
	return rapid.SliceOfN(rapid.SliceOfN(word, words, words), 0, 60).Draw(t, "records")
}

// write writes records, each several times to fill blocks.
func write(t interface{ Fatal(...any) }, files diskrun.FS, path string, words int, all [][]uint32) *diskrun.Run {
	w, err := diskrun.Create(files, path, words)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range all {
		if err := w.Append(rec); err != nil {
			t.Fatal(err)
		}
	}
	run, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// widths are the numbers of words that records have in tests; some need several sets of bits.
var widths = rapid.SampledFrom([]int{1, 2, 5, 63, 64, 65, 200, 1500})

// A run holds the records that were written, in their order, read from front to back or at any place.
func TestRunHoldsWhatWasWritten(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		words := widths.Draw(t, "words")
		all := records(t, words)
		for range rapid.IntRange(0, 5).Draw(t, "doublings") { // so that there are several blocks
			all = append(all, all...)
		}
		path := filepath.Join(dir, "run")
		defer os.Remove(path)
		run := write(t, diskrun.OS{}, path, words, all)
		if info, err := os.Stat(path); err != nil || info.Size() != run.Bytes() || run.Len() != int64(len(all)) {
			t.Fatalf("%d records in %d bytes, want %d; %v, %v", run.Len(), run.Bytes(), len(all), info, err)
		}
		r := newReader(t, run)
		defer r.Close()
		for i, want := range all {
			if got, err := r.Next(); err != nil || !slices.Equal(got, want) {
				t.Fatalf("record %d is %v, want %v; %v", i, got, want, err)
			}
		}
		if got, err := r.Next(); got != nil || err != nil {
			t.Fatalf("behind the last record: %v, %v", got, err)
		}
		for range 20 {
			if len(all) == 0 {
				break
			}
			i := rapid.IntRange(0, len(all)-1).Draw(t, "place")
			if got, err := r.At(int64(i)); err != nil || !slices.Equal(got, all[i]) {
				t.Fatalf("record %d is %v, want %v; %v", i, got, all[i], err)
			}
		}
	})
}

func newReader(t interface{ Fatal(...any) }, run *diskrun.Run) *diskrun.Reader {
	r, err := run.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Seek finds exactly the records that are there, and reads little of a run to find few.
func TestSeek(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.Uint32Range(1, 40).Draw(t, "step")
		n := rapid.IntRange(0, 20_000).Draw(t, "records")
		var all [][]uint32
		for i := range uint32(n) {
			all = append(all, []uint32{i * step >> 6, i * step & 63})
		}
		path := filepath.Join(dir, "run")
		defer os.Remove(path)
		run := write(t, diskrun.OS{}, path, 2, all)
		r := newReader(t, run)
		defer r.Close()
		asked := rapid.SliceOfN(rapid.Uint32Range(0, uint32(n+5)*step), 0, 30).Draw(t, "asked")
		slices.Sort(asked)
		for _, x := range asked {
			want := x%step == 0 && x/step < uint32(n)
			if found, err := r.Seek([]uint32{x >> 6, x & 63}); err != nil || found != want {
				t.Fatalf("%d found: %t, want %t; %v", x, found, want, err)
			}
		}
		if limit := int64(len(asked)+1) * (diskrun.BufferLen + 4); r.Bytes() > limit {
			t.Fatalf("%d bytes of %d were read for %d records", r.Bytes(), run.Bytes(), len(asked))
		}
	})
}

// A merge of sorted runs is their sorted sum.
func TestMerge(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.IntRange(1, 3).Draw(t, "words")
		var runs []*diskrun.Run
		var want [][]uint32
		for range rapid.IntRange(0, 6).Draw(t, "runs") {
			all := records(t, words)
			slices.SortFunc(all, diskrun.Compare)
			path := filepath.Join(dir, string(rune('a'+len(runs))))
			runs = append(runs, write(t, diskrun.OS{}, path, words, all))
			want = append(want, all...)
		}
		slices.SortFunc(want, diskrun.Compare)
		m, err := diskrun.NewMerge(runs)
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		for i, rec := range want {
			if got, err := m.Next(); err != nil || !slices.Equal(got, rec) {
				t.Fatalf("record %d is %v, want %v; %v", i, got, rec, err)
			}
		}
		if got, err := m.Next(); got != nil || err != nil {
			t.Fatalf("behind the last record: %v, %v", got, err)
		}
		for _, r := range runs {
			if err := r.Remove(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// No byte of a run can be changed, and none at the end can be missing, without an error that names the file.
func TestDamageIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run")
	var all [][]uint32
	for i := range uint32(3000) {
		all = append(all, []uint32{i, i * i, i * i * i})
	}
	run := write(t, diskrun.OS{}, path, 3, all)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	readAll := func() (err error) {
		r := newReader(t, run)
		defer r.Close()
		for rec := []uint32{}; rec != nil && err == nil; rec, err = r.Next() {
		}
		return err
	}
	if err := readAll(); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(whole); i += 97 {
		changed := bytes.Clone(whole)
		changed[i] ^= 1 << (i % 8)
		for what, b := range map[string][]byte{"changed": changed, "cut": whole[:i]} {
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := readAll(); err == nil || !strings.Contains(err.Error(), path) {
				t.Fatalf("%s at byte %d: %v", what, i, err)
			}
		}
	}
}

// failing is a file system whose files take a number of bytes and then fail.
type failing struct {
	diskrun.OS
	left  int
	short bool // writes are short, without an error
	close bool // files fail when they are closed
}

func (f *failing) Create(name string) (diskrun.File, error) {
	file, err := f.OS.Create(name)
	return &failingFile{file, f}, err
}

type failingFile struct {
	diskrun.File
	fs *failing
}

func (f *failingFile) Write(b []byte) (int, error) {
	n := min(len(b), f.fs.left)
	f.fs.left -= n
	n, err := f.File.Write(b[:n])
	if err == nil && n < len(b) && !f.fs.short {
		err = syscall.ENOSPC
	}
	return n, err
}

func (f *failingFile) Close() error {
	err := f.File.Close()
	if f.fs.close {
		return syscall.EIO
	}
	return err
}

// What cannot be written is an error that names the file, and nothing is left of it.
func TestWritesThatFail(t *testing.T) {
	for _, c := range []struct {
		name string
		fs   failing
		want error
	}{
		{"a full disk", failing{left: 20_000}, syscall.ENOSPC},
		{"a short write", failing{left: 20_000, short: true}, io.ErrShortWrite},
		{"a file that cannot be closed", failing{left: 1 << 30, close: true}, syscall.EIO},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "run")
			w, err := diskrun.Create(&c.fs, path, 1)
			if err != nil {
				t.Fatal(err)
			}
			for i := uint32(0); i < 50_000 && err == nil; i++ {
				err = w.Append([]uint32{i * i})
			}
			if err == nil {
				_, err = w.Close()
			} else {
				w.Abandon()
			}
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the file is left: %v", err)
			}
		})
	}
}

// A file is never written over, and one that is gone is an error.
func TestFilesThatAreThereOrNot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run")
	run := write(t, diskrun.OS{}, path, 1, nil)
	if _, err := diskrun.Create(diskrun.OS{}, path, 1); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error %v", err)
	}
	if err := run.Remove(); err != nil {
		t.Error(err)
	}
	if _, err := run.NewReader(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}
