package allwaystest

import (
	"errors"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/trace"
)

// Regression replays the text of a trace file, such as the explorer exports in a Go test, and asserts that
// what it was stored for has come out well.
//
// A counterexample fails as long as it is one. It passes when the model keeps the promise, or no longer
// allows the run: the log says which. A witness fails when the run no longer shows it, or the model no longer
// allows the run. A trace without a property fails when the model no longer allows it, or it breaks any
// property.
func Regression[S, A any](t *testing.T, m allways.Model[S, A], stored string) {
	t.Helper()
	s, err := readSettings()
	if err != nil {
		t.Fatal(err)
	}
	model := erased.Of(m)
	compile(t, model)
	s.ready(t)
	f, err := trace.Parse(strings.NewReader(stored))
	if err != nil {
		t.Fatalf("cannot read the trace: %v", err)
	}
	compare(t, "the trace", f, trace.Header{Types: model.TypesHash()})
	p, err := model.Replay(f)
	_, refused := errors.AsType[*allways.ReplayError](err)
	switch {
	case refused && f.Property != "" && f.Verdict != allways.Holds.String():
		t.Logf("the model no longer allows the run: %v", err)
	case err != nil:
		t.Fatal(err)
	case f.Property == "":
		reportPath(t, model, p, "the run")
	default:
		regress(t, p, f)
	}
	if p != nil && t.Failed() {
		s.show(t, model, labels{name: f.Model, params: f.Params}, p)
	}
}

// regress reports what a run shows about the property that it was stored for.
func regress(t *testing.T, p *erased.Path, f trace.File) {
	t.Helper()
	v, err := p.Evaluate(f.Property)
	switch {
	case err != nil:
		t.Fatal(err)
	case f.Verdict == allways.Holds.String() && v != allways.Holds:
		t.Errorf("the run is no longer a witness of property %q\n\n%s", f.Property, indented(runText(p)))
	case v == allways.Violated:
		t.Errorf("%s property %q is violated after %s\n\n%s", f.Kind, f.Property, steps(p.Len()), indented(runText(p)))
	default:
		t.Logf("property %q: %s", f.Property, verdictText(v, f.Verdict))
	}
}
