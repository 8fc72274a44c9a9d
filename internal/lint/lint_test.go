package lint

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/sources"
)

var update = flag.Bool("update", false, "write the baseline: the findings that are known and still to be mended")

const baselineFile = "testdata/baseline.txt"

// TestModule checks the whole module. Findings beyond those that the baseline counts fail.
func TestModule(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip(err)
	}
	m, err := sources.Load("../..")
	if err != nil {
		t.Fatal(err)
	}
	known, err := readBaseline()
	if err != nil {
		t.Fatal(err)
	}
	now, ran := map[string]int{}, map[string]bool{}
	for _, rule := range Rules() {
		t.Run(rule.Name, func(t *testing.T) {
			ran[rule.Name] = true
			places := map[string][]Finding{}
			for _, f := range rule.check(m) {
				key := f.Rule + " " + f.Where
				places[key] = append(places[key], f)
				now[key]++
			}
			for _, key := range slices.Sorted(maps.Keys(places)) {
				if found := places[key]; len(found) > known[key] && !*update {
					for _, f := range found {
						t.Error(f)
					}
				}
			}
		})
	}
	if *update {
		if err := writeBaseline(now); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, key := range slices.Sorted(maps.Keys(known)) {
		if rule, _, _ := strings.Cut(key, " "); ran[rule] && now[key] < known[key] {
			t.Errorf("%s: %d findings, fewer than the %d in %s: go test ./internal/lint -update",
				key, now[key], known[key], baselineFile)
		}
	}
}

// readBaseline returns how many findings are known, by rule and place.
func readBaseline() (map[string]int, error) {
	text, err := os.ReadFile(baselineFile)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	known := map[string]int{}
	for line := range strings.Lines(string(text)) {
		var rule, where string
		var n int
		if _, err := fmt.Sscan(line, &rule, &where, &n); err != nil {
			return nil, fmt.Errorf("%s: %q: %w", baselineFile, line, err)
		}
		known[rule+" "+where] = n
	}
	return known, nil
}

func writeBaseline(now map[string]int) error {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(now)) {
		fmt.Fprintln(&b, key, now[key])
	}
	return os.WriteFile(baselineFile, []byte(b.String()), 0o644)
}
