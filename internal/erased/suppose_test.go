package erased

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A forged message in the short form of a path is read as it was written, and can stand in a link as it is.
func TestForgedForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := forged{rapid.IntRange(-1, 2000).Draw(t, "from"), rapid.IntRange(0, 2000).Draw(t, "to"),
			rapid.String().Draw(t, "message")}
		text := f.String()
		if strings.Trim(text, "!_-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
			t.Fatalf("%s is no part of an address", text)
		}
		st, err := parseStep(text)
		if err != nil || st.forged == nil || *st.forged != f {
			t.Fatalf("%s: %+v, %v", text, st, err)
		}
	})
}

// FuzzParseStep asserts that a step that is read is written as the same.
func FuzzParseStep(f *testing.F) {
	for _, text := range []string{"0", "!12", "!f0_1_e30", "!f-1_1_", "!f_", "-1", "!f0_1_e3"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		st, err := parseStep(text)
		if err != nil {
			return
		}
		if st.index < 0 || st.forged != nil && st.supposed {
			t.Fatalf("%q: %+v", text, st)
		}
		if st.forged == nil {
			return
		}
		again, err := parseStep(st.forged.String())
		if err != nil || *again.forged != *st.forged {
			t.Fatalf("%q: %+v, %v", text, again, err)
		}
	})
}
