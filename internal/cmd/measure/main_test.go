package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/longtest"
)

func TestRun(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.26\n",
		"m.go": "// Package m is small.\npackage m\n\n// F is a function.\n" +
			"func F() {}\n\nfunc G() { h() }\n",
		"n.go": "package m\n\nfunc h() { G() }\n",
		"m_test.go": "package m\n\nimport \"testing\"\n\n" +
			"func TestF(t *testing.T) {}\n\nfunc FuzzF(f *testing.F) {}\n",
		"examples/one/main.go": "package main\n\nimport \"example.com/m\"\n\nfunc main() { m.F() }\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := run(&out, dir, true, false); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{
		". 2 5 0.40 0.80 3 1/1/1 2 (50%) 0 0 0 1 1",
		"examples/... 1 3 0.00 0.00 1 1/1/1 0 0 0 0 0 0",
		"all 3 8 0.25 0.50 4 1/1/1 2 (50%) 0 0 0 1 1",
		"2: m.go n.go",
		"1 of 2, tests aside 1 . G",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, &out)
		}
	}
}

// What programs cost is measured, and a further model costs something.
func TestBuilds(t *testing.T) {
	longtest.Run(t)
	var out bytes.Buffer
	if err := run(&out, "../../..", false, true); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if !strings.Contains(text, "each further model type:") || strings.Contains(text, "with one model: 0.00") {
		t.Error(text)
	}
}
