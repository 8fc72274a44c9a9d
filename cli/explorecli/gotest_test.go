package explorecli_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/longtest"
)

// A counterexample of an example, exported as a Go test of its package, fails there, and passes once the
// model is the correct variant.
func TestGoTests(t *testing.T) {
	longtest.Run(t)
	for example, test := range map[string]string{
		"paxos": "TestPaxosLinearizable", "raft": "TestRaftElectionSafety",
	} {
		t.Run(example, func(t *testing.T) {
			text := goTestOf(t, example)
			if out, err := runGoTest(t, example, text); err == nil || !strings.Contains(out, "--- FAIL: "+test+" (") ||
				!strings.Contains(out, "is violated after") {
				t.Errorf("%v: %s%s", err, text, out)
			}
			fixed := strings.Replace(text, `, "broken")`, ")", 1)
			if out, err := runGoTest(t, example, fixed); err != nil || !strings.Contains(out, "--- PASS: "+test+" (") {
				t.Errorf("%v: %s%s", err, fixed, out)
			}
		})
	}
}

// goTestOf checks the broken variant of an example and exports its counterexample.
func goTestOf(t *testing.T, example string) string {
	t.Helper()
	folder := t.TempDir()
	binary, file := filepath.Join(folder, example), filepath.Join(folder, "x.trace")
	if out, err := exec.Command("go", "build", "-o", binary, "../../examples/"+example).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	exec.Command(binary, "check", "broken", "-trace", file).Run() // it fails: the variant is broken
	cmd := exec.Command(binary, "explore", "-addr", "127.0.0.1:0", "-open", file)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	link, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	base, rest, _ := strings.Cut(link, "/t/")
	path, _, _ := strings.Cut(rest, "#")
	r, err := http.Get(base + "/api/v1/export?format=go&path=" + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s %v: %s", r.Status, err, text)
	}
	return string(text)
}

// runGoTest runs a test file as if it stood in the folder of an example.
func runGoTest(t *testing.T, example, text string) (string, error) {
	t.Helper()
	folder, err := filepath.Abs("../../examples/" + example)
	if err != nil {
		t.Fatal(err)
	}
	file, overlay := filepath.Join(t.TempDir(), "x_test.go"), filepath.Join(t.TempDir(), "overlay.json")
	replace, err := json.Marshal(map[string]any{
		"Replace": map[string]string{filepath.Join(folder, "exported_test.go"): file},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{file: []byte(text), overlay: replace} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	name, _, _ := strings.Cut(text[strings.Index(text, "\nfunc ")+len("\nfunc "):], "(")
	out, err := exec.Command("go", "test", "-overlay", overlay, "-run", "^"+name+"$", "-v", folder).CombinedOutput()
	return string(out), err
}
