package allwaystest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/pathtext"
	"github.com/allways-go/allways/internal/safefile"
	"github.com/allways-go/allways/trace"
)

// report reports the verdict on a property in its subtest.
func (c *checker) report(t *testing.T, p *erased.PropertyResult, file string) {
	t.Helper()
	switch {
	case p.Verdict == allways.Violated:
		t.Error(c.violation(t, p, file))
	case p.Verdict == allways.Holds:
		if p.Reason != "" {
			t.Log("holds " + p.Reason)
		}
		if p.Path != nil {
			t.Logf("witness %s", p.Path.Encode())
		}
	case c.labels.complete:
		t.Errorf("%s property %q is inconclusive, but must be decided (Options.Complete): %s",
			p.Kind, p.Name, p.Reason)
	default:
		t.Skipf("%s property %q is inconclusive: %s", p.Kind, p.Name, p.Reason)
	}
}

// warn reports warnings. Of those that say that the model cannot fail, no property would tell.
func (c *checker) warn(all []allways.Warning) {
	c.t.Helper()
	for _, w := range all {
		cannotFail := w.Kind == allways.WarningNoProperties || w.Kind == allways.WarningNoSteps
		switch {
		case slices.Contains(c.labels.allow, w.Kind):
		case c.labels.strict || cannotFail:
			c.t.Errorf("warning: %s\n(if that is meant, set Options.Allow to []allways.WarningKind{%q})", w.Text, w.Kind)
		default:
			c.t.Logf("warning: %s", w.Text)
		}
	}
}

// violation returns the report on a violated property. It saves the trace.
func (c *checker) violation(t *testing.T, p *erased.PropertyResult, file string) string {
	var b strings.Builder
	if p.Path == nil {
		fmt.Fprintf(&b, "%s property %q is violated: %s", p.Kind, p.Name, p.Reason)
		return b.String()
	}
	fmt.Fprintf(&b, "%s property %q is violated after %s\n\n%s", p.Kind, p.Name, steps(p.Path.Len()),
		indented(runText(p.Path)))
	if d := p.Path.Diagram(); d != "" {
		fmt.Fprintf(&b, "\n%s", indented(d))
	}
	if p.Abstract != nil {
		fmt.Fprintf(&b, "\n%s", indented(p.Abstract.String()))
	}
	if p.Reason != "" {
		fmt.Fprintf(&b, "\n  %s\n", p.Reason)
	}
	if len(p.Ignored) > 0 {
		fmt.Fprintf(&b, "\n  never taken, though enabled all along the cycle: %s\n", strings.Join(p.Ignored, ", "))
	}
	if text := pathtext.Fairness(p.Fair); text != "" {
		fmt.Fprintf(&b, "\n%s", text)
	}
	b.WriteByte('\n')
	for _, line := range c.save(t, p, file) {
		fmt.Fprintf(&b, "  trace   %s\n", line)
	}
	fmt.Fprintf(&b, "  replay  %s\n", c.labels.replayCommand(c.t.Name(), p.Path.Encode()))
	fmt.Fprintf(&b, "  explore %s\n", exploreCommand(c.t.Name(), p.Path.Encode()))
	return b.String()
}

// runText returns a path as reports of failures show it.
func runText(p *erased.Path) string {
	return p.Run().Text(pathtext.Options{Rest: "the replay shows them"})
}

func steps(n int) string {
	if n == 1 {
		return "1 step"
	}
	return fmt.Sprintf("%d steps", n)
}

func indented(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return "  " + strings.Join(lines, "\n  ") + "\n"
}

// save writes the trace of a counterexample to all requested folders. It returns the paths or errors.
func (c *checker) save(t *testing.T, p *erased.PropertyResult, file string) (lines []string) {
	var folders []string
	if keepsArtifacts() {
		folders = append(folders, t.ArtifactDir())
	}
	if c.settings.trace != "" {
		folders = append(folders, filepath.Join(c.settings.trace, testFolder(c.t)))
	}
	if c.settings.rewrite {
		folders = append(folders, storeFolder(c.t))
	}
	if folders == nil {
		return []string{"not saved; use -artifacts, -allways.trace DIR or -allways.rewrite"}
	}
	f := p.Path.Trace(trace.Header{
		Model: c.labels.name, Params: c.labels.params, Types: c.model.TypesHash(),
		Property: p.Name, Kind: p.Kind.String(), Verdict: p.Verdict.String(),
	})
	for _, folder := range folders {
		path := filepath.Join(folder, file)
		err := os.MkdirAll(folder, 0o777)
		if err == nil {
			err = trace.Save(path, f)
		}
		if err != nil {
			path = err.Error()
		}
		lines = append(lines, path)
	}
	return lines
}

// misbehaviourText returns the report on a model error.
func misbehaviourText(e *allways.ModelError, r *erased.Result) string {
	var b strings.Builder
	b.WriteString(e.Error() + "\n")
	switch {
	case r != nil && r.MisbehaviourPath != nil:
		fmt.Fprintf(&b, "\n%s", indented(runText(r.MisbehaviourPath)))
		fmt.Fprintf(&b, "\n  path    %s\n", e.Path)
	case e.State != "":
		fmt.Fprintf(&b, "\n  in the state %s\n", e.State)
	}
	b.WriteString(stackText(e))
	return b.String()
}

// errorText returns the text of an error with the stack of a panic. It ends in a line break.
func errorText(err error) string {
	if e, ok := errors.AsType[*allways.ModelError](err); ok {
		return err.Error() + "\n" + stackText(e)
	}
	return err.Error() + "\n"
}

// stackText returns the stack of a panic, or "".
func stackText(e *allways.ModelError) string {
	if e.Stack == "" {
		return ""
	}
	return "\n" + indented(e.Stack)
}

// fileNames returns the names of the trace files by property. They are distinct.
func fileNames(r *erased.Result) []string {
	var names []string
	for _, p := range r.Properties {
		names = append(names, p.Name)
	}
	names = safefile.Names(names)
	for i := range names {
		names[i] += ".trace"
	}
	return names
}

// testFolder returns the test's name as a path.
func testFolder(t testing.TB) string {
	var parts []string
	for p := range strings.SplitSeq(t.Name(), "/") {
		parts = append(parts, safefile.Name(p))
	}
	return filepath.Join(parts...)
}

// storeFolder returns the folder of a test's stored traces.
func storeFolder(t testing.TB) string { return filepath.Join("testdata", "allways", testFolder(t)) }
