// Package trace stores paths of a model in text files, and replays them. A trace file has a line
// for each step with the text of its action, so that it can be read, reviewed, and replayed after
// the order of actions has changed. It is not a format for logs of production systems.
package trace

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/safefile"
)

// Header describes the model of a trace and what the trace shows. Empty fields are unknown.
type Header struct {
	Model    string   // name of the model
	Params   []string // parameters of the model, as on a command line
	Types    string   // hash of the model's types, from [allways.Stepper.TypesHash]
	Property string   // property of which the trace is a counterexample or a witness
	Kind     string   // kind of that property, such as "always"
	Verdict  string   // verdict on that property, such as "violated"
}

// File is the content of a trace file. Equal contents have the same text.
type File struct {
	Header
	Init     int    // index of the initial state
	InitText string // text of the initial state, cut off after 4 KB
	Steps    []Step // steps from the initial state
	Loop     int    // number of steps before the cycle of a lasso, -1 without a cycle
}

// Step is a step of a trace.
type Step struct {
	Index int    // index among the enabled actions; decides between actions with equal texts
	Text  string // text of the action
}

const (
	magic       = "allways trace "
	version     = "1"
	maxLine     = 1 << 20
	maxSize     = 1 << 28
	maxInitText = 4 << 10
)

// New returns the content of a trace file for p.
func New[S, A any](p *allways.Path[S, A], h Header) File {
	f := File{Header: h, Init: p.InitIndex(), InitText: cut(p.StateText(0)), Loop: -1}
	for _, st := range p.Steps() {
		f.Steps = append(f.Steps, Step{Index: st.Index, Text: st.Text})
	}
	if start, ok := p.Loop(); ok {
		f.Loop = start
	}
	return f
}

// cut shortens a text to maxInitText, at a character.
func cut(s string) string {
	if len(s) <= maxInitText {
		return s
	}
	end := maxInitText
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "..."
}

// Format returns the text of the file. [Parse] reads it back if the indexes are not negative, Loop
// is -1 or below the number of steps, and no text is longer than a megabyte.
func (f File) Format() []byte {
	var b bytes.Buffer
	b.WriteString(magic + version + "\n")
	for _, k := range f.keys() {
		if *k.value != "" {
			fmt.Fprintf(&b, "%s: %s\n", k.name, quote(*k.value))
		}
		if k.name == "model" && len(f.Params) > 0 {
			fmt.Fprintf(&b, "params: %s\n", joinWords(f.Params))
		}
	}
	fmt.Fprintf(&b, "\ninit %d  %s\n", f.Init, quote(f.InitText))
	for i, st := range f.Steps {
		fmt.Fprintf(&b, "%4d [%d] %s\n", i+1, st.Index, quote(st.Text))
	}
	if f.Loop >= 0 {
		fmt.Fprintf(&b, "loop %d\n", f.Loop)
	}
	fmt.Fprintf(&b, "end %d\n", len(f.Steps))
	return b.Bytes()
}

type key struct {
	name  string
	value *string
}

// keys returns the text fields of the header with their names in a file.
func (h *Header) keys() []key {
	return []key{
		{"model", &h.Model}, {"types", &h.Types}, {"property", &h.Property}, {"kind", &h.Kind}, {"verdict",
			&h.Verdict},
	}
}

// Save writes f to a file. If it fails, an existing file is unchanged. Save refuses to write a file
// that [Load] could not read. Errors contain the path.
func Save(path string, f File) error {
	text := f.Format()
	if _, err := Parse(bytes.NewReader(text)); err != nil {
		return fmt.Errorf("cannot write %s: the trace could not be read back: %w", path, err)
	}
	return safefile.Write(path, text)
}

// Load reads a trace file. Errors contain the path and, if the file is not a trace, the line and
// what was expected there.
func Load(path string) (File, error) {
	r, err := os.Open(path)
	if err != nil {
		return File{}, fmt.Errorf("cannot read trace: %w", err)
	}
	defer r.Close()
	f, err := Parse(r)
	if err != nil {
		return File{}, fmt.Errorf("trace %s: %w", path, err)
	}
	return f, nil
}

// MismatchError reports that a trace was made with another model, or another version of the model.
type MismatchError struct {
	// Model, Params and Types report which parts differ.
	Model, Params, Types bool
	// File is the header of the file, and Want describes the model.
	File, Want Header
}

// Advisory reports whether only the types differ. A replay may then still succeed, since it finds
// actions by their texts.
func (e *MismatchError) Advisory() bool { return !e.Model && !e.Params }

// Error returns the differences.
func (e *MismatchError) Error() string {
	var parts []string
	if e.Model {
		parts = append(parts, fmt.Sprintf("the trace is of model %s, this is model %s", e.File.Model, e.Want.Model))
	}
	if e.Params {
		parts = append(parts, fmt.Sprintf("the trace has the parameters %q, the model has %q",
			joinWords(e.File.Params), joinWords(e.Want.Params)))
	}
	if e.Types {
		parts = append(parts, "the model's types have changed since the trace was written")
	}
	return strings.Join(parts, "; ")
}

// Matches returns a [*MismatchError] if f is not a trace of the model that h describes. Fields that are
// empty on either side are not compared.
func (f File) Matches(h Header) error {
	e := &MismatchError{
		Model:  f.Model != "" && h.Model != "" && f.Model != h.Model,
		Params: f.Params != nil && h.Params != nil && !slices.Equal(f.Params, h.Params),
		Types:  f.Types != "" && h.Types != "" && f.Types != h.Types,
		File:   f.Header, Want: h,
	}
	if e.Model || e.Params || e.Types {
		return e
	}
	return nil
}

// Replay replays a trace step by step and returns the path. It finds actions by their texts. If the
// trace does not fit the model, the error is an [*allways.ReplayError] with the step, the expected
// action and the enabled ones. If the model misbehaves, it is an [*allways.ModelError]. Replay does
// not compare headers: see [File.Matches].
func Replay[S, A any](t *allways.Stepper[S, A], f File) (*allways.Path[S, A], error) {
	p, err := start(t, f)
	if err != nil {
		return nil, err
	}
	for _, st := range f.Steps {
		if p, err = t.ExtendByText(p, st.Text, st.Index); err != nil {
			return nil, err
		}
	}
	if f.Loop >= 0 {
		return t.CloseLoop(p, f.Loop)
	}
	return p, nil
}

// start returns the path without steps from the initial state of f. The text of the state decides,
// since the order of initial states may have changed; without a match the index does.
func start[S, A any](t *allways.Stepper[S, A], f File) (*allways.Path[S, A], error) {
	fits := func(p *allways.Path[S, A]) bool { return cut(p.StateText(0)) == f.InitText }
	named, failure := t.Start(f.Init)
	if failure == nil && fits(named) {
		return named, nil
	}
	states, err := t.Init()
	if err != nil {
		return nil, err
	}
	for i := range states {
		if p, err := t.Start(i); err == nil && fits(p) {
			return p, nil
		}
	}
	return named, failure
}

// quote returns s if it is plain text on one line, and a quoted Go string otherwise.
func quote(s string) string {
	if s == "" || s[0] == '"' || s[0] == ' ' || s[len(s)-1] == ' ' || !utf8.ValidString(s) {
		return strconv.Quote(s)
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return strconv.Quote(s)
		}
	}
	return s
}

// joinWords joins words with spaces and quotes those that need it.
func joinWords(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = quote(w)
		if strings.Contains(w, " ") {
			out[i] = strconv.Quote(w)
		}
	}
	return strings.Join(out, " ")
}
