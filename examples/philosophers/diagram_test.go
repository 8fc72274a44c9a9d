package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allways-go/allways/cli"
)

// update writes the golden files.
var update = flag.Bool("update", false, "rewrite the golden files")

// The table is drawn below a counterexample and below a replayed path.
func TestDiagram(t *testing.T) {
	for file, c := range map[string]struct {
		args string
		from string // start of the part that is the same in each run
		code int
	}{
		"counterexample": {"check 4 broken -workers 1", "no deadlock VIOLATED", cli.ExitViolated},
		"replay":         {"replay 7 -path 0:0.0.2.3", "", cli.ExitHolds},
	} {
		t.Run(file, func(t *testing.T) {
			var out, errs strings.Builder
			if code := cli.Run(t.Context(), app, strings.Fields(c.args), nil, &out, &errs); code != c.code {
				t.Fatalf("exit code %d, want %d\n%s", code, c.code, &errs)
			}
			_, got, found := strings.Cut(out.String(), c.from)
			if !found {
				t.Fatalf("no %q in\n%s", c.from, &out)
			}
			got, _, _ = strings.Cut(c.from+got, "\nreplay  ") // the command names the test's program
			golden := filepath.Join("testdata", file+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s prints\n%s\nwant\n%s", c.args, got, want)
			}
		})
	}
}
