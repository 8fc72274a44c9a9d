package pathtext

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/internal/textwidth"
)

// list returns "0 or 1 or ...".
func list(n int, separator string) string {
	items := make([]string, n)
	for i := range items {
		items[i] = fmt.Sprint(i)
	}
	return strings.Join(items, separator)
}

func example() Run {
	steps := []Step{
		{Number: 1, Text: "choose send of client: 7", Note: "first", Changes: []Change{
			{"client.Value", "0", "7"}, {"client chooses send", list(192, " or "), ""}, {"client sends server", "", "Put{7}"},
		}},
		{Number: 2, Text: "client -> server: Put{7}", Changes: []Change{{".", "1", "2"}}},
	}
	init := "client  {Waits:1}  chooses send: " + list(192, " or ") + "\nserver  {Log:[" + list(90, " ") + "]}"
	return Run{Init: init, Len: 2, Loop: -1, Step: func(i int) Step { return steps[i] }}
}

func TestRunFoldsLongValues(t *testing.T) {
	text := example().Text(Options{Width: 60})
	want := `init  client  {Waits:1}  chooses send: 0 or 1 or 2 or 3 or
              4 or 5 or 6 or 7 or 8 or 9 or 10 or 11 or 12
              or 13 or 14 or 15 or 16 or 17 or 18 or 19 or
              20 or 21 or 22 or 23 or … 168 more
      server  {Log:[0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
              16 17 18 19 20 21 22 23 24 25 26 27 28 29 30
              31 32 33 34 35 36 37 38 39 40 41 42 43 44 45
              46 47 48 49 50 51 52 53 54 … 35 more words
   1  choose send of client: 7  first
        ~  client.Value         0 → 7
        -  client chooses send  0 or 1 or 2 or 3 or 4 or 5
                                or 6 or 7 or 8 or 9 or 10
                                or 11 or 12 or 13 or 14 or
                                15 or … 176 more
        +  client sends server  Put{7}
   2  client -> server: Put{7}
        ~  state  1 → 2
`
	if text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}

func TestRunInFull(t *testing.T) {
	text := example().Text(Options{Full: true})
	for _, want := range []string{list(192, " or "), list(90, " "), "\n        ~  client.Value         0 → 7\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, "more") {
		t.Errorf("something is left out of\n%s", text)
	}
}

func TestRunLeavesOutSteps(t *testing.T) {
	r := Run{Len: 1000, Loop: 998, Step: func(i int) Step { return Step{Number: i + 1, Text: fmt.Sprint("step ", i+1)} }}
	text := r.Text(Options{Rest: "ask for all"})
	for _, want := range []string{
		"\n 100  step 100\n ...  800 steps left out: ask for all\n 901  step 901\n",
		"\n   ┌─ the cycle starts here\n 999  step 999\n1000  step 1000\n" +
			"   └─ back to the start of the cycle, after 2 steps",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestLongChangesStandBelowEachOther(t *testing.T) {
	was, is := list(15, ", "), list(16, ", ")
	step := Step{Number: 1, Text: "a", Changes: []Change{{"Log", was, is}}}
	r := Run{Len: 1, Loop: -1, Step: func(int) Step { return step }}
	want := "~  Log  " + was + "\n                → " + is + "\n"
	if text := r.Text(Options{Width: 80}); !strings.HasSuffix(text, want) {
		t.Errorf("got\n%s\nwant at its end\n%s", text, want)
	}
}

// No line is wider than the terminal, no value takes more than its lines, and -full loses nothing.
func TestRandomRunsFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`([a-z{}:"\[\]é状]{0,12}( |, | or )){0,80}`)
		changes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Change {
			return Change{rapid.StringMatching(`[a-z.]{1,12}`).Draw(t, "path"), value.Draw(t, "before"), value.Draw(t, "after")}
		}), 0, 4).Draw(t, "changes")
		r := Run{Init: value.Draw(t, "init"), Len: 1, Loop: -1, Step: func(int) Step {
			return Step{Number: 1, Text: value.Draw(t, "text"), Changes: changes}
		}}
		width := rapid.IntRange(60, 160).Draw(t, "width")
		full := rapid.Bool().Draw(t, "full")
		text := r.Text(Options{Width: width, Full: full})
		for line := range strings.Lines(text) {
			if n := textwidth.Of(strings.TrimRight(line, "\n")); n > width {
				t.Fatalf("a line takes %d columns of %d: %q", n, width, line)
			}
		}
		squeezed := func(s string) string { return strings.Join(strings.Fields(s), "") }
		for _, c := range changes {
			if full && len(changes) == 1 && c.Before == "" && !strings.Contains(squeezed(text), squeezed(c.After)) {
				t.Fatalf("%q is not in\n%s", c.After, text)
			}
		}
		if most := 4 + 1 + 4 + 8*len(changes); !full && strings.Count(text, "\n") > most {
			t.Fatalf("more than %d lines:\n%s", most, text)
		}
	})
}

func TestFold(t *testing.T) {
	for _, c := range []struct{ name, line, want string }{
		{"short", "a or b", "a or b"},
		{"list of choices", list(192, " or "), "0 or 1 or 2 or … 189 more"},
		{"list", list(100, ", "), "0, 1, 2, 3, 4, 5, … 94 more"},
		{"words", list(100, " "), "0 1 2 3 4 5 6 7 8 … 91 more words"},
		{"one word", strings.Repeat("x", 100), "xxxxxxxxxxxxx… 87 more characters"},
	} {
		got := Fold(c.line, 40)
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		if utf8.RuneCountInString(got) > 40 {
			t.Errorf("%s: %q is too long", c.name, got)
		}
	}
}

func TestGridMeasuresWithoutColours(t *testing.T) {
	red := func(s string) string { return "\x1b[31m" + s + "\x1b[0m" }
	got := Grid(nil, [][]string{{red("a") + "b" + red("c"), "1"}, {"abcd", "2"}})
	if want := red("a") + "b" + red("c") + "   1\nabcd  2\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Long numbers of steps are easy to read.
func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 12_034: "12,034", 1_000_007: "1,000,007"} {
		if got := grouped(n); got != want {
			t.Errorf("%d reads as %s", n, got)
		}
	}
}
