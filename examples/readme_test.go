// Package examples_test keeps what the examples' README files show true.
package examples_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// shown matches a command in a README that is followed by what it prints, in an indented block.
var shown = regexp.MustCompile("\\(`(go run \\./examples/[^`]+)`\\):\n\n((?:(?:    .*)?\n)+)")

// TestCounterexamples runs the broken variants as the README files say, and looks for the counterexamples they show.
func TestCounterexamples(t *testing.T) {
	if testing.Short() {
		t.Skip("builds all examples")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip(err)
	}
	files, err := filepath.Glob("*/README.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no README files: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			examples := shown.FindAllStringSubmatch(string(text), -1)
			if len(examples) == 0 {
				t.Fatalf("%s shows no counterexample below its command", file)
			}
			for _, x := range examples {
				compare(t, strings.Fields(x[1]), strings.TrimSpace(unindent(x[2])))
			}
		})
	}
}

func unindent(block string) string {
	lines := strings.Split(block, "\n")
	for i := range lines {
		lines[i] = strings.TrimPrefix(lines[i], "    ")
	}
	return strings.Join(lines, "\n")
}

// compare runs a command at the root of the module; it must find a violation and print what is wanted.
func compare(t *testing.T, command []string, want string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Dir = ".."
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err == nil || !strings.Contains(stderr.String(), "exit status 1\n") {
		t.Errorf("%s: it does not end with exit code 1, for a violation: %v\n%s", strings.Join(command, " "), err, &stderr)
	}
	if !strings.Contains(string(out), want) {
		t.Errorf("%s prints\n\n%s\nwhich does not have, as its README says,\n\n%s", strings.Join(command, " "), out, want)
	}
}
