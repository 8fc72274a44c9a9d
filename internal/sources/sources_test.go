package sources

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// write writes a module of some files into a folder, and loads it.
func write(t *testing.T, files map[string]string) *Module {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module example.com/m\n\ngo 1.26\n"
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	m, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestLoad(t *testing.T) {
	m := write(t, map[string]string{
		"a.go":                     "package m\n\nimport \"example.com/m/internal/b\"\n\nvar A = b.B\n",
		"a_test.go":                "package m\n",
		"a_beside_test.go":         "package m_test\n",
		"internal/b/b.go":          "package b\n\nimport \"strings\"\n\nvar B = strings.ToUpper(\"b\")\n",
		"internal/b/b_unknown.go":  "//go:build unknown\n\npackage b\n\nthis is no Go",
		"cmd/main.go":              "package main\n\nfunc main() {}\n",
		"testdata/wrong/broken.go": "package",
	})
	var rels []string
	for _, p := range m.Packages {
		rels = append(rels, p.Rel)
	}
	if want := []string{".", "cmd", "internal/b"}; m.Path != "example.com/m" || !slices.Equal(rels, want) {
		t.Fatalf("module %s has packages %q, want %q", m.Path, rels, want)
	}
	root, b := m.Package("."), m.Package("internal/b")
	if len(root.Files) != 1 || root.Files[0].Path != "a.go" || len(root.Tests) != 2 ||
		len(b.Files) != 1 || b.Files[0].Path != "internal/b/b.go" {
		t.Errorf("files %v, tests %v and %v", root.Files, root.Tests, b.Files)
	}
	if !root.Public() || b.Public() || m.Package("cmd").Public() || !m.Package("cmd").Main() {
		t.Error("the wrong packages are public")
	}
	if !slices.Contains(root.Deps, "strings") || !slices.Equal(root.Imports, []string{"example.com/m/internal/b"}) {
		t.Errorf("the root imports %q and needs %q", root.Imports, root.Deps)
	}
	if m.Package("nothing") != nil {
		t.Error("there is a package that is not there")
	}
}

func TestLoadFails(t *testing.T) {
	dir := t.TempDir()
	if _, err := Load(dir); err == nil {
		t.Error("a folder without a module is loaded")
	}
	os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module m\n"), 0o644)
	os.WriteFile(filepath.Join(dir, "m.go"), []byte("package m\n\nvar x int = \"\"\n"), 0o644)
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "m.go:3") {
		t.Errorf("error %v, want one of the type in line 3", err)
	}
}

// Names that two files declare at package level, methods and fields are references; local variables
// and names of other packages are not.
func TestKnots(t *testing.T) {
	m := write(t, map[string]string{
		"a.go": "package m\n\nfunc a() { b(); _ = T[int]{}.field }\n",
		"b.go": "package m\n\nfunc b() { var s S; s.method() }\n",
		"c.go": "package m\n\ntype S struct{}\n\nfunc (S) method() { a() }\n",
		"d.go": "package m\n\ntype T[E any] struct{ field E }\n\nfunc d() { c := e; _ = c }\n",
		"e.go": "package m\n\nconst e = 1\n\nfunc f(t T[string]) string { return t.field }\n",
		"f.go": "package m\n\nfunc g() { a(); f(T[string]{}) }\n",
	})
	p := m.Package(".")
	want := [][]string{{"a.go", "b.go", "c.go"}, {"d.go", "e.go"}}
	if got := m.Knots(p); !reflect.DeepEqual(got, want) {
		t.Errorf("knots %q, want %q", got, want)
	}
	if got := m.References(p)["f.go"]; len(got) != 3 || !got["a.go"] || !got["d.go"] || !got["e.go"] {
		t.Errorf("f.go refers to %v", got)
	}
}

// declarations is the file of TestExported.
const declarations = `package m

// Group.
const (
	A = iota
	b
)

var C, d int // beside

var E int

// T is a type, and K one of its fields.
type T[X any] struct {
	// F and G are fields.
	F int
	G int

	H int
	I int // beside
	j int
	K int
}

// L has one method.
type L interface{ O() }

type J interface {
	// M is a method.
	M()
	N()
}

// F is a function.
func F() {}

func (t *T[X]) P() {}

func (t T[X]) q() {}

type r struct{ Hidden int }

func (r) S() {}
`

func TestExported(t *testing.T) {
	m := write(t, map[string]string{"m.go": declarations})
	got := map[string]bool{}
	for _, d := range m.Exported(m.Package(".")) {
		got[d.Kind+" "+d.Name] = d.Comment
	}
	want := map[string]bool{
		"const A": true, "var C": true, "var E": false, "type T": true, "member T.F": true, "member T.G": true,
		"member T.H": false, "member T.K": true, "type L": true, "member L.O": true,
		"member T.I": true, "type J": false, "member J.M": true, "member J.N": true,
		"func F": true, "method T.P": false,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("exported\n%v, want\n%v", got, want)
	}
	if got := m.Methods(m.Package(".")); !reflect.DeepEqual(got, map[string]int{"T": 1}) {
		t.Errorf("methods %v", got)
	}
}

func TestUnused(t *testing.T) {
	m := write(t, map[string]string{
		"m.go": "package m\n\ntype T struct{}\n\nfunc (T) Used() {}\n\n" +
			"func (T) Own() { own() }\n\nfunc own() { Local() }\n\nfunc Local() {}\n",
		"m_test.go": "package m_test\n\nimport \"example.com/m\"\n\nvar _ = m.Local\n",
		"n/n.go":    "package n\n\nimport \"example.com/m\"\n\nfunc f() { m.T{}.Used() }\n",
	})
	var names []string
	for _, d := range m.Unused() {
		names = append(names, d.Name)
	}
	if want := []string{"T.Own", "Local"}; !slices.Equal(names, want) {
		t.Errorf("unused %q, want %q", names, want)
	}
}

func TestLines(t *testing.T) {
	f := &File{Text: "package m\n\n// one\n/* two\nthree */\nvar x = 1 // code\n/* four */\n\tvar y = `\n// five`\n"}
	if n := f.Count(); n != (Lines{Code: 3, Comment: 5}) {
		t.Errorf("%+v", n) // a string that looks like a comment is taken for one
	}
	f = &File{Text: strings.Join([]string{
		"0123456789", "01234567890", "\t\"0123456789\",", "f(\"0123456789\")", "\"01234\" + \"56789\"",
		"\t`0123456789`)}", "äöüäöüäöüä",
	}, "\n")}
	if got := f.LongLines(10); !slices.Equal(got, []int{2, 4, 5}) {
		t.Errorf("long lines %v", got)
	}
}

func TestDuplicates(t *testing.T) {
	run := "\ta()\n\n\tb()\n\t// a comment\n\tc()\n\td()\n"
	m := write(t, map[string]string{
		"a.go": "package m\n\nimport _ \"os\"\n\nfunc a() {\n" + run +
			"\tx()\n}\n\nfunc b() {}\nfunc c() {}\nfunc d() {}\nfunc x() {}\n",
		"b.go": "package m\n\nimport _ \"os\"\n\nfunc y() {\n\tif true {\n" + run + "\t}\n}\n",
	})
	got := m.Duplicates(m.Package(".").Files, 4)
	if want := []Duplicate{{4, "a.go:6", "b.go:7"}}; !slices.Equal(got, want) {
		t.Errorf("duplicates %v, want %v", got, want)
	}
	if got := m.Duplicates(m.Package(".").Files, 5); got != nil {
		t.Errorf("duplicates of five lines: %v", got)
	}
}
