package allwaystest

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/trace"
)

// Replay replays the trace files that match glob, each in a subtest. A trace that does not fit the
// model fails, with the step, the expected action and the enabled ones. Replay logs what a trace
// shows about the property that it was stored for, and does not fail if that has changed; use
// [Counterexample] or [Witness] for an assertion. A glob without matching files fails.
func Replay[S, A any](t *testing.T, m allways.Model[S, A], glob string) {
	t.Helper()
	model := erased.Of(m)
	compile(t, model)
	files := filesOf(t, glob)
	if len(files) == 0 {
		t.Fatalf("no file matches %s", glob)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Helper()
			f := load(t, file, trace.Header{Types: model.TypesHash()})
			p, err := model.Replay(f)
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if f.Property == "" {
				t.Logf("%s: replays", file)
				return
			}
			v, err := p.Evaluate(f.Property)
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			t.Logf("%s: replays; property %q: %s", file, f.Property, verdictText(v, f.Verdict))
		})
	}
}

// verdictText returns what a replayed path shows, and what it showed when it was stored.
func verdictText(v allways.Verdict, stored string) string {
	now := map[allways.Verdict]string{
		allways.Violated:     "a counterexample",
		allways.Holds:        "a witness",
		allways.Inconclusive: "neither counterexample nor witness",
	}[v]
	if stored != "" && stored != v.String() {
		now += ", stored as " + stored
	}
	return now
}

func filesOf(t testing.TB, glob string) []string {
	t.Helper()
	files, err := filepath.Glob(glob)
	if err != nil {
		t.Fatalf("%s: %v", glob, err)
	}
	return files
}

// load reads a trace of the model that h describes. Different types are only logged, since actions
// are found by their texts.
func load(t testing.TB, file string, h trace.Header) trace.File {
	t.Helper()
	f, err := trace.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	err = f.Matches(h)
	if e, ok := errors.AsType[*trace.MismatchError](err); ok && e.Advisory() {
		t.Logf("%s: %v", file, err)
	} else if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return f
}

// replayStored replays the traces stored for the test. A trace that still shows a violation fails.
// A trace that does not, or no longer fits the model, is logged: the error was fixed, but it may
// come back.
func (c *checker) replayStored() {
	c.t.Helper()
	files := filesOf(c.t, filepath.Join(storeFolder(c.t), "*.trace"))
	if len(files) == 0 {
		return
	}
	c.t.Run("stored", func(t *testing.T) {
		t.Helper()
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				t.Helper()
				c.replayFile(t, file)
			})
		}
	})
}

func (c *checker) replayFile(t *testing.T, file string) {
	t.Helper()
	f := load(t, file, trace.Header{Model: c.labels.name, Params: c.labels.params, Types: c.model.TypesHash()})
	p, err := c.model.Replay(f)
	if _, ok := errors.AsType[*allways.ReplayError](err); ok {
		t.Logf("%s no longer fits the model: %v", file, err)
		return
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	reportPath(t, c.model, p, file)
}

// replayPath replays an encoded path, reports what it shows, and logs it.
func replayPath(t testing.TB, m *erased.Model, path string) {
	t.Helper()
	p, err := m.ParsePath(path)
	if err != nil {
		t.Fatal(err)
	}
	reportPath(t, m, p, "-allways.path")
	t.Logf("replayed:\n\n%s", indented(p.String()))
}

// reportPath fails for each property of which p is a counterexample, and if the model misbehaves in
// the last state.
func reportPath(t testing.TB, m *erased.Model, p *erased.Path, source string) {
	t.Helper()
	harmless := true
	for _, prop := range m.Properties() {
		v, err := p.Evaluate(prop.Name)
		if err != nil {
			harmless = false
			t.Errorf("%s: %s", source, errorText(err))
		}
		if v == allways.Violated {
			harmless = false
			t.Errorf("%s is a counterexample of %s property %q", source, prop.Kind, prop.Name)
			if a, err := erased.Abstract(p, prop.Name); a != nil && err == nil {
				t.Errorf("%s", indented(a.String()))
			}
		}
	}
	enabled, err := p.Transitions()
	for _, e := range enabled {
		if err == nil {
			err = e.Err
		}
	}
	if err != nil {
		harmless = false
		t.Errorf("%s leads to an error: %s", source, errorText(err))
	}
	if harmless {
		t.Logf("%s is not a counterexample of any property", source)
	}
}
