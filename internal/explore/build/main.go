// Command build bundles the sources of the explorer's page into the folder that is embedded. It is a
// module of its own, so that nobody who uses allways needs the bundler.
//
// Its argument is the folder that holds both. Run it by go generate there; npm ci in the folder web
// comes first.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	base := filepath.Join(os.Args[1:]...)
	if err := run(filepath.Join(base, "web"), filepath.Join(base, "page")); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

// run bundles the scripts and styles of from, and copies its page, to the folder to.
func run(from, to string) error {
	r := api.Build(api.BuildOptions{
		EntryPoints: []string{filepath.Join(from, "src", "main.tsx"), filepath.Join(from, "src", "style.css")},
		Outdir:      to, Bundle: true, Write: true, LogLevel: api.LogLevelWarning,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Format: api.FormatESModule, Target: api.ES2022, LegalComments: api.LegalCommentsEndOfFile,
		JSX: api.JSXAutomatic, JSXImportSource: "preact",
	})
	if len(r.Errors) > 0 {
		return fmt.Errorf("%d errors", len(r.Errors))
	}
	for _, name := range []string{"index.html", "icon.svg"} {
		b, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), b, 0o644); err != nil {
			return err
		}
	}
	return nil
}
