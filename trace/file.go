// Package trace stores runs of a model in files that people can read and review, one line a step with actions by name,
// and makes real runs of them again. It is no log format: what a production system recorded is not read by it.
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

// Header says of which model a trace is a run, and what the run shows. Empty fields are unknown.
type Header struct {
	Model    string   // name of the model
	Params   []string // its parameters, as on a command line
	Types    string   // hash of the structure of its types, from [allways.Stepper.TypesHash]
	Property string   // name of the property of which the run is a counterexample or a witness
	Kind     string   // kind of that property, such as "always"
	Verdict  string   // verdict on it, such as "violated"
}

// File is the content of a trace file. It is a plain value; files with the same content are written the same.
type File struct {
	Header
	Init     int    // index among the model's initial states
	InitText string // text of that state, for the reader; a long one is cut
	Steps    []Step
	Loop     int // number of steps before the state to which the last step returns; -1 if the run is no lasso
}

// Step is a step of a stored run.
type Step struct {
	Index int    // of the action among those that were enabled; a hint where two actions have the same text
	Text  string // of the action
}

const (
	magic       = "allways trace "
	version     = "1"
	maxLine     = 1 << 20
	maxSize     = 1 << 28
	maxInitText = 4 << 10
)

// New returns the file that stores p.
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

// cut shortens the text of a state to what somebody may still want to read.
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

// Format returns the text of the file. [Parse] makes f of it again, if f is a run that could be: no negative index, a loop
// that is -1 or below the number of steps, and no text of a megabyte.
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

// keys lists the header's text fields by the names they have in a file.
func (h *Header) keys() []key {
	return []key{
		{"model", &h.Model}, {"types", &h.Types}, {"property", &h.Property}, {"kind", &h.Kind}, {"verdict", &h.Verdict},
	}
}

// Save writes f to a file. It either succeeds or leaves a file that was there as it was; the error names the path and the
// cause. It refuses to write what [Load] would refuse to read.
func Save(path string, f File) error {
	text := f.Format()
	if _, err := Parse(bytes.NewReader(text)); err != nil {
		return fmt.Errorf("cannot write %s: the trace could not be read again: %w", path, err)
	}
	return safefile.Write(path, text)
}

// Load reads a trace file. The error names the path and, if the file is no trace, the line and what was expected there.
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

// MismatchError says in what a trace file and a model differ.
type MismatchError struct {
	// Model, Params and Types say which of them differ.
	Model, Params, Types bool
	// File and Want are the header of the file and that of the model.
	File, Want Header
}

// Advisory reports whether only the types differ. A replay may be tried then, for actions go by their names.
func (e *MismatchError) Advisory() bool { return !e.Model && !e.Params }

// Error says what differs, and how.
func (e *MismatchError) Error() string {
	var parts []string
	if e.Model {
		parts = append(parts, fmt.Sprintf("the trace is of model %s, this is %s", e.File.Model, e.Want.Model))
	}
	if e.Params {
		parts = append(parts, fmt.Sprintf("the trace is of parameters %q, these are %q", joinWords(e.File.Params), joinWords(e.Want.Params)))
	}
	if e.Types {
		parts = append(parts, "the model's types have changed since the trace was written")
	}
	return strings.Join(parts, "; ")
}

// Matches returns nil if f may be a run of the model that h describes, and else a [*MismatchError] that says which of
// model, parameters and types differ. What either side does not know is not compared.
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

// Replay makes the stored run again, step by step. A run that does not fit any more is an [*allways.ReplayError], which
// says at which step, what was expected and what is enabled there; a model that misbehaves is an [*allways.ModelError].
// Whether f is of this model at all is for [File.Matches] to say.
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

// start returns the initial state that f names: by its text if there is one with that text, for the order of the initial
// states may have changed, and else by its index.
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

// quote returns s as it is if it is plain text on one line, and else as a Go string.
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
