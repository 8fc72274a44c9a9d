package cli

import (
	"errors"
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
	"github.com/allways-go/allways/cli/internal/render"
	"github.com/allways-go/allways/internal/erased"
)

// settings are what the flags are set to that several verbs share.
type settings struct {
	workers   int
	strategy  allways.Strategy
	store     allways.StateStore
	spill     string
	symmetry  bool
	stop      allways.Stop
	stopAt    []string // names in stop
	scheduler allways.Scheduler
	walks     int
	seed      uint64

	depth     int
	states    int
	generated int
	timeout   time.Duration
	memory    int64

	json       bool
	quiet      bool
	full       bool
	why        bool
	junit      string
	trace      string
	diagram    string
	path       string
	progress   string
	color      string
	cpuProfile string
	memProfile string
}

// commonFlag is a flag that means the same for every verb that has it.
type commonFlag struct {
	Param
	group string // heading in the help
}

// The groups of flags in the help.
const (
	groupSearch   = "search"
	groupLimits   = "limits (none unless given)"
	groupOutput   = "output"
	groupProfiles = "profiles of the program itself"
)

// maxWorkers is how many workers [allways.Check] takes at most.
const maxWorkers = 1024

// flags lists the flags that verbs share, bound to the settings.
func (s *settings) flags() []commonFlag {
	var all []commonFlag
	add := func(group string, p Param) { all = append(all, commonFlag{p.Flag(), group}) }
	count := func(name string, to *int, help string) {
		add(groupLimits, Int(name, to, 0, 0, math.MaxInt, help).brief())
	}
	add(groupSearch, Int("workers", &s.workers, 0, 0, maxWorkers, "goroutines that search (default one per CPU)").brief())
	add(groupSearch, Choice("strategy", &s.strategy,
		"`order` of the search: bfs (default; finds shortest paths), dfs (goes deep first), symbolic (sets of states) "+
			"or auto (bfs, or symbolic for many states)", allways.BFS, allways.DFS, allways.Symbolic, allways.Auto).brief())
	add(groupSearch, Choice("storage", &s.store,
		"`how` to keep states: exact (default; whole) or fingerprint (8 bytes of each)",
		allways.StoreExact, allways.StoreFingerprints).brief())
	add(groupSearch, Text("spill", &s.spill, "", "`folder` on a disk for states that -memory is too small for"))
	add(groupSearch, Bool("symmetry", &s.symmetry, "treat states that differ by a permutation as one"))
	add(groupSearch, Func("stop", &s.stop, "decided", s.parseStop,
		"`when` to stop: decided, violation, never, all:NAME,NAME or any:NAME,NAME"))
	add(groupSearch, Func("scheduler", &s.scheduler, "uniform", parseScheduler,
		"`how` a walk chooses steps: uniform, or pct:N for bugs that need N ordering constraints"))
	add(groupSearch, Int("walks", &s.walks, 0, 0, math.MaxInt,
		"number of random walks (default 1000, or no limit with -timeout)").brief())
	add(groupSearch, Func("seed", &s.seed, "0", parseSeed, "`number` from which all random choices follow"))

	count("depth", &s.depth, "states on a path, the initial one included")
	count("max-states", &s.states, "distinct states")
	count("max-generated", &s.generated, "generated states")
	add(groupLimits, Func("timeout", &s.timeout, "", parseTime, "wall `time`, such as 90s or 10m"))
	add(groupLimits, Func("memory", &s.memory, "", parseSize, "`size` of the checker's tables, such as 512MB or 2GiB"))

	add(groupOutput, Bool("json", &s.json, "print events as JSON, one a line"))
	add(groupOutput, Text("junit", &s.junit, "", "write the verdicts to a `file` as JUnit XML"))
	add(groupOutput, Text("trace", &s.trace, "", "write the counterexample to a `file`, which replay reads"))
	add(groupOutput, Func("diagram", &s.diagram, "", parseDiagram,
		"draw the counterexample to a `file`: "+render.DiagramFiles+", the first two for actors"))
	add(groupOutput, Text("path", &s.path, "", "replay this `path`, such as 0:3.1.4"))
	add(groupOutput, Choice("progress", &s.progress,
		"`how` to show progress: auto (default), line (rewritten in place), lines or off",
		"auto", "line", "lines", "off").brief())
	add(groupOutput, Choice("color", &s.color,
		"`when` to colour: auto (default; on a terminal, unless NO_COLOR is set), always or never",
		"auto", "always", "never").brief())
	add(groupOutput, Bool("why", &s.why, "show where the states come from, and what still grows"))
	add(groupOutput, Bool("full", &s.full, "show all steps of long paths and all rows of tables"))
	add(groupOutput, Bool("quiet", &s.quiet, "print only the verdicts"))

	add(groupProfiles, Text("cpuprofile", &s.cpuProfile, "", "write a CPU profile to a `file`, for go tool pprof"))
	add(groupProfiles, Text("memprofile", &s.memProfile, "", "write a heap profile to a `file` at the end"))
	return all
}

// check compares the settings with the model that they are for.
func (s *settings) check(m *erased.Model) error {
	if s.symmetry && !m.Symmetric() {
		return errors.New("-symmetry needs a model with a Representative method, or a system with interchangeable actors: " +
			"leave the flag out, or add what is missing")
	}
	for _, name := range s.stopAt {
		if !slices.ContainsFunc(m.Properties(), func(p erased.Property) bool { return p.Name == name }) {
			return fmt.Errorf("-stop names a property %q, which the model does not have: it has %s", name, propertyNames(m))
		}
	}
	// Before the search and not after an hour of it.
	for _, f := range []struct{ name, path string }{
		{"junit", s.junit}, {"trace", s.trace}, {"diagram", s.diagram},
	} {
		if f.path == "" {
			continue
		}
		if info, err := os.Stat(filepath.Dir(f.path)); err != nil || !info.IsDir() {
			return fmt.Errorf("-%s %s: there is no folder %s", f.name, f.path, filepath.Dir(f.path))
		}
	}
	if s.diagram != "" {
		if err := render.CheckDiagram(m, filepath.Ext(s.diagram)); err != nil {
			return fmt.Errorf("-diagram %s: %w", s.diagram, err)
		}
	}
	return nil
}

func propertyNames(m *erased.Model) string {
	var names []string
	for _, p := range m.Properties() {
		names = append(names, strconv.Quote(p.Name))
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func (s *settings) checkOptions() allways.Options {
	return allways.Options{
		Workers: s.workers, Strategy: s.strategy, Store: s.store, Symmetry: s.symmetry, Stop: s.stop,
		MaxDepth: s.depth, MaxStates: s.states, MaxGenerated: s.generated, Timeout: s.timeout, MaxMemory: s.memory,
		Spill: s.spill,
	}
}

func (s *settings) simulateOptions() allways.SimulateOptions {
	return allways.SimulateOptions{
		Workers: s.workers, Symmetry: s.symmetry, Stop: s.stop, Walks: s.walks, Seed: s.seed, Scheduler: s.scheduler,
		MaxDepth: s.depth, MaxStates: s.states, MaxGenerated: s.generated, Timeout: s.timeout, MaxMemory: s.memory,
	}
}

func (s *settings) parseStop(text string) (allways.Stop, error) {
	stop, err := allways.ParseStop(text)
	if err != nil || text == "" {
		return stop, errors.New("want decided, violation, never, all:NAME,NAME or any:NAME,NAME")
	}
	if _, list, ok := strings.Cut(text, ":"); ok {
		s.stopAt = strings.Split(list, ",")
	}
	return stop, nil
}

func parseScheduler(text string) (allways.Scheduler, error) {
	kind, depth, isPCT := strings.Cut(text, ":")
	n, err := strconv.Atoi(depth)
	switch {
	case text == "uniform":
		return allways.Uniform(), nil
	case isPCT && kind == "pct" && err == nil && n > 0:
		return allways.PCT(n), nil
	}
	return nil, errors.New("want uniform, or pct:N with an N of at least 1")
}

func parseSeed(text string) (uint64, error) {
	seed, err := strconv.ParseUint(text, 0, 64)
	if err != nil {
		return 0, fmt.Errorf("want a whole number from 0 to %d", uint64(math.MaxUint64))
	}
	return seed, nil
}

func parseTime(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, errors.New("want a time with its unit, such as 90s, 10m or 1h30m")
	}
	return d, nil
}

func parseSize(text string) (int64, error) {
	n, err := humanize.ParseBytes(text)
	if unit := strings.TrimRight(text, "0123456789. "); err != nil || n > math.MaxInt64 || unit != text {
		return 0, errors.New("want a size with its unit, such as 512MB or 2GiB")
	}
	return int64(n), nil
}

func parseDiagram(path string) (string, error) {
	if !render.IsDiagram(filepath.Ext(path)) {
		return "", errors.New("want a file called " + render.DiagramFiles)
	}
	return path, nil
}
