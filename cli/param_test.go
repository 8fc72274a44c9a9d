package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A parameter sets its variable, or leaves it as it is and says what is wanted.
func TestParams(t *testing.T) {
	n, free, yes, word, choice, wait, content := 0, 0, false, "", time.Duration(0), 0, "before"
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	intP := Int("n", &n, 5, 4, 6, "")
	freeP := Int("free", &free, 0, 0, 1<<63-1, "")
	boolP := Bool("yes", &yes, "")
	textP := Text("word", &word, "default", "")
	choiceP := Choice("choice", &choice, "", time.Second, time.Minute)
	funcP := Func("wait", &wait, "7", strconv.Atoi, "")
	fileP := File("file", &content, "")
	if n != 5 || free != 0 || word != "default" || choice != time.Second || wait != 7 || content != "before" {
		t.Errorf("the defaults are %v %v %v %v %v %v", n, free, word, choice, wait, content)
	}
	for _, c := range []struct {
		p    Param
		text string
		want string // in the error; empty for none
	}{
		{intP, "7", `invalid value "7" for N: want a whole number from 4 to 6`},
		{intP.Flag(), "x", `invalid value "x" for flag -n: want a whole number from 4 to 6`},
		{freeP, "-1", "want a whole number, 0 or more"},
		{boolP, "maybe", "want true or false"},
		{textP, "", "want a value that is not empty"},
		{choiceP, "hour", "want 1s or 1m0s"},
		{funcP, "x", "invalid syntax"},
		{fileP, filepath.Join(t.TempDir(), "none"), "no such file"},
		{intP, "6", ""}, {freeP, "1000000", ""}, {boolP, "true", ""},
		{textP, "x", ""}, {choiceP, "1m0s", ""}, {funcP, "8", ""},
	} {
		err := c.p.assign(c.text, strings.NewReader("input"))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) ||
			!isUsage(err)) {
			t.Errorf("%s of %q: %v, want %q", c.p.name, c.text, err, c.want)
		}
	}
	if n != 6 || free != 1000000 || !yes || word != "x" || choice != time.Minute || wait != 8 {
		t.Errorf("the values are %v %v %v %v %v %v", n, free, yes, word, choice, wait)
	}
	for name, want := range map[string]string{file: "content", "-": "input"} {
		if err := fileP.assign(name, strings.NewReader("input")); err != nil || content != want {
			t.Errorf("file %s: %q, %v, want %q", name, content, err, want)
		}
	}
}

// A value that is not zero in the configuration of a variant is that variant's default, and help
// says so.
func TestDefaultsOfVariants(t *testing.T) {
	for args, want := range map[string]string{
		"list":                       "locks 2: ",
		"list many":                  "locks 4 many: ",
		"list 3 many":                "locks 3 many: ",
		"list many -offset=0":        "locks 4 many: ",
		"list many -offset 2 -json":  `"params":["4","many","-offset=2"]`,
		"check -h":                   "N  processes: 1 to 9 (default 2, 4 in many)",
		"check many -workers 1 -why": "locks 4 many  bfs",
	} {
		if got := run(strings.Fields(args)...); !strings.Contains(got.stdout, want) {
			t.Errorf("%s prints\n%s%s\nwithout %s", args, got.stdout, got.stderr, want)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"check", "simulate", "replay", "list"}
	for word, want := range map[string]string{
		"chek": "check", "simluate": "simulate", "lits": "list", "chck": "check", "x": "", "": "", "something": "",
	} {
		if got := nearest(word, names); got != want {
			t.Errorf("nearest to %q is %q, want %q", word, got, want)
		}
	}
}

func TestComplete(t *testing.T) {
	for words, want := range map[string]string{
		"":                    "check simulate replay list version completion help",
		"ch":                  "check",
		"check br":            "broken",
		"check -st":           "-strategy -storage -stop -strict",
		"check -strategy ":    "bfs dfs symbolic auto",
		"check -strategy d":   "dfs",
		"check -trace ":       "",
		"check 3 -strict ":    "guarded broken many light bomb endless bounded symmetric stdin twice empty panicking",
		"list -":              "-json -color -offset -strict -input",
		"help si":             "simulate",
		"completion ":         "bash zsh fish",
		"nothing ":            "",
		"simulate -progress=": "",
	} {
		got := run(append([]string{"__complete"}, strings.Split(words, " ")...)...)
		if text := strings.Join(strings.Fields(got.stdout), " "); text != want || got.code != ExitHolds {
			t.Errorf("%q is completed by %q, want %q", words, text, want)
		}
	}
	for _, shell := range shells {
		got := run("completion", shell)
		if !strings.Contains(got.stdout, "__complete") || strings.Contains(got.stdout, "NAME") ||
			strings.Contains(got.stdout, "PROGRAM") {
			t.Errorf("the script for %s is\n%s", shell, got.stdout)
		}
	}
}

// The profiles are files that go tool pprof reads: compressed with gzip.
func TestProfiles(t *testing.T) {
	dir := t.TempDir()
	cpu, mem := filepath.Join(dir, "cpu"), filepath.Join(dir, "mem")
	if got := run("check", "-cpuprofile", cpu, "-memprofile", mem); got.code != ExitHolds || got.stderr != "" {
		t.Fatalf("exits with %d and prints %s", got.code, got.stderr)
	}
	for _, file := range []string{cpu, mem} {
		if b, err := os.ReadFile(file); err != nil || len(b) < 2 || b[0] != 0x1f || b[1] != 0x8b {
			t.Errorf("%s is no profile: %v", file, errors.Join(err))
		}
	}
}

func TestVersion(t *testing.T) {
	if got := run("version"); !strings.HasPrefix(got.stdout, "locks") || !strings.Contains(got.stdout, "go1.") {
		t.Errorf("version prints\n%s", got.stdout)
	}
}

// A word that is a value of a later parameter is recognized as such.
func TestWordOfALaterParameter(t *testing.T) {
	type two struct {
		n    int
		kind string
	}
	app := App[two]{
		Name: "two", Variants: []Variant[two]{{Name: "two"}},
		Params: func(c *two) []Param {
			return []Param{Int("n", &c.n, 1, 1, 9, ""), Choice("kind", &c.kind, "", "fast", "slow")}
		},
		Build: func(two) (Instance, error) { return NewInstance(light()), nil },
	}
	const want = `invalid value "slow" for N: want a whole number from 1 to 9; slow is for KIND, which comes after N`
	if got := runApp(app, "check", "slow"); got.code != ExitUsage || !strings.Contains(got.stderr, want) {
		t.Errorf("exit code %d, %s\nwant %s", got.code, got.stderr, want)
	}
}
