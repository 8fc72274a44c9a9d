// Package allwaystest checks models in go test: one subtest a property, counterexamples as artifacts, stored traces as
// regression tests, and fuzzing. It is no checker of its own, [allways.Check] is, and no command line either; that is
// package cli.
//
// Importing the package adds flags to the test binary. Each has a twin in the environment, for test commands that cannot
// be changed; the flag wins:
//
//	-allways.workers N      ALLWAYS_WORKERS   goroutines that search
//	-allways.timeout TIME   ALLWAYS_TIMEOUT   limit of each search, such as 90s
//	-allways.seed N         ALLWAYS_SEED      seed of Simulate
//	-allways.trace DIR      ALLWAYS_TRACE     keep the traces of counterexamples there
//	-allways.rewrite        ALLWAYS_REWRITE   store counterexamples as regression tests, in testdata/allways
//	-allways.path PATH      ALLWAYS_PATH      replay this path instead of searching
//
// A relative DIR is relative to the folder of the package under test. Counterexamples are also artifacts of the test,
// which go test keeps when it is given -artifacts.
package allwaystest

import (
	"strings"

	"github.com/allways-go/allways"
)

// Options says how to check a model in a test. The zero value is an exhaustive search without limits of its own. It is a
// plain value.
type Options struct {
	// Check and Simulate hold the options of the search. The time limit is shortened where needed so that the search ends
	// before the deadline of the test binary.
	Check    allways.Options
	Simulate allways.SimulateOptions
	// Short and ShortSimulate, if set, replace Check and Simulate when go test is run with -short. Without them -short
	// changes nothing.
	Short         *allways.Options
	ShortSimulate *allways.SimulateOptions
	// Complete makes every property that stays inconclusive fail.
	Complete bool

	// Name and Params are the model's name and parameters in trace files, as its command line knows them. A stored trace
	// with others is refused; what is left empty is not compared.
	Name   string
	Params []string
	// Command is the command line of the model, such as "go run ./examples/twophase", if it has one made with package cli.
	// Reports then say how to replay a counterexample with it; otherwise they do so with go test.
	Command string

	_ struct{} // fields are set by name
}

// command returns the shell command that replays a path.
func (o *Options) command(test, path string) string {
	if o.Command == "" {
		// The package comes first: go test cannot tell where the arguments of flags that it does not know end.
		return "go test " + packagePath() + " -run " + shellWord("^"+strings.ReplaceAll(test, "/", "$/^")+"$") + " -allways.path=" + path
	}
	words := []string{o.Command, "replay"}
	var flags []string
	for _, p := range o.Params {
		if strings.HasPrefix(p, "-") {
			flags = append(flags, shellWord(p))
		} else {
			words = append(words, shellWord(p))
		}
	}
	return strings.Join(append(append(words, "-path", path), flags...), " ")
}

// shellWord quotes a word for a shell where needed.
func shellWord(s string) string {
	plain := s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !strings.ContainsRune("-_=+.,:/@%", r) && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) < 0
	if plain {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
