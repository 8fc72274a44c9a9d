package allwaystest_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/allwaystest"
	"github.com/allways-go/allways/internal/longtest"
	"github.com/allways-go/allways/trace"
)

var update = flag.Bool("update", false, "write the golden files")

// runInner runs a test of inner_test.go as a separate process in the given folder. It returns the
// output and whether the test passes.
func runInner(t *testing.T, folder, name string, env []string, args ...string) (string, bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"-test.run=^" + name + "$", "-test.v"}, args...)...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), innerVariable+"=1")
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.CombinedOutput()
	if _, failed := err.(*exec.ExitError); err != nil && !failed {
		t.Fatal(err)
	}
	return string(out), err == nil
}

var volatile = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`\(\d+\.\d+s\)`), "(TIME)"},
	{regexp.MustCompile(`stopped after \S+,`), "stopped after TIME,"},
	{regexp.MustCompile(`limited to \S+ by`), "limited to TIME by"},
	{regexp.MustCompile(`(?m)(\w+\.go):\d+`), "$1:LINE"},
	{regexp.MustCompile(`(?m)(\s)/\S*/(\w+_test\.go)`), "$1$2"},
}

// stable replaces the parts of an output that differ from run to run, and the given folder.
func stable(out, folder string) string {
	if folder != "" {
		out = strings.ReplaceAll(out, folder, "FOLDER")
	}
	for _, v := range volatile {
		out = v.pattern.ReplaceAllString(out, v.with)
	}
	return out
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name+".txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("output differs from %s; run with -update to accept it\n%s", file, got)
	}
}

func TestGolden(t *testing.T) {
	for _, c := range []struct {
		test   string // name of the test
		name   string // name of the golden file, if it differs from that of the test
		passes bool
		env    []string
		args   []string
	}{
		{test: "TestInnerHolds", passes: true},
		{test: "TestInnerViolated"},
		{test: "TestInnerCommand"},
		{test: "TestInnerInconclusive", passes: true},
		{test: "TestInnerComplete"},
		{test: "TestInnerEndless", passes: true, args: []string{"-test.timeout=2s"}},
		{test: "TestInnerEndless", name: "limits in flags", passes: true,
			args: []string{"-allways.timeout=100ms"}, env: []string{"ALLWAYS_TIMEOUT=1h"}},
		{test: "TestInnerEndless", name: "limits in the environment", passes: true,
			env: []string{"ALLWAYS_TIMEOUT=100ms"}},
		{test: "TestInnerEndless", name: "nonsense in the environment", env: []string{"ALLWAYS_WORKERS=many"}},
		{test: "TestInnerShort", passes: true, args: []string{"-test.short"}},
		{test: "TestInnerShort", name: "not short", passes: true},
		{test: "TestInnerSimulate", passes: true, args: []string{"-allways.seed=7", "-allways.workers=1"}},
		{test: "TestInnerPanic"},
		{test: "TestInnerDeclaration"},
		{test: "TestInnerOptions"},
		{test: "TestInnerWarnings"},
		{test: "TestInnerStored"},
		{test: "TestInnerReplay"},
		{test: "TestInnerReplayNothing"},
		{test: "TestInnerRegression"},
		{test: "TestInnerWitness"},
		{test: "TestInnerViolated", name: "path of a counterexample",
			args: []string{"-allways.path=0:0.4.3.4.0.4"}},
		{test: "TestInnerViolated", name: "path of nothing", passes: true, args: []string{"-allways.path=0:0"}},
		{test: "TestInnerViolated", name: "path that does not fit", args: []string{"-allways.path=0:3"}},
		{test: "FuzzInner"},
		{test: "FuzzInner", name: "fuzz path", args: []string{"-allways.path=0:0.4.3.4.0.4"}},
		{test: "FuzzInnerPanic"},
		{test: "FuzzInnerPanic", name: "path to a panic", args: []string{"-allways.path=0:1"}},
	} {
		if c.name == "" {
			c.name = c.test
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out, passed := runInner(t, ".", c.test, c.env, c.args...)
			if passed != c.passes {
				t.Errorf("passes: %t, want %t\n%s", passed, c.passes, out)
			}
			golden(t, strings.ReplaceAll(c.name, " ", "_"), stable(out, ""))
		})
	}
}

// Counterexamples are saved to the requested places, and replay from there.
func TestTracesAreKept(t *testing.T) {
	folder := t.TempDir()
	out, _ := runInner(t, folder, "TestInnerViolated", nil, "-allways.trace=traces", "-allways.rewrite",
		"-test.artifacts", "-test.outputdir="+folder)
	if !strings.Contains(out, "_artifacts") {
		t.Errorf("no artifact:\n%s", out)
	}
	for _, sub := range []string{"traces/TestInnerViolated", "testdata/allways/TestInnerViolated"} {
		allwaystest.Replay(t, jugModel(neverFour, used, gently), filepath.Join(folder, sub, "*.trace"))
		f, err := trace.Load(filepath.Join(folder, sub, "never_4.trace"))
		if err != nil || f.Property != "never 4" || f.Verdict != "violated" || len(f.Steps) != 6 {
			t.Errorf("%s: %+v, %v", sub, f, err)
		}
	}
	out, _ = runInner(t, folder, "TestInnerViolated", nil)
	if !strings.Contains(out, "FAIL: TestInnerViolated/stored/never_4.trace") {
		t.Errorf("the stored trace was not replayed:\n%s", out)
	}
	blocked := filepath.Join(folder, "file")
	if err := os.WriteFile(blocked, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	out, _ = runInner(t, t.TempDir(), "TestInnerViolated", nil, "-allways.trace="+blocked)
	if !strings.Contains(out, "not a directory") || !strings.Contains(out, "replay  go test") {
		t.Errorf("a trace that cannot be written:\n%s", out)
	}
}

// The command in a report reproduces the report.
func TestReplayCommand(t *testing.T) {
	out, _ := runInner(t, ".", "TestInnerViolated", nil)
	command := regexp.MustCompile(`replay  go test github\.com/allways-go/allways/allwaystest ` +
		`-run '\^TestInnerViolated\$' -allways\.path=(\S+)\n`)
	m := command.FindAllStringSubmatch(out, -1)
	if len(m) != 3 {
		t.Fatalf("%d commands in\n%s", len(m), out)
	}
	for _, path := range m {
		if out, passed := runInner(t, ".", "TestInnerViolated", nil, "-allways.path="+path[1]); passed ||
			!strings.Contains(out, "is a counterexample of") {
			t.Errorf("path %s:\n%s", path[1], out)
		}
	}
}

func TestFuzzing(t *testing.T) {
	longtest.Run(t)
	folder := t.TempDir()
	out, passed := runInner(t, folder, "nothing", nil,
		"-test.fuzz=^FuzzInnerPanic$", "-test.fuzzcachedir="+folder, "-test.fuzztime=60s", "-test.fuzzminimizetime=1x")
	if passed || !strings.Contains(out, "three litres") ||
		!strings.Contains(out, " -run '^FuzzInnerPanic$' -allways.path=") {
		t.Errorf("the fuzzer does not find the panic:\n%s", out)
	}
}

// A run is a witness or a counterexample.
func TestGivenRuns(t *testing.T) {
	m := jugModel(neverFour, four, used)
	run := []pour{"fill big", "big to small", "empty small", "big to small", "fill big", "big to small"}
	if p := allwaystest.Witness(t, m, "four", run); p.Len() != 6 || p.Encode() != "0:0.4.3.4.0.4" {
		t.Errorf("path %s", p.Encode())
	}
	if p := allwaystest.Counterexample(t, m, "never 4", run); p.Last().Big != 4 {
		t.Errorf("last state %v", p.Last())
	}
	allwaystest.Witness(t, m, "four", allwaystest.Path("0:0.4.3.4.0.4"))
	allwaystest.Counterexample(t, m, "never 4", allwaystest.Path("0:0.4.3.4.0.4"))
	allwaystest.Counterexample(t, m, "small is used", allwaystest.Path("0:0.2@0"))
	m.InitFunc = func() []jugs { return []jugs{{}, {Small: 3}, {Big: 5, Small: 2}} }
	if p := allwaystest.Witness(t, m, "four", []pour{"big to small"}); p.InitIndex() != 2 {
		t.Errorf("initial state %d", p.InitIndex())
	}
}

// Walks are as many as in a simulation with the same options, whatever the deadline of the test binary is.
func TestNumberOfWalks(t *testing.T) {
	options := allways.SimulateOptions{MaxDepth: 3}
	want, err := allways.Simulate(t.Context(), endless(), options)
	if err != nil {
		t.Fatal(err)
	}
	var got *allways.Result[int, string]
	t.Run("walks", func(t *testing.T) {
		got = allwaystest.Simulate(t, endless(), allwaystest.SimulateOptions{Simulate: options})
	})
	if got.Stats.Walks != want.Stats.Walks || got.StopReason != want.StopReason {
		t.Errorf("%d walks, %s; want %d, %s", got.Stats.Walks, got.StopReason, want.Stats.Walks, want.StopReason)
	}
}
