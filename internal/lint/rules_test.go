package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/sources"
)

// wrong is a module that breaks rules. A line that does is marked with the beginning of what the
// finding says, which is cut off when the file is written; findings about a whole file or package
// stand in the test.
var wrong = map[string]string{
	"go.mod": "module example.com/m\n\ngo 1.26\n",
	"m.go": `// Package m is documented.
package m

// T is documented.
type T struct {
	A int // it is
	B int //! T.B has no comment
	C int // that is hanging //! the comment begins with "that"
}

func F() {} //! F has no comment //! F is used in no example

// G is used in an example.
func G() {}

func (T) P() {} //! T.P has no comment

func (T) String() string { return "" }

// nobody looks here //! "nobody"
var nobody = "for ever" //! "for ever" //! nobody
`,
	"long.go": "package m\n\nvar long = 1 + " + strings.Repeat("1 + ", 30) + "1 //! the line has more\n",
	"m_test.go": "package m\n\nimport \"testing\"\n\nfunc TestLong(t *testing.T) { //! TestLong has 61 lines\n" +
		strings.Repeat("\n", 59) + "}\n",
	"example_test.go": `package m_test

import "example.com/m"

func ExampleG() { //! ExampleG has no // Output
	m.G()
}
`,
	"internal/n/n.go": "package n\n\nfunc F() {} //! F has no comment\n",
	"cmd/main.go":     "package main\n\nfunc main() {}\n\nfunc Exported() {}\n",
	"page.md":         "It is\ntold what to do.\n",
	"paths.md": "[that](m.go), [far](https://example.com/x), [gone](gone.go#here), `internal/n`: `n.go`\n" +
		"`internal/NAME/n.go`, `internal/gone/n.go`, `gone_test.go`, `example.com/m`, `a.Name` and `either/or`\n" +
		"\n    go test ./internal/... ./gone/...\n",
	"CHANGELOG.md": "Nobody was told.\n",
}

// marks matches the marks of a line.
var marks = regexp.MustCompile(`(?m) //! .*$`)

func TestRules(t *testing.T) {
	dir := t.TempDir()
	for name, text := range wrong {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, marks.ReplaceAll([]byte(text), nil), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	m, err := sources.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{
		"internal/n: no file has a comment": 1,
		"page.md:1: \"is\ntold\"":           1,
		"paths.md:1: gone.go":               1,
		"paths.md:2: internal/gone/n.go":    1,
		"paths.md:2: gone_test.go":          1,
		"paths.md:2: either/or":             1,
		"paths.md:4: gone/...":              1,
	}
	for name, text := range wrong {
		number := 0
		for line := range strings.Lines(text) {
			number++
			for _, mark := range strings.Split(strings.TrimSpace(line), "//! ")[1:] {
				want[fmt.Sprintf("%s:%d: %s", name, number, strings.TrimSpace(mark))]++
			}
		}
	}
	for _, rule := range Rules() {
		if rule.Name == "imports" || rule.Name == "dependencies" {
			continue // which are about the packages of this module
		}
	findings:
		for _, f := range rule.check(m) {
			for begin := range want {
				text := strings.Replace(f.String(), ": the name ", ": ", 1)
				if strings.HasPrefix(text, begin) && want[begin] > 0 {
					want[begin]--
					continue findings
				}
			}
			t.Errorf("%s: unexpected: %v", rule.Name, f)
		}
	}
	for begin, n := range want {
		if n > 0 {
			t.Errorf("not found: %s", begin)
		}
	}
}

// The table of packages is one of layers: what a package may import stands before it.
func TestLayoutHasLayers(t *testing.T) {
	before := map[string]bool{}
	for _, l := range layout {
		for _, rel := range l.may {
			if !before[rel] {
				t.Errorf("%s may import %s, which stands after it or nowhere", l.of, rel)
			}
		}
		if before[l.of] {
			t.Errorf("%s stands there twice", l.of)
		}
		before[l.of] = true
	}
}
