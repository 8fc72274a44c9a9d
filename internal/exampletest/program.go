package exampletest

import (
	"flag"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// programVariable is the environment variable that makes a test binary behave like the example that
// it tests.
const programVariable = "ALLWAYS_EXAMPLE"

// Main is the TestMain of an example. Its test binary contains the example's main function as well,
// so that tests which need the example as a program start the test binary again, and nothing has to
// be built for them.
func Main(m *testing.M, main func()) {
	if os.Getenv(programVariable) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// program returns the command that runs the example with some arguments, as its own program.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), binary, args...)
	c.Env = append(os.Environ(), programVariable+"=1")
	return c
}

var updateReadme = flag.Bool("update-readme", false, "write the counterexample to README.md")

var (
	// shown matches a command in a README that is followed by what it prints, in an indented block.
	shown = regexp.MustCompile("\\(`(go run \\./examples/[^`]+)`\\):\n\n((?:(?:    .*)?\n)+)")
	// found matches the first counterexample in what a command prints, with the command that replays it.
	found = regexp.MustCompile("(?ms)^[^\n]* VIOLATED after .*?^replay [^\n]*\n")
	// excerpt matches a fenced block of a page below a comment with the command that prints it.
	excerpt = regexp.MustCompile("<!-- output of: (go run \\./examples/[^\n]+) -->\n```text\n((?:[^`\n]*\n)+)```\n")
)

// Readme runs the broken variant of the example as its README says, and looks for the
// counterexample that the README shows.
func Readme(t *testing.T) {
	t.Helper()
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	examples := shown.FindAllStringSubmatch(text, -1)
	if len(examples) == 0 {
		t.Fatal("README.md shows no counterexample below its command")
	}
	for _, x := range examples {
		out := violation(t, strings.Fields(x[1]))
		if *updateReadme {
			text = strings.Replace(text, x[0], "(`"+x[1]+"`):\n\n"+indent(found.FindString(out)), 1)
		} else if want := strings.TrimSpace(unindent(x[2])); !strings.Contains(out, want) {
			t.Errorf("%s prints\n\n%s\nwhich does not have, as README.md says,\n\n%s", x[1], out, want)
		}
	}
	if *updateReadme {
		if err := os.WriteFile("README.md", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Excerpt runs the commands of this example that a page names, and looks for the parts of their
// output that it shows. A line "..." in the page stands for lines that are left out.
func Excerpt(t *testing.T, page string) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	blocks := excerpt.FindAllStringSubmatch(string(text), -1)
	if len(blocks) == 0 {
		t.Fatalf("%s shows no output of a command", page)
	}
	for _, b := range blocks {
		out := violation(t, strings.Fields(b[1]))
		rest := "\n" + out
		for part := range strings.SplitSeq("\n"+b[2], "\n...\n") {
			part = "\n" + strings.Trim(part, "\n") + "\n"
			i := strings.Index(rest, part)
			if i < 0 {
				t.Errorf("%s prints\n\n%s\nwhich does not have, at its place in %s,\n%s", b[1], out, page, part)
				break
			}
			rest = rest[i+len(part)-1:]
		}
	}
}

// violation runs a command of the form "go run ./examples/name arguments", which must find a
// violation, and returns what it prints.
func violation(t *testing.T, command []string) string {
	t.Helper()
	c := program(t, command[3:]...)
	var stderr strings.Builder
	c.Stderr = &stderr
	out, err := c.Output()
	if c.ProcessState.ExitCode() != 1 {
		t.Errorf("%s: it does not end with exit code 1, for a violation: %v\n%s", strings.Join(command, " "), err, &stderr)
	}
	return strings.ReplaceAll(string(out), c.Path, strings.Join(command[:3], " "))
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
