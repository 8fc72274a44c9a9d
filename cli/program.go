package cli

import (
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
)

// programName returns how the user may start this program again: "go run PACKAGE" if that is how it was started.
func programName() string {
	info, _ := debug.ReadBuildInfo()
	_, err := os.Stat("go.mod")
	return programFrom(os.Args[0], info, err == nil)
}

// goRun matches the files that go run makes: in a folder for the occasion, or in the build cache.
var goRun = regexp.MustCompile(`[/\\]go-build\d+[/\\]b\d+[/\\]exe[/\\]|[/\\][0-9a-f]{64}-d[/\\]`)

// programFrom is programName for a given path of the binary; atRoot says that the current folder is the root of a module.
func programFrom(binary string, info *debug.BuildInfo, atRoot bool) string {
	if info == nil || !goRun.MatchString(binary) || !strings.Contains(info.Path, "/") {
		return shellWord(binary)
	}
	if rest, ok := strings.CutPrefix(info.Path, info.Main.Path); ok && atRoot {
		return "go run ." + rest
	}
	return "go run " + info.Path
}

// shellWord quotes a word for a shell, if it needs that.
func shellWord(s string) string {
	plain := s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !strings.ContainsRune("-_=+.,:/@%", r) && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) < 0
	if plain {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// invocation returns the command line that runs a verb on the same model.
func (c *command) invocation(verb string, s *selection, flags ...string) string {
	line := []string{c.program, verb}
	var words []string
	odd := false
	for _, p := range s.params {
		if c.isModelFlag(p) {
			flags = append(flags, p)
			continue
		}
		words = append(words, p)
		odd = odd || len(p) > 1 && p[0] == '-' && (p[1] < '0' || p[1] > '9')
	}
	switch {
	case odd:
		words = slices.Concat(flags, []string{"--"}, words)
	default:
		words = append(words, flags...)
	}
	for _, w := range words {
		line = append(line, shellWord(w))
	}
	return strings.Join(line, " ")
}

// isModelFlag reports whether a word of a selection's parameters is one of the model's own flags.
func (c *command) isModelFlag(word string) bool {
	name, _, ok := strings.Cut(strings.TrimPrefix(word, "-"), "=")
	for _, f := range c.app.Flags {
		if ok && f.Name == name {
			return true
		}
	}
	return false
}
