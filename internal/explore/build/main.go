// Command build bundles the sources of the explorer's page into the folder that is embedded. It is a
// separate module, so that programs that use allways do not need the bundler.
//
// Its first argument is the folder that holds both. With a second one, it bundles the tests of the
// sources into that folder instead, for node --test. Run it by go generate there; npm ci in the folder web
// comes first.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: build FOLDER [TESTS]")
		os.Exit(2)
	}
	web, err := filepath.Join(os.Args[1], "web"), error(nil)
	if len(os.Args) > 2 {
		err = tests(web, os.Args[2])
	} else {
		err = run(web, filepath.Join(os.Args[1], "page"))
	}
	if err != nil {
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

// tests bundles the tests of the sources into a folder.
func tests(from, to string) error {
	files, err := filepath.Glob(filepath.Join(from, "src", "*.test.ts"))
	if err != nil {
		return err
	}
	r := api.Build(api.BuildOptions{
		EntryPoints: files, Outdir: to, Bundle: true, Write: true, LogLevel: api.LogLevelWarning,
		Format: api.FormatESModule, Platform: api.PlatformNode, Target: api.ES2022,
		OutExtension: map[string]string{".js": ".mjs"},
	})
	if len(r.Errors) > 0 {
		return fmt.Errorf("%d errors", len(r.Errors))
	}
	return nil
}
