package cli

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allways-go/allways"
)

// A model without properties and steps says so in every form of report.
func TestWarnings(t *testing.T) {
	stuck := appOf("stuck", allways.Funcs[int, string]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []string, _ int) []string { return dst },
		NextFunc:    func(n int, _ string) (int, bool) { return n, true },
	})
	file := filepath.Join(t.TempDir(), "junit.xml")
	for _, args := range []string{"check", "check -quiet", "simulate -walks 2", "check -json", "check -junit " + file} {
		got := runApp(stuck, strings.Fields(args)...)
		text := got.stdout
		if strings.Contains(args, "junit") {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var suites struct {
				Text string `xml:"testsuite>system-err"`
			}
			if err := xml.Unmarshal(b, &suites); err != nil {
				t.Fatal(err)
			}
			text = suites.Text
		}
		for _, want := range []string{"the model has no properties", "no step is possible from an initial state"} {
			if strings.Count(text, want) != 1 {
				t.Errorf("%s: %q is not said once in\n%s", args, want, text)
			}
		}
	}
}
