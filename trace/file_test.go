package trace

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/allways-go/allways"
)

// counter counts up and down between 0 and limit, from 0 or 1.
func counter(limit int) allways.Model[int, string] {
	return allways.Funcs[int, string]{
		InitFunc: func() []int { return []int{0, 1} },
		ActionsFunc: func(dst []string, s int) []string {
			if s < limit {
				dst = append(dst, "up")
			}
			if s > 0 {
				dst = append(dst, "down")
			}
			return dst
		},
		NextFunc: func(s int, a string) (int, bool) {
			if a == "up" {
				return s + 1, true
			}
			return s - 1, true
		},
	}
}

func stepper(t *testing.T, limit int) *allways.Stepper[int, string] {
	t.Helper()
	st, err := allways.NewStepper(counter(limit))
	if err != nil {
		t.Fatal(err)
	}
	return st
}

var sample = File{
	Header: Header{
		Model: "counter", Params: []string{"3", "two words", "", `"quoted"`,
			"-n=1"}, Types: "12ab", Property: "is small", Kind: "always", Verdict: "violated",
	},
	Init: 1, InitText: "a state\nof two lines",
	Steps: []Step{{0, "up"}, {1, "down [0] 3"}, {12, " led by a space"}, {3, ""}, {4, "# hash"}, {5, `"`},
		{6, "naïve → arrow"}},
	Loop: 2,
}

func TestFormat(t *testing.T) {
	want := `allways trace 1
model: counter
params: 3 "two words" "" "\"quoted\"" -n=1
types: 12ab
property: is small
kind: always
verdict: violated

init 1  "a state\nof two lines"
   1 [0] up
   2 [1] down [0] 3
   3 [12] " led by a space"
   4 [3] ""
   5 [4] # hash
   6 [5] "\""
   7 [6] naïve → arrow
loop 2
end 7
`
	got := string(sample.Format())
	if got != want {
		t.Errorf("Format gives\n%s\nwant\n%s", got, want)
	}
	back, err := Parse(strings.NewReader(got))
	if err != nil || !reflect.DeepEqual(back, sample) {
		t.Errorf("Parse(Format(f)) = %+v, %v, want %+v", back, err, sample)
	}
}

func TestParseIsLenientWithWhatPeopleDo(t *testing.T) {
	text := "allways trace 1\r\n# a comment\r\nmodel:   counter  \r\ninit 0\r\n\r\n" +
		" 1  [0]   up\r\n  # why\r\n2 [0] up\r\nend 2\r\n\r\n# done"
	got, err := Parse(strings.NewReader(text))
	want := File{Header: Header{Model: "counter"}, Steps: []Step{{0, "up"}, {0, "up"}}, Loop: -1}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Parse gives %+v, %v, want %+v", got, err, want)
	}
}

func TestParseErrors(t *testing.T) {
	const head = "allways trace 1\nmodel: m\n"
	for text, want := range map[string]string{
		"":                                              "line 1: not a trace file",
		"\x7fELF\x02\x01":                               "line 1: not a trace file",
		"\xff\xfe":                                      "line 1: want text in UTF-8",
		"allways trace 2\n":                             `line 1: the trace has version "2"`,
		head:                                            "line 3: the file ends too early, want the initial state",
		head + "colour: red\n":                          `line 3: unknown key "colour"`,
		head + "model: n\n":                             `line 3: the key "model" appears twice`,
		head + "hello\n":                                `line 3: want "KEY: VALUE" or "init INDEX STATE", have "hello"`,
		head + "params: \"a\n":                          "line 3: ",
		head + "types: \"a\" b\n":                       "line 3: ",
		head + "init x\n":                               `line 3: want "init INDEX STATE": "x" is not a number from 0`,
		head + "init -1\n":                              "line 3: ",
		head + "init 0\n":                               `line 4: the file ends too early, want step 1 or "end 0"`,
		head + "init 0\n1 [0] up":                       `line 5: the file ends too early, want step 2 or "end 1"`,
		head + "init 0\n2 [0] up\n":                     `line 4: want "1 [INDEX] ACTION": have step 2`,
		head + "init 0\n1 up\n":                         `line 4: want "1 [INDEX] ACTION": have "up"`,
		head + "init 0\n1 [-1] up\n":                    `line 4: want "1 [INDEX] ACTION": "-1" is not a number from 0`,
		head + "init 0\n1 [9999999999999999999]":        `line 4: `,
		head + "init 0\n1 [0] \"up\n":                   `line 4: `,
		head + "init 0\n1 [0] up\nloop 1\n":             `line 5: want "loop STEPS" with a number below 1, have "1"`,
		head + "init 0\n1 [0] up\nloop 0\nloop 0\n":     `line 6: want "end 1" after the loop`,
		head + "init 0\n1 [0] up\nloop 0\n2 [0] up\n":   `line 6: want "end 1" after the loop`,
		head + "init 0\n1 [0] up\nend 2\n":              `line 5: want "end 1" after 1 steps, have "end" and "2"`,
		head + "init 0\nend\n":                          `line 4: want "end 0"`,
		head + "init 0\nend 0\nend 0\n":                 `line 5: want nothing after the end`,
		head + "init 0 " + strings.Repeat("x", maxLine): "line 3: the line is longer than 1048576 bytes",
	} {
		_, err := Parse(strings.NewReader(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("Parse(%.60q) = %v, want an error that starts with %s", text, err, want)
		}
	}
}

// A truncated file is an error, wherever it is cut off.
func TestParseNoticesTruncation(t *testing.T) {
	text := sample.Format()
	for n := range len(text) - 1 {
		if _, err := Parse(bytes.NewReader(text[:n])); err == nil {
			t.Errorf("the first %d of %d bytes are taken for a whole trace", n, len(text))
		}
	}
}

// endless is a file without an end.
type endless struct{ line string }

func (e endless) Read(b []byte) (int, error) { return copy(b, e.line), nil }

func TestParseLimitsSize(t *testing.T) {
	for _, line := range []string{"#\n", "x"} {
		_, err := Parse(endless{"allways trace 1\n" + strings.Repeat(line, 1<<16)})
		if err == nil {
			t.Errorf("an endless file of %q is read without an error", line)
		}
	}
}

func TestSaveAndLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.trace")
	if err := Save(path, sample); err != nil {
		t.Fatal(err)
	}
	got, err := Load(path)
	if err != nil || !reflect.DeepEqual(got, sample) {
		t.Errorf("Load gives %+v, %v", got, err)
	}

	bad := sample
	bad.Loop = 99
	if err := Save(path, bad); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("saving an impossible loop gives %v", err)
	}
	bad = sample
	bad.Steps = []Step{{0, strings.Repeat("x", maxLine)}}
	if err := Save(path, bad); err == nil {
		t.Error("a line that is too long to be read is written")
	}
	if again, err := Load(path); err != nil || !reflect.DeepEqual(again, sample) {
		t.Errorf("after failures the file is %+v, %v", again, err)
	}
	if err := Save(filepath.Join(path, "below", "a file"), sample); err == nil {
		t.Error("a trace is saved below a file")
	}
	if _, err := Load(path + "x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("loading a missing file gives %v", err)
	}
}

func TestReplay(t *testing.T) {
	st := stepper(t, 3)
	p, err := st.ParsePath("1:0.1@0")
	if err != nil {
		t.Fatal(err)
	}
	h := Header{Model: "counter", Params: []string{"3"}, Types: st.TypesHash()}
	f := New(p, h)
	want := File{Header: h, Init: 1, InitText: "1", Steps: []Step{{0, "up"}, {1, "down"}}, Loop: 0}
	if !reflect.DeepEqual(f, want) {
		t.Errorf("New gives %+v, want %+v", f, want)
	}
	q, err := Replay(st, f)
	if err != nil || q.Encode() != p.Encode() {
		t.Fatalf("Replay gives %v, %v, want %v", q, err, p)
	}

	// Texts decide about actions and initial states: indexes are hints.
	f.Init, f.Steps[0].Index, f.Steps[1].Index = 0, 7, 0
	if q, err = Replay(st, f); err != nil || q.Encode() != p.Encode() {
		t.Errorf("with wrong indexes Replay gives %v, %v, want %v", q, err, p)
	}
	f.InitText, f.Init = "unknown", 1
	if q, err = Replay(st, f); err != nil || q.Encode() != p.Encode() {
		t.Errorf("with another text of the state Replay gives %v, %v, want %v", q, err, p)
	}
}

func TestReplayThatDoesNotFit(t *testing.T) {
	st := stepper(t, 1)
	for _, f := range []File{
		{Init: 5, InitText: "?", Loop: -1},
		{Init: 1, InitText: "1", Steps: []Step{{0, "down"}, {1, "down"}}, Loop: -1},
		{Init: 1, InitText: "1", Steps: []Step{{0, "down"}}, Loop: 0},
	} {
		_, err := Replay(st, f)
		if _, ok := errors.AsType[*allways.ReplayError](err); !ok {
			t.Errorf("Replay(%+v) = %v, want a ReplayError", f, err)
		}
	}
	_, err := Replay(st, File{Init: 0, InitText: "0", Steps: []Step{{0, "up"}, {0, "up"}}, Loop: -1})
	if e, ok := errors.AsType[*allways.ReplayError](err); !ok || e.Step != 1 || e.Expected != "up" ||
		fmt.Sprint(e.Enabled) != "[0 down]" {
		t.Errorf("error is %#v, want one about step 1, up and what is enabled", err)
	}
}

func TestMatches(t *testing.T) {
	f := File{Header: Header{Model: "m", Params: []string{"3"}, Types: "t"}}
	for _, c := range []struct {
		h                    Header
		model, params, types bool
	}{
		{h: Header{Model: "m", Params: []string{"3"}, Types: "t"}},
		{h: Header{}},
		{h: Header{Model: "n", Params: []string{"3"}, Types: "t"}, model: true},
		{h: Header{Model: "m", Params: []string{}, Types: "t"}, params: true},
		{h: Header{Model: "m", Params: []string{"3"}, Types: "u"}, types: true},
		{h: Header{Model: "n", Params: []string{"3", "x"}, Types: "u"}, model: true, params: true, types: true},
	} {
		err := f.Matches(c.h)
		e, ok := errors.AsType[*MismatchError](err)
		if !c.model && !c.params && !c.types {
			if err != nil {
				t.Errorf("Matches(%+v) = %v", c.h, err)
			}
			continue
		}
		if !ok || e.Model != c.model || e.Params != c.params || e.Types != c.types {
			t.Errorf("Matches(%+v) = %v", c.h, err)
			continue
		}
		if e.Advisory() != (c.types && !c.model && !c.params) {
			t.Errorf("%v: Advisory is %v", e, e.Advisory())
		}
	}
}

// Parse rejects a text, or reads a file that survives a round trip.
func FuzzParse(f *testing.F) {
	f.Add(sample.Format())
	f.Add([]byte("allways trace 1\ninit 0\nend 0"))
	f.Add([]byte("allways trace 1\nparams: a \"b\\x00c\"d e\n\ninit 0 \"\"\n 1 [0] \"\\xff\"\nloop 0\nend 1\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Parse(bytes.NewReader(text))
		if err != nil {
			return
		}
		again, err := Parse(bytes.NewReader(file.Format()))
		if err != nil || !reflect.DeepEqual(again, file) {
			t.Fatalf("%q is read as %+v, then as %+v, %v", text, file, again, err)
		}
	})
}

// A file is read as it was written, whatever it holds.
func FuzzFormat(f *testing.F) {
	f.Add("model", "a b", "state", "step", 1, 2)
	f.Add("\n", "\"", "\u00a0", "\xff", 0, 0)
	f.Fuzz(func(t *testing.T, model, param, init, step string, index, loop int) {
		if len(model)+len(param)+len(init)+len(step) > maxLine/8 || index < 0 || loop < 0 {
			return
		}
		want := File{
			Header: Header{Model: model, Params: []string{param}, Verdict: step}, Init: index, InitText: init,
			Steps: []Step{{index, step}, {0, init}}, Loop: loop % 2,
		}
		got, err := Parse(bytes.NewReader(want.Format()))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v is read as %+v, %v", want, got, err)
		}
	})
}
