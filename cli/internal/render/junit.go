package render

import (
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/allways-go/allways"
)

// The part of the JUnit format that all its readers understand.

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
	Errput   string      `xml:"system-err,omitempty"` // warnings, a line each
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

// JUnit returns a result as a JUnit report with one test case for each property: a violated one
// fails, an inconclusive one is skipped, and a model that misbehaves is an error in a separate case.
func JUnit(s *Subject, o *Outcome) ([]byte, error) {
	suite := junitSuite{Name: s.Title(), Time: fmt.Sprintf("%.3f", o.Stats.Elapsed.Seconds())}
	for _, p := range o.Properties {
		k := junitCase{Name: p.Name, Class: s.Title(), Time: "0"}
		switch p.Verdict {
		case allways.Violated:
			var text strings.Builder
			counterexample(&text, View{Style: NewStyle(false)}, s, p, "")
			k.Failure = &junitNote{Message: "violated", Type: p.Kind.String(), Text: text.String()}
			suite.Failures++
		case allways.Inconclusive:
			k.Skipped = &junitNote{Message: orElse(p.Reason, "inconclusive: "+string(o.StopReason))}
			suite.Skipped++
		}
		suite.Cases = append(suite.Cases, k)
	}
	if m := o.Misbehaviour; m != nil {
		k := junitCase{Name: "the model behaves", Class: s.Title(), Time: "0"}
		k.Error = &junitNote{Message: m.Error(), Type: string(m.Kind), Text: m.Stack}
		suite.Cases = append(suite.Cases, k)
		suite.Errors++
	}
	for _, x := range o.Warnings {
		suite.Errput += "warning: " + x.Text + "\n"
	}
	suite.Tests = len(suite.Cases)
	out, err := xml.MarshalIndent(junitSuites{Suites: []junitSuite{suite}}, "", "  ")
	return append([]byte(xml.Header), append(out, '\n')...), err
}
