package cli

import (
	"bytes"
	"encoding/xml"
	"fmt"

	"github.com/allways-go/allways"
)

// The part of the JUnit format that all readers of it understand.

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string     `xml:"name,attr"`
	Class   string     `xml:"classname,attr"`
	Time    string     `xml:"time,attr"`
	Failure *junitNote `xml:"failure"`
	Error   *junitNote `xml:"error"`
	Skipped *junitNote `xml:"skipped"`
}

type junitNote struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// junit renders a result, one test case a property: a violated one fails, an inconclusive one is skipped, and a model
// that misbehaves is an error in a case of its own.
func (c *command) junit(s *selection, r *report) ([]byte, error) {
	suite := junitSuite{Name: c.title(s), Time: fmt.Sprintf("%.3f", r.Stats.Elapsed.Seconds())}
	for _, p := range r.Properties {
		k := junitCase{Name: p.Name, Class: c.title(s), Time: "0"}
		switch p.Verdict {
		case allways.Violated:
			k.Failure = &junitNote{Message: "violated", Type: p.Kind.String(), Text: c.plainReport(s, p)}
			suite.Failures++
		case allways.Inconclusive:
			k.Skipped = &junitNote{Message: orElse(p.Reason, "inconclusive: "+string(r.Cut))}
			suite.Skipped++
		}
		suite.Cases = append(suite.Cases, k)
	}
	if m := r.Misbehaviour; m != nil {
		k := junitCase{Name: "the model behaves", Class: c.title(s), Time: "0"}
		k.Error = &junitNote{Message: m.Error(), Type: string(m.Kind), Text: userFrames(m.Stack)}
		suite.Cases = append(suite.Cases, k)
		suite.Errors++
	}
	suite.Tests = len(suite.Cases)
	out, err := xml.MarshalIndent(junitSuites{Suites: []junitSuite{suite}}, "", "  ")
	return append([]byte(xml.Header), append(out, '\n')...), err
}

// plainReport is the report of a counterexample without colours.
func (c *command) plainReport(s *selection, p propertyReport) string {
	var b bytes.Buffer
	plain := *c
	plain.out, plain.paint, plain.settings.quiet = &checkedWriter{w: &b}, newPalette(false), false
	plain.counterexample(s, p, "")
	return b.String()
}
