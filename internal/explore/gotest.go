package explore

import (
	"bytes"
	"fmt"
	"go/format"
	"strconv"
	"strings"
	"text/template"
	"unicode"
	"unicode/utf8"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore/paths"
	"github.com/allways-go/allways/trace"
)

// goTest returns a Go test that replays the path.
func goTest(s *host, e *paths.Entry) ([]byte, error) {
	source := s.o.Source
	if source.Model == "" {
		return nil, badRequest("a Go test must make the model, and the explorer does not know how: set Options.Source")
	}
	f, err := s.stored(e.Path)
	if err != nil {
		return nil, err
	}
	f.Types = "" // a test binary names the types of package main in another way
	var b bytes.Buffer
	err = testFile.Execute(&b, map[string]any{
		"Source": source, "Name": testName(f.Header), "About": aboutTest(f.Header), "Trace": literal(string(f.Format())),
	})
	if err != nil {
		return nil, err
	}
	out, err := format.Source(b.Bytes())
	if err != nil {
		return nil, badRequest("Options.Source makes no Go test: %v", err)
	}
	return out, nil
}

var testFile = template.Must(template.New("").Parse(`package {{.Source.Package}}

import (
	"testing"

	"github.com/allways-go/allways/allwaystest"
)

// {{.Name}} {{.About}}
func {{.Name}}(t *testing.T) {
{{- if .Source.Fails}}
	m, err := {{.Source.Model}}
	if err != nil {
		t.Fatal(err)
	}
{{- else}}
	m := {{.Source.Model}}
{{- end}}
	allwaystest.Regression(t, m, {{.Trace}})
}
`))

// stored returns a path as a trace file, with the first property of which it is a counterexample, else a
// witness.
func (s *host) stored(p *erased.Path) (f trace.File, err error) {
	if step := erased.Supposed(p); step > 0 {
		return f, badRequest("step %d is outside of the model's assumptions, and a trace file or Go test must replay: "+
			"export json or text", step)
	}
	h := s.header()
	for _, prop := range s.model.Properties() {
		v, err := p.Evaluate(prop.Name)
		if err != nil {
			return f, err
		}
		if v == allways.Violated || (v == allways.Holds && h.Property == "") {
			h.Property, h.Kind, h.Verdict = prop.Name, prop.Kind.String(), v.String()
		}
		if v == allways.Violated {
			break
		}
	}
	return p.Trace(h), nil
}

// aboutTest says when a test fails.
func aboutTest(h trace.Header) string {
	switch {
	case h.Property == "":
		return "fails when the model no longer allows this run, or the run breaks a property."
	case h.Verdict == allways.Holds.String():
		return fmt.Sprintf("fails when this run is no longer a witness of the property\n// %q.", h.Property)
	}
	return fmt.Sprintf("fails as long as this run breaks the property\n// %q.\n"+
		"// It passes when the model keeps the promise, or no longer allows the run.", h.Property)
}

// testName makes the name of a test of the model, its variant and its property.
func testName(h trace.Header) string {
	var b strings.Builder
	b.WriteString("Test")
	between := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	words := strings.FieldsFunc(h.Model+" "+h.Property, between)
	for _, w := range append(words, "Trace")[:max(len(words), 1)] {
		first, size := utf8.DecodeRuneInString(w)
		b.WriteRune(unicode.ToUpper(first))
		b.WriteString(w[size:])
	}
	return b.String()
}

// literal writes a text of several lines as Go does.
func literal(text string) string {
	if !strings.Contains(text, "`") {
		return "`" + text + "`"
	}
	var lines []string
	for line := range strings.Lines(text) {
		lines = append(lines, strconv.Quote(line))
	}
	return strings.Join(lines, " +\n")
}
