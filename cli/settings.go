package cli

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/allways-go/allways"
)

// maxWorkers is how many workers [allways.Check] takes at most.
const maxWorkers = 1024

// settings is what the flags that all models share were set to.
type settings struct {
	options  allways.Options
	walks    allways.SimulateOptions // what only simulate needs
	stopText string

	json     bool
	quiet    bool
	full     bool
	why      bool
	junit    string
	trace    string
	color    string
	progress string
	path     string
	diagram  string
	run      runSettings
}

// sharedFlag is a flag that all models share.
type sharedFlag struct {
	name  string
	value string // what stands for its value in the help; empty for a switch
	group string
	help  string
	verbs []string
	set   func(text string) error
}

// The groups of flags in the help.
const (
	groupSearch = "search"
	groupLimits = "limits"
	groupOutput = "output"
)

// flags lists the shared flags; each sets a field of s and refuses nonsense.
func (s *settings) flags() []sharedFlag {
	o := &s.options
	searches, all := []string{"check", "simulate"}, []string{"check", "simulate", "replay", "list", "run"}
	ways := append(slices.Clone(searches), "run")
	return append(s.run.flags(), []sharedFlag{
		{"workers", "N", groupSearch, "goroutines that search (default: one per CPU)", searches, setInt(&o.Workers, maxWorkers)},
		{"strategy", "NAME", groupSearch, "bfs finds shortest paths (default), dfs goes deep first", []string{"check"},
			setWord(&o.Strategy, allways.BFS, allways.DFS)},
		{"storage", "NAME", groupSearch, "exact keeps whole states (default), fingerprint 8 bytes of each", []string{"check"},
			setWord(&o.Store, allways.StoreExact, allways.StoreFingerprints)},
		{"symmetry", "", groupSearch, "take states that differ by a permutation for one", searches, setBool(&o.Symmetry)},
		{"stop", "WHEN", groupSearch, "when to stop: decided (default), violation, never, all:NAME,NAME, any:NAME,NAME", searches, s.setStop},
		{"chooser", "HOW", groupSearch, "how walks choose: uniform (default), or pct:N for bugs of N ordering constraints", []string{"simulate"}, setChooser(&s.walks.Scheduler)},
		{"walks", "N", groupSearch, "number of random walks (default 1000, or no limit with -timeout)", []string{"simulate"}, setInt(&s.walks.Walks, math.MaxInt)},
		{"seed", "N", groupSearch, "seed of random walks (default 0); check makes no random choice", ways, setSeed(&s.walks.Seed)},

		{"depth", "N", groupLimits, "states on a path, the initial one included", searches, setInt(&o.MaxDepth, math.MaxInt)},
		{"max-states", "N", groupLimits, "distinct states", searches, setInt(&o.MaxStates, math.MaxInt)},
		{"max-generated", "N", groupLimits, "generated states", searches, setInt(&o.MaxGenerated, math.MaxInt)},
		{"timeout", "TIME", groupLimits, "wall time, such as 90s or 10m", ways, setDuration(&o.Timeout)},
		{"memory", "SIZE", groupLimits, "memory of the checker's tables, such as 512MB or 2GiB", searches, setBytes(&o.MaxMemory)},

		{"json", "", groupOutput, "print events as JSON, one a line", all, setBool(&s.json)},
		{"junit", "FILE", groupOutput, "write the verdicts as JUnit XML", searches, setText(&s.junit)},
		{"trace", "FILE", groupOutput, "write the counterexample as a trace, which replay reads", []string{"check", "simulate", "replay"}, setText(&s.trace)},
		{"diagram", "FILE", groupOutput, "draw the counterexample: FILE.svg, FILE.mmd (Mermaid) or FILE.txt", []string{"check", "simulate", "replay"}, setDiagram(&s.diagram)},
		{"path", "PATH", groupOutput, "the path to replay, such as 0:3.1.4", []string{"replay"}, setText(&s.path)},
		{"progress", "HOW", groupOutput, "auto, line (rewritten in place), lines or off (default auto)", searches,
			setChoice(&s.progress, "auto", "line", "lines", "off")},
		{"color", "WHEN", groupOutput, "auto, always or never (default auto, which honours NO_COLOR)", all, setChoice(&s.color, "auto", "always", "never")},
		{"why", "", groupOutput, "tell where the state space comes from, and what still grows", []string{"check"}, setBool(&s.why)},
		{"full", "", groupOutput, "show all steps of a long path, and all parts of -why", []string{"check", "simulate", "replay"}, setBool(&s.full)},
		{"quiet", "", groupOutput, "print the verdicts only", []string{"check", "simulate", "replay", "run"}, setBool(&s.quiet)},
	}...)
}

// simulation returns the options of a simulation.
func (s *settings) simulation() allways.SimulateOptions {
	o, w := s.options, s.walks
	w.Workers, w.Symmetry, w.MaxDepth, w.MaxStates, w.MaxGenerated = o.Workers, o.Symmetry, o.MaxDepth, o.MaxStates, o.MaxGenerated
	w.Timeout, w.MaxMemory, w.Stop, w.Progress, w.ProgressEvery = o.Timeout, o.MaxMemory, o.Stop, o.Progress, o.ProgressEvery
	return w
}

// settle checks the settings against the model that they are for.
func (s *settings) settle(d description) error {
	if s.options.Symmetry && !d.Symmetric && !slices.Contains(d.Optional, "Representative") {
		return fmt.Errorf("-symmetry needs a model with a Representative method, and this one has none: leave the flag out, or add the method; a system of actors needs interchangeable ones")
	}
	if _, list, ok := strings.Cut(s.stopText, ":"); ok {
		for name := range strings.SplitSeq(list, ",") {
			if !d.has(name) {
				return fmt.Errorf("-stop names a property %q, which the model does not have: it has %s", name, d.propertyNames())
			}
		}
	}
	for flag, path := range map[string]string{"junit": s.junit, "trace": s.trace, "diagram": s.diagram} {
		if path == "" {
			continue
		}
		// Found out now, not after an hour of search.
		if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
			return fmt.Errorf("-%s %s: there is no folder %s", flag, path, filepath.Dir(path))
		}
	}
	return nil
}

func (d description) propertyNames() string {
	if len(d.Properties) == 0 {
		return "none"
	}
	names := make([]string, len(d.Properties))
	for i, p := range d.Properties {
		names[i] = strconv.Quote(p.Name)
	}
	return strings.Join(names, ", ")
}

func (s *settings) setStop(text string) (err error) {
	s.stopText = text
	s.options.Stop, err = allways.ParseStop(text)
	if err != nil || text == "" {
		return fmt.Errorf("want decided, violation, never, all:NAME,NAME or any:NAME,NAME")
	}
	return nil
}

func setInt(to *int, most int) func(string) error {
	return func(text string) error {
		n, err := strconv.Atoi(text)
		switch {
		case err != nil || n < 0:
			return fmt.Errorf("want a whole number from 0, where 0 means the default")
		case n > most:
			return fmt.Errorf("want at most %d", most)
		}
		*to = n
		return nil
	}
}

func setChooser(to *allways.Scheduler) func(string) error {
	return func(text string) error {
		kind, depth, isPCT := strings.Cut(text, ":")
		n, err := strconv.Atoi(depth)
		switch {
		case text == "uniform":
			*to = allways.Uniform()
		case isPCT && kind == "pct" && err == nil && n > 0:
			*to = allways.PCT(n)
		default:
			return fmt.Errorf("want uniform, or pct:N with a number from 1")
		}
		return nil
	}
}

func setSeed(to *uint64) func(string) error {
	return func(text string) (err error) {
		if *to, err = strconv.ParseUint(text, 0, 64); err != nil {
			return fmt.Errorf("want a whole number from 0 to %d", uint64(math.MaxUint64))
		}
		return nil
	}
}

func setBool(to *bool) func(string) error {
	return func(text string) (err error) {
		if *to, err = strconv.ParseBool(text); err != nil {
			return fmt.Errorf("want true or false")
		}
		return nil
	}
}

func setText(to *string) func(string) error {
	return func(text string) error {
		if text == "" {
			return fmt.Errorf("want a value that is not empty")
		}
		*to = text
		return nil
	}
}

func setChoice(to *string, choices ...string) func(string) error {
	*to = choices[0]
	return func(text string) error {
		if !slices.Contains(choices, text) {
			return fmt.Errorf("want %s", alternatives(choices))
		}
		*to = text
		return nil
	}
}

// setWord sets a value that is known by its string.
func setWord[T fmt.Stringer](to *T, values ...T) func(string) error {
	return func(text string) error {
		words := make([]string, len(values))
		for i, v := range values {
			if words[i] = v.String(); words[i] == text {
				*to = v
				return nil
			}
		}
		return fmt.Errorf("want %s", alternatives(words))
	}
}

func setDuration(to *time.Duration) func(string) error {
	return func(text string) error {
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			return fmt.Errorf("want a time with its unit, such as 90s, 10m or 1h30m")
		}
		*to = d
		return nil
	}
}

func setBytes(to *int64) func(string) error {
	return func(text string) error {
		n, err := humanize.ParseBytes(text)
		if err != nil || n > math.MaxInt64 {
			return fmt.Errorf("want a size, such as 512MB or 2GiB")
		}
		*to = int64(n)
		return nil
	}
}

// alternatives joins words as a sentence does: "a, b or c".
func alternatives(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
