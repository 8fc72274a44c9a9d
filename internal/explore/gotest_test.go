package explore

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/trace"
)

// exported exports a path of a model as a Go test, and parses it.
func exported(t *testing.T, m allways.Model[tally, string], o Options, path string) string {
	t.Helper()
	e := erased.Of(m)
	if err := e.Compile(); err != nil {
		t.Fatal(err)
	}
	s := New(e, o)
	t.Cleanup(s.Close)
	text := string(client{t, s}.get(200, "export", "path", path, "format", "go"))
	if _, err := parser.ParseFile(token.NewFileSet(), "x_test.go", text, parser.SkipObjectResolution); err != nil {
		t.Errorf("%v: %s", err, text)
	}
	return text
}

// A test says what it is of: the first counterexample, else a witness, else that the run is possible.
func TestGoTest(t *testing.T) {
	source := Source{Package: "models", Model: "newCounter(4)"}
	for path, want := range map[string][]string{
		"0:0.0.0": {
			"package models\n", "func TestABFewerThanThreeReds(", "fails as long as", "verdict: violated\n",
			"m := newCounter(4)\n",
		},
		"0:1.1":     {"func TestABTwoBlues(", "no longer a witness", "verdict: holds\n"},
		"0:1.1.0.0": {"func TestABTwoBlues(", "no longer a witness"},
		"0:0":       {"func TestAB(", "no longer allows this run, or", "params: 4\n\ninit"},
	} {
		h := trace.Header{Model: "a\"-b", Params: []string{"4"}}
		got := exported(t, counter(9), Options{Source: source, Header: h}, path)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: want %q in\n%s", path, w, got)
			}
		}
	}
}

// Names and texts may be anything.
func TestGoTestOfHostileNames(t *testing.T) {
	m := counter(4).(allways.Funcs[tally, string])
	name := "`+os.Exit(1)+` */ \"é3"
	m.Props = []allways.Property[tally]{allways.Always(name, func(s tally) bool { return s.Red < 1 })}
	m.FormatActionFunc = func(a string) string { return "`" + a + "\n" }
	got := exported(t, m, Options{Source: Source{Package: "main", Model: "app.Model()", Fails: true}}, "0:0")
	for _, w := range []string{"func TestOsExit1É3(", "m, err := app.Model()", "if err != nil {"} {
		if !strings.Contains(got, w) {
			t.Errorf("want %q in\n%s", w, got)
		}
	}
	unknown := exportedProblem(t, Options{})
	wrong := exportedProblem(t, Options{Source: Source{Package: "main", Model: "func("}})
	if !strings.Contains(unknown, "does not know how") || !strings.Contains(wrong, "makes no Go test") {
		t.Errorf("%s\n%s", unknown, wrong)
	}
}

func exportedProblem(t *testing.T, o Options) string {
	t.Helper()
	e := erased.Of(counter(2))
	if err := e.Compile(); err != nil {
		t.Fatal(err)
	}
	s := New(e, o)
	t.Cleanup(s.Close)
	return string(client{t, s}.get(400, "export", "path", "0:0", "format", "go"))
}
