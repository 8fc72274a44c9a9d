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

// settings is what the flags of the test binary say.
type settings struct {
	workers *int
	timeout *time.Duration
	seed    *uint64
	trace   string
	rewrite bool
	path    string
}

// parameter is a setting with a flag and a twin in the environment.
type parameter struct {
	name  string // of the flag, without prefix
	usage string
	set   func(s *settings, text string) error
}

var parameters = []parameter{
	{"workers", "search with `N` goroutines", func(s *settings, text string) (err error) { s.workers, err = parsed(strconv.Atoi(text)); return err }},
	{"timeout", "limit each search to a `time` such as 90s", func(s *settings, text string) (err error) {
		s.timeout, err = parsed(time.ParseDuration(text))
		return err
	}},
	{"seed", "make random walks from seed `N`", func(s *settings, text string) (err error) {
		s.seed, err = parsed(strconv.ParseUint(text, 10, 64))
		return err
	}},
	{"trace", "keep the traces of counterexamples in `dir`", func(s *settings, text string) error { s.trace = text; return nil }},
	{"rewrite", "store counterexamples in testdata", func(s *settings, text string) (err error) { s.rewrite, err = strconv.ParseBool(text); return err }},
	{"path", "replay `path` instead of searching", func(s *settings, text string) error { s.path = text; return nil }},
}

func parsed[T any](v T, err error) (*T, error) { return &v, err }

// given holds the texts of the flags that were given, by name.
var given = map[string]string{}

func init() {
	for _, p := range parameters {
		register := flag.Func
		if p.name == "rewrite" {
			register = flag.BoolFunc
		}
		register("allways."+p.name, p.usage+" (environment: "+p.env()+")", func(text string) error {
			given[p.name] = text
			return p.set(new(settings), text)
		})
	}
}

func (p parameter) env() string { return "ALLWAYS_" + strings.ToUpper(p.name) }

// readSettings joins flags and environment. The error names the variable that cannot be read; a bad flag has ended the
// program before.
func readSettings() (s settings, err error) {
	for _, p := range parameters {
		text, ok := given[p.name]
		if !ok {
			if text = os.Getenv(p.env()); text == "" {
				continue
			}
		}
		if err := p.set(&s, text); err != nil {
			return s, fmt.Errorf("%s=%s: %w", p.env(), text, err)
		}
	}
	return s, nil
}

// apply overrides options. seed is nil where there is none.
func (s *settings) apply(workers *int, seed *uint64) {
	if s.workers != nil {
		*workers = *s.workers
	}
	if s.seed != nil && seed != nil {
		*seed = *s.seed
	}
}

// packagePath returns the import path of the package under test.
func packagePath() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Path != "" {
		return strings.TrimSuffix(info.Path, ".test")
	}
	return "."
}

// keepsArtifacts reports whether go test keeps what is in T.ArtifactDir.
func keepsArtifacts() bool {
	f := flag.Lookup("test.artifacts")
	return f != nil && f.Value.String() == "true"
}
