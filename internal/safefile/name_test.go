package safefile_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/allways-go/allways/internal/safefile"
)

// Names are portable, short enough, valid and different, also for a file system that ignores case.
func TestNames(t *testing.T) {
	long := strings.Repeat("値", 90)
	texts := []string{"a/b", "a:b", "Held", "held", "HELD", "..", "", long, long + "x", long, "plain-name_1.2"}
	names := safefile.Names(texts)
	var lower []string
	for i, n := range names {
		if n == "" || len(n) > 190 || !utf8.ValidString(n) || strings.ContainsAny(n, `/\:*? `) {
			t.Errorf("%q is called %q", texts[i], n)
		}
		lower = append(lower, strings.ToLower(n))
	}
	slices.Sort(lower)
	if len(slices.Compact(lower)) != len(texts) {
		t.Errorf("two names are one: %q", names)
	}
	if names[0] != "a_b" || names[2] != "Held" || names[10] != "plain-name_1.2" {
		t.Errorf("%q", names)
	}
}
