package longtest_test

import (
	"testing"

	"github.com/allways-go/allways/internal/longtest"
	"pgregory.net/rapid"
)

func TestVariable(t *testing.T) {
	for value, want := range map[string]bool{"": false, "0": false, "1": true, "yes": true} {
		t.Setenv(longtest.Variable, value)
		if got := longtest.Enabled(); got != want {
			t.Errorf("%s=%q: enabled %t, want %t", longtest.Variable, value, got, want)
		}
		size := longtest.Size(1, 100)
		if want && size != 100 || !want && size != 1 {
			t.Errorf("%s=%q: size %d", longtest.Variable, value, size)
		}
		skipped := t.Run("run", func(t *testing.T) {
			defer func() {
				if t.Skipped() == want {
					t.Errorf("%s=%q: skipped %t", longtest.Variable, value, t.Skipped())
				}
			}()
			longtest.Run(t)
		})
		if !skipped {
			t.Errorf("%s=%q: a skipped test failed", longtest.Variable, value)
		}
	}
}

func TestChecks(t *testing.T) {
	count := func(t *testing.T) (n int) {
		rapid.Check(t, func(*rapid.T) { n++ })
		return n
	}
	all := count(t)
	for value, want := range map[string]int{"": all / 2, "1": all} {
		t.Setenv(longtest.Variable, value)
		t.Run("checks", func(t *testing.T) {
			longtest.Checks(t, 50) // half of the default; -short divides both
			if n := count(t); n != want {
				t.Errorf("%s=%q: %d cases, want %d", longtest.Variable, value, n, want)
			}
		})
		t.Run("more", func(t *testing.T) {
			longtest.Checks(t, 200)
			if n := count(t); n != 2*all {
				t.Errorf("%s=%q: %d cases, want %d", longtest.Variable, value, n, 2*all)
			}
		})
		if n := count(t); n != all {
			t.Errorf("%d cases after the test, want %d", n, all)
		}
	}
}
