package lint

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/allways-go/allways/internal/sources"
)

// page is a Markdown page of the module.
type page struct {
	rel  string // path in the module
	text string
}

// readPages returns the pages that speak of the module as it is. Dated design notes and the changelog stay
// as they were written.
func readPages(m *sources.Module) (all []page) {
	filepath.WalkDir(m.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(path, m.Dir+string(filepath.Separator)))
		switch {
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") || rel == "docs/design"),
			d.Name() == "testdata", d.Name() == "node_modules":
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(rel, ".md") || rel == "CHANGELOG.md":
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		all = append(all, page{rel, string(text)})
		return nil
	})
	return all
}

// What looks like a path in a page. NAME as a part of it stands for any name.
var (
	linked   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	quoted   = regexp.MustCompile("`([^`\\s]+)`")
	argument = regexp.MustCompile("(?:^|[\\s`])\\./([\\w./-]+)")
	pathLike = regexp.MustCompile(`^\.?\w[\w-]*(?:[./][\w-]+)*/?$`)
	oneWord  = regexp.MustCompile(`^\w+$`) // perhaps a folder, perhaps not
	fileLike = regexp.MustCompile(`^\w+\.(?:go|md|mod|s|sh|txt|yml)$`)
)

// paths demands that the paths which pages name exist: the targets of links, the arguments of
// commands that begin with "./", and what is quoted and looks like a path.
func paths(m *sources.Module) (all []Finding) {
	for _, p := range readPages(m) {
		number := 0
		for line := range strings.Lines(p.text) {
			number++
			for _, missing := range missingPaths(m, p, line) {
				all = append(all, Finding{Where: p.rel, Line: number, What: missing + " does not exist"})
			}
		}
	}
	return all
}

// missingPaths returns the paths in a line of a page that do not exist. A path may be relative to the
// module, to the page, and to what the line names before, as in "`cli`: `verb.go`".
func missingPaths(m *sources.Module, p page, line string) (missing []string) {
	folders := []string{"", path.Dir(p.rel)}
	exists := func(name string) bool {
		name = strings.ReplaceAll(strings.TrimSuffix(name, "/..."), "NAME", "*")
		for _, folder := range folders {
			found, err := filepath.Glob(filepath.Join(m.Dir, filepath.FromSlash(path.Join(folder, name))))
			if err == nil && len(found) > 0 {
				folders = append(folders, path.Join(folder, name), path.Dir(path.Join(folder, name)))
				return true
			}
		}
		return false
	}
	for _, x := range linked.FindAllStringSubmatch(line, -1) {
		target, _, _ := strings.Cut(x[1], "#")
		if target != "" && !strings.Contains(target, "://") && !exists(target) {
			missing = append(missing, target)
		}
	}
	for _, x := range argument.FindAllStringSubmatch(line, -1) {
		if !exists(strings.TrimRight(x[1], ".")) {
			missing = append(missing, x[1])
		}
	}
	for _, x := range quoted.FindAllStringSubmatch(line, -1) {
		if plain := oneWord.MatchString(x[1]); (plain || looksLikePath(x[1])) && !exists(x[1]) && !plain {
			missing = append(missing, x[1])
		}
	}
	return missing
}

// looksLikePath reports whether a quoted word is meant as a path in the module: it ends like a file,
// or has a slash and does not begin with the name of a host.
func looksLikePath(word string) bool {
	first, _, slash := strings.Cut(word, "/")
	return fileLike.MatchString(word) ||
		slash && pathLike.MatchString(word) && !strings.Contains(strings.TrimPrefix(first, "."), ".")
}
