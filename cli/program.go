package cli

import (
	"os"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/allways-go/allways/cli/internal/render"
)

// programName returns how the user may start this program again: "go run PACKAGE" if that is how it
// was started.
func programName() string {
	info, _ := debug.ReadBuildInfo()
	_, err := os.Stat("go.mod")
	return programFrom(os.Args[0], info, err == nil)
}

// goRun matches the files that "go run" makes: in a temporary folder, or in the build cache.
var goRun = regexp.MustCompile(`[/\\]go-build\d+[/\\]b\d+[/\\]exe[/\\]|[/\\][0-9a-f]{64}-d[/\\]`)

// programFrom is programName for a given path of the binary; atRoot says that the current folder is
// the root of a module.
func programFrom(binary string, info *debug.BuildInfo, atRoot bool) string {
	if info == nil || !goRun.MatchString(binary) || !strings.Contains(info.Path, "/") {
		return render.ShellWord(binary)
	}
	if rest, ok := strings.CutPrefix(info.Path, info.Main.Path); ok && atRoot {
		return "go run ." + rest
	}
	return "go run " + info.Path
}

// baseName returns the last part of the command that starts a program.
func baseName(command string) string {
	return command[strings.LastIndexAny(command, "/\\ ")+1:]
}
