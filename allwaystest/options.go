package allwaystest

import (
	"strings"

	"github.com/allways-go/allways"
)

// Options are the options of [Check]. The zero value is an exhaustive search with the deadline of the
// test binary as its only limit.
type Options struct {
	// Check holds the options of the search. Its time limit is lowered if necessary, so that the
	// search ends before the deadline of the test binary.
	Check allways.Options
	// Short, if set, replaces Check when go test runs with -short.
	Short *allways.Options
	// Complete makes inconclusive properties fail. Otherwise they are skipped.
	Complete bool
	// Strict makes every [allways.Warning] fail. Otherwise warnings are logged, except that a model
	// without properties and one without steps fail: such a test could not fail otherwise.
	Strict bool
	// Allow lists the kinds of warnings that are meant: they neither fail nor are logged.
	Allow []allways.WarningKind

	// Name and Params are the model's name and parameters in trace files, as on its command line. A
	// stored trace with another name or other parameters is refused. Empty fields are not compared.
	Name   string
	Params []string
	// Command is the command of the model made with package cli, such as "go run
	// ./examples/twophase". If it is set, reports replay counterexamples with it, otherwise with go
	// test.
	Command string

	_ struct{} // fields are set by name
}

// SimulateOptions are the options of [Simulate]. The zero value runs the default number of walks.
type SimulateOptions struct {
	// Simulate holds the options of the walks. Their time limit is lowered if necessary, so that
	// they end before the deadline of the test binary. Without Walks and Timeout there are 1,000 walks,
	// whatever the deadline is.
	Simulate allways.SimulateOptions
	// Short, if set, replaces Simulate when go test runs with -short.
	Short *allways.SimulateOptions
	// Complete, Strict and Allow are those of [Options].
	Complete bool
	Strict   bool
	Allow    []allways.WarningKind

	// Name, Params and Command are those of [Options].
	Name    string
	Params  []string
	Command string

	_ struct{} // fields are set by name
}

// labels are the options of reports and traces.
type labels struct {
	complete bool
	strict   bool
	allow    []allways.WarningKind
	name     string
	params   []string
	command  string
}

// replayCommand returns the shell command that replays a path.
func (l *labels) replayCommand(test, path string) string {
	if l.command == "" {
		return testCommand(test) + " -allways.path=" + path
	}
	words := []string{l.command, "replay"}
	var flags []string
	for _, p := range l.params {
		if strings.HasPrefix(p, "-") {
			flags = append(flags, shellWord(p))
		} else {
			words = append(words, shellWord(p))
		}
	}
	return strings.Join(append(append(words, "-path", path), flags...), " ")
}

// exploreCommand returns the shell command that shows a path in a browser.
func exploreCommand(test, path string) string {
	return testCommand(test) + " -v -allways.explore -allways.path=" + path
}

// testCommand returns the shell command that runs a test.
func testCommand(test string) string {
	// The package comes first: go test cannot tell where the arguments of unknown flags end.
	return "go test " + packagePath() + " -run " + shellWord("^"+strings.ReplaceAll(test, "/", "$/^")+"$")
}

// shellWord quotes a word for a shell where needed.
func shellWord(s string) string {
	plain := s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !strings.ContainsRune("-_=+.,:/@%", r) && (r < '0' || r > '9') && (r < 'a' || r > 'z') &&
			(r < 'A' || r > 'Z')
	}) < 0
	if plain {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
