package allwaystest

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// settings holds the values of flags and environment variables.
type settings struct {
	workers *int
	timeout *time.Duration
	seed    *uint64
	trace   string
	rewrite bool
	path    string
	explore bool
}

// parameter is a setting with a flag and an environment variable.
type parameter struct {
	name  string // name of the flag without prefix
	usage string
	set   func(s *settings, text string) error
}

var parameters = []parameter{
	{"workers", "search with `N` goroutines", func(s *settings, text string) (err error) {
		s.workers, err = parsed(strconv.Atoi(text))
		return err
	}},
	{"timeout", "limit each search to a `time` such as 90s", func(s *settings, text string) (err error) {
		s.timeout, err = parsed(time.ParseDuration(text))
		return err
	}},
	{"seed", "make random walks from seed `N`", func(s *settings, text string) (err error) {
		s.seed, err = parsed(strconv.ParseUint(text, 10, 64))
		return err
	}},
	{"trace", "save the traces of counterexamples in `dir`", func(s *settings, text string) error {
		s.trace = text
		return nil
	}},
	{"rewrite", "store counterexamples in testdata", func(s *settings, text string) (err error) {
		s.rewrite, err = strconv.ParseBool(text)
		return err
	}},
	{"path", "replay `path` instead of searching", func(s *settings, text string) error {
		s.path = text
		return nil
	}},
	{"explore", "show a counterexample in a browser, until Ctrl-C", func(s *settings, text string) (err error) {
		s.explore, err = strconv.ParseBool(text)
		return err
	}},
}

func parsed[T any](v T, err error) (*T, error) { return &v, err }

// flagValue is the flag of a parameter. It keeps the text, and rejects one that cannot be parsed.
type flagValue struct {
	parameter
	text  string
	isSet bool
}

// String implements [flag.Value].
func (v *flagValue) String() string { return v.text }

// Set implements [flag.Value].
func (v *flagValue) Set(text string) error {
	v.text, v.isSet = text, true
	return v.set(new(settings), text)
}

// IsBoolFlag lets the flag of a switch stand without a value.
func (v *flagValue) IsBoolFlag() bool { return v.name == "rewrite" || v.name == "explore" }

func init() {
	for _, p := range parameters {
		flag.Var(&flagValue{parameter: p}, p.flag(), p.usage+" (environment: "+p.env()+")")
	}
}

func (p parameter) flag() string { return "allways." + p.name }

func (p parameter) env() string { return "ALLWAYS_" + strings.ToUpper(p.name) }

// text returns the text of the flag or, without it, of the environment variable.
func (p parameter) text() (text string, ok bool) {
	if f := flag.Lookup(p.flag()); f != nil {
		if v, ok := f.Value.(*flagValue); ok && v.isSet {
			return v.text, true
		}
	}
	text = os.Getenv(p.env())
	return text, text != ""
}

// readSettings reads flags and environment variables. The error names the variable that cannot be
// parsed; the flag package has rejected a wrong flag before.
func readSettings() (s settings, err error) {
	for _, p := range parameters {
		text, ok := p.text()
		if !ok {
			continue
		}
		if err := p.set(&s, text); err != nil {
			return s, fmt.Errorf("%s=%s: %w", p.env(), text, err)
		}
	}
	return s, nil
}

// apply overrides the number of workers and the time limit of a search.
func (s *settings) apply(workers *int, timeout *time.Duration) {
	if s.workers != nil {
		*workers = *s.workers
	}
	if s.timeout != nil {
		*timeout = *s.timeout
	}
}

// packagePath returns the import path of the package under test.
func packagePath() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Path != "" {
		return strings.TrimSuffix(info.Path, ".test")
	}
	return "."
}

// keepsArtifacts reports whether go test keeps the files in T.ArtifactDir.
func keepsArtifacts() bool {
	f := flag.Lookup("test.artifacts")
	return f != nil && f.Value.String() == "true"
}
