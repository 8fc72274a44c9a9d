package cli

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/allways-go/allways/internal/pathtext"
)

// modulePath is the module whose version reports name besides the program's own.
const modulePath = "github.com/allways-go/allways"

func runVersion(_ context.Context, c *Call) (int, error) {
	if len(c.Words) > 0 {
		return 0, usage("unexpected %q: version takes no parameters", c.Words[0])
	}
	info, _ := debug.ReadBuildInfo()
	fmt.Fprint(c.Stdout, pathtext.Grid(nil, versionRows(c.program.name, info)))
	return ExitHolds, nil
}

// versionRows says what a program was built from; info may be nil.
func versionRows(name string, info *debug.BuildInfo) [][]string {
	platform := runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH
	if info == nil {
		return [][]string{{name, "built without module information"}, {"go", platform}}
	}
	rows := [][]string{{name, strings.TrimSpace(info.Path + " " + info.Main.Version)}}
	for _, m := range info.Deps {
		if m.Path == modulePath {
			rows = append(rows, []string{"allways", m.Version})
		}
	}
	revision, modified := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = ", modified"
		}
	}
	if revision != "" {
		rows = append(rows, []string{"revision", revision + modified})
	}
	return append(rows, []string{"go", platform})
}
