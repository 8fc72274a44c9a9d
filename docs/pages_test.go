package docs_test

import (
	"flag"
	"fmt"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/longtest"
)

var update = flag.Bool("update", false, "write what commands print into the pages")

// block matches a fenced block and the comment above it, which says what it is:
//
//	file: NAME           a file
//	append: NAME         more of a file
//	replace: NAME        a function in place of the one with its name
//	output: "A" to "B"   commands, and the lines that the last one prints from one with A to one with B
var block = regexp.MustCompile("(?ms)(?:^<!-- (\\w+)(?:: ([^\n]*?))? -->\n)?^```(\\w+)\n(.*?)^```\n")

var between = regexp.MustCompile(`^"(.*)" to "(.*)"$`)

// user is a reader who does what a page says.
type user struct {
	t      *testing.T
	folder string // the module
	root   string // the clone of Allways
}

// Every listing is Go as gofmt writes it.
func TestListings(t *testing.T) {
	pages, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range block.FindAllStringSubmatch(string(text), -1) {
			kind, language, body := m[1], m[3], m[4]
			if language != "go" {
				continue
			}
			if formatted, err := format.Source([]byte(body)); err != nil || string(formatted) != body {
				t.Errorf("%s: not as gofmt writes it (%v):\n%s", page, err, body)
			}
			if kind == "" {
				t.Errorf("%s: no comment says what becomes of\n%s", page, body)
			}
		}
	}
}

// A reader who follows a page to the letter sees what it shows.
func TestPages(t *testing.T) {
	longtest.Run(t)
	for _, page := range []string{"getting-started.md", "how-to.md", "runs.md"} {
		t.Run(page, func(t *testing.T) { follow(t, page) })
	}
}

func follow(t *testing.T, page string) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	u := &user{t: t, folder: t.TempDir(), root: root}
	u.prepare()
	was := string(text)
	now := block.ReplaceAllStringFunc(was, func(whole string) string {
		m := block.FindStringSubmatch(whole)
		kind, what, language, body := m[1], m[2], m[3], m[4]
		switch {
		case kind == "output":
			return strings.Replace(whole, body, u.commands(body, what), 1)
		case language == "go":
			u.write(kind, what, body)
		}
		return whole
	})
	if *update {
		if err := os.WriteFile(page, []byte(now), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if stable(now) != stable(was) {
		t.Errorf("%s shows something else than what happens; -update writes what happens\n%s", page,
			difference(stable(was), stable(now)))
	}
}

// difference returns the first line that differs.
func difference(was, now string) string {
	a, b := strings.Split(was, "\n"), strings.Split(now, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d shows\n%s\nand should show\n%s", i+1, a[i], b[i])
		}
	}
	return "one ends before the other"
}

// prepare makes the module as the page says, with the sums of the clone, so that nothing is downloaded.
func (u *user) prepare() {
	sums, err := os.ReadFile(filepath.Join(u.root, "go.sum"))
	if err != nil {
		u.t.Fatal(err)
	}
	u.put("go.sum", string(sums))
	u.run("go", "mod", "init", "example.com/lease")
	u.run("go", "mod", "edit", "-require", "github.com/allways-go/allways@v0.0.0",
		"-replace", "github.com/allways-go/allways="+u.root)
}

func (u *user) put(name, text string) {
	u.t.Helper()
	path := filepath.Join(u.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		u.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		u.t.Fatal(err)
	}
}

// write does with a listing what its comment says.
func (u *user) write(kind, name, body string) {
	u.t.Helper()
	old := ""
	if kind != "file" {
		b, err := os.ReadFile(filepath.Join(u.folder, name))
		if err != nil {
			u.t.Fatal(err)
		}
		old = string(b)
	}
	switch kind {
	case "file":
		u.put(name, body)
	case "append":
		u.put(name, old+"\n"+body)
	case "replace":
		u.put(name, replaced(u.t, old, body))
	default:
		u.t.Fatalf("a listing is %q, which means nothing", kind)
	}
}

// replaced returns a file with another body of a function.
func replaced(t *testing.T, file, function string) string {
	t.Helper()
	head, _, _ := strings.Cut(function, "\n")
	before, rest, ok := strings.Cut(file, head+"\n")
	if !ok {
		t.Fatalf("there is no %s to replace", head)
	}
	_, after, _ := strings.Cut(rest, "\n}\n")
	out := before + function + after
	if _, err := parser.ParseFile(token.NewFileSet(), "", out, 0); err != nil {
		t.Fatal(err)
	}
	return out
}

// commands runs the commands of a block, and returns the block with what the last one prints.
func (u *user) commands(body, lines string) string {
	var commands []string
	out := ""
	for line := range strings.Lines(body) {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			commands = append(commands, line)
			out = u.run(strings.Fields(command)...)
		}
	}
	if m := between.FindStringSubmatch(lines); m != nil {
		out = excerpt(u.t, out, m[1], m[2])
	}
	return strings.Join(commands, "") + strings.TrimRight(out, "\n") + "\n"
}

// excerpt returns the lines from the first one with a text to the next one with another.
func excerpt(t *testing.T, out, from, to string) string {
	var b strings.Builder
	inside, ended := false, false
	for line := range strings.Lines(out) {
		if inside = inside || strings.Contains(line, from); inside {
			b.WriteString(line)
		}
		if ended = inside && strings.Contains(line, to); ended {
			break
		}
	}
	if !ended {
		t.Errorf("no lines from %q to %q in\n%s", from, to, out)
	}
	return "...\n" + b.String()
}

// run runs a command, and returns what it prints. A check that finds something ends with an error.
func (u *user) run(command ...string) string {
	c := exec.CommandContext(u.t.Context(), command[0], command[1:]...)
	c.Dir = u.folder
	c.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "GOWORK=off", "PWD="+u.folder)
	out, err := c.CombinedOutput()
	if err != nil && command[1] == "mod" {
		u.t.Fatal(fmt.Errorf("%v: %w\n%s", command, err, out))
	}
	return strings.ReplaceAll(string(out), u.folder, "lease")
}

var volatile = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`\d+\.\d+s\b`), "0.01s"},
	{regexp.MustCompile(`(?m)^(time|memory) .*$`), "$1"},
	{regexp.MustCompile(`(?m)^(generated|distinct|depth|walks) +(\S+).*$`), "$1 $2"}, // aligned with these
}

// stable replaces what differs from run to run.
func stable(text string) string {
	for _, v := range volatile {
		text = v.pattern.ReplaceAllString(text, v.with)
	}
	return text
}
