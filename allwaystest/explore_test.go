package allwaystest_test

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	_ "github.com/allways-go/allways/explorer"
	"github.com/allways-go/allways/internal/explore/offer"
)

// explored is a test of inner_test.go that serves the explorer.
type explored struct {
	cmd  *exec.Cmd
	out  *bufio.Reader
	link string
}

// exploreInner starts a test with -allways.explore, and waits for its link.
func exploreInner(t *testing.T, name string, args ...string) *explored {
	t.Helper()
	e := &explored{cmd: exec.Command(os.Args[0], append(args, "-test.run=^"+name+"$", "-test.v", "-allways.explore")...)}
	e.cmd.Env = append(os.Environ(), innerVariable+"=1")
	out, err := e.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := e.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.cmd.Process.Kill() }) // in vain, if it has ended as it should
	e.out = bufio.NewReader(out)
	for !strings.HasPrefix(e.link, "http://") {
		if e.link, err = e.out.ReadString('\n'); err != nil {
			t.Fatalf("%s prints no link: %v", name, err)
		}
	}
	return e
}

// rest returns what the test prints after the link. It waits until the test has ended, and demands that it fails.
func (e *explored) rest(t *testing.T) string {
	t.Helper()
	b, err := io.ReadAll(e.out)
	if err != nil {
		t.Fatal(err)
	}
	if e.cmd.Wait() == nil {
		t.Error("the test passes")
	}
	return string(b)
}

// A test that fails serves its counterexample until it is interrupted, and then ends as it would have.
func TestExplore(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no signal that interrupts another process")
	}
	for name, path := range map[string]string{
		"TestInnerViolated": "0:0.4.3.4.0.4", "TestInnerPanic": "0:", "TestInnerRegression/broken": "0:0.4.3.4.0.4",
	} {
		e := exploreInner(t, strings.ReplaceAll(name, "/", "$/^"), "-test.timeout=0")
		base, rest, _ := strings.Cut(e.link, "/t/")
		if !strings.HasPrefix(rest, path) || !strings.Contains(rest, "#token=") {
			t.Errorf("%s: link %s", name, e.link)
		}
		r, err := http.Get(base + "/api/v1/export?format=trace&path=" + path)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil || r.StatusCode != http.StatusOK || !strings.HasPrefix(string(text), "allways trace 1") {
			t.Errorf("%s %v: %s", r.Status, err, text)
		}
		if err := e.cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		out := e.rest(t)
		if !strings.Contains(out, "Press Ctrl-C to end.\n") || !strings.Contains(out, "--- FAIL: "+name) {
			t.Errorf("%s ends with\n%s", name, out)
		}
	}
}

// The explorer ends before the deadline of the test binary, which would end it with stacks.
func TestExploreUntilDeadline(t *testing.T) {
	e := exploreInner(t, "TestInnerViolated", "-test.timeout=2s", "-allways.path=0:0")
	if !strings.Contains(e.link, "/t/0:0#") {
		t.Errorf("link %s", e.link)
	}
	out, err := io.ReadAll(e.out)
	if e.cmd.Wait() != nil || err != nil || !strings.Contains(string(out), "the deadline of the test ends it in") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestInnerWithoutExplorer(t *testing.T) {
	inner(t)
	offer.Explorer = nil
	TestInnerViolated(t)
}

// What cannot be shown is said before the search, with what to do.
func TestExploreMisuse(t *testing.T) {
	out, passed := runInner(t, ".", "TestInnerWithoutExplorer", nil, "-allways.explore")
	advice := `import _ "github.com/allways-go/allways/explorer"`
	if passed || !strings.Contains(out, advice) || strings.Contains(out, "never 4") {
		t.Errorf("without package explorer:\n%s", out)
	}
	out, passed = runInner(t, ".", "TestInnerViolated", nil, "-allways.explore", "-test.v=false")
	if passed || !strings.Contains(out, "add -v") || strings.Contains(out, "never 4") {
		t.Errorf("without -v:\n%s", out)
	}
	out, passed = runInner(t, ".", "TestInnerHolds", nil, "-allways.explore")
	if !passed || !strings.Contains(out, "no counterexample to show") {
		t.Errorf("without a counterexample:\n%s", out)
	}
}
