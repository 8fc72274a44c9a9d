package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/cli/internal/render"
	"github.com/allways-go/allways/trace"
)

// update rewrites the golden files; look at the difference before it is committed.
var update = flag.Bool("update", false, "rewrite the golden files")

// appOf is the command line of a model without parameters.
func appOf[S, A any](name string, m allways.Model[S, A]) App[struct{}] {
	return App[struct{}]{
		Name: name, Variants: []Variant[struct{}]{{Name: "v"}},
		Build: func(struct{}) (Instance, error) { return NewInstance(m), nil },
	}
}

type outcome struct {
	code           int
	stdout, stderr string
}

func runApp[C any](app App[C], args ...string) outcome {
	var out, err bytes.Buffer
	code := Run(context.Background(), app, args, strings.NewReader("four"), &out, &err)
	return outcome{code, out.String(), err.String()}
}

func run(args ...string) outcome { return runApp(testApp, args...) }

// masks replaces what differs from run to run and from machine to machine.
var masks = []struct {
	from *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(regexp.QuoteMeta(render.ShellWord(os.Args[0]))), "PROGRAM"},
	{regexp.MustCompile(`(?m)^(\S*generated\S*) +(\S+)(  .*)?$`), "$1  $2"},
	{regexp.MustCompile(`(?m)^(\S*distinct\S*) +(\S+)(  .*)?$`), "$1  $2"},
	{regexp.MustCompile(`(?m)^((?:\x1b\[2m)?(?:depth|walks|omission)\b\S*) +`), "$1  "},
	{regexp.MustCompile(`(?m)^((?:\x1b\[2m)?(?:time|memory)\b\S*) .*$`), "$1  MASKED"},
	{regexp.MustCompile(`(?m)^(types) .*$`), "$1  HASH"},
	{regexp.MustCompile(`(?m)^(\s+)\S+/models_test.go:\d+$`), "$1.../models_test.go:LINE"},
}

func masked(s string) string {
	for _, m := range masks {
		s = m.from.ReplaceAllString(s, m.to)
	}
	return s
}

func TestGolden(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	for file, args := range map[string]string{
		"help":           "-h",
		"help-check":     "check -h",
		"help-replay":    "replay --help",
		"list":           "list 3",
		"holds":          "check -workers 1",
		"violated":       "check 2 broken -workers 1",
		"violated-color": "check 2 broken -workers 1 -color always",
		"lasso":          "check light -workers 1",
		"bounded":        "check bounded -workers 1",
		"limited":        "check endless -workers 1 -max-states 3 -storage fingerprint",
		"quiet":          "check 2 broken -workers 1 -quiet",
		"misbehaved":     "check bomb -workers 1",
		"declaration":    "check twice",
		"simulate":       "simulate bounded -workers 1 -walks 10 -seed 7",
		"replay":         "replay 2 broken -path 0:0.1",
		"replay-lasso":   "replay light -path 0:0.0@0",
		"replay-long":    "replay endless -path 0:" + strings.TrimPrefix(strings.Repeat(".0", 300), "."),
	} {
		t.Run(file, func(t *testing.T) { checkGolden(t, testApp, file, args) })
	}
}

// checkGolden compares what an app prints with a golden file.
func checkGolden[C any](t *testing.T, app App[C], file, args string) {
	t.Helper()
	got := runApp(app, strings.Fields(args)...)
	text := masked(got.stdout) + fmt.Sprintf("exit %d\n", got.code)
	golden := filepath.Join("testdata", file+".golden")
	if *update {
		if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("%s prints\n%s\nwant\n%s", args, text, want)
	}
	if got.stderr != "" {
		t.Errorf("%s prints on standard error\n%s", args, got.stderr)
	}
}

func TestExitCodes(t *testing.T) {
	for args, want := range map[string]int{
		"check":                              ExitHolds,
		"check 3 guarded":                    ExitHolds,
		"check --workers=2 3":                ExitHolds,
		"check guarded 3":                    ExitHolds,
		"check bounded":                      ExitHolds,
		"check 2 -strategy dfs":              ExitHolds,
		"check 1 -offset 1":                  ExitHolds,
		"check stdin -input -":               ExitHolds,
		"check broken":                       ExitViolated,
		"check light":                        ExitViolated,
		"check symmetric -symmetry":          ExitHolds,
		"check broken -depth 3":              ExitViolated,
		"check endless -depth 9":             ExitInconclusive,
		"check endless -timeout 5ms":         ExitInconclusive,
		"simulate guarded -walks 3":          ExitInconclusive,
		"simulate 3 broken -scheduler pct:2": ExitViolated,
		"simulate 3 broken":                  ExitViolated,
		"check bomb":                         ExitModel,
		"check twice":                        ExitModel,
		"check empty":                        ExitModel,
		"check panicking":                    ExitModel,
		"replay bomb -path 0:0.0.0.0":        ExitModel,
		"replay -path 0:0":                   ExitHolds,
		"replay broken -path 0:0.1":          ExitViolated,
		"list":                               ExitHolds,
		"help":                               ExitHolds,
		"help check":                         ExitHolds,
		"version":                            ExitHolds,
		"completion fish":                    ExitHolds,
		"-h":                                 ExitHolds,
		"check -h":                           ExitHolds,
		"":                                   ExitUsage,
	} {
		if got := run(strings.Fields(args)...); got.code != want {
			t.Errorf("%q exits with %d, want %d\n%s%s", args, got.code, want, got.stdout, got.stderr)
		}
	}
}

// Wrong usage gets a sentence that says what to do, nothing on standard output, and its exit code.
func TestUsageErrors(t *testing.T) {
	for args, want := range map[string]string{
		"chek": `unknown verb "chek": did you mean check?`,
		"3": `want check, simulate, replay, list, version, ` +
			`completion or help, as in "PROGRAM check"`,
		"run":                               `unknown verb "run": systems of actors have it, if App.Verbs is actorcli.Verbs`,
		"help chek":                         `unknown verb "chek": did you mean check?`,
		"check brokn":                       `N: want a whole number from 1 to 9; did you mean the variant broken?`,
		"check 3 brokn":                     `unexpected "brokn": did you mean the variant broken?`,
		"check fast":                        `N: want a whole number from 1 to 9, or a variant: guarded, broken, `,
		"check x":                           `invalid value "x" for N: want a whole number from 1 to 9`,
		"check -- -7":                       `invalid value "-7" for N: want a whole number from 1 to 9`,
		"check -7":                          `flag provided but not defined: -7`,
		"check 3 4":                         `unexpected "4": the only parameter is N, and the variants are guarded`,
		"check broken light":                `two variants are given, broken and light: choose one`,
		"check -strict":                     "strict: ",
		"check -offset":                     "flag needs an argument: -offset",
		"check -workers -1":                 `invalid value "-1" for flag -workers: want a whole number from 0`,
		"check -workers 1e9":                `invalid value "1e9" for flag -workers: want a whole number from 0`,
		"check -workers 1000000":            `invalid value "1000000" for flag -workers: want a whole number from 0 to 1024`,
		"check -depth 99999999999999999999": `for flag -depth: want a whole number, 0 or more`,
		"check -max-states=":                `invalid value "" for flag -max-states: want a whole number`,
		"check -strategy astar":             `invalid value "astar" for flag -strategy: want bfs, dfs, symbolic or auto`,
		"check -storage disk":               `invalid value "disk" for flag -storage: want exact or fingerprint`,
		"check -timeout 10":                 `invalid value "10" for flag -timeout: want a time with its unit`,
		"check -timeout -1s":                `invalid value "-1s" for flag -timeout: want a time with its unit`,
		"check -memory 5":                   `invalid value "5" for flag -memory: want a size with its unit`,
		"check -memory 3XB": `invalid value "3XB" for flag -memory: ` +
			`want a size with its unit, such as 512MB or 2GiB`,
		"check -memory 99EiB":       `invalid value "99EiB" for flag -memory: want a size`,
		"check -memory NaN":         `invalid value "NaN" for flag -memory: want a size`,
		"simulate -scheduler pct":   `invalid value "pct" for flag -scheduler: want uniform, or pct:N`,
		"simulate -scheduler pct:0": `invalid value "pct:0" for flag -scheduler: want uniform, or pct:N`,
		"simulate -seed -1":         `"-1" for flag -seed: want a whole number from 0 to 18446744073709551615`,
		"check -seed 1":             "check has no flag -seed: it is for simulate",
		"check -stop sometimes":     `invalid value "sometimes" for flag -stop: want decided, violation`,
		"check -stop failure":       `invalid value "failure" for flag -stop: want decided, violation`,
		"check -stop all:nothing": `-stop names a property "nothing", ` +
			`which the model does not have: it has "one at a time"`,
		"check -symmetry":               "-symmetry needs a model with a Representative method",
		"check -symmetry=maybe":         `invalid boolean value "maybe" for -symmetry: want true or false`,
		"check -walks 3":                "check has no flag -walks: it is for simulate",
		"list -depth 3":                 "list has no flag -depth: it is for check or simulate",
		"check -wrokers 3":              `flag provided but not defined: -wrokers: did you mean -workers?`,
		"check -ofset 3":                `flag provided but not defined: -ofset: did you mean -offset?`,
		"check -max-depth 3":            `flag provided but not defined: -max-depth: did you mean -depth?`,
		"check -something 3":            `flag provided but not defined: -something: "PROGRAM check -h" lists the flags`,
		"check -progress loud":          `invalid value "loud" for flag -progress: want auto, line, lines or off`,
		"check -trace /no/such/x":       "-trace /no/such/x: there is no folder /no/such",
		"check -junit /no/such/x":       "-junit /no/such/x: there is no folder /no/such",
		"check -diagram /no/such/x.txt": "-diagram /no/such/x.txt: there is no folder /no/such",
		"check -cpuprofile /no/such/x":  "-cpuprofile: open /no/such/x",
		"check stdin -input /no/such/x": `invalid value "/no/such/x" for flag -input: open /no/such/x`,
		"version 3":                     `unexpected "3": version takes no parameters`,
		"completion":                    "want one shell: bash, zsh or fish",
		"completion tcsh":               "want one shell: bash, zsh or fish",
	} {
		checkUsageError(t, args, want)
	}
}

func TestReplayUsageErrors(t *testing.T) {
	for args, want := range map[string]string{
		"replay":                   `want a path or a trace file: "PROGRAM replay -path 0:3.1.4" or "PROGRAM replay FILE"`,
		"replay testdata":          "testdata is a folder without recordings, or the program cannot follow them",
		"replay nowhere.trace":     "there is no trace file nowhere.trace",
		"replay 2 0:0.1":           "there is no trace file 0:0.1: write a path after -path",
		"replay 2 3 -path 0:0":     `unexpected "3"`,
		"replay -path hello":       `path "hello": want INIT:INDEX.INDEX`,
		"replay -path 0:0.x":       `"x" is no index of an action`,
		"replay -path 4:":          "expected initial state 4: the model's initial states are numbered from 0 to 0",
		"replay -path 0:7":         "at step 1: expected action 7: it is not enabled; enabled: 0 a enters, 1 b enters",
		"replay light -path 0:0@1": "expected a cycle back to the state after step 1",
		"replay -path 0:-1":        "expected action -1",
	} {
		checkUsageError(t, args, want)
	}
}

func checkUsageError(t *testing.T, args, want string) {
	t.Helper()
	got := run(strings.Fields(args)...)
	if got.code != ExitUsage || got.stdout != "" || !strings.Contains(masked(got.stderr), want) {
		t.Errorf("%q exits with %d, prints %q and\n%s\nwant %s", args, got.code, got.stdout, got.stderr, want)
	}
}

func TestBrokenApp(t *testing.T) {
	build := func(config) (Instance, error) { return NewInstance(light()), nil }
	params := func(p ...func(c *config) Param) func(c *config) []Param {
		return func(c *config) (all []Param) {
			for _, f := range p {
				all = append(all, f(c))
			}
			return all
		}
	}
	one := []Variant[config]{{Name: "v"}}
	verbs := func(v Verb) App[config] {
		app := testApp
		app.Verbs = func() []Verb { return []Verb{v} }
		return app
	}
	for _, c := range []struct {
		app  App[config]
		want string
	}{
		{App[config]{}, `App.Name is ""`},
		{App[config]{Name: "two words"}, `App.Name is "two words"`},
		{App[config]{Name: "x"}, "no Variants"},
		{App[config]{Name: "x", Variants: one}, "has no Build"},
		{App[config]{Name: "x", Variants: make([]Variant[config], 1), Build: build}, `"" cannot name`},
		{App[config]{Name: "x", Variants: one, Build: build,
			Params: params(func(c *config) Param { return Text("v", &c.kind, "", "") })}, `"v" names two`},
		{App[config]{Name: "x", Variants: one, Build: build,
			Params: params(func(c *config) Param { return Int("workers", &c.n, 1, 1, 2, "") })}, `"workers" names two`},
		{App[config]{Name: "x", Variants: one, Build: build,
			Params: params(func(c *config) Param { return Int("n", &c.n, 9, 1, 2, "") })},
			"the default 9 is not in the range 1 to 2"},
		{App[config]{Name: "x", Variants: []Variant[config]{{Name: "v"}, {Name: "w", Config: config{n: 7}}}, Build: build,
			Params: params(func(c *config) Param { return Int("n", &c.n, 1, 1, 2, "") })}, "variant w: the default 7"},
		{App[config]{Name: "x", Variants: one, Build: build,
			Params: params(func(c *config) Param { return Choice[string]("c", &c.kind, "") })}, "nothing to choose from"},
		{App[config]{Name: "x", Variants: one, Build: build,
			Params: params(func(c *config) Param { return Func("c", &c.n, "x", strconv.Atoi, "") })},
			`the default "x" is refused`},
		{verbs(Verb{Name: "w", Flags: []Param{Int("n", new(int), 1, 1, 1, "").Flag()}}), `"n" names two`},
		{verbs(Verb{Name: "w", Flags: []Param{Int("m", new(int), 2, 1, 1, "").Flag()}}), "flag m of verb w: the default 2"},
		{verbs(Verb{Name: "w", Flags: []Param{Int("m", new(int), 1, 1, 1, "")}}), "flag m of verb w: make it with Flag"},
		{verbs(Verb{Name: "w", Common: []string{"wokers"}}), `there is no common flag "wokers"`},
	} {
		got := runApp(c.app, "check")
		if got.code != ExitInternal || !strings.Contains(got.stderr, c.want) {
			t.Errorf("%+v exits with %d and prints %q, want %q", c.app, got.code, got.stderr, c.want)
		}
	}
}

// A panic in this package is an internal error; the one here is in a writer, which is as good.
func TestPanicIsInternal(t *testing.T) {
	var stderr bytes.Buffer
	code := Run(context.Background(), testApp, []string{"list"}, nil, panicky{}, &stderr)
	if code != ExitInternal || !strings.Contains(stderr.String(), "internal error: no more ink") {
		t.Errorf("exits with %d and prints %q", code, &stderr)
	}
}

type panicky struct{}

func (panicky) Write([]byte) (int, error) { panic("no more ink") }

type full struct{}

func (full) Write([]byte) (int, error) { return 0, fmt.Errorf("the disk is full") }

func TestOutputThatCannotBeWritten(t *testing.T) {
	for args, want := range map[string]int{
		"check": ExitInternal, "check -json": ExitInternal, "check broken": ExitViolated,
	} {
		var stderr bytes.Buffer
		code := Run(context.Background(), testApp, strings.Fields(args), nil, full{}, &stderr)
		if code != want || !strings.Contains(stderr.String(), "cannot write the output: the disk is full") {
			t.Errorf("%s exits with %d and prints %q, want %d", args, code, &stderr, want)
		}
	}
}

// lastEvent checks that a text is made of JSON events, and returns the last one.
func lastEvent(t *testing.T, text string) map[string]any {
	t.Helper()
	var event map[string]any
	for line := range strings.Lines(text) {
		event = nil
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatalf("%q is no JSON: %v", line, err)
		}
		if event["event"] == nil {
			t.Errorf("%q has no event", line)
		}
	}
	return event
}

func TestJSON(t *testing.T) {
	for _, args := range []string{
		"check", "check broken", "check light", "check bomb", "check twice", "check endless -max-states 5",
		"simulate -walks 5",
	} {
		got := run(append(strings.Fields(args), "-json")...)
		done := lastEvent(t, got.stdout)
		if done["event"] != "done" || done["exit"] != float64(got.code) {
			t.Errorf("%s ends with %v and exits with %d", args, done, got.code)
		}
		for _, key := range []string{
			"verdict", "generated", "distinct", "depth", "seconds", "bytes_per_state", "properties",
		} {
			if _, ok := done[key]; !ok {
				t.Errorf("%s: the last event has no %q", args, key)
			}
		}
		properties, _ := done["properties"].([]any)
		for _, p := range properties {
			for _, key := range []string{"name", "kind", "verdict", "path"} {
				if _, ok := p.(map[string]any)[key].(string); !ok {
					t.Errorf("%s: the property %v has no %q", args, p, key)
				}
			}
		}
		if got.code == ExitModel && done["misbehaviour"] == nil {
			t.Errorf("%s: the last event does not say how the model misbehaved", args)
		}
		if got.stderr != "" {
			t.Errorf("%s prints on standard error: %s", args, got.stderr)
		}
	}

	got := run("check", "broken", "-json")
	done := lastEvent(t, got.stdout)
	p := done["properties"].([]any)[0].(map[string]any)
	if done["verdict"] != "violated" || p["name"] != "one at a time" || p["kind"] != "always" ||
		p["verdict"] != "violated" || p["path"] != "0:0.1" {
		t.Errorf("the last event is %v", done)
	}
	for _, args := range []string{"list", "replay broken -path 0:0.1"} {
		if e := lastEvent(t, run(append(strings.Fields(args), "-json")...).stdout); e["event"] == nil {
			t.Errorf("%s -json prints no event", args)
		}
	}
}

// The JUnit format, as its readers see it.
type junitSuite struct {
	Name     string `xml:"name,attr"`
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
}

func TestJUnit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "junit.xml")
	for args, want := range map[string]junitSuite{
		"check":                  {Name: "locks 2", Tests: 3},
		"check broken":           {Name: "locks 2 broken", Tests: 3, Failures: 1},
		"check endless -depth 5": {Name: "locks 2 endless", Tests: 2, Skipped: 1},
		"check bomb":             {Name: "locks 2 bomb", Tests: 2, Skipped: 1, Errors: 1},
		"check twice":            {Name: "locks 2 twice", Tests: 1, Errors: 1},
	} {
		got := run(append(strings.Fields(args), "-junit", path)...)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err, got.stderr)
		}
		var suites struct {
			Suites []struct {
				junitSuite
				Cases []struct {
					Failure *struct {
						Text string `xml:",chardata"`
					} `xml:"failure"`
				} `xml:"testcase"`
			} `xml:"testsuite"`
		}
		if err := xml.Unmarshal(data, &suites); err != nil {
			t.Fatalf("%s: %v in\n%s", args, err, data)
		}
		s := suites.Suites[0]
		cases := s.Cases
		if len(suites.Suites) != 1 || s.junitSuite != want || len(cases) != want.Tests {
			t.Errorf("%s gives %+v with %d cases, want %+v", args, s.junitSuite, len(cases), want)
		}
		if want.Failures > 0 && (cases[0].Failure == nil || !strings.Contains(cases[0].Failure.Text, "b enters")) {
			t.Errorf("%s: the failure is %+v, want the counterexample", args, cases[0].Failure)
		}
	}
}

// edited writes a trace with a change to a file.
func edited(t *testing.T, f trace.File, change func(f *trace.File)) string {
	t.Helper()
	f.Steps = append([]trace.Step(nil), f.Steps...)
	change(&f)
	to := filepath.Join(t.TempDir(), "edited")
	if err := trace.Save(to, f); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestTraceFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a trace.txt")
	got := run("check", "2", "broken", "-trace", path, "-offset", "1")
	if got.code != ExitViolated || !strings.Contains(got.stdout, path) {
		t.Fatalf("check exits with %d and prints\n%s%s", got.code, got.stdout, got.stderr)
	}
	f, err := trace.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if f.Model != "locks" || fmt.Sprint(f.Params) != "[2 broken -offset=1]" || f.Types == "" ||
		f.Property != "one at a time" || f.Kind != "always" || f.Verdict != "violated" || len(f.Steps) != 2 {
		t.Errorf("the trace is %+v", f)
	}
	// The parameters come from the file, or from the command line if they agree.
	for _, args := range [][]string{{"replay", path}, {"replay", "2", "broken", "-offset=1", path}} {
		got := run(args...)
		if got.code != ExitViolated || got.stderr != "" ||
			!strings.Contains(got.stdout, "VIOLATES it    always     one at a time") {
			t.Errorf("%q exits with %d and prints\n%s%s", args, got.code, got.stdout, got.stderr)
		}
	}

	edit := func(change func(f *trace.File)) string { return edited(t, f, change) }
	cut := filepath.Join(t.TempDir(), "cut")
	if err := os.WriteFile(cut, f.Format()[:len(f.Format())-5], 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{cut}, "it may be truncated"},
		{[]string{filepath.Dir(path)}, "is a folder without recordings"},
		{[]string{"3", "broken", path}, `the trace has the parameters "2 broken -offset=1", the model has "3 broken"`},
		{[]string{edit(func(f *trace.File) { f.Model = "raft" })}, "the trace is of model raft, this is model locks"},
		{[]string{edit(func(f *trace.File) { f.Params = []string{"2", "no such variant"} })}, `unexpected "no such variant"`},
		{[]string{edit(func(f *trace.File) { f.Steps[1].Text = "c flies" })},
			"at step 2: expected c flies: it is not enabled; enabled: 0 a leaves"},
		{[]string{edit(func(f *trace.File) { f.Loop = 0 })}, "expected a cycle back"},
	} {
		got := run(append([]string{"replay"}, c.args...)...)
		if got.code != ExitUsage || !strings.Contains(got.stderr, c.want) {
			t.Errorf("replay %q exits with %d and prints %q, want %s", c.args, got.code, got.stderr, c.want)
		}
	}

	got = run("replay", edit(func(f *trace.File) { f.Types = "other" }))
	if got.code != ExitViolated || !strings.Contains(got.stderr, "note: the model's types have changed") {
		t.Errorf("with other types replay exits with %d and prints %q", got.code, got.stderr)
	}
}

// The commands that a report prints do what they say.
func TestPrintedReplayCommand(t *testing.T) {
	for _, args := range []string{"check broken", "check 3 broken -offset 2", "check light", "check stdin"} {
		got := run(strings.Fields(args)...)
		for _, line := range strings.Split(got.stdout, "\n") {
			command, ok := strings.CutPrefix(line, "replay  "+render.ShellWord(os.Args[0])+" ")
			if !ok {
				continue
			}
			if again := run(strings.Fields(command)...); again.code != got.code {
				t.Errorf("%s exits with %d, and %s with %d", args, got.code, command, again.code)
			}
		}
	}
}

func TestSeveralTraces(t *testing.T) {
	m := endless()
	m.Props = []allways.Property[int]{
		allways.Always("first", func(s int) bool { return s < 2 }),
		allways.Always("a/b c", func(s int) bool { return s < 2 }),
		allways.Always("a/b-c", func(s int) bool { return s < 2 }),
	}
	app := appOf("two", m)
	dir := t.TempDir()
	got := runApp(app, "check", "-trace", filepath.Join(dir, "x.trace"))
	if got.code != ExitViolated || got.stderr != "" {
		t.Fatalf("exits with %d and prints %s%s", got.code, got.stdout, got.stderr)
	}
	for name, property := range map[string]string{
		"x.trace": "first", "x-a_b_c.trace": "a/b c", "x-a_b-c.trace": "a/b-c",
	} {
		if f, err := trace.Load(filepath.Join(dir, name)); err != nil || f.Property != property {
			t.Errorf("%s holds %+v, %v, want property %s", name, f, err, property)
		}
	}
}

func TestFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	for args, want := range map[string]int{
		"check broken -trace /dev/full": ExitViolated,
		"check broken -junit /dev/full": ExitViolated,
		"check -junit /dev/full":        ExitInternal,
	} {
		got := run(strings.Fields(args)...)
		if got.code != want || !strings.Contains(got.stderr, "cannot write /dev/full: no space left on device") {
			t.Errorf("%s exits with %d and prints %q, want %d", args, got.code, got.stderr, want)
		}
		if !strings.Contains(got.stdout, "one at a time") {
			t.Errorf("%s gives no verdict:\n%s", args, got.stdout)
		}
	}
	got := run("check", "-trace", "/dev/full")
	if got.code != ExitHolds || !strings.Contains(got.stderr, "there is no counterexample") {
		t.Errorf("without a counterexample check exits with %d and prints %q", got.code, got.stderr)
	}
}

// Output that cannot be written is an error, and what was found decides the code.
func TestFullStandardOutput(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	for args, want := range map[string]int{
		"check broken -json": ExitViolated, "check broken": ExitViolated, "check -json": ExitInternal, "check": ExitInternal,
	} {
		var stderr strings.Builder
		code := Run(t.Context(), testApp, strings.Fields(args), nil, full, &stderr)
		if code != want || !strings.Contains(stderr.String(), "no space left on device") {
			t.Errorf("%s exits with %d and prints %q, want %d", args, code, stderr.String(), want)
		}
	}
}

// A trace file knows its variant. Another one is written before it, and the file may be no run of that.
func TestReplayOfAnotherVariant(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.trace")
	run("check", "broken", "-trace", file)
	got := run("replay", file, "broken")
	if got.code != ExitUsage || !strings.Contains(got.stderr, "write the trace file "+file+" last") {
		t.Errorf("replay FILE VARIANT exits with %d and prints %s", got.code, got.stderr)
	}
	if got := run("replay", "broken", file); got.code != ExitViolated || got.stderr != "" {
		t.Errorf("replay VARIANT FILE exits with %d and prints %s", got.code, got.stderr)
	}
	if got := run("replay", file); got.code != ExitViolated || got.stderr != "" {
		t.Errorf("replay FILE, which knows its variant, exits with %d and prints %s", got.code, got.stderr)
	}
	if got := run("replay", "light", file); got.code == ExitHolds || !strings.Contains(got.stderr, "broken") {
		t.Errorf("replay of another variant exits with %d and prints %s", got.code, got.stderr)
	}
}

func TestColor(t *testing.T) {
	for _, c := range []struct {
		flag, env string
		want      bool
	}{
		{"auto", "", false}, // the output is no terminal
		{"never", "", false},
		{"always", "", true},
		{"always", "1", true},
		{"auto", "1", false},
	} {
		t.Setenv("NO_COLOR", c.env)
		got := run("check", "broken", "-color", c.flag)
		if strings.Contains(got.stdout, "\x1b[") != c.want {
			t.Errorf("-color %s with NO_COLOR=%q: coloured is %v, want %v", c.flag, c.env, !c.want, c.want)
		}
	}
}

// An interrupt ends the search with a summary of what was learned.
func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithTimeoutCause(context.Background(), time.Hour, context.Canceled)
	time.AfterFunc(50*time.Millisecond, cancel)
	var out, err bytes.Buffer
	code := Run(ctx, testApp, []string{"check", "endless"}, nil, &out, &err)
	text := out.String()
	if code != ExitInconclusive || !strings.Contains(text, string(allways.StopReasonCanceled)) ||
		!strings.Contains(text, "witness of 2 steps") {
		t.Errorf("exits with %d and prints\n%s%s", code, text, &err)
	}
}

func TestCanceledBeforeTheStart(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, err bytes.Buffer
	if code := Run(ctx, testApp, []string{"check"}, nil, &out, &err); code != ExitInconclusive {
		t.Errorf("exits with %d and prints\n%s%s", code, &out, &err)
	}
}

func TestProgressModes(t *testing.T) {
	m := endless()
	m.NextFunc = func(s int, _ string) (int, bool) {
		time.Sleep(time.Millisecond)
		return s + 1, true
	}
	slow := appOf("slow", m)
	for mode, want := range map[string]string{"line": "\r\x1b[K", "off": ""} {
		got := runApp(slow, "check", "-timeout", "700ms", "-progress", mode)
		if got.code != ExitInconclusive || !strings.HasPrefix(got.stderr, want) ||
			want == "" && got.stderr != "" || !strings.HasSuffix(got.stderr, want) {
			t.Errorf("-progress %s exits with %d and prints %q", mode, got.code, got.stderr)
		}
	}
	got := runApp(slow, "check", "-timeout", "1500ms", "-json")
	if !strings.Contains(got.stdout, `"event":"progress"`) || lastEvent(t, got.stdout)["event"] != "done" {
		t.Errorf("with -json progress is\n%s", got.stdout)
	}
}

func TestOptionalMethods(t *testing.T) {
	type embedding struct{ allways.Funcs[string, string] }
	l := light()
	for _, m := range []allways.Model[string, string]{l, &l, embedding{l}, &embedding{l}} {
		if got := fmt.Sprint(optionalOf(t, NewInstance(m))); got != "[Diagram FormatStep]" {
			t.Errorf("the optional methods of a %T are %s", m, got)
		}
	}
	const all = "[ActionName ActionNames Diagram FormatAction FormatState FormatStep Representative Within]"
	if got := fmt.Sprint(optionalOf(t, NewInstance[int, int](everything{}))); got != all {
		t.Errorf("the optional methods are %s", got)
	}
}

func optionalOf(t *testing.T, i Instance) []string {
	t.Helper()
	if err := i.model.Compile(); err != nil {
		t.Fatal(err)
	}
	return i.model.Optional()
}

// everything has all optional methods, and nothing else of use.
type everything struct{ nothing }

type nothing struct{}

func (nothing) Init() []int                            { return []int{0} }
func (nothing) Actions(dst []int, _ int) []int         { return dst }
func (nothing) Next(s, _ int) (int, bool)              { return s, true }
func (nothing) Properties() []allways.Property[int]    { return nil }
func (nothing) ActionName(int) string                  { return "" }
func (nothing) ActionNames() []string                  { return nil }
func (nothing) Diagram(*allways.Path[int, int]) string { return "" }
func (nothing) FormatAction(int) string                { return "" }
func (nothing) FormatState(int) string                 { return "" }
func (nothing) FormatStep(int, int, int) string        { return "" }
func (nothing) Representative(s int) int               { return s }
func (nothing) Within(int) bool                        { return true }

func TestParse(t *testing.T) {
	for args, want := range map[string]string{
		"3 -workers 2 broken":       "2 [3 broken] map[]",
		"-json --workers=2 3":       "2 [3] map[]",
		"3 -offset -3":              "0 [3] map[offset:-3]",
		"-strict 3 -- -workers -- ": "0 [3 -workers --] map[strict:true]",
		"-":                         "0 [-] map[]",
	} {
		s := &settings{}
		c := &Call{program: testApp.program(), settings: s, common: s.flags(), given: map[string]string{}}
		v := merged(named(verbsOf(c.program), "check"))
		err := c.parse(v, strings.Fields(args))
		if got := fmt.Sprint(s.workers, c.Words, c.given); err != nil || got != want {
			t.Errorf("%q is parsed into %s, %v, want %s", args, got, err, want)
		}
	}
}

// No sequence of words makes the program panic or hang.
func FuzzRun(f *testing.F) {
	for _, s := range []string{
		"check 2 broken", "-json list", "replay -path 0:0.1@0", "check -- -1", "help simulate", "__complete check -",
		"completion zsh", "check -color=always -stop any:a,b -memory 1B",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "/") {
			return // no files
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		t.Chdir(t.TempDir())
		var out, err bytes.Buffer
		code := Run(ctx, testApp, strings.Fields(line), nil, &out, &err)
		if code == ExitInternal || code != ExitHolds && out.Len()+err.Len() == 0 {
			t.Errorf("%q exits with %d and prints %q and %q", line, code, &out, &err)
		}
	})
}
