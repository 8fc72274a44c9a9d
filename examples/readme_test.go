// Package examples_test checks that the output in the README files of the examples is current.
package examples_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the counterexamples to the README files")

var (
	// shown matches a command in a README with its output in an indented block.
	shown = regexp.MustCompile("\\(`(go run \\./examples/[^`]+)`\\):\n\n((?:(?:    .*)?\n)+)")
	// found matches the first counterexample in an output, with the command that replays it.
	found = regexp.MustCompile("(?ms)^[^\n]* VIOLATED after .*?^replay [^\n]*\n")
)

// TestCounterexamples runs the commands of the README files and compares the counterexamples.
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
				t.Fatalf("%s shows no counterexample below a command", file)
			}
			for _, x := range examples {
				out := violation(t, strings.Fields(x[1]))
				if *update {
					shows := "(`" + x[1] + "`):\n\n" + indent(found.FindString(out))
					text = []byte(strings.Replace(string(text), x[0], shows, 1))
				} else if want := strings.TrimSpace(unindent(x[2])); !strings.Contains(out, want) {
					t.Errorf("%s prints\n\n%s\nwhich does not have, as its README says,\n\n%s", x[1], out, want)
				}
			}
			if *update {
				if err := os.WriteFile(file, text, 0o644); err != nil {
					t.Fatal(err)
				}
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

func indent(block string) string {
	lines := strings.SplitAfter(block, "\n")
	for i, line := range lines {
		if strings.TrimSpace(line) != "" {
			lines[i] = "    " + line
		}
	}
	return strings.Join(lines, "")
}

// violation runs a command at the root of the module, which must find a violation, and returns its output.
func violation(t *testing.T, command []string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Dir = ".."
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err == nil || !strings.Contains(stderr.String(), "exit status 1\n") {
		t.Errorf("%s: want exit code 1, for a violation: %v\n%s", strings.Join(command, " "), err, &stderr)
	}
	return string(out)
}
